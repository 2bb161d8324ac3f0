import { type GainLevels, levelsOf } from './gain-levels.ts';
import { keeps, type Limits, type Lot, limitedBy, perUnit } from './limits.ts';

/** Items with their levels, and what is limited. */
export interface ValueProblem {
  readonly items: readonly GainLevels[];
  /** By limit, then item: what one unit uses. */
  readonly uses: readonly Float64Array[];
  /** By limit: how much can be used at best. */
  readonly limits: Float64Array;
}

/**
 * The problem without what cannot be: levels that break a limit alone, and the part of a limit that no sum of lots
 * reaches (a budget of 100 for packs of 7 is one of 98).
 */
export function valueProblem(
  offered: readonly GainLevels[],
  lots: readonly Lot[],
  limits: Limits,
): ValueProblem {
  const limited = limitedBy(limits);
  const uses = limited.map((resource) => Float64Array.from(lots, (lot) => perUnit(lot, resource)));
  const items = offered.map((item, i) => {
    const { quantities, gains } = item;
    let last = quantities.length - 1;
    for (const [r, resource] of limited.entries())
      while (last > 0 && !keeps(quantities[last]! * uses[r]![i]!, limits[resource]!)) last -= 1;
    return last === quantities.length - 1
      ? item
      : levelsOf(quantities.subarray(0, last + 1), gains.subarray(0, last + 1));
  });
  const reachable = Float64Array.from(limited, (resource, r) => {
    let step = 0;
    for (const [i, { quantities }] of items.entries()) {
      if (quantities.length > 1) step = divisor(step, quantities[1]! * uses[r]![i]!);
      if (quantities.length > 2) step = divisor(step, (quantities[2]! - quantities[1]!) * uses[r]![i]!);
    }
    return step > 0 ? Math.floor(limits[resource]! / step) * step : limits[resource]!;
  });
  return { items, uses, limits: reachable };
}

/** Greatest common divisor of whole numbers; NaN once one of them is not whole. */
function divisor(a: number, b: number): number {
  if (!(Number.isSafeInteger(a) && Number.isSafeInteger(b))) return Number.NaN;
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** What a unit of an item costs when the whole of each limit has this price. */
export function priceOf({ uses, limits }: ValueProblem, prices: ArrayLike<number>, item: number): number {
  let price = 0;
  for (let r = 0; r < uses.length; r++) {
    const use = uses[r]![item]!;
    // With nothing there, every item that uses it is out already.
    if (use > 0 && limits[r]! > 0) price += (prices[r]! * use) / limits[r]!;
  }
  return price;
}

/** Index on the hull of the level that earns most at this price a unit; of equal ones the lowest. */
export function bestAt({ slopes }: GainLevels, price: number): number {
  let low = 0;
  let high = slopes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slopes[middle]! > price) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Chosen levels (indexes into each item's quantities), what they use of each limit, and their gain. */
export interface Choice {
  readonly levels: Int32Array;
  readonly used: Float64Array;
  gain: number;
}

/** Every item's best level at these prices, whether or not that keeps the limits. */
export function chooseAt(problem: ValueProblem, prices: ArrayLike<number>): Choice {
  const { items, uses } = problem;
  const choice = { levels: new Int32Array(items.length), used: new Float64Array(uses.length), gain: 0 };
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const level = item.hull[bestAt(item, priceOf(problem, prices, i))]!;
    if (level > 0) take(problem, choice, i, level);
  }
  return choice;
}

export function isKept({ limits }: ValueProblem, { used }: Choice): boolean {
  return used.every((use, r) => keeps(use, limits[r]!));
}

export function fits(
  { items, uses, limits }: ValueProblem,
  choice: Choice,
  i: number,
  level: number,
): boolean {
  const { quantities } = items[i]!;
  const more = quantities[level]! - quantities[choice.levels[i]!]!;
  for (let r = 0; r < uses.length; r++)
    if (uses[r]![i]! > 0 && !keeps(choice.used[r]! + more * uses[r]![i]!, limits[r]!)) return false;
  return true;
}

export function take({ items, uses }: ValueProblem, choice: Choice, i: number, level: number): void {
  const { quantities, gains } = items[i]!;
  const from = choice.levels[i]!;
  const more = quantities[level]! - quantities[from]!;
  for (let r = 0; r < uses.length; r++) choice.used[r]! += more * uses[r]![i]!;
  choice.gain += gains[level]! - gains[from]!;
  choice.levels[i] = level;
}
