import type { Decomposition } from './stl.ts';
import { stl } from './stl.ts';

export interface MstlOptions {
  /** Lengths of the seasons; those that the series does not hold twice are left out. */
  readonly periods: readonly number[];
  /** Window of each season, from the shortest on; 11, 15, 19, ... as in R. */
  readonly seasonalWindows?: readonly (number | 'periodic')[];
  readonly robust?: boolean;
  /** Times that all seasons are gone through. */
  readonly rounds?: number;
}

/** A decomposition with a part for each season that was kept, the shortest first. */
export interface ManySeasons extends Omit<Decomposition, 'seasonal'> {
  readonly seasons: readonly { readonly period: number; readonly seasonal: Float64Array }[];
}

const MOST_SEASONS = 6;

/**
 * Several seasons by STL in turn, each on what the others leave (Bandara, Hyndman & Bergmeir 2021). Null when not even
 * one season fits twice into the series.
 */
export function mstl(y: Float64Array, options: MstlOptions): ManySeasons | null {
  const periods = [...new Set(options.periods)]
    .filter((period) => period > 1 && y.length > 2 * period)
    .sort((a, b) => a - b);
  if (periods.length > MOST_SEASONS) throw new RangeError(`more than ${MOST_SEASONS} seasons`);
  if (periods.length === 0) return null;
  const rest = y.slice();
  const seasons = periods.map((period) => ({ period, seasonal: new Float64Array(y.length) }));
  let trend = new Float64Array(y.length);
  const rounds = periods.length === 1 ? 1 : (options.rounds ?? 2);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { period, seasonal }] of seasons.entries()) {
      for (let t = 0; t < rest.length; t++) rest[t]! += seasonal[t]!;
      const seasonalWindow = options.seasonalWindows?.[i] ?? 11 + 4 * i;
      const parts = stl(rest, { period, seasonalWindow, ...(options.robust ? { robust: true } : {}) });
      seasonal.set(parts.seasonal);
      trend = Float64Array.from(parts.trend);
      for (let t = 0; t < rest.length; t++) rest[t]! -= seasonal[t]!;
    }
  }
  return { seasons, trend, remainder: rest.map((value, t) => value - trend[t]!) };
}
