import {
  type LookDemand,
  type LookRule,
  lookDemandOf,
  reorderPointByCost,
  reorderPointByCycleService,
  reorderPointByFillRate,
} from './look-levels.ts';
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
  /** Keeping one unit for one period. */
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
  /** Equally likely demands (units) from an order to its arrival. */
  readonly leadTimeDemand: Float64Array;
  /** The same over lead time + review interval; of a newsvendor, over its season. */
  readonly protectionDemand: Float64Array;
  /**
   * The same over lead time + the time until the next chance to order, which (s,S), (s,Q), min/max and base stock have to
   * last for. Where a rule may order each day, one day more than `leadTimeDemand`.
   */
  readonly lookDemand: Float64Array;
  /** Demand between two looks and between two reviews, future by future the difference of the above; in any order. */
  readonly betweenLooks: Float64Array;
  readonly betweenReviews: Float64Array;
  readonly meanDemandAPeriod: number;
  /** Units that an order is not raised above to save orders; default: as the costs say. */
  readonly mostOrder?: number;
  readonly cost: PolicyCost;
  readonly target: PolicyTarget;
}

/** Fits a rule to samples in any order; they are not changed. See `fitPolicyToSorted`. */
export function fitPolicy(kind: PolicyKind, input: FitPolicyInput): PolicyRule {
  return fitPolicyToSorted(kind, {
    ...input,
    leadTimeDemand: input.leadTimeDemand.toSorted(),
    protectionDemand: input.protectionDemand.toSorted(),
    lookDemand: input.lookDemand.toSorted(),
  });
}

/**
 * The rule of this kind that reaches the target at little cost; samples ascending, levels whole. Order size first, level
 * second (Zheng 1992: that costs at most an eighth more than both at once):
 *   order size sqrt(2 K lambda / h), of which an undershoot is part where stock is looked at now and then
 *   levels by `look-levels.ts`, from demand over the lead time and until the next look's goods
 *   (s,S), (s,Q), min/max: an order is at least the mean demand of a review interval, or they would order at every look
 *   where orders are free; S is at least the level of (R,S)
 *   newsvendor: p / (p + h T) over its season, T the periods between its goods and its end
 * s is -1, and an order waits for a customer, where that is enough. A higher target never lowers a level. Silver, Pyke & Thomas (2017), chapters 6, 7 and 10.
 */
export function fitPolicyToSorted(kind: PolicyKind, input: FitPolicyInput): PolicyRule {
  if (kind === 'do-not-stock') return { kind };
  assertInput(input);
  // what nobody is expected to want is never short: any service is reached with nothing
  if (!(input.protectionDemand.at(-1)! > 0))
    input = { ...input, target: { kind: 'cycle-service', value: 0 } };
  const { leadTimeDemand: lead, protectionDemand: protection, lookDemand: look } = input;
  switch (kind) {
    case 's-S':
    case 'min-max': {
      // with the demand that a look finds, an order is that of a review
      const ofOthers = Math.max(0, sampleMean(protection) - sampleMean(look));
      const { reorderPoint, orderUpTo: least } = fitLooks(look, ofOthers, input);
      const orderUpTo = Math.max(least, levelOfLooks(protection, input));
      return kind === 's-S'
        ? { kind, reorderPoint, orderUpTo }
        : { kind, minimum: reorderPoint, maximum: orderUpTo };
    }
    case 's-Q': {
      const reviewDemand = sampleMean(protection) - sampleMean(lead);
      const quantity = Math.max(1, Math.round(lotOf(input)), Math.round(reviewDemand));
      const rule = { gap: quantity, overshoots: false };
      const reorderPoint = reorderPointOfLooks(looksOf(look, input), rule, input, look);
      return { kind, reorderPoint, quantity };
    }
    case 'R-s-S':
      return { kind, ...fitLooks(protection, 0, input) };
    case 'R-S':
      return { kind, orderUpTo: levelOfLooks(protection, input) };
    case 'base-stock':
      return { kind, level: levelOfLooks(look, input) };
    case 'newsvendor':
      return { kind, level: seasonLevel(input) };
  }
}

/** (s,S) of looks at intervals: the mean order S - s + undershoot is the economic one, and S - s at least `least`. */
function fitLooks(
  next: Float64Array,
  least: number,
  input: FitPolicyInput,
): { readonly reorderPoint: number; readonly orderUpTo: number } {
  const looks = looksOf(next, input);
  const gap = Math.max(1, Math.round(lotOf(input) - looks.undershoot), Math.round(least));
  const reorderPoint = reorderPointOfLooks(looks, { gap, overshoots: true }, input, next);
  return { reorderPoint, orderUpTo: reorderPoint + gap };
}

/** An order-up-to level that is filled up to at each look: (s,S) with S one above s. */
function levelOfLooks(next: Float64Array, input: FitPolicyInput): number {
  const { leadTimeDemand: lead, target } = input;
  if (target.kind === 'cycle-service') return levelByCycleService(next, target.value);
  if (target.kind === 'fill-rate') return levelByFillRateOfReview(lead, next, target.value);
  const rule = { gap: 1, overshoots: false };
  return reorderPointOfLooks(looksOf(next, input), rule, input, next) + 1;
}

function looksOf(next: Float64Array, input: FitPolicyInput): LookDemand {
  const between = next === input.lookDemand ? input.betweenLooks : input.betweenReviews;
  return lookDemandOf(input.leadTimeDemand, next, between, input);
}

/** `looks` are those of `next`. */
function reorderPointOfLooks(
  looks: LookDemand,
  rule: LookRule,
  { cost, target }: FitPolicyInput,
  next: Float64Array,
): number {
  if (target.kind === 'cycle-service') return reorderPointByCycleService(looks, rule, target.value, next);
  const prices = { holding: cost.holdingAPeriodUnit, shortage: shortageCost(cost, target) };
  if (target.kind === 'cost') return reorderPointByCost(looks, rule, prices);
  // Without demand between looks every order is of one unit, as far as one can tell.
  if (!(looks.mean > 1e-9)) return levelByFillRate(next, rule.gap, target.value);
  return reorderPointByFillRate(looks, rule, target.value);
}

/** Units of the order of least cost: sqrt(2 K lambda / h). */
export function economicOrder(cost: Omit<PolicyCost, 'shortageUnit'>, meanDemandAPeriod: number): number {
  return Math.sqrt((2 * cost.order * meanDemandAPeriod) / cost.holdingAPeriodUnit);
}

function lotOf({ cost, meanDemandAPeriod, mostOrder = Number.POSITIVE_INFINITY }: FitPolicyInput): number {
  return Math.min(mostOrder, economicOrder(cost, meanDemandAPeriod));
}

function seasonLevel(input: FitPolicyInput): number {
  const { protectionDemand: season, betweenReviews, meanDemandAPeriod, target, cost } = input;
  if (target.kind === 'cycle-service') return levelByCycleService(season, target.value);
  if (target.kind === 'fill-rate') return levelByShortage(season, (1 - target.value) * sampleMean(season));
  const shortage = shortageCost(cost, target);
  // what is left over at the end has been kept since it came
  const sold = sampleMean(betweenReviews);
  const periods = sold > 0 && meanDemandAPeriod > 0 ? sold / meanDemandAPeriod : 1;
  return levelByCycleService(season, shortage / (shortage + periods * cost.holdingAPeriodUnit));
}

function shortageCost(cost: PolicyCost, target: { readonly value?: number }): number {
  return cost.shortageUnit * (target.value ?? 1);
}

function assertInput({
  leadTimeDemand,
  protectionDemand,
  lookDemand,
  betweenLooks,
  betweenReviews,
  meanDemandAPeriod,
  cost,
  target,
}: FitPolicyInput): void {
  const samples = [leadTimeDemand, protectionDemand, lookDemand, betweenLooks, betweenReviews];
  if (samples.some((sample) => sample.length === 0)) throw new RangeError('no demand to protect against');
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
