import { criticalRatio } from '../newsvendor.ts';
import type { PolicyRule } from './policy-rule.ts';
import { levelByCycleService } from './sample-levels.ts';

/**
 * The same rule with no level above what is worth having before it expires: the unit on top of y is sold within its life
 * with probability P(D > y), which brings p, and else is thrown away, which costs w, so that
 *   no level is above the smallest y with P(D <= y) >= p / (p + w)        the newsvendor over the life of the goods
 * D = demand from the order to the end of the shelf life of what it brings, ascending sample. With w = p, the median.
 */
export function capByShelfLife(
  rule: PolicyRule,
  demandWithinLife: Float64Array,
  cost: { readonly shortage: number; readonly waste: number },
): PolicyRule {
  const ratio = criticalRatio({ holding: cost.waste, shortage: cost.shortage });
  return capLevels(rule, levelByCycleService(demandWithinLife, ratio));
}

/** The same rule with no order that leads above this position. A lot is cut, but never below one unit. */
export function capLevels(rule: PolicyRule, most: number): PolicyRule {
  if (!(most >= 0)) throw new RangeError(`a highest level of ${most}`);
  // Below the level by a unit at least, or the rule would never order what it may have.
  const trigger = (reorderPoint: number): number => Math.min(reorderPoint, Math.max(0, most - 1));
  switch (rule.kind) {
    case 's-S':
    case 'R-s-S':
      return { ...rule, reorderPoint: trigger(rule.reorderPoint), orderUpTo: Math.min(rule.orderUpTo, most) };
    case 'min-max':
      return { ...rule, minimum: trigger(rule.minimum), maximum: Math.min(rule.maximum, most) };
    case 's-Q': {
      const quantity = Math.max(1, Math.min(rule.quantity, most));
      return { ...rule, reorderPoint: Math.min(rule.reorderPoint, Math.max(0, most - quantity)), quantity };
    }
    case 'R-S':
      return { ...rule, orderUpTo: Math.min(rule.orderUpTo, most) };
    case 'base-stock':
    case 'newsvendor':
      return { ...rule, level: Math.min(rule.level, most) };
    case 'do-not-stock':
      return rule;
  }
}
