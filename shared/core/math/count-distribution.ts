import { logGamma } from './log-gamma.ts';

/** Counts 0, 1, 2, ... with a mean and a variance. */
export interface CountMoments {
  readonly mean: number;
  readonly variance: number;
}

/** Largest count that is ever looked at. */
const MOST = 10_000_000;

/**
 * P(N = k) of a negative binomial with this mean and variance; Poisson when the variance is not above the mean.
 *   r = mean^2 / (variance - mean), prob = mean / variance: failures before r successes, r real.
 */
export function countProbability(k: number, { mean, variance }: CountMoments): number {
  if (k < 0 || !Number.isInteger(k)) return 0;
  if (mean <= 0) return k === 0 ? 1 : 0;
  if (variance <= mean * (1 + 1e-9)) return Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
  const r = (mean * mean) / (variance - mean);
  const prob = mean / variance;
  const log = logGamma(k + r) - logGamma(r) - logGamma(k + 1) + r * Math.log(prob) + k * Math.log1p(-prob);
  return Math.exp(log);
}

/** Smallest count N with P(demand <= N) >= p. Poisson with mean 6: the 0.8 quantile is 8. */
export function countQuantile(p: number, moments: CountMoments): number {
  if (!(p >= 0 && p < 1)) throw new RangeError(`probability ${p} is outside 0..1`);
  let sum = 0;
  for (let k = 0; k < MOST; k++) {
    sum += countProbability(k, moments);
    if (sum >= p - 1e-12) return k;
  }
  throw new RangeError(`mean ${moments.mean} is too large for a count quantile`);
}
