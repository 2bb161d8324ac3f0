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
  /** Cost of what was not sold in time. */
  readonly spoiledCost: number;
  readonly orderingCost: number;
  /** With customers who wait: what their waiting cost. */
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
 * Replays demand. In each period: what is due arrives, the rule may order, those who wait are served, then the demand; the rest
 * is lost, or waits. Holding is charged on the mean of the stock before and after the demand, the oldest units are sold
 * first. What is left at the end, orders under way included, is kept and sold at the mean demand of the span, and charged for
 * that for a year at most.
 */
export function replayStock(
  of: ReplayCase,
  { start, end, openingStock }: Span,
  terms: ReplayTerms,
  decide: Decide,
  { leadTimes, onPeriod }: ReplayOptions = {},
): Tally {
  const { demand, margin, cost, holding, unit } = of;
  const { waitingCost, shelfLife = Number.POSITIVE_INFINITY } = terms;
  const periods = end - start;
  let longest = terms.leadTime;
  if (leadTimes) for (let i = 0; i < periods; i++) longest = Math.max(longest, leadTimes[i]!);
  const due = new Float64Array(periods + longest + 1);
  const shelf = new Shelf(shelfLife, openingStock);
  const total = { demand: 0, served: 0, stock: 0, atCost: 0, sold: 0, lost: 0, held: 0, spoiled: 0 };
  let [cycles, cyclesShort, periodsShort, orders] = [0, 0, 0, 0];
  let onHand = openingStock;
  let onOrder = 0;
  let waiting = 0;
  let isShort = false;
  for (let i = 0; i < periods; i++) {
    const t = start + i;
    const arrives = due[i]!;
    onHand += arrives;
    onOrder -= arrives;
    const wanted = decide(t, onHand - waiting + onOrder);
    const ordered = wanted > 1e-9 ? Math.ceil(wanted - 1e-9) : 0;
    const leadTime = leadTimes ? leadTimes[i]! : terms.leadTime;
    if (ordered > 0) orders++;
    if (leadTime === 0) onHand += ordered;
    else {
      due[i + leadTime]! += ordered;
      onOrder += ordered;
    }
    const delivered = leadTime === 0 ? arrives + ordered : arrives;
    if (delivered > 0) {
      shelf.add(i, delivered);
      if (i > 0) {
        cycles++;
        if (isShort) cyclesShort++;
      }
      isShort = false;
    }
    if (waiting > 0) {
      const late = Math.min(waiting, onHand);
      onHand -= late;
      waiting -= late;
      shelf.take(late);
      total.sold += late * cost[t]!;
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
      if (waitingCost === undefined) total.lost += unserved * margin[t]!;
      else waiting += unserved;
    }
    if (waitingCost !== undefined) total.lost += waiting * waitingCost * margin[t]!;
    if (shelfLife < Number.POSITIVE_INFINITY) {
      shelf.take(served);
      const spoiled = shelf.spoil(i);
      onHand -= spoiled;
      total.spoiled += spoiled * cost[t]!;
    }
    onPeriod?.(t, onHand, ordered, unserved);
  }
  const rest = keptAfter(onHand, due.subarray(periods), total.demand / periods, {
    shelf,
    from: periods,
    most: Math.ceil(periodsAYear(terms)),
  });
  return {
    periods,
    demand: total.demand * unit,
    served: total.served * unit,
    cycles: cycles + 1,
    cyclesShort: cyclesShort + (isShort ? 1 : 0),
    periodsShort,
    stock: total.stock * unit,
    stockAtCost: total.atCost,
    sold: total.sold,
    orders,
    holdingCost: total.held + rest.kept * holding[end - 1]!,
    spoiledCost: total.spoiled + rest.spoiled * cost[end - 1]!,
    orderingCost: orders * terms.orderCost,
    lostMargin: total.lost + waiting * margin[end - 1]!,
  };
}

/** Units by the period of their arrival, the oldest sold first; of no concern where they keep for ever. */
class Shelf {
  readonly #life: number;
  readonly #arrivals: number[] = [];
  readonly #steps: number[] = [];
  #oldest = 0;

  constructor(life: number, opening: number) {
    this.#life = life;
    if (opening > 0) this.add(0, opening);
  }

  add(period: number, steps: number): void {
    if (this.#life === Number.POSITIVE_INFINITY) return;
    this.#arrivals.push(period);
    this.#steps.push(steps);
  }

  take(steps: number): void {
    let rest = steps;
    while (rest > 0 && this.#oldest < this.#steps.length) {
      const taken = Math.min(rest, this.#steps[this.#oldest]!);
      this.#steps[this.#oldest]! -= taken;
      rest -= taken;
      if (this.#steps[this.#oldest] === 0) this.#oldest++;
    }
  }

  /** Steps that cannot be sold after this period. */
  spoil(period: number): number {
    let spoiled = 0;
    while (this.#oldest < this.#steps.length && this.#arrivals[this.#oldest]! + this.#life - 1 <= period) {
      spoiled += this.#steps[this.#oldest++]!;
    }
    return spoiled;
  }
}

/**
 * Steps x periods that a stock and its deliveries are kept for when every period sells `rate`, for so many periods at most,
 * and what cannot be sold in time.
 */
function keptAfter(
  onHand: number,
  due: Float64Array,
  rate: number,
  { shelf, from, most }: { readonly shelf: Shelf; readonly from: number; readonly most: number },
): { readonly kept: number; readonly spoiled: number } {
  let stock = onHand;
  let kept = 0;
  let spoiled = 0;
  for (let i = 0; i < most; i++) {
    if (i < due.length) {
      stock += due[i]!;
      shelf.add(from + i, due[i]!);
    } else if (stock <= 0) break;
    const sold = Math.min(stock, rate);
    kept += stock - sold / 2;
    shelf.take(sold);
    const old = shelf.spoil(from + i);
    stock -= sold + old;
    spoiled += old;
  }
  return { kept, spoiled };
}
