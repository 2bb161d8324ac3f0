import { orderUpToOf, type PolicyRule, reorderPointOf } from './policy-rule.ts';

/** What a person set for an item, in units of inventory position. */
export interface RuleLimits {
  /** The reorder point is never below it; null: none. */
  readonly minimum: number | null;
  /** The order-up-to level is never above it; null: none. */
  readonly maximum: number | null;
}

/**
 * The rule between its limits, of the same kind. A higher reorder point lifts the level with it, so that orders are as large
 * as before; a level that is cut lowers the reorder point until an order is worth `leastOrder` units again, where the
 * minimum allows that. Both limits of a min/max rule are its levels.
 *   (39, 240) from a minimum of 300: (300, 501);  up to a maximum of 30, orders of 20: (10, 30)
 */
export function limitedRule(
  rule: PolicyRule,
  { minimum, maximum }: RuleLimits,
  leastOrder: number,
): PolicyRule {
  if (rule.kind === 'do-not-stock' || (minimum === null && maximum === null)) return rule;
  if (rule.kind === 'min-max' && minimum !== null && maximum !== null)
    return { kind: 'min-max', minimum, maximum };
  const most = maximum ?? Number.POSITIVE_INFINITY;
  const [fitted, fittedLevel] = [reorderPointOf(rule)!, orderUpToOf(rule)];
  const raised = Math.max(fitted, minimum ?? fitted);
  const orderUpTo = Math.min(most, fittedLevel + raised - fitted);
  const order = Math.max(1, Math.min(fittedLevel - fitted, Math.ceil(leastOrder)));
  const lowest = Math.max(orderUpTo - order, minimum ?? Math.min(0, fitted));
  // a lot is one unit at least
  const reorderPoint = Math.min(raised, lowest, rule.kind === 's-Q' ? orderUpTo - 1 : orderUpTo);
  switch (rule.kind) {
    case 'R-S':
      return { kind: rule.kind, orderUpTo };
    case 'base-stock':
    case 'newsvendor':
      return { kind: rule.kind, level: orderUpTo };
    case 's-Q':
      return { kind: rule.kind, reorderPoint, quantity: orderUpTo - reorderPoint };
    case 'min-max':
      return { kind: rule.kind, minimum: reorderPoint, maximum: orderUpTo };
    default:
      return { kind: rule.kind, reorderPoint, orderUpTo };
  }
}
