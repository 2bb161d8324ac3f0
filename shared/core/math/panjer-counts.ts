import type { CountMoments } from './count-distribution.ts';
import { gammaQuantile } from './incomplete-gamma.ts';
import type { Random } from './random.ts';

/**
 * Counts with a mean and a variance whose probabilities follow Panjer's recursion p[k] = p[k-1] (a + b / k):
 * negative binomial when the variance is above the mean, Poisson when equal, binomial when below (its number of trials
 * rounded up, so that a variance of 0 gives a certain whole mean). Far from zero, where p[0] is no number any more, a
 * gamma distribution stands in.
 */
export interface CountLaw {
  readonly a: number;
  readonly b: number;
  /** P(0); 0 when the gamma distribution stands in. */
  readonly zero: number;
  readonly mean: number;
  readonly variance: number;
}

/** Below this p[0] the recursion loses its digits; a normal start at the mode is not worth its code. */
const LEAST_LOG_ZERO = -600;
/** Longest walk from 0 to a quantile. */
const MOST = 1_000_000;

/** The law of these moments. A mean of 0 or less is a certain 0. */
export function countLaw({ mean, variance }: CountMoments): CountLaw {
  if (!(mean > 0)) return { a: 0, b: 0, zero: 1, mean: 0, variance: 0 };
  if (variance > mean * (1 + 1e-9)) {
    const excess = variance / mean - 1;
    const a = excess / (1 + excess);
    const size = mean / excess;
    return { a, b: a * (size - 1), zero: startOf(-size * Math.log1p(excess)), mean, variance };
  }
  if (variance >= mean * (1 - 1e-9)) return { a: 0, b: mean, zero: startOf(-mean), mean, variance };
  const trials = Math.ceil((mean * mean) / (mean - Math.max(0, variance)) - 1e-9);
  const chance = mean / trials;
  if (chance >= 1 - 1e-9) return { a: 0, b: 0, zero: 0, mean: trials, variance: 0 };
  const odds = chance / (1 - chance);
  return { a: -odds, b: (trials + 1) * odds, zero: startOf(trials * Math.log1p(-chance)), mean, variance };
}

/** Smallest counts n with P(N <= n) >= level, for each of these ascending levels. */
export function countLawQuantiles(law: CountLaw, levels: readonly number[]): number[] {
  if (law.zero === 0) return levels.map((level) => farQuantile(law, level));
  const found: number[] = [];
  let k = 0;
  let p = law.zero;
  let sum = p;
  for (const level of levels) {
    while (sum < level - 1e-12 && k < MOST) {
      k++;
      p *= law.a + law.b / k;
      // The far tail may round to nothing before the sum gets there.
      if (!(p > 0)) break;
      sum += p;
    }
    found.push(k);
  }
  return found;
}

/** One count, by inversion. */
export function drawCount(law: CountLaw, random: Random): number {
  if (law.zero === 0) {
    if (!(law.variance > 0)) return Math.floor(law.mean + random.uniform());
    const shape = (law.mean * law.mean) / law.variance;
    return Math.floor((random.gamma(shape) / shape) * law.mean + random.uniform());
  }
  const u = random.uniform();
  let p = law.zero;
  let sum = p;
  let k = 0;
  while (sum < u && k < MOST) {
    k++;
    p *= law.a + law.b / k;
    if (!(p > 0)) break;
    sum += p;
  }
  return k;
}

function startOf(logZero: number): number {
  return logZero < LEAST_LOG_ZERO ? 0 : Math.exp(logZero);
}

function farQuantile({ mean, variance }: CountLaw, level: number): number {
  if (!(variance > 0)) return Math.ceil(mean - 0.5);
  return Math.max(0, Math.ceil(gammaQuantile(level, (mean * mean) / variance) * (variance / mean) - 0.5));
}
