/**
 * Probability that a randomised probability integral transform of `actual` falls between two levels (Czado, Gneiting &
 * Held 2009). Where several quantiles equal the actual, as zeros of slow movers do, it has a whole stretch of
 * probability, and counts by the share of it that lies inside; plain coverage counts such a point as inside whenever
 * an end of the interval touches it. `levels` ascend; a stretch ends half way to the next quantile that differs.
 * Example: levels .1 .5 .9, quantiles 0 0 2, actual 0: the stretch is 0 (nothing is below 0) to 0.7, of which the
 * share 6/7 lies within .1 to .9.
 */
export function pitCoverage(
  actual: number,
  levels: readonly number[],
  quantiles: readonly number[],
  low: number,
  high: number,
): number {
  if (levels.length === 0) return Number.NaN;
  let below = 0;
  while (below < levels.length && quantiles[below]! < actual - SLACK) below++;
  let upTo = below;
  while (upTo < levels.length && quantiles[upTo]! <= actual + SLACK) upTo++;
  const at = (i: number): number => (i < 0 ? 0 : i >= levels.length ? 1 : levels[i]!);
  const isTied = upTo > below;
  let from = at(below - 1);
  let to = at(upTo);
  if (isTied) {
    // Of quantities that cannot be negative nothing is below zero.
    from = actual === 0 && below === 0 ? 0 : (from + at(below)) / 2;
    to = (at(upTo - 1) + to) / 2;
  }
  return Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
}

const SLACK = 1e-9;
