import { chooseAt, type ValueProblem } from './value-problem.ts';

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
  /** What the items use of each limit at these prices, as a part of it. */
  const look = (prices: Float64Array): Float64Array => {
    const { used, gain } = chooseAt(problem, prices);
    const parts = used.map((use, r) => (use === 0 ? 0 : use / problem.limits[r]!));
    const bound = gain + prices.reduce((sum, price, r) => sum + price * (1 - parts[r]!), 0);
    if (bound < best.bound) {
      best.bound = bound;
      best.prices = prices.slice();
    }
    return parts;
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
