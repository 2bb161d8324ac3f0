import type { PolicyKind, PolicyRule } from './policy-rule.ts';
import {
  levelByCycleService,
  levelByFillRate,
  levelByFillRateOfReview,
  levelByShortage,
  sampleMean,
} from './sample-levels.ts';

/** Money. A period is the one of `meanDemandAPeriod`. */
export interface PolicyCost {
  /** Fixed cost of an order. */
  readonly order: number;
  /** Keeping one unit for one period; for a newsvendor, one unit left over at the end of its season. */
  readonly holdingAPeriodUnit: number;
  /** One unit of demand that is not served. */
  readonly shortageUnit: number;
}

/**
 * What the stock is to achieve: a probability of no shortage in a cycle, a share of demand served from stock, or the
 * least cost. `value` of a cost multiplies the shortage cost (default 1), which walks along the curve of stock and service.
 */
export type PolicyTarget =
  | { readonly kind: 'cycle-service' | 'fill-rate'; readonly value: number }
  | { readonly kind: 'cost'; readonly value?: number };

export interface FitPolicyInput {
  /** Equally likely demands (units) from an order to its arrival, plus the time between two looks of a rule that is looked at seldom. */
  readonly leadTimeDemand: Float64Array;
  /** The same over lead time + review interval; of a newsvendor, over its season. */
  readonly protectionDemand: Float64Array;
  readonly meanDemandAPeriod: number;
  readonly cost: PolicyCost;
  readonly target: PolicyTarget;
}

/** Fits a rule to samples in any order; they are not changed. See `fitPolicyToSorted`. */
export function fitPolicy(kind: PolicyKind, input: FitPolicyInput): PolicyRule {
  return fitPolicyToSorted(kind, {
    ...input,
    leadTimeDemand: input.leadTimeDemand.toSorted(),
    protectionDemand: input.protectionDemand.toSorted(),
  });
}

/**
 * The rule of this kind that reaches the target at little cost; both samples ascending, whole units. Order quantity first, level second:
 *   Q = max(sqrt(2 K lambda / h), demand of a review interval, 1)
 *   s covers demand over the lead time (R-rules: lead time + review) by the target; S = s + Q, of (s,S) and min/max at
 *   least the level that covers lead time + review; base stock, (R,S) and newsvendor cover lead time + review
 *   by cost: with probability p lambda / (p lambda + h Q) for s (lost sales), p / (p + h R) for (R,S), p / (p + h) for a newsvendor
 * A higher target never lowers a level. Silver, Pyke & Thomas (2017), chapters 6 and 9; Zheng (1992): Q before s costs at most an eighth more than both at once.
 */
export function fitPolicyToSorted(kind: PolicyKind, input: FitPolicyInput): PolicyRule {
  if (kind === 'do-not-stock') return { kind };
  assertInput(input);
  const { leadTimeDemand: lead, protectionDemand: protection } = input;
  const reviewDemand = Math.max(0, sampleMean(protection) - sampleMean(lead));
  switch (kind) {
    case 's-S':
    case 'min-max': {
      const quantity = lotOf(input, reviewDemand);
      const reorderPoint = reorderLevel(lead, quantity, input);
      const orderUpTo = Math.max(reorderPoint + quantity, reviewLevel(input, reviewDemand));
      return kind === 's-S'
        ? { kind, reorderPoint, orderUpTo }
        : { kind, minimum: reorderPoint, maximum: orderUpTo };
    }
    case 's-Q': {
      const quantity = lotOf(input, reviewDemand);
      return { kind, reorderPoint: reorderLevel(lead, quantity, input), quantity };
    }
    case 'R-s-S': {
      const quantity = lotOf(input, reviewDemand);
      const reorderPoint = reorderLevel(protection, quantity, input);
      return { kind, reorderPoint, orderUpTo: reorderPoint + quantity };
    }
    case 'R-S':
      return { kind, orderUpTo: reviewLevel(input, reviewDemand) };
    case 'base-stock':
      return { kind, level: reviewLevel(input, reviewDemand) };
    case 'newsvendor':
      return { kind, level: seasonLevel(input) };
  }
}

/** Units of an order: economic, but at least what is sold between two reviews, and one. */
function lotOf({ cost, meanDemandAPeriod }: FitPolicyInput, reviewDemand: number): number {
  const economic = Math.sqrt((2 * cost.order * meanDemandAPeriod) / cost.holdingAPeriodUnit);
  return Math.max(1, Math.round(economic), Math.round(reviewDemand));
}

function reorderLevel(
  sorted: Float64Array,
  quantity: number,
  { cost, target, meanDemandAPeriod }: FitPolicyInput,
): number {
  if (target.kind === 'cycle-service') return levelByCycleService(sorted, target.value);
  if (target.kind === 'fill-rate') return levelByFillRate(sorted, quantity, target.value);
  const gain = shortageCost(cost, target) * meanDemandAPeriod;
  const keep = cost.holdingAPeriodUnit * quantity;
  return levelByCycleService(sorted, gain / (gain + keep));
}

function reviewLevel(input: FitPolicyInput, reviewDemand: number): number {
  const { leadTimeDemand: lead, protectionDemand: protection, target, cost, meanDemandAPeriod } = input;
  if (target.kind === 'cycle-service') return levelByCycleService(protection, target.value);
  if (target.kind === 'fill-rate') return levelByFillRateOfReview(lead, protection, target.value);
  // A look at every period is the least that a unit is kept too long.
  const periods = meanDemandAPeriod > 0 ? Math.max(1, reviewDemand / meanDemandAPeriod) : 1;
  const shortage = shortageCost(cost, target);
  return levelByCycleService(protection, shortage / (shortage + cost.holdingAPeriodUnit * periods));
}

function seasonLevel({ protectionDemand: season, target, cost }: FitPolicyInput): number {
  if (target.kind === 'cycle-service') return levelByCycleService(season, target.value);
  if (target.kind === 'fill-rate') return levelByShortage(season, (1 - target.value) * sampleMean(season));
  const shortage = shortageCost(cost, target);
  return levelByCycleService(season, shortage / (shortage + cost.holdingAPeriodUnit));
}

function shortageCost(cost: PolicyCost, target: { readonly value?: number }): number {
  return cost.shortageUnit * (target.value ?? 1);
}

function assertInput({
  leadTimeDemand,
  protectionDemand,
  meanDemandAPeriod,
  cost,
  target,
}: FitPolicyInput): void {
  if (leadTimeDemand.length === 0 || protectionDemand.length === 0)
    throw new RangeError('no demand to protect against');
  if (!(meanDemandAPeriod >= 0 && meanDemandAPeriod < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a mean demand of ${meanDemandAPeriod}`);
  }
  if (!(cost.order >= 0) || !(cost.holdingAPeriodUnit > 0) || !(cost.shortageUnit >= 0)) {
    throw new RangeError('costs of ordering and shortage are not negative, that of holding is positive');
  }
  const { kind, value = 1 } = target;
  if (kind === 'cost' ? !(value >= 0 && value < Number.POSITIVE_INFINITY) : !(value >= 0 && value < 1)) {
    throw new RangeError(`a ${kind} of ${value} cannot be reached`);
  }
}
