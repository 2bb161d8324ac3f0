import { seededRandom } from '../math/random.ts';
import { sampleQuantile } from '../math/sample-quantile.ts';

/** Resamples behind an interval. */
const RESAMPLES = 1000;
/** With fewer values most resamples repeat one of them, and tell nothing of the spread. */
const FEWEST_FOR_T = 5;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % interval of a sum of costs over series, by resampling the series with replacement (percentile bootstrap, Efron &
 * Tibshirani 1993, chapter 13): never below the least cost. The same seed draws the same series, so that intervals of
 * several sums are of the same resamples.
 */
export const sumInterval = (values: ArrayLike<number>, seed: number): Interval =>
  quantilesOf(resampled(values, seed).map(({ sum }) => sum));

/**
 * The same for a sum of differences, by bootstrap-t (chapter 12; of fewer than five series as above). Savings of policies
 * are skewed, many small gains and few large losses: resampling their sum alone would call chance a gain.
 */
export function differenceInterval(values: ArrayLike<number>, seed: number): Interval {
  const draws = resampled(values, seed);
  const whole = momentsOf(Float64Array.from(values));
  // a resample of one value only has no spread of its own, but for rounding
  const scores = draws
    .filter(({ error }) => error > 1e-9 * whole.error)
    .map(({ sum, error }) => (sum - whole.sum) / error);
  if (values.length < FEWEST_FOR_T || scores.length === 0) return quantilesOf(draws.map(({ sum }) => sum));
  const { low, high } = quantilesOf(scores);
  return { low: whole.sum - high * whole.error, high: whole.sum - low * whole.error };
}

interface Moments {
  readonly sum: number;
  /** Standard error of the sum. */
  readonly error: number;
}

function resampled(values: ArrayLike<number>, seed: number): Moments[] {
  const random = seededRandom(seed);
  const drawn = new Float64Array(values.length);
  return Array.from({ length: RESAMPLES }, () => {
    for (let k = 0; k < drawn.length; k++) drawn[k] = values[random.integer(drawn.length)]!;
    return momentsOf(drawn);
  });
}

function momentsOf(values: Float64Array): Moments {
  const n = values.length;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += values[k]!;
  let squares = 0;
  for (let k = 0; k < n; k++) squares += (values[k]! - sum / n) ** 2;
  return { sum, error: Math.sqrt((squares * n) / Math.max(1, n - 1)) };
}

function quantilesOf(found: readonly number[]): Interval {
  const sorted = Float64Array.from(found).sort();
  return { low: sampleQuantile(sorted, 0.025), high: sampleQuantile(sorted, 0.975) };
}
