import type { ValueProblem } from './value-problem.ts';

/** Prices of the limits, money for the whole of each, and what they prove. */
export interface DualPrices {
  readonly prices: Float64Array;
  /** No allocation that keeps the limits gains more than this. */
  readonly bound: number;
}

const HALVINGS = 60;
const COARSE_HALVINGS = 22;
const ROUNDS = 3;
const STEPS = 60;

/**
 * Prices at which items, each left to itself, use about as much as there is (Everett 1963), and the bound
 *   sum of max(gain - price use) + sum of prices
 * at its lowest: by halving for one limit, limit after limit and then by subgradient steps (Polyak 1969) for several.
 */
export function dualPrices(problem: ValueProblem): DualPrices {
  const count = problem.limits.length;
  const best = { prices: new Float64Array(count), bound: Number.POSITIVE_INFINITY };
  const response = new Response(problem);
  /** What the items use of each limit at these prices, as a part of it. */
  const look = (prices: Float64Array): Float64Array => {
    const bound = response.at(prices);
    if (bound < best.bound) {
      best.bound = bound;
      best.prices = prices.slice();
    }
    return response.parts;
  };
  if (look(best.prices.slice()).every((part) => part <= 1)) return best;
  if (count === 1) halve(look, best.prices.slice(), 0, highestPrice(problem, 0), HALVINGS);
  else {
    const prices = best.prices.slice();
    for (let round = 0; round < ROUNDS; round++)
      for (let r = 0; r < count; r++) halve(look, prices, r, highestPrice(problem, r), COARSE_HALVINGS);
    descend(look, best);
  }
  return best;
}

type Look = (prices: Float64Array) => Float64Array;

/** Sets one price to the lowest at which its limit is kept. */
function halve(look: Look, prices: Float64Array, r: number, highest: number, halvings: number): void {
  prices[r] = 0;
  if (look(prices)[r]! <= 1) return;
  let [low, high] = [0, highest];
  for (let i = 0; i < halvings; i++) {
    prices[r] = (low + high) / 2;
    if (look(prices)[r]! > 1) low = prices[r]!;
    else high = prices[r]!;
  }
  prices[r] = high;
  look(prices);
}

/** Lowers the bound by steps against the excess use, shorter ones when it did not fall. */
function descend(look: Look, best: { prices: Float64Array; bound: number }): void {
  let share = 0.05;
  for (let step = 0; step < STEPS; step++) {
    const before = best.bound;
    const from = best.prices;
    const excess = look(from).map((part) => part - 1);
    const length = excess.reduce((sum, part) => sum + part * part, 0);
    if (length === 0) return;
    const stride = (share * before) / length;
    look(from.map((price, r) => Math.max(0, price + stride * excess[r]!)));
    if (!(best.bound < before)) share /= 2;
  }
}

/** What the items choose at prices. Laid out flat, and from one look to the next it goes on from where each item was. */
class Response {
  /** What is used of each limit, as a part of it. */
  readonly parts: Float64Array;
  /** By limit, then item: the part of the limit that a unit uses. */
  readonly uses: Float64Array[];
  /** Where the steps of each item begin; its hull levels begin there too, one more for each item before it. */
  readonly starts: Int32Array;
  readonly slopes: Float64Array;
  readonly quantities: Float64Array;
  readonly gains: Float64Array;
  readonly chosen: Int32Array;

  constructor({ items, uses, limits }: ValueProblem) {
    const count = items.length;
    this.parts = new Float64Array(limits.length);
    // With nothing there, every item that uses it is out already.
    this.uses = uses.map((use, r) => use.map((one) => (one === 0 || limits[r] === 0 ? 0 : one / limits[r]!)));
    this.starts = new Int32Array(count + 1);
    for (let i = 0; i < count; i++) this.starts[i + 1] = this.starts[i]! + items[i]!.slopes.length;
    const steps = this.starts[count]!;
    this.slopes = new Float64Array(steps);
    this.quantities = new Float64Array(steps + count);
    this.gains = new Float64Array(steps + count);
    this.chosen = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const { slopes, hull, quantities, gains } = items[i]!;
      const start = this.starts[i]!;
      this.slopes.set(slopes, start);
      for (let h = 0; h < hull.length; h++) {
        this.quantities[start + i + h] = quantities[hull[h]!]!;
        this.gains[start + i + h] = gains[hull[h]!]!;
      }
    }
  }

  /** The bound at these prices; `parts` says what is used. */
  at(prices: Float64Array): number {
    const { parts, uses, starts, slopes, quantities, gains, chosen } = this;
    parts.fill(0);
    let bound = 0;
    for (let r = 0; r < prices.length; r++) bound += prices[r]!;
    for (let i = 0; i < chosen.length; i++) {
      const start = starts[i]!;
      const end = starts[i + 1]!;
      if (start === end) continue;
      let price = 0;
      for (let r = 0; r < uses.length; r++) price += prices[r]! * uses[r]![i]!;
      let at = start + chosen[i]!;
      while (at < end && slopes[at]! > price) at += 1;
      while (at > start && slopes[at - 1]! <= price) at -= 1;
      chosen[i] = at - start;
      const quantity = quantities[at + i]!;
      bound += gains[at + i]! - price * quantity;
      for (let r = 0; r < uses.length; r++) parts[r]! += uses[r]![i]! * quantity;
    }
    return bound;
  }
}

/** A price at which no item uses anything of the limit. */
function highestPrice({ items, uses, limits }: ValueProblem, r: number): number {
  let highest = 0;
  for (let i = 0; i < items.length; i++) {
    const use = uses[r]![i]!;
    if (use > 0 && items[i]!.slopes.length > 0)
      highest = Math.max(highest, (items[i]!.slopes[0]! / use) * limits[r]!);
  }
  return highest;
}
