import { type Column, rowsOf } from './bin-features.ts';
import { readModelFile, writeModelFile } from './model-file.ts';
import { gatherRow, type TreeTable } from './tree-table.ts';

export interface BoostingParts {
  readonly table: TreeTable;
  /** Prediction before the first tree. */
  readonly base: number;
  readonly logLink: boolean;
  /** Gain of each feature. */
  readonly gains: Float64Array;
  /** Bins of the categories of each categorical feature. */
  readonly codes: readonly (ReadonlyMap<number, number> | undefined)[];
}

/** Boosted trees that have seen data: base + sum of leaves, or base * exp(sum of leaves). */
export class BoostingModel {
  readonly parts: BoostingParts;
  private readonly hasCategories: boolean;

  constructor(parts: BoostingParts) {
    this.parts = parts;
    this.hasCategories = parts.codes.some((code) => code !== undefined);
  }

  get trees(): number {
    return this.parts.table.roots.length;
  }

  get features(): number {
    return this.parts.codes.length;
  }

  /** Predictions of rows given feature by feature. */
  predict(columns: readonly Column[]): Float64Array {
    if (columns.length !== this.features) {
      throw new RangeError(`${columns.length} features, ${this.features} expected`);
    }
    const out = new Float64Array(rowsOf(columns));
    const values = new Float64Array(columns.length);
    for (let row = 0; row < out.length; row++) {
      gatherRow(values, columns, row, this.parts.codes);
      out[row] = this.predictCoded(values);
    }
    return out;
  }

  /** Prediction of one row of values, by feature. */
  predictRow(row: ArrayLike<number>): number {
    if (row.length !== this.features)
      throw new RangeError(`${row.length} features, ${this.features} expected`);
    if (!this.hasCategories && row instanceof Float64Array) return this.predictCoded(row);
    const { codes } = this.parts;
    return this.predictCoded(
      Float64Array.from(row, (value, f) => (codes[f] === undefined ? value : (codes[f].get(value) ?? 0))),
    );
  }

  /** Share of the total gain that each feature brought. */
  importance(): number[] {
    const total = this.parts.gains.reduce((sum, gain) => sum + gain, 0);
    return Array.from(this.parts.gains, (gain) => (total > 0 ? gain / total : 0));
  }

  /** The model as text; `fromFile` gives back one that predicts the same to the last bit. */
  toFile(): string {
    const { table, base, logLink, gains, codes } = this.parts;
    return writeModelFile('boosting', table, gains, codes, { base, logLink });
  }

  static fromFile(text: string): BoostingModel {
    const { table, gains, codes, rest } = readModelFile('boosting', text);
    const { base, logLink } = rest as { base: number; logLink: boolean };
    return new BoostingModel({ table, base, logLink, gains, codes });
  }

  private predictCoded(values: Float64Array): number {
    const { table, base, logLink } = this.parts;
    const { roots, threshold } = table;
    let sum = 0;
    for (let tree = 0; tree < roots.length; tree++) sum += threshold[table.leafOf(roots[tree]!, values)]!;
    return logLink ? base * Math.exp(sum) : base + sum;
  }
}
