import type { PolicyKind, PolicyRule } from './policies/policy-rule.ts';

/** Share of the initial stock at which it is ordered again. */
export const INITIAL_STOCK_SHARE = 0.25;

/**
 * The rule of this kind for a product without any history and nothing to compare it with:
 *   reorder point s = ceil(0.25 initial stock), level S = initial stock; 40 units at first: (s,S) = (10, 40)
 */
export function initialStockRule(kind: PolicyKind, initialStock: number): PolicyRule {
  const reorderPoint = Math.max(0, Math.ceil(INITIAL_STOCK_SHARE * initialStock));
  const orderUpTo = Math.max(reorderPoint, initialStock);
  switch (kind) {
    case 'do-not-stock':
      return { kind };
    case 's-S':
    case 'R-s-S':
      return { kind, reorderPoint, orderUpTo };
    case 's-Q':
      return { kind, reorderPoint, quantity: Math.max(1, orderUpTo - reorderPoint) };
    case 'min-max':
      return { kind, minimum: reorderPoint, maximum: orderUpTo };
    case 'R-S':
      return { kind, orderUpTo };
    case 'base-stock':
    case 'newsvendor':
      return { kind, level: orderUpTo };
  }
}
