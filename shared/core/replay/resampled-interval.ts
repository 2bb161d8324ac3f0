import { seededRandom } from '../math/random.ts';
import { sampleQuantile } from '../math/sample-quantile.ts';

/** Resamples behind an interval. */
const RESAMPLES = 1000;

/**
 * 95 % interval of a statistic over series, by resampling the series with replacement (percentile bootstrap, Efron &
 * Tibshirani 1993, chapter 13). `statistic` is given how often each series is drawn. The same seed draws the same
 * series, so that intervals of several statistics are of the same resamples.
 */
export function resampledInterval(
  series: number,
  statistic: (draws: Int32Array) => number,
  seed: number,
): { readonly low: number; readonly high: number } {
  const random = seededRandom(seed);
  const draws = new Int32Array(series);
  const found = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    draws.fill(0);
    for (let k = 0; k < series; k++) draws[random.integer(series)]!++;
    found[i] = statistic(draws);
  }
  found.sort();
  return { low: sampleQuantile(found, 0.025), high: sampleQuantile(found, 0.975) };
}

/** 95 % interval of a sum over series. */
export function sumInterval(
  values: ArrayLike<number>,
  seed: number,
): { readonly low: number; readonly high: number } {
  return resampledInterval(
    values.length,
    (draws) => {
      let sum = 0;
      for (let k = 0; k < draws.length; k++) sum += draws[k]! * values[k]!;
      return sum;
    },
    seed,
  );
}
