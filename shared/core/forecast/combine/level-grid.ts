import { normalQuantile } from '../../math/normal.ts';
import type { Quantiles } from '../model.ts';

/** Levels at which members of a panel are combined; others are read off between them. */
export const LEVEL_GRID = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975] as const;

/** Place of the median in LEVEL_GRID. */
export const MEDIAN = 4;

/** A forecast of one series at the levels of LEVEL_GRID. */
export interface GridForecast {
  readonly mean: Float64Array;
  /** One array of periods for each level, ascending in each period. */
  readonly quantiles: readonly Float64Array[];
}

const Z = LEVEL_GRID.map(normalQuantile);

/** Where a normal score lies in the grid: `share` of the way from level `upper - 1` to `upper`, or beyond them. */
export function placeOf(score: number): { readonly upper: number; readonly share: number } {
  let upper = 1;
  while (upper < Z.length - 1 && Z[upper]! < score - 1e-12) upper++;
  return { upper, share: (score - Z[upper - 1]!) / (Z[upper]! - Z[upper - 1]!) };
}

/**
 * The quantity `share` of the way between those of two levels: straight in the square root, since demand thins out as it grows,
 * and a straight line between far levels of a slow item expects more than comes. Beyond the levels, and of quantities
 * that may be negative, on with the slope. Half way from 0 to 8: 2.
 */
export function between(low: number, high: number, share: number): number {
  if (low < 0 || share < 0 || share > 1) return low + share * (high - low);
  const from = Math.sqrt(low);
  return (from + share * (Math.sqrt(high) - from)) ** 2;
}

/** Quantiles at any level: by the normal score between two levels of the grid, and on with the last slope beyond them. */
export function quantilesAt(
  grid: readonly Float64Array[],
  levels: readonly number[],
  floor: number,
): Quantiles {
  return Object.fromEntries(
    levels.map((level) => {
      const { upper, share } = placeOf(normalQuantile(level));
      const low = grid[upper - 1]!;
      const high = grid[upper]!;
      return [String(level), Array.from(low, (value, h) => Math.max(floor, between(value, high[h]!, share)))];
    }),
  );
}

/** The forecasts of a grid from quantiles at (at least) its levels. */
export function gridOf(mean: readonly number[], quantiles: Quantiles): GridForecast {
  return {
    mean: Float64Array.from(mean),
    quantiles: LEVEL_GRID.map((level) => Float64Array.from(quantiles[String(level)]!)),
  };
}
