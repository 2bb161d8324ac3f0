import { seededRandom } from '../../shared/core/math/random.ts';
import { sampleQuantile } from '../../shared/core/math/sample-quantile.ts';

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;
const SEED = 1;

/**
 * A statistic over series with its 95 % interval by resampling them; it is given how often each is drawn, the same draws
 * for every statistic. Bounds are NaN where a resample lies beyond the ends of a curve in more than one case of twenty.
 */
export function estimate(series: number, statistic: (draws: ArrayLike<number>) => number): Estimate {
  const value = statistic(new Int32Array(series).fill(1));
  if (Number.isNaN(value)) return { value, low: value, high: value };
  const random = seededRandom(SEED);
  const draws = new Int32Array(series);
  const found = new Float64Array(RESAMPLES);
  let outside = 0;
  for (let i = 0; i < RESAMPLES; i++) {
    draws.fill(0);
    for (let k = 0; k < series; k++) draws[random.integer(series)]!++;
    const drawn = statistic(draws);
    if (Number.isNaN(drawn)) outside++;
    found[i] = Number.isNaN(drawn) ? value : drawn;
  }
  if (outside > RESAMPLES / 20) return { value, low: Number.NaN, high: Number.NaN };
  found.sort();
  return { value, low: sampleQuantile(found, 0.025), high: sampleQuantile(found, 0.975) };
}
