import { ceilToMultiple } from '../round-quantity.ts';
import { assertPriceBreaks, type PriceBreak, purchaseCost } from './price-breaks.ts';
import { mostSold, type SoldQuantities, whyNothingIsSold } from './sold-quantities.ts';

/** No order is raised to save money, of a supplier or of ordering, so that it lasts longer than this: further ahead a forecast is a guess. */
export const MOST_COVER_DAYS = 180;

/** What a supplier sells of an item, and for how much. */
export interface OrderTerms extends SoldQuantities {
  /** Prices of all units of an order by its size; left out: one price. */
  readonly priceBreaks?: readonly PriceBreak[];
  /** What it takes to judge whether a lower price is worth keeping more; without it nothing is bought up. */
  readonly keeping?: KeepingCost;
}

export interface KeepingCost {
  readonly dailyDemand: number;
  /** Money to keep one unit for a day. */
  readonly holdingADay: number;
  /** Money of one order, saved for each that need not be placed. Default 0. */
  readonly perOrder?: number;
  /** Nothing is bought up that would last longer than this. Default MOST_COVER_DAYS. */
  readonly mostCoverDays?: number;
  /** Nothing is bought up above so many units. Default: no limit. */
  readonly mostUnits?: number;
}

export type RoundingRule = 'whole-unit' | 'minimum' | 'multiple' | 'maximum' | 'price-break';

/** One change of the quantity, and why. */
export interface RoundingStep {
  readonly rule: RoundingRule;
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

export interface RoundedOrder {
  readonly quantity: number;
  /** Only the rules that changed it, in order; the last `to` is the quantity. */
  readonly steps: readonly RoundingStep[];
}

/**
 * A wanted quantity made one that the supplier sells, rule by rule: whole units, minimum, packs, maximum, price breaks.
 * What is ordered is a multiple, not below the minimum and not above the maximum; 0 when nothing is wanted or no such
 * quantity exists. 13 wanted, minimum 24, packs of 10: 13 -> 24 -> 30.
 * A lower price is bought up to when over the same time C / d it saves more than it costs to keep:
 *   C (c_q - c_C) + K (C / q - 1) > h C (C - q) / (2 d)
 */
export function roundOrder(wanted: number, terms: OrderTerms): RoundedOrder {
  assertTerms(terms);
  if (!Number.isFinite(wanted)) throw new RangeError(`a wanted quantity of ${wanted}`);
  if (!(wanted > 1e-9)) return { quantity: 0, steps: [] };
  const { minimumQuantity, orderMultiple, maximumQuantity } = terms;
  const steps: RoundingStep[] = [];
  let quantity = wanted;
  const change = (rule: RoundingRule, to: number, why: string): void => {
    if (to === quantity) return;
    steps.push({ rule, from: quantity, to, why });
    quantity = to;
  };
  change('whole-unit', Math.ceil(wanted - 1e-9), 'units are whole');
  change(
    'minimum',
    Math.max(quantity, minimumQuantity),
    `the supplier takes no order below ${minimumQuantity}`,
  );
  change('multiple', ceilToMultiple(quantity, orderMultiple), `it comes in packs of ${orderMultiple}`);
  const most = mostSold(terms);
  if (quantity > most)
    change(
      'maximum',
      most,
      whyNothingIsSold(terms) ?? `the supplier takes no order above ${maximumQuantity}`,
    );
  if (quantity > 0) {
    const better = buyUp(quantity, terms, most);
    if (better) change('price-break', better.quantity, better.why);
  }
  return { quantity, steps };
}

function buyUp(
  quantity: number,
  terms: OrderTerms,
  most: number,
): { quantity: number; why: string } | undefined {
  const { priceBreaks = [], keeping } = terms;
  if (priceBreaks.length === 0 || !keeping || !(keeping.dailyDemand > 0)) return undefined;
  const {
    dailyDemand,
    holdingADay,
    perOrder = 0,
    mostCoverDays = MOST_COVER_DAYS,
    mostUnits = Number.POSITIVE_INFINITY,
  } = keeping;
  const unit = (units: number): number => purchaseCost(units, priceBreaks, 'all-units') / units;
  let best: { quantity: number; why: string } | undefined;
  let bestGain = 1e-9;
  for (const { from } of priceBreaks) {
    if (from <= quantity) continue;
    const candidate = ceilToMultiple(from, terms.orderMultiple);
    if (candidate > Math.min(most, mostUnits) || candidate / dailyDemand > mostCoverDays) continue;
    const saved = candidate * (unit(quantity) - unit(candidate)) + perOrder * (candidate / quantity - 1);
    const kept = (holdingADay * candidate * (candidate - quantity)) / (2 * dailyDemand);
    if (saved - kept <= bestGain) continue;
    bestGain = saved - kept;
    best = {
      quantity: candidate,
      why: `from ${from} on a unit costs ${money(unit(candidate))} instead of ${money(unit(quantity))}: that saves ${money(saved)}, keeping more costs ${money(kept)}`,
    };
  }
  return best;
}

/** An order that minimum and packs lift above what is wanted, and what judging that takes. */
export interface LiftedOrder {
  readonly wanted: number;
  readonly quantity: number;
  /** Units that are there or come anyway. */
  readonly position: number;
  readonly dailyDemand: number;
  /** Money that a sold unit brings beyond what it costs. */
  readonly margin: number;
  readonly holdingADay: number;
}

/**
 * Whether an order that its supplier's terms make last longer than MOST_COVER_DAYS, T, pays: what is sold of it in that time,
 * or wanted anyway, earns no less than keeping the lift costs until it is used; further ahead no sale is sure.
 *   m min(q, max(w, T d - y)) >= h (q - w) (y + (w + q) / 2) / d,   y the position where it is above 0
 * 4 wanted of 0.007 a day, minimum 48, bought for 1 and sold for 2.8: 112 to keep what earns 7. Undefined where it does
 * not last so long by that.
 */
export function worthOfLift(
  order: LiftedOrder,
): { readonly days: number; readonly earns: number; readonly keeps: number } | undefined {
  const { quantity, dailyDemand, margin, holdingADay } = order;
  const wanted = Math.ceil(order.wanted - 1e-9);
  const position = Math.max(0, order.position);
  const days = (position + quantity) / dailyDemand;
  if (quantity <= wanted || !(days > MOST_COVER_DAYS)) return undefined;
  const sold = Math.min(quantity, Math.max(wanted, MOST_COVER_DAYS * dailyDemand - position));
  const wait = (position + (wanted + quantity) / 2) / dailyDemand;
  return { days, earns: margin * sold, keeps: holdingADay * (quantity - wanted) * wait };
}

function money(value: number): string {
  return value.toFixed(2);
}

function assertTerms({
  minimumQuantity,
  orderMultiple,
  maximumQuantity,
  priceBreaks,
  keeping,
}: OrderTerms): void {
  if (!(minimumQuantity >= 0) || !(orderMultiple > 0))
    throw new RangeError('minimum and multiple are positive');
  if (typeof maximumQuantity === 'number' && !(maximumQuantity > 0))
    throw new RangeError('a maximum is positive');
  if (priceBreaks && priceBreaks.length > 0) assertPriceBreaks(priceBreaks);
  if (keeping && !(keeping.holdingADay >= 0 && keeping.dailyDemand >= 0))
    throw new RangeError('keeping costs nothing or more');
}
