import { trackingSignal } from './tracking-signal.ts';

/** One closed bucket of a group of series, forecast from the same lag. Sums over the series. */
export interface GroupBucket {
  readonly actual: number;
  /** Forecast less actual. */
  readonly error: number;
  readonly absoluteError: number;
  readonly naiveError: number;
}

/** Buckets that are looked at, the newest; fewer than the least say nothing. */
export const DRIFT_BUCKETS = 13;
export const LEAST_DRIFT_BUCKETS = 7;
/** Standard deviations of the tracking signal of unbiased errors: those of n buckets have about 1.25 sqrt(n). */
const DEVIATIONS = 2;
const MAD_TO_DEVIATION = Math.sqrt(Math.PI / 2);
/** Bias, a share of what was sold, below which nobody needs to know. */
const LEAST_BIAS = 0.1;

export interface AccuracyDrift {
  readonly buckets: number;
  /** Sum of (forecast - actual) over the sum of actuals: positive is over-forecast. */
  readonly bias: number;
  /** Of the group's totals, positive is over-forecast, and the size beyond which it is no chance. */
  readonly signal: number;
  readonly limit: number;
  readonly isBiased: boolean;
  /** Our absolute errors over those of the naive forecast. */
  readonly relativeError: number;
  /** The naive forecast, which costs nothing, did better. */
  readonly isWorseThanNaive: boolean;
}

/**
 * Whether forecasts of a group have gone wrong for long, from its buckets, oldest first. Biased: the tracking signal
 * of the group's totals (Brown 1963) is beyond 2 x 1.25 sqrt(n), which takes 7 buckets of one sign, and the bias is at
 * least a tenth of what was sold. Null while there are too few buckets, or nothing was sold.
 */
export function accuracyDrift(buckets: readonly GroupBucket[]): AccuracyDrift | null {
  const newest = buckets.slice(-DRIFT_BUCKETS);
  const sum = (of: (bucket: GroupBucket) => number): number =>
    newest.reduce((total, bucket) => total + of(bucket), 0);
  const sold = sum(({ actual }) => actual);
  if (newest.length < LEAST_DRIFT_BUCKETS || sold <= 0) return null;
  const actual = newest.map((bucket) => bucket.actual);
  const forecast = newest.map((bucket) => bucket.actual + bucket.error);
  // Brown's sign is that of (actual - forecast); ours is that of the bias
  const signal = 0 - trackingSignal(actual, forecast).at(-1)!;
  const limit = DEVIATIONS * MAD_TO_DEVIATION * Math.sqrt(newest.length);
  const bias = sum(({ error }) => error) / sold;
  const ours = sum(({ absoluteError }) => absoluteError);
  const naive = sum(({ naiveError }) => naiveError);
  return {
    buckets: newest.length,
    bias,
    signal,
    limit,
    isBiased: Math.abs(signal) > limit && Math.abs(bias) >= LEAST_BIAS,
    relativeError: naive > 0 ? ours / naive : ours > 0 ? Number.POSITIVE_INFINITY : 1,
    isWorseThanNaive: ours > naive,
  };
}
