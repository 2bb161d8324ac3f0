import { Cholesky } from './cholesky.ts';

/** Entries beside the diagonal, given or filled in, and the largest part that is kept dense. */
const MOST_ENTRIES = 4_000_000;
const MOST_DENSE = 2000;

/**
 * A symmetric positive definite matrix with few entries beside its diagonal, and its solution by elimination in the order
 * of the rows (L D L'). Put rows that share no entries first: they fill in nothing. What is left is solved densely as
 * soon as it is half full; RangeError when more than 2,000 rows are.
 */
export class SparseSymmetric {
  private readonly diagonal: Float64Array;
  /** Entries of each row to the right of the diagonal. */
  private readonly links: Map<number, number>[];
  private entries = 0;

  constructor(rows: number) {
    this.diagonal = new Float64Array(rows);
    this.links = Array.from({ length: rows }, () => new Map());
  }

  /** Adds to the entry (i, j) and, where they differ, to (j, i). */
  add(i: number, j: number, value: number): void {
    if (i === j) {
      this.diagonal[i]! += value;
      return;
    }
    const row = this.links[Math.min(i, j)]!;
    const column = Math.max(i, j);
    const before = row.get(column);
    if (before === undefined && ++this.entries > MOST_ENTRIES)
      throw new RangeError(`more than ${MOST_ENTRIES} entries in a sparse matrix`);
    row.set(column, (before ?? 0) + value);
  }

  /** Factors the matrix, which is used up by it. */
  factor(): SparseFactor {
    const n = this.diagonal.length;
    const columns: Int32Array[] = [];
    const factors: Float64Array[] = [];
    let done = 0;
    for (; done < n; done++) {
      const row = this.links[done]!;
      if (row.size > 1 && 2 * row.size >= n - done - 1) break;
      const pivot = this.diagonal[done]!;
      if (!(pivot > 0)) throw new RangeError(`row ${done} makes the matrix not positive definite`);
      const at = Int32Array.from(row.keys());
      const values = Float64Array.from(row.values());
      row.clear();
      const factor = values.map((value) => value / pivot);
      for (let a = 0; a < at.length; a++) {
        for (let b = a; b < at.length; b++) this.add(at[a]!, at[b]!, -factor[a]! * values[b]!);
      }
      columns.push(at);
      factors.push(factor);
    }
    const rest = n - done;
    if (rest > MOST_DENSE) throw new RangeError(`${rest} rows of a sparse matrix are linked with each other`);
    const dense = new Float64Array(rest * rest);
    for (let i = 0; i < rest; i++) {
      dense[i * rest + i] = this.diagonal[done + i]!;
      for (const [column, value] of this.links[done + i]!) dense[(column - done) * rest + i] = value;
    }
    return new SparseFactor(this.diagonal.slice(0, done), columns, factors, new Cholesky(dense, rest));
  }
}

/** A factored `SparseSymmetric`. */
export class SparseFactor {
  private readonly pivots: Float64Array;
  private readonly columns: readonly Int32Array[];
  private readonly factors: readonly Float64Array[];
  private readonly dense: Cholesky;

  constructor(
    pivots: Float64Array,
    columns: readonly Int32Array[],
    factors: readonly Float64Array[],
    dense: Cholesky,
  ) {
    this.pivots = pivots;
    this.columns = columns;
    this.factors = factors;
    this.dense = dense;
  }

  /** Overwrites b with the solution of A x = b. */
  solve(b: Float64Array): Float64Array {
    const done = this.pivots.length;
    for (let i = 0; i < done; i++) {
      const at = this.columns[i]!;
      const factor = this.factors[i]!;
      for (let a = 0; a < at.length; a++) b[at[a]!]! -= factor[a]! * b[i]!;
      b[i]! /= this.pivots[i]!;
    }
    this.dense.solve(b.subarray(done));
    for (let i = done - 1; i >= 0; i--) {
      const at = this.columns[i]!;
      const factor = this.factors[i]!;
      for (let a = 0; a < at.length; a++) b[i]! -= factor[a]! * b[at[a]!]!;
    }
    return b;
  }
}
