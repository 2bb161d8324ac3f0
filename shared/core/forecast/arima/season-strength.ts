import { mstl } from '../stl/mstl.ts';

/** Seasonal strength above which R's `nsdiffs` takes a seasonal difference. */
const STRONG = 0.64;

/**
 * Strength of the season, 0 to 1 (Wang, Smith & Hyndman 2006): how much less the series varies without it.
 *   max(0, 1 - Var(remainder) / Var(season + remainder)),   by STL with a seasonal window of 11
 * 0 for a series that does not hold two seasons.
 */
export function seasonStrength(y: Float64Array, period: number): number {
  const parts = period > 1 ? mstl(y, { periods: [period] }) : null;
  if (!parts) return 0;
  const { seasonal } = parts.seasons[0]!;
  const both = variance(parts.remainder.map((value, t) => value + seasonal[t]!));
  return both > 0 ? Math.max(0, Math.min(1, 1 - variance(parts.remainder) / both)) : 0;
}

/** Whether to difference once at the season. */
export function needsSeasonalDifference(y: Float64Array, period: number): boolean {
  return seasonStrength(y, period) > STRONG;
}

function variance(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return sum / values.length;
}
