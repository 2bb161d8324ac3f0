/** Value: A most, C least. */
export type AbcClass = 'A' | 'B' | 'C';
/** Certainty of demand: X steady, Z erratic. */
export type XyzClass = 'X' | 'Y' | 'Z';

export interface AbcOptions {
  /** Shares of the whole value at which A and B end. Default 0.8 and 0.95. */
  readonly cuts?: readonly [a: number, b: number];
  /** Whether the item that crosses a cut still belongs to the better class (default) or to the next. */
  readonly crossing?: 'better' | 'next';
}

/** Where an item stands by value. */
export interface AbcRank {
  readonly abc: AbcClass;
  /** 1 is the most valuable. */
  readonly rank: number;
  readonly share: number;
  /** Share of the whole value that items up to this one make. */
  readonly cumulative: number;
}

/**
 * Classes by cumulative value, in the order of the input: ranked by value, ties by place, an item is A while the share
 * BEFORE it is below 0.80, B while below 0.95, else C, so that the item that crosses belongs to the better class. An item
 * without value is C. Silver, Pyke & Thomas (2017), section 2.4.
 */
export function classifyAbc(
  values: readonly number[],
  { cuts = [0.8, 0.95], crossing = 'better' }: AbcOptions = {},
): AbcRank[] {
  const [a, b] = cuts;
  if (!(a > 0 && a <= b && b <= 1)) throw new RangeError(`cuts ${a} and ${b} do not rise within 0..1`);
  if (values.some((value) => !Number.isFinite(value))) throw new RangeError('a value is no number');
  // What is returned more than sold has a value below 0; it takes nothing from the others.
  const worth = values.map((value) => Math.max(0, value));
  const total = worth.reduce((sum, value) => sum + value, 0);
  const order = worth.map((_, index) => index).sort((i, j) => worth[j]! - worth[i]! || i - j);
  const ranks = new Array<AbcRank>(values.length);
  let sum = 0;
  for (const [place, index] of order.entries()) {
    const before = total > 0 ? sum / total : 1;
    sum += worth[index]!;
    const cumulative = total > 0 ? Math.min(1, sum / total) : 1;
    const isWithin = (cut: number): boolean =>
      worth[index]! > 0 && (crossing === 'better' ? before < cut - 1e-12 : cumulative <= cut + 1e-12);
    ranks[index] = {
      abc: isWithin(a) ? 'A' : isWithin(b) ? 'B' : 'C',
      rank: place + 1,
      share: total > 0 ? worth[index]! / total : 0,
      cumulative,
    };
  }
  return ranks;
}

/** X up to the first cut, Y up to the second, Z above or when it is not known. Default 0.5 and 1. */
export function classifyXyz(
  variation: number | null,
  [x, y]: readonly [number, number] = [0.5, 1],
): XyzClass {
  if (variation === null || !(variation <= y)) return 'Z';
  return variation <= x ? 'X' : 'Y';
}

/** Standard deviation / mean of the periods, population form; null without demand. */
export function coefficientOfVariation(demand: ArrayLike<number>): number | null {
  const n = demand.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += demand[i]!;
  const mean = sum / n;
  if (!(mean > 0)) return null;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (demand[i]! - mean) ** 2;
  return Math.sqrt(squares / n) / mean;
}

/** Root mean squared error of the forecast / mean demand: uncertainty without what season explains; null without demand. */
export function forecastErrorRatio(errors: ArrayLike<number>, meanDemand: number): number | null {
  if (!(meanDemand > 0) || errors.length === 0) return null;
  let squares = 0;
  for (let i = 0; i < errors.length; i++) squares += errors[i]! ** 2;
  return Math.sqrt(squares / errors.length) / meanDemand;
}
