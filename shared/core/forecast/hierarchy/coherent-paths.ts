import { seededRandom, seedOf } from '../../math/random.ts';
import { errorVariances, shrinkageOf, standardErrors } from './error-covariance.ts';
import { leavesBy, type ReconcileOptions } from './reconcile.ts';
import { type Summing, sumUp } from './summing.ts';

/** Numbers that one call may hold: nodes times paths times periods. */
const MOST_VALUES = 60_000_000;

export interface CoherentPathsOptions extends ReconcileOptions {
  /**
   * Errors of each node that tell what happens together; best errors of the sum over as many periods as the futures have,
   * since what drifts together is seen late. Default: `errors`.
   */
  readonly dependence?: readonly Float64Array[];
  readonly seed: number;
}

/**
 * Simulated futures of all nodes that add up path by path, so that quantiles of a sum are read from sums of futures that
 * happen together, never from sums of bounds. `base` holds equally many futures of each node (of the leaves only, for
 * `bottom-up`, may be given), each simulated without regard to the others. They are put together by rank: drawn from a
 * normal copula with the shrunken correlation of past errors (independent without them), whole futures at a time, so
 * that what a series does over time stays. Then each joint future is reconciled (Panagiotelis et al. 2023).
 */
export function coherentPaths(
  summing: Summing,
  base: readonly (readonly Float64Array[])[],
  options: CoherentPathsOptions,
): Float64Array[][] {
  const { nodes, sums, leaves } = summing;
  const size = nodes.length;
  const isLeavesOnly = base.length === leaves && options.method === 'bottom-up';
  const count = base[0]?.length ?? 0;
  const horizon = base[0]?.[0]?.length ?? 0;
  if (base.length !== size && !isLeavesOnly)
    throw new RangeError(`futures of ${base.length} of ${size} nodes`);
  if (count === 0 || base.some((paths) => paths.length !== count))
    throw new RangeError('every node needs the same number of futures, at least one');
  if (base.some((paths) => paths.some((path) => path.length !== horizon)))
    throw new RangeError('futures of different lengths');
  if (size * count * horizon > MOST_VALUES)
    throw new RangeError(`${size} x ${count} x ${horizon} numbers are more than ${MOST_VALUES}`);
  const offset = isLeavesOnly ? sums : 0;
  const joint = inRankOrder(summing, base, offset, options);
  const toLeaves = leavesBy(summing, options);
  const found = nodes.map(() => Array.from({ length: count }, () => new Float64Array(horizon)));
  // A whole future of all nodes at a time, period by period: near in memory what is used together.
  const future = new Float64Array(size * horizon);
  for (let k = 0; k < count; k++) {
    for (let i = offset; i < size; i++) {
      const path = joint[i - offset]![k]!;
      for (let h = 0; h < horizon; h++) future[h * size + i] = path[h]!;
    }
    for (let h = 0; h < horizon; h++) {
      const values = future.subarray(h * size, (h + 1) * size);
      values.set(sumUp(summing, toLeaves(values)));
    }
    for (let i = 0; i < size; i++) {
      const path = found[i]![k]!;
      for (let h = 0; h < horizon; h++) path[h] = future[h * size + i]!;
    }
  }
  return found;
}

/** Futures of each node by the rank of their sum, in the order of the ranks of correlated normal draws. */
function inRankOrder(
  summing: Summing,
  base: readonly (readonly Float64Array[])[],
  offset: number,
  { errors, dependence = errors, seed }: CoherentPathsOptions,
): Float64Array[][] {
  const count = base[0]!.length;
  const loadings = dependence ? sharedLoadings(summing, dependence) : [];
  const shared = loadings.map((_, t) => {
    const random = seededRandom(seedOf(seed, `shared ${t}`));
    return Float64Array.from({ length: count }, () => random.normal());
  });
  return base.map((paths, b) => {
    const i = offset + b;
    const random = seededRandom(seedOf(seed, `${summing.nodes[i]!.level} ${summing.nodes[i]!.key}`));
    const own = loadings.reduce((rest, column) => rest - column[i]! ** 2, 1);
    const draws = Float64Array.from({ length: count }, () => Math.sqrt(Math.max(0, own)) * random.normal());
    loadings.forEach((column, t) => {
      for (let k = 0; k < count; k++) draws[k]! += column[i]! * shared[t]![k]!;
    });
    const totals = paths.map((path) => path.reduce((sum, value) => sum + value, 0));
    const byTotal = orderOf(totals);
    const byDraw = orderOf(draws);
    const found = new Array<Float64Array>(count);
    for (let rank = 0; rank < count; rank++) found[byDraw[rank]!] = paths[byTotal[rank]!]!;
    return found;
  });
}

/** Correlation of the errors as columns L: L L' beside the diagonal, and no node's squares sum to more than 1. */
function sharedLoadings(summing: Summing, errors: readonly Float64Array[]): Float64Array[] {
  const standard = standardErrors(errors, errorVariances(summing, errors));
  const factor = Math.sqrt((1 - shrinkageOf(standard, errors.length)) / standard.length);
  return factor > 0 ? standard.map((row) => row.map((value) => factor * value)) : [];
}

/** Places of the values from the smallest to the largest. */
function orderOf(values: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
}
