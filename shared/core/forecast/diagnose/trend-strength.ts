import { fitLine } from '../../math/least-squares.ts';
import { mstl } from '../stl/mstl.ts';

/**
 * Strength of the trend, 0 to 1 (Wang, Smith & Hyndman 2006): max(0, 1 - Var(remainder) / Var(trend + remainder)), by
 * STL; of a straight line when the series does not hold two seasons. 0 for a constant series.
 */
export function trendStrength(y: Float64Array, period: number): number {
  const parts = period > 1 ? mstl(y, { periods: [period] }) : null;
  const line = fitLine(y);
  const trend = parts ? parts.trend : y.map((_, t) => line.level + line.slope * (t + 1));
  const remainder = parts ? parts.remainder : y.map((value, t) => value - trend[t]!);
  const both = variance(remainder.map((value, t) => value + trend[t]!));
  return both > 0 ? Math.max(0, Math.min(1, 1 - variance(remainder) / both)) : 0;
}

function variance(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
}
