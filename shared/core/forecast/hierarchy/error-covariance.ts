import { sampleQuantile } from '../../math/sample-quantile.ts';
import { assertOneEach, type Summing, sumUp } from './summing.ts';

/**
 * Covariance of the errors of base forecasts as D + U U': a diagonal and a few columns. Errors of T periods have a
 * covariance of rank T, so no matrix of nodes by nodes is ever written down.
 */
export interface ErrorCovariance {
  readonly diagonal: Float64Array;
  /** Columns of U, each as long as the diagonal. */
  readonly columns: readonly Float64Array[];
}

/** What is believed of the errors of base forecasts. */
export type ErrorBelief = 'ols' | 'wls-structural' | 'wls-variance' | 'mint-shrink';

/** Newest errors that a covariance is made from. */
const MOST_ERRORS = 260;
/** Variances are at least this share of the smallest that is above zero: nothing is certain. */
const LEAST_VARIANCE = 1e-3;
/** Least weight of the diagonal in a shrunken covariance: keeps it positive definite. */
const LEAST_SHRINKAGE = 1e-3;

/**
 * The covariance that a method of reconciliation stands for.
 *   ols             W = I
 *   wls-structural  W = number of leaves of each node
 *   wls-variance    W = mean squared error of each node
 *   mint-shrink     W = lambda diag(S) + (1 - lambda) S,   S = E E' / T
 * `errors` are one-step errors of each node, newest last, NaN unknown; only the last two need them.
 */
export function errorCovariance(
  summing: Summing,
  belief: ErrorBelief,
  errors?: readonly Float64Array[],
): ErrorCovariance {
  const size = summing.nodes.length;
  if (belief === 'ols') return { diagonal: new Float64Array(size).fill(1), columns: [] };
  if (belief === 'wls-structural') return { diagonal: leavesOf(summing), columns: [] };
  if (!errors) throw new RangeError(`${belief} needs errors of past forecasts`);
  const diagonal = errorVariances(summing, errors);
  if (belief === 'wls-variance') return { diagonal, columns: [] };
  const standard = standardErrors(errors, diagonal);
  const shrinkage = Math.max(LEAST_SHRINKAGE, shrinkageOf(standard, size));
  if (shrinkage >= 1) return { diagonal, columns: [] };
  const factor = Math.sqrt((1 - shrinkage) / standard.length);
  const columns = standard.map((row) => row.map((value, i) => factor * value * Math.sqrt(diagonal[i]!)));
  const rest = diagonal.slice();
  for (const column of columns) for (let i = 0; i < size; i++) rest[i]! -= column[i]! ** 2;
  return { diagonal: rest, columns };
}

/**
 * Errors divided by their root mean square, one array of all nodes for each period, oldest first; unknown ones are 0,
 * which draws the correlations of short histories towards 0.
 */
export function standardErrors(errors: readonly Float64Array[], variances: Float64Array): Float64Array[] {
  const length = errors[0]!.length;
  const first = Math.max(0, length - MOST_ERRORS);
  return Array.from({ length: length - first }, (_, t) =>
    Float64Array.from(errors, (series, i) => (series[first + t]! || 0) / Math.sqrt(variances[i]!)),
  );
}

/**
 * Intensity of shrinkage of the correlations towards none (Schäfer & Strimmer 2005, with the mean known to be 0):
 *   lambda = sum Var(r[ij]) / sum r[ij]^2 over i != j,   Var(r[ij]) = (sum_t w[tij]^2 - T r[ij]^2) / (T (T - 1)),
 * with w[tij] = x[ti] x[tj]. The sums over pairs of nodes come from products of pairs of periods: O(N T^2), not O(N^2 T).
 */
export function shrinkageOf(standard: readonly Float64Array[], size: number): number {
  const periods = standard.length;
  if (periods < 2) return 1;
  let fourth = 0;
  const ownFourth = new Float64Array(size);
  const ownSquare = new Float64Array(size);
  let squares = 0;
  for (let t = 0; t < periods; t++) {
    const row = standard[t]!;
    let length = 0;
    for (let i = 0; i < size; i++) {
      const square = row[i]! ** 2;
      length += square;
      ownFourth[i]! += square * square;
      ownSquare[i]! += square;
    }
    fourth += length * length;
    squares += length * length;
    for (let s = 0; s < t; s++) {
      const other = standard[s]!;
      let product = 0;
      for (let i = 0; i < size; i++) product += row[i]! * other[i]!;
      squares += 2 * product * product;
    }
  }
  for (let i = 0; i < size; i++) {
    fourth -= ownFourth[i]!;
    squares -= ownSquare[i]! ** 2;
  }
  // Both in units of T^2 r^2: `squares` = T^2 sum r^2, `fourth` = sum of w^2.
  const variance = (fourth - squares / periods) / (periods * (periods - 1));
  const correlation = squares / (periods * periods);
  return correlation > 0 ? Math.min(1, Math.max(0, variance / correlation)) : 1;
}

/**
 * Mean squared known error of each node, above zero. A leaf without known errors is given the median of the others, a sum
 * without any the sum of its leaves; all are 1 when nothing is known.
 */
export function errorVariances(summing: Summing, errors: readonly Float64Array[]): Float64Array {
  const length = assertOneEach(summing, errors);
  const first = Math.max(0, length - MOST_ERRORS);
  const variances = Float64Array.from(errors, (series) => {
    let sum = 0;
    let known = 0;
    for (let t = first; t < length; t++) {
      if (Number.isNaN(series[t]!)) continue;
      sum += series[t]! ** 2;
      known++;
    }
    return sum / known;
  });
  const positive = variances.filter((value) => value > 0).sort();
  if (positive.length === 0) return new Float64Array(variances.length).fill(1);
  const mean = positive.reduce((sum, value) => sum + value, 0) / positive.length;
  const least = Math.max(LEAST_VARIANCE * positive[0]!, 1e-12 * mean);
  const known = variances.subarray(summing.sums).filter((value) => value >= 0);
  const usual = known.length > 0 ? sampleQuantile(known.sort(), 0.5) : mean / summing.leaves;
  const leaves = variances
    .subarray(summing.sums)
    .map((value) => Math.max(least, Number.isNaN(value) ? usual : value));
  return sumUp(summing, leaves).map((sum, i) => {
    if (i >= summing.sums || Number.isNaN(variances[i]!)) return sum;
    return Math.max(least, variances[i]!);
  });
}

function leavesOf({ sums, leaves, levels, nodes }: Summing): Float64Array {
  const counts = new Float64Array(nodes.length);
  counts.fill(1, sums);
  for (const { parent } of levels) {
    for (let i = 0; i < leaves; i++) if (parent[i]! >= 0) counts[parent[i]!]! += 1;
  }
  return counts;
}
