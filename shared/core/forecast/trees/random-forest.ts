import { type Binned, binFeatures, type Column } from './bin-features.ts';
import { ForestGrower } from './forest-grower.ts';
import { ForestModel } from './forest-model.ts';
import { TreeTable } from './tree-table.ts';

export interface ForestOptions {
  /** Features, or a matrix of binFeatures that several fits share. */
  readonly columns: readonly Column[] | Binned;
  readonly target: Float64Array;
  /** Rows are drawn in proportion to it. */
  readonly weight?: Float64Array;
  /** Default 100. */
  readonly trees?: number;
  /** Number of the first tree: parts of a forest can be grown apart, and joined. Default 0. */
  readonly firstTree?: number;
  /** Distinct rows of a leaf, at least. Default 1. */
  readonly minRowsPerLeaf?: number;
  /** Default: no limit. */
  readonly maxDepth?: number;
  /** Share of the features that each node looks at, rounded down to at least one. Default 1/3. */
  readonly featureFraction?: number;
  /** Each tree learns from rows drawn with replacement. Default true. */
  readonly bootstrap?: boolean;
  /** Default 0. */
  readonly seed?: number;
  /** Features that are names; only when `columns` are not binned yet. */
  readonly categorical?: readonly number[];
}

/** Most trees of a forest. */
const MOST_TREES = 10_000;

/** Grows a forest of regression trees (Breiman 2001); tree k depends on the seed and k alone. */
export function fitForest(options: ForestOptions): ForestModel {
  const { target, weight } = options;
  const trees = options.trees ?? 100;
  const first = options.firstTree ?? 0;
  if (!Number.isInteger(trees) || trees < 1 || trees > MOST_TREES) {
    throw new RangeError(`${trees} trees are not a whole number from 1 to ${MOST_TREES}`);
  }
  const binned =
    'cuts' in options.columns
      ? options.columns
      : binFeatures(options.columns, { categorical: options.categorical ?? [] });
  if (target.length === 0) throw new RangeError('no rows to learn from');
  if (binned.rows !== target.length) throw new RangeError(`${binned.rows} rows, ${target.length} targets`);
  if (!target.every(Number.isFinite)) throw new RangeError('a target is not a finite number');
  if (weight !== undefined) assertWeight(weight, target.length);
  const share = options.featureFraction ?? 1 / 3;
  if (!(share > 0 && share <= 1)) throw new RangeError(`a share of ${share} is not inside 0..1`);
  const grower = new ForestGrower(binned, target, weight, {
    maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
    minRowsPerLeaf: Math.max(1, options.minRowsPerLeaf ?? 1),
    featuresPerSplit: Math.max(1, Math.floor(share * binned.cuts.length + 1e-9)),
    bootstrap: options.bootstrap ?? true,
    seed: options.seed ?? 0,
  });
  const table = new TreeTable();
  const samples: number[] = [];
  for (let tree = 0; tree < trees; tree++) grower.grow(first + tree, table, samples);
  table.trim(trees);
  return new ForestModel({
    table,
    samples: Float64Array.from({ length: table.size }, (_, node) => samples[node] ?? 0),
    gains: grower.gains,
    codes: binned.cuts.map((cuts) => (cuts.categorical ? cuts.codes : undefined)),
  });
}

function assertWeight(weight: Float64Array, rows: number): void {
  if (weight.length !== rows) throw new RangeError(`${weight.length} weights for ${rows} targets`);
  let sum = 0;
  for (const value of weight) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new RangeError(`a weight is ${value}`);
    sum += value;
  }
  if (!(sum > 0)) throw new RangeError('all weights are 0');
}
