import { sampleQuantile } from '../../math/sample-quantile.ts';
import { type Column, rowsOf } from './bin-features.ts';
import { readModelFile, writeModelFile } from './model-file.ts';
import { gatherRow, type TreeTable } from './tree-table.ts';

export interface ForestParts {
  readonly table: TreeTable;
  /** One target drawn from each leaf, by node. */
  readonly samples: Float64Array;
  /** Squared error that each feature took off. */
  readonly gains: Float64Array;
  readonly codes: readonly (ReadonlyMap<number, number> | undefined)[];
}

/** A forest that has seen data: predicts the mean of its trees, and quantiles from the rows of their leaves. */
export class ForestModel {
  readonly parts: ForestParts;

  constructor(parts: ForestParts) {
    this.parts = parts;
  }

  get trees(): number {
    return this.parts.table.roots.length;
  }

  get features(): number {
    return this.parts.codes.length;
  }

  /** Mean predictions of rows given feature by feature. */
  predict(columns: readonly Column[]): Float64Array {
    const { table, codes } = this.parts;
    const out = new Float64Array(this.rowsOf(columns));
    const values = new Float64Array(columns.length);
    for (let row = 0; row < out.length; row++) {
      gatherRow(values, columns, row, codes);
      const first = table.threshold[table.leafOf(table.roots[0]!, values)]!;
      let rest = 0;
      for (let tree = 1; tree < table.roots.length; tree++) {
        rest += table.threshold[table.leafOf(table.roots[tree]!, values)]! - first;
      }
      // Differences from the first tree keep a constant forest exact.
      out[row] = first + rest / table.roots.length;
    }
    return out;
  }

  /** Prediction of one row of values, by feature. */
  predictRow(row: ArrayLike<number>): number {
    return this.predict(Array.from(row, (value) => Float64Array.of(value)))[0]!;
  }

  /**
   * Quantiles of each row, level by level: of one training target drawn from each tree's leaf, which is a
   * sample from the distribution of Meinshausen (2006). It takes some hundred trees for outer levels.
   */
  quantiles(columns: readonly Column[], levels: readonly number[]): Float64Array[] {
    const { table, codes, samples } = this.parts;
    const rows = this.rowsOf(columns);
    const out = levels.map(() => new Float64Array(rows));
    const values = new Float64Array(columns.length);
    const drawn = new Float64Array(table.roots.length);
    for (let row = 0; row < rows; row++) {
      gatherRow(values, columns, row, codes);
      for (let tree = 0; tree < drawn.length; tree++) {
        drawn[tree] = samples[table.leafOf(table.roots[tree]!, values)]!;
      }
      drawn.sort();
      for (let k = 0; k < levels.length; k++) out[k]![row] = sampleQuantile(drawn, levels[k]!);
    }
    return out;
  }

  /** Share of the squared error taken off that each feature brought. */
  importance(): number[] {
    const total = this.parts.gains.reduce((sum, gain) => sum + gain, 0);
    return Array.from(this.parts.gains, (gain) => (total > 0 ? gain / total : 0));
  }

  /** The model as text; `fromFile` gives back one that predicts the same to the last bit. */
  toFile(): string {
    const { table, gains, codes, samples } = this.parts;
    return writeModelFile('forest', table, gains, codes, {}, { samples });
  }

  static fromFile(text: string): ForestModel {
    const { table, gains, codes, doubles } = readModelFile('forest', text, ['samples']);
    return new ForestModel({ table, gains, codes, samples: doubles.samples! });
  }

  private rowsOf(columns: readonly Column[]): number {
    if (columns.length !== this.features) {
      throw new RangeError(`${columns.length} features, ${this.features} expected`);
    }
    return rowsOf(columns);
  }
}
