import { seededRandom, seedOf } from '../../math/random.ts';
import type { Fitted } from '../model.ts';

/** Furthest that a future is scaled up: beyond it, what the own model holds for rare would be all there is. */
const MOST_SCALE = 10;

/**
 * Simulated futures of a group whose means are those given: each future of the group's own model moves in proportion, so
 * that nothing becomes negative. Where the own mean is nothing, or less than a tenth of the mean given, the history does not
 * know of what is to come: the difference is added as sales that come one by one, a gamma variable whose variance is its
 * mean, as a Poisson count's, but which need not be whole.
 */
export function groupFutures(
  fitted: Fitted,
  mean: readonly number[],
  count: number,
  seed: number,
): Float64Array[] {
  const own = fitted.forecast(mean.length, []).mean;
  const futures = fitted.paths(mean.length, count, seed);
  const random = seededRandom(seedOf(seed, 'members'));
  for (let h = 0; h < mean.length; h++) {
    const scale = own[h]! > 0 ? mean[h]! / own[h]! : Number.NaN;
    const missing = mean[h]! - own[h]!;
    for (const path of futures) {
      if (scale >= 0 && scale <= MOST_SCALE) path[h]! *= scale;
      else path[h]! += missing > 0 ? random.gamma(missing) : missing;
    }
  }
  return futures;
}
