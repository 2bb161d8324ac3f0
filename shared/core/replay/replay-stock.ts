import type { ReplayCase } from './replay-case.ts';
import { periodsAYear, type ReplayTerms } from './replay-terms.ts';

/** What a replay of one series came to. Quantities in units, money as the prices are. */
export interface Tally {
  readonly periods: number;
  readonly demand: number;
  readonly served: number;
  /** From one arrival to the next. */
  readonly cycles: number;
  readonly cyclesShort: number;
  /** Periods in which demand was not served in full. */
  readonly periodsShort: number;
  /** Stock on hand, summed over the periods: the mean of before and after the demand of each. */
  readonly stock: number;
  /** The same at cost. */
  readonly stockAtCost: number;
  /** Cost of what was sold. */
  readonly sold: number;
  readonly orders: number;
  readonly holdingCost: number;
  readonly orderingCost: number;
  readonly lostMargin: number;
}

/** Periods of a case that are replayed: from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly openingStock: number;
}

/** Steps to order at the start of period t, at this inventory position: stock on hand and on order. Deliveries of t are in. */
export type Decide = (t: number, position: number) => number;

export interface ReplayOptions {
  /** Lead time of an order placed in the period, by periods since the start. Default: that of the terms, always. */
  readonly leadTimes?: ArrayLike<number>;
  /** Told what was on hand after each period, for tests and pictures. */
  readonly onPeriod?: (t: number, onHand: number, ordered: number, unserved: number) => void;
}

/**
 * Replays demand with lost sales. In each period: what is due arrives, the rule may order, demand is served from stock,
 * the rest is lost. Holding is charged on the mean of the stock before and after the demand. What is left at the end,
 * orders under way included, is kept and sold at the mean demand of the span, and charged for that for a year at most.
 */
export function replayStock(
  { demand, margin, cost, holding, unit }: ReplayCase,
  { start, end, openingStock }: Span,
  terms: ReplayTerms,
  decide: Decide,
  { leadTimes, onPeriod }: ReplayOptions = {},
): Tally {
  const periods = end - start;
  let longest = terms.leadTime;
  if (leadTimes) for (let i = 0; i < periods; i++) longest = Math.max(longest, leadTimes[i]!);
  const due = new Float64Array(periods + longest + 1);
  const total = { demand: 0, served: 0, cycles: 0, short: 0, stock: 0, atCost: 0, sold: 0, lost: 0, held: 0 };
  let periodsShort = 0;
  let orders = 0;
  let onHand = openingStock;
  let onOrder = 0;
  let isShort = false;
  for (let i = 0; i < periods; i++) {
    const t = start + i;
    if (due[i]! > 0) {
      if (i > 0) {
        total.cycles++;
        if (isShort) total.short++;
      }
      isShort = false;
      onHand += due[i]!;
      onOrder -= due[i]!;
    }
    const wanted = decide(t, onHand + onOrder);
    const ordered = wanted > 1e-9 ? Math.ceil(wanted - 1e-9) : 0;
    if (ordered > 0) {
      orders++;
      const leadTime = leadTimes ? leadTimes[i]! : terms.leadTime;
      if (leadTime === 0) {
        if (i > 0) {
          total.cycles++;
          if (isShort) total.short++;
        }
        isShort = false;
        onHand += ordered;
      } else {
        due[i + leadTime]! += ordered;
        onOrder += ordered;
      }
    }
    const wish = demand[t]!;
    const served = wish < onHand ? wish : onHand;
    const unserved = wish - served;
    const middle = onHand - served / 2;
    onHand -= served;
    total.demand += wish;
    total.served += served;
    total.stock += middle;
    total.atCost += middle * cost[t]!;
    total.held += middle * holding[t]!;
    total.sold += served * cost[t]!;
    if (unserved > 1e-9) {
      periodsShort++;
      isShort = true;
      total.lost += unserved * margin[t]!;
    }
    onPeriod?.(t, onHand, ordered, unserved);
  }
  const rest = keptAfter(
    onHand,
    due.subarray(periods),
    total.demand / periods,
    Math.ceil(periodsAYear(terms)),
  );
  return {
    periods,
    demand: total.demand * unit,
    served: total.served * unit,
    cycles: total.cycles + 1,
    cyclesShort: total.short + (isShort ? 1 : 0),
    periodsShort,
    stock: total.stock * unit,
    stockAtCost: total.atCost,
    sold: total.sold,
    orders,
    holdingCost: total.held + rest * holding[end - 1]!,
    orderingCost: orders * terms.orderCost,
    lostMargin: total.lost,
  };
}

/** Steps x periods that a stock and its deliveries are kept for when every period sells `rate`. */
function keptAfter(onHand: number, due: Float64Array, rate: number, most: number): number {
  let stock = onHand;
  let kept = 0;
  for (let i = 0; i < most; i++) {
    if (i < due.length) stock += due[i]!;
    else if (stock <= 0) break;
    const sold = Math.min(stock, rate);
    kept += stock - sold / 2;
    stock -= sold;
  }
  return kept;
}
