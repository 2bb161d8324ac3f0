import type { Fitted } from '../model.ts';

/**
 * Simulated futures of a group whose means are those given: each future of the group's own model moves in proportion, so
 * that nothing becomes negative; by the difference where the own mean is nothing.
 */
export function groupFutures(
  fitted: Fitted,
  mean: readonly number[],
  count: number,
  seed: number,
): Float64Array[] {
  const own = fitted.forecast(mean.length, []).mean;
  const futures = fitted.paths(mean.length, count, seed);
  for (const path of futures) {
    for (let h = 0; h < path.length; h++) {
      if (own[h]! > 0) path[h]! *= mean[h]! / own[h]!;
      else path[h]! += mean[h]! - own[h]!;
    }
  }
  return futures;
}
