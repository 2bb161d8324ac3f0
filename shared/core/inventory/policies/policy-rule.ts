/**
 * When to order and up to where, in units of inventory position. R stands for a review interval: rules that begin with
 * it look on review days only, the others whenever they are asked.
 */
export type PolicyRule =
  | { readonly kind: 's-S'; readonly reorderPoint: number; readonly orderUpTo: number }
  | { readonly kind: 's-Q'; readonly reorderPoint: number; readonly quantity: number }
  | { readonly kind: 'R-S'; readonly orderUpTo: number }
  | { readonly kind: 'R-s-S'; readonly reorderPoint: number; readonly orderUpTo: number }
  | { readonly kind: 'base-stock'; readonly level: number }
  | { readonly kind: 'min-max'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'newsvendor'; readonly level: number }
  | { readonly kind: 'do-not-stock' };

export type PolicyKind = PolicyRule['kind'];

export const POLICY_KINDS = [
  's-S',
  's-Q',
  'R-S',
  'R-s-S',
  'base-stock',
  'min-max',
  'newsvendor',
  'do-not-stock',
] as const satisfies readonly PolicyKind[];

/**
 * Units that the rule wants at this inventory position, before any rounding to minimum and packs; never negative.
 *   (s,S), min/max   position <= s and position < S: S - position
 *   (s,Q)            position <= s: the fewest times Q that lift the position above s
 *   (R,S)            on a review: S - position;  (R,s,S): only when position <= s as well
 *   base stock       level - position;  newsvendor: the same on a review, which is its one chance to buy
 *   do-not-stock     what is promised beyond all supply, and nothing for the shelf
 * Silver, Pyke & Thomas (2017), section 6.3. (s,S) = (20, 50) at position 18: 32; (s,Q) = (20, 10) at 5: 20.
 */
export function orderOf(rule: PolicyRule, position: number, isReviewDay: boolean): number {
  switch (rule.kind) {
    case 's-S':
      return fillUp(position, rule.reorderPoint, rule.orderUpTo);
    case 's-Q': {
      if (!(position <= rule.reorderPoint && rule.quantity > 0)) return 0;
      return (Math.floor((rule.reorderPoint - position) / rule.quantity) + 1) * rule.quantity;
    }
    case 'R-S':
      return isReviewDay ? Math.max(0, rule.orderUpTo - position) : 0;
    case 'R-s-S':
      return isReviewDay ? fillUp(position, rule.reorderPoint, rule.orderUpTo) : 0;
    case 'base-stock':
      return Math.max(0, rule.level - position);
    case 'min-max':
      return fillUp(position, rule.minimum, rule.maximum);
    case 'newsvendor':
      return isReviewDay ? Math.max(0, rule.level - position) : 0;
    case 'do-not-stock':
      return Math.max(0, -position);
  }
}

/** The position at or below which the rule wants something on a review; null: only what is promised already. */
export function reorderPointOf(rule: PolicyRule): number | null {
  switch (rule.kind) {
    case 's-S':
    case 's-Q':
    case 'R-s-S':
      return rule.reorderPoint;
    case 'min-max':
      return rule.minimum;
    // Units are whole: one below the level is the first position that is short of it.
    case 'R-S':
      return rule.orderUpTo - 1;
    case 'base-stock':
    case 'newsvendor':
      return rule.level - 1;
    case 'do-not-stock':
      return null;
  }
}

/** The highest position that an order of the rule leads to, before rounding. */
export function orderUpToOf(rule: PolicyRule): number {
  switch (rule.kind) {
    case 's-S':
    case 'R-S':
    case 'R-s-S':
      return rule.orderUpTo;
    case 's-Q':
      return rule.reorderPoint + rule.quantity;
    case 'base-stock':
    case 'newsvendor':
      return rule.level;
    case 'min-max':
      return rule.maximum;
    case 'do-not-stock':
      return 0;
  }
}

function fillUp(position: number, reorderPoint: number, orderUpTo: number): number {
  return position <= reorderPoint && position < orderUpTo ? orderUpTo - position : 0;
}
