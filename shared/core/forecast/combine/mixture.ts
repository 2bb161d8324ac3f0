import { normalQuantile } from '../../math/normal.ts';
import { type GridForecast, LEVEL_GRID, placeOf } from './level-grid.ts';

/** Points that stand for what one member expects of one period, equally likely. */
export const POINTS = 40;

const PLACES = Array.from({ length: POINTS }, (_, i) => placeOf(normalQuantile((i + 0.5) / POINTS)));

/** Writes the points of one period, ascending, none below `floor`. */
export function writePoints(
  { quantiles }: GridForecast,
  period: number,
  floor: number,
  points: Float64Array,
): void {
  for (let i = 0; i < POINTS; i++) {
    const { upper, share } = PLACES[i]!;
    const low = quantiles[upper - 1]![period]!;
    points[i] = Math.max(floor, low + share * (quantiles[upper]![period]! - low));
  }
}

/**
 * What members forecast together: means averaged, and distributions mixed (the linear pool: each member is right with the
 * chance of its weight), read at LEVEL_GRID. Where members disagree, because one knows of a promotion that another
 * does not, a mixture keeps both possibilities; an average of quantiles would forecast what nobody expects.
 */
export function mixed(
  members: readonly GridForecast[],
  weights: { readonly mean: readonly number[]; readonly quantiles: readonly number[] },
  floor: number,
): GridForecast {
  const horizon = members[0]!.mean.length;
  const mean = new Float64Array(horizon);
  members.forEach((member, k) => {
    for (let h = 0; h < horizon; h++) mean[h]! += weights.mean[k]! * member.mean[h]!;
  });
  const quantiles = LEVEL_GRID.map(() => new Float64Array(horizon));
  const counted = members.filter((_, k) => weights.quantiles[k]! > 0);
  const shares = weights.quantiles.filter((weight) => weight > 0);
  const points = counted.map(() => new Float64Array(POINTS));
  for (let h = 0; h < horizon; h++) {
    for (let k = 0; k < counted.length; k++) writePoints(counted[k]!, h, floor, points[k]!);
    readLevels(points, shares, (l, value) => {
      quantiles[l]![h] = value;
    });
  }
  return { mean, quantiles };
}

/** Quantiles of weighted points: each point is the middle of its own stretch of probability, straight lines between. */
function readLevels(
  points: readonly Float64Array[],
  weights: readonly number[],
  tell: (level: number, value: number) => void,
): void {
  const next = new Uint8Array(points.length);
  let below = 0;
  let lastAt = 0;
  let lastValue = Number.NaN;
  let level = 0;
  while (level < LEVEL_GRID.length) {
    let smallest = -1;
    for (let k = 0; k < points.length; k++) {
      if (next[k]! < POINTS && (smallest < 0 || points[k]![next[k]!]! < points[smallest]![next[smallest]!]!))
        smallest = k;
    }
    if (smallest < 0) {
      // rounding alone kept the last levels above all points
      tell(level++, lastValue);
      continue;
    }
    const value = points[smallest]![next[smallest]!]!;
    next[smallest]! += 1;
    const stretch = weights[smallest]! / POINTS;
    const at = below + stretch / 2;
    below += stretch;
    while (level < LEVEL_GRID.length && LEVEL_GRID[level]! <= at) {
      const isFirst = Number.isNaN(lastValue) || at <= lastAt;
      const share = isFirst ? 1 : (LEVEL_GRID[level]! - lastAt) / (at - lastAt);
      tell(level++, isFirst ? value : lastValue + share * (value - lastValue));
    }
    lastAt = at;
    lastValue = value;
  }
}
