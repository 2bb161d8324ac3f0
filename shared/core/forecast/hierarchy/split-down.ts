import { assertOneEach, type SummedLevel, type Summing, sumUp } from './summing.ts';

/**
 * How a group is shared among its leaves (Gross & Sohl 1990; Athanasopoulos, Ahmed & Hyndman 2009):
 * `mean-of-shares` average share over the history; `share-of-means` share of the whole history; `forecast` the base
 * forecasts' shares, period by period, down through the nested levels below.
 */
export type Shares = 'mean-of-shares' | 'share-of-means' | 'forecast';

export interface SplitOptions {
  /** Level whose base forecasts are kept: the total for top-down, one between for middle-out. Each leaf is in one of its groups. */
  readonly level: string;
  readonly shares: Shares;
  /** Histories of the leaves: for both shares of the past. */
  readonly history?: readonly ArrayLike<number>[];
}

/** Forecasts of all nodes that add up to the base forecasts of one level: top-down or middle-out. */
export function splitDown(
  summing: Summing,
  base: readonly Float64Array[],
  options: SplitOptions,
): Float64Array[] {
  const horizon = assertOneEach(summing, base);
  const level = summing.levels.find(({ name }) => name === options.level);
  if (!level) throw new RangeError(`no level is named ${options.level}`);
  if (level.parent.includes(-1)) throw new RangeError(`not every leaf has a group in level ${level.name}`);
  const past = options.shares === 'forecast' ? null : pastShares(summing, level, options);
  const found = base.map(() => new Float64Array(horizon));
  for (let h = 0; h < horizon; h++) {
    const leaves = past
      ? past.map((share, i) => share * base[level.parent[i]!]![h]!)
      : byForecasts(
          summing,
          level,
          base.map((series) => series[h]!),
        );
    const all = sumUp(summing, leaves);
    for (let i = 0; i < all.length; i++) found[i]![h] = all[i]!;
  }
  return found;
}

function pastShares(summing: Summing, level: SummedLevel, { shares, history }: SplitOptions): Float64Array {
  const { leaves } = summing;
  const length = history?.[0]?.length ?? 0;
  if (history?.length !== leaves || history.some((series) => series.length !== length))
    throw new RangeError(`${shares} needs one history of one length for each of ${leaves} leaves`);
  const found = new Float64Array(leaves);
  const sums = new Float64Array(level.count);
  for (let t = 0; t < length; t++) {
    sums.fill(0);
    for (let i = 0; i < leaves; i++) sums[level.parent[i]! - level.first]! += history[i]![t]! || 0;
    for (let i = 0; i < leaves; i++) {
      const sum = shares === 'mean-of-shares' ? sums[level.parent[i]! - level.first]! : 1;
      // A period without any demand says nothing of shares.
      if (sum > 0) found[i]! += (history[i]![t]! || 0) / sum;
    }
  }
  return shareOut(found, level.parent, level.first, level.count);
}

/** Down the levels that are nested below the chosen one, each parent's value by the base forecasts of its children. */
function byForecasts(summing: Summing, level: SummedLevel, base: readonly number[]): Float64Array {
  const { levels, leaves, sums } = summing;
  let above = level;
  let values = Float64Array.from({ length: level.count }, (_, g) => base[level.first + g]!);
  for (const below of levels.slice(levels.indexOf(level) + 1)) {
    const owner = ownersOf(above, below);
    if (!owner) continue;
    const weights = Float64Array.from({ length: below.count }, (_, g) => base[below.first + g]!);
    const shares = shareOut(weights, owner, above.first, above.count);
    const parents = values;
    const first = above.first;
    values = shares.map((share, g) => share * parents[owner[g]! - first]!);
    above = below;
  }
  const shares = shareOut(Float64Array.from(base.slice(sums)), above.parent, above.first, above.count);
  return Float64Array.from(
    { length: leaves },
    (_, i) => shares[i]! * values[above.parent[i]! - above.first]!,
  );
}

/** Group of `above` that holds each group of `below`; null when one is spread over several or lacks leaves. */
function ownersOf(above: SummedLevel, below: SummedLevel): Int32Array | null {
  const owner = new Int32Array(below.count).fill(-1);
  for (let i = 0; i < below.parent.length; i++) {
    const group = below.parent[i]! - below.first;
    if (below.parent[i]! < 0) return null;
    if (owner[group]! >= 0 && owner[group] !== above.parent[i]) return null;
    owner[group] = above.parent[i]!;
  }
  return owner;
}

/** Weights divided by the sum of their group; equal shares where that is not above 0. */
function shareOut(weights: Float64Array, group: Int32Array, first: number, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  const members = new Float64Array(groups);
  for (let i = 0; i < weights.length; i++) {
    sums[group[i]! - first]! += weights[i]!;
    members[group[i]! - first]! += 1;
  }
  return weights.map((weight, i) => {
    const g = group[i]! - first;
    return sums[g]! > 0 ? weight / sums[g]! : 1 / members[g]!;
  });
}
