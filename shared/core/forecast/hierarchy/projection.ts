import { Cholesky } from '../../math/cholesky.ts';
import { type SparseFactor, SparseSymmetric } from '../../math/sparse-symmetric.ts';
import type { ErrorCovariance } from './error-covariance.ts';
import type { Summing } from './summing.ts';

const NONE = new Int32Array(0);

/**
 * The coherent values nearest to base values y, in the measure of the covariance W of their errors:
 *   y - W H' (H W H')^-1 H y
 * with a row of H for each sum (sum less its leaves) and one for each leaf that is held at 0. This is the same as
 * S (S' W^-1 S)^-1 S' W^-1 y, but the matrix to be solved has a row for each sum, not for each leaf, and few entries;
 * the columns of W beside its diagonal are added by Woodbury's identity, exactly.
 */
export class Projection {
  private readonly summing: Summing;
  private readonly covariance: ErrorCovariance;
  /** Leaves held at 0: the first rows of H. */
  private readonly held: Int32Array;
  /** Row of H of each sum. */
  private readonly rowOf: Int32Array;
  private readonly factor: SparseFactor;
  /** H U and (H D H')^-1 H U, a column for each of U. */
  private readonly seen: readonly Float64Array[];
  private readonly solved: readonly Float64Array[];
  private readonly inner: Cholesky;

  constructor(summing: Summing, covariance: ErrorCovariance, held: Int32Array = NONE) {
    this.summing = summing;
    this.covariance = covariance;
    this.held = held;
    this.rowOf = rowsOf(summing, held.length);
    this.factor = this.matrix().factor();
    const { columns } = covariance;
    this.seen = columns.map((column) => this.incoherence(column));
    this.solved = this.seen.map((column) => this.factor.solve(column.slice()));
    const inner = new Float64Array(columns.length ** 2);
    for (let a = 0; a < columns.length; a++) {
      for (let b = 0; b <= a; b++) inner[a * columns.length + b] = dot(this.seen[a]!, this.solved[b]!);
      inner[a * columns.length + a]! += 1;
    }
    this.inner = new Cholesky(inner, columns.length);
  }

  /** Leaves of the projection of values of all nodes; `forces` are what holds the held leaves, up to 0 for a push down. */
  leaves(values: Float64Array): { leaves: Float64Array; forces: Float64Array } {
    const { summing, covariance, held, seen, solved } = this;
    const x = this.factor.solve(this.incoherence(values));
    const weights = this.inner.solve(Float64Array.from(seen, (column) => dot(column, x)));
    for (let t = 0; t < solved.length; t++) subtract(x, weights[t]!, solved[t]!, 0);
    const pull = this.pullOnLeaves(x);
    const leaves = values.slice(summing.sums);
    for (let i = 0; i < leaves.length; i++) leaves[i]! -= covariance.diagonal[summing.sums + i]! * pull[i]!;
    covariance.columns.forEach((column, t) => {
      subtract(leaves, dot(seen[t]!, x), column, summing.sums);
    });
    for (const leaf of held) leaves[leaf] = 0;
    return { leaves, forces: x.slice(0, held.length) };
  }

  /** H y. */
  private incoherence(values: Float64Array): Float64Array {
    const { summing, held, rowOf } = this;
    const rows = new Float64Array(held.length + summing.sums);
    held.forEach((leaf, k) => {
      rows[k] = values[summing.sums + leaf]!;
    });
    for (let g = 0; g < summing.sums; g++) rows[rowOf[g]!] = values[g]!;
    for (const { parent } of summing.levels) {
      for (let i = 0; i < summing.leaves; i++) {
        if (parent[i]! >= 0) rows[rowOf[parent[i]!]!]! -= values[summing.sums + i]!;
      }
    }
    return rows;
  }

  /** The part of H' x that is about leaves. */
  private pullOnLeaves(x: Float64Array): Float64Array {
    const { summing, held, rowOf } = this;
    const pull = new Float64Array(summing.leaves);
    for (const { parent } of summing.levels) {
      for (let i = 0; i < summing.leaves; i++) if (parent[i]! >= 0) pull[i]! -= x[rowOf[parent[i]!]!]!;
    }
    held.forEach((leaf, k) => {
      pull[leaf]! += x[k]!;
    });
    return pull;
  }

  /** H D H'. */
  private matrix(): SparseSymmetric {
    const { summing, held, rowOf } = this;
    const { diagonal } = this.covariance;
    const matrix = new SparseSymmetric(held.length + summing.sums);
    for (let g = 0; g < summing.sums; g++) matrix.add(rowOf[g]!, rowOf[g]!, diagonal[g]!);
    const rows: number[] = [];
    for (let i = 0; i < summing.leaves; i++) {
      rows.length = 0;
      for (const { parent } of summing.levels) if (parent[i]! >= 0) rows.push(rowOf[parent[i]!]!);
      for (let a = 0; a < rows.length; a++) {
        for (let b = 0; b <= a; b++) matrix.add(rows[a]!, rows[b]!, diagonal[summing.sums + i]!);
      }
    }
    held.forEach((leaf, k) => {
      const variance = diagonal[summing.sums + leaf]!;
      matrix.add(k, k, variance);
      for (const { parent } of summing.levels) {
        if (parent[leaf]! >= 0) matrix.add(k, rowOf[parent[leaf]!]!, -variance);
      }
    });
    return matrix;
  }
}

/** Levels of many groups first: groups of one level share no leaves, so their rows fill in nothing. */
function rowsOf({ sums, levels }: Summing, from: number): Int32Array {
  const rows = new Int32Array(sums);
  let next = from;
  for (const { first, count } of [...levels].sort((a, b) => b.count - a.count)) {
    for (let g = first; g < first + count; g++) rows[g] = next++;
  }
  return rows;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** values -= factor * column[from...] */
function subtract(values: Float64Array, factor: number, column: Float64Array, from: number): void {
  for (let i = 0; i < values.length; i++) values[i]! -= factor * column[from + i]!;
}
