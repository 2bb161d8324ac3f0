import { seededRandom } from '../../math/random.ts';
import { type Binned, binFeatures, type Column } from './bin-features.ts';
import { BoostingModel } from './boosting-model.ts';
import { type GrowRules, TreeGrower } from './grow-tree.ts';
import { packFeatures } from './histogram.ts';
import { type Loss, type LossOptions, leafStep, lossOf } from './losses.ts';
import { drawFeatures, drawRows, type RowMask, trainingRows } from './row-sample.ts';
import { gatherRow, TreeTable } from './tree-table.ts';
import { weightedQuantile } from './weighted-quantile.ts';

export interface EarlyStopping {
  /** Rows held out: from this row on, or the marked ones. They are never trained on. */
  readonly rows: number | RowMask;
  /** Trees without an improvement after which growing ends. */
  readonly patience: number;
}

export interface BoostingOptions extends LossOptions {
  /** Features, or a matrix of binFeatures that several fits share. */
  readonly columns: readonly Column[] | Binned;
  readonly target: Float64Array;
  readonly weight?: Float64Array;
  readonly trees: number;
  /** Default 0.1. */
  readonly learningRate?: number;
  /** Default 31. */
  readonly maxLeaves?: number;
  /** Default: no limit. */
  readonly maxDepth?: number;
  /** Default 20. */
  readonly minRowsPerLeaf?: number;
  /** Default 0. */
  readonly l2?: number;
  /** Share of the features each tree may use. Default 1. */
  readonly featureFraction?: number;
  /** Share of the rows each tree learns from. Default 1. */
  readonly rowFraction?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Features that are names; only when `columns` are not binned yet. */
  readonly categorical?: readonly number[];
  /** Value bins of a feature; only when `columns` are not binned yet. Default 255. */
  readonly maxBins?: number;
  readonly earlyStopping?: EarlyStopping;
  /** Log links only: scale the fitted model so that the training rows add up to their targets. Default false. */
  readonly balance?: boolean;
  /** First prediction, in units of the target. Default: the constant that fits best. */
  readonly startScore?: number;
}

/** Most trees and leaves of a fit. */
const MOST_TREES = 20_000;
const MOST_LEAVES = 65_536;

/** Fits boosted regression trees, grown leaf-wise on histograms (Friedman 2001; Ke et al. 2017). */
export function fitBoosting(options: BoostingOptions): BoostingModel {
  const { target, weight } = options;
  const loss = lossOf(options);
  assertTarget(target, weight, loss);
  const trees = whole(options.trees, 'trees', 0, MOST_TREES);
  const held = options.earlyStopping;
  const { train, holdOut } = trainingRows(target.length, held?.rows);
  const binned = 'cuts' in options.columns ? options.columns : bin(options, options.columns, train);
  if (binned.rows !== target.length) throw new RangeError(`${binned.rows} rows, ${target.length} targets`);
  const base = options.startScore ?? loss.start(target, weight, train);
  const fit = new Fit(options, loss, binned, train, base);
  let best = Number.POSITIVE_INFINITY;
  let bestTrees = 0;
  for (let tree = 0; tree < trees; tree++) {
    fit.addTree();
    if (held === undefined) {
      bestTrees = tree + 1;
      continue;
    }
    const now = fit.lossOn(holdOut);
    if (now < best) {
      best = now;
      bestTrees = tree + 1;
    } else if (tree + 1 - bestTrees >= held.patience) break;
  }
  fit.table.trim(bestTrees);
  const scale = options.balance && loss.logLink ? fit.shortfall(bestTrees) : 1;
  return new BoostingModel({
    table: fit.table,
    base: base * scale,
    logLink: loss.logLink,
    gains: fit.importance(),
    codes: binned.cuts.map((cuts) => (cuts.categorical ? cuts.codes : undefined)),
  });
}

class Fit {
  readonly table = new TreeTable();
  private readonly options: BoostingOptions;
  private readonly loss: Loss;
  private readonly binned: Binned;
  private readonly train: Int32Array;
  private readonly base: number;
  private readonly random;
  private readonly grower: TreeGrower;
  private readonly prediction: Float64Array;
  private readonly scores: Float64Array;
  private readonly gradient: Float64Array;
  private readonly hessian: Float64Array | undefined;
  private readonly inTree: Uint8Array;
  private readonly values: Float64Array;
  private readonly weights: Float64Array | undefined;
  private readonly row: Float64Array;
  private readonly codes;
  private readonly rules: Required<GrowRules>;
  private packed;

  constructor(options: BoostingOptions, loss: Loss, binned: Binned, train: Int32Array, base: number) {
    const rows = binned.rows;
    this.options = options;
    this.loss = loss;
    this.binned = binned;
    this.train = train;
    this.base = base;
    this.random = seededRandom(options.seed ?? 0);
    this.rules = {
      maxLeaves: whole(options.maxLeaves ?? 31, 'leaves', 1, MOST_LEAVES),
      maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
      minRowsPerLeaf: whole(options.minRowsPerLeaf ?? 20, 'rows of a leaf', 1, 2 ** 31),
      l2: options.l2 ?? 0,
    };
    const flat = loss.flat && options.weight === undefined;
    this.grower = new TreeGrower(rows, binned.width, binned.cuts.length, this.rules, flat ? 2 : 3);
    this.prediction = new Float64Array(rows).fill(base);
    this.scores = new Float64Array(rows);
    this.gradient = new Float64Array(rows);
    this.hessian = flat ? undefined : new Float64Array(rows);
    this.inTree = new Uint8Array(rows);
    this.values = new Float64Array(rows);
    this.weights = options.weight === undefined ? undefined : new Float64Array(rows);
    this.row = new Float64Array(binned.cuts.length);
    this.codes = binned.cuts.map((cuts) => (cuts.categorical ? cuts.codes : undefined));
    this.packed = packFeatures(binned, drawFeatures(binned.cuts.length, 1, this.random));
  }

  /** Grows a tree on the derivatives of the loss and adds it to every row's score. */
  addTree(): void {
    const { loss, grower, table, binned, options, gradient, hessian } = this;
    loss.derive(options.target, this.prediction, options.weight, gradient, hessian);
    const features = options.featureFraction ?? 1;
    if (features < 1) {
      const drawn = drawFeatures(binned.cuts.length, features, this.random);
      this.packed = packFeatures(binned, drawn, this.packed.words);
    }
    const count = drawRows(grower.rows, this.train, options.rowFraction ?? 1, this.random);
    grower.grow(table, this.packed, count, gradient, hessian);
    const rate = options.learningRate ?? 0.1;
    for (let i = 0; i < grower.leafCount; i++) {
      const leaf = grower.leaves[i]!;
      const step =
        loss.leafQuantile === undefined
          ? leafStep(loss, leaf.split.gradient, leaf.split.hessian, this.rules.l2)
          : this.residualQuantile(leaf.from, leaf.to, loss.leafQuantile);
      const value = rate * step;
      table.threshold[leaf.node] = value;
      for (let k = leaf.from; k < leaf.to; k++) this.step(grower.rows[k]!, value);
    }
    if (count < binned.rows) this.stepOthers(count);
  }

  importance(): Float64Array {
    return this.grower.importance();
  }

  /** Weighted mean loss of some rows. */
  lossOn(rows: Int32Array): number {
    const { target, weight } = this.options;
    let sum = 0;
    let total = 0;
    for (const row of rows) {
      const w = weight === undefined ? 1 : weight[row]!;
      sum += w * this.loss.of(target[row]!, this.prediction[row]!);
      total += w;
    }
    return sum / total;
  }

  /** Weighted sum of the training targets over that of the first trees' predictions. */
  shortfall(trees: number): number {
    const { target, weight } = this.options;
    const { row, table, binned } = this;
    let wanted = 0;
    let found = 0;
    for (const at of this.train) {
      gatherRow(row, binned.source, at, this.codes);
      let score = 0;
      for (let tree = 0; tree < trees; tree++) {
        score += table.threshold[table.leafOf(table.roots[tree]!, row)]!;
      }
      const w = weight === undefined ? 1 : weight[at]!;
      wanted += w * target[at]!;
      found += w * this.base * Math.exp(score);
    }
    return found > 0 ? wanted / found : 1;
  }

  private step(row: number, value: number): void {
    const score = this.scores[row]! + value;
    this.scores[row] = score;
    this.prediction[row] = this.loss.logLink ? this.base * Math.exp(score) : this.base + score;
  }

  /** Rows that the last tree did not learn from find their leaf by their values. */
  private stepOthers(count: number): void {
    const { inTree, grower, table, binned, row } = this;
    const root = table.roots.at(-1)!;
    inTree.fill(0);
    for (let i = 0; i < count; i++) inTree[grower.rows[i]!] = 1;
    for (let i = 0; i < binned.rows; i++) {
      if (inTree[i] === 1) continue;
      gatherRow(row, binned.source, i, this.codes);
      this.step(i, table.threshold[table.leafOf(root, row)]!);
    }
  }

  private residualQuantile(from: number, to: number, level: number): number {
    const { target, weight } = this.options;
    const { rows } = this.grower;
    const { values, weights, prediction } = this;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      values[i - from] = target[row]! - prediction[row]!;
      if (weights !== undefined) weights[i - from] = weight![row]!;
    }
    return weightedQuantile(values, weights, to - from, level);
  }
}

function bin(options: BoostingOptions, columns: readonly Column[], train: Int32Array): Binned {
  const learnFrom = new Uint8Array(options.target.length);
  for (const row of train) learnFrom[row] = 1;
  return binFeatures(columns, {
    learnFrom,
    ...(options.categorical === undefined ? {} : { categorical: options.categorical }),
    ...(options.maxBins === undefined ? {} : { maxBins: options.maxBins }),
  });
}

function assertTarget(target: Float64Array, weight: Float64Array | undefined, loss: Loss): void {
  if (weight !== undefined && weight.length !== target.length) {
    throw new RangeError(`${weight.length} weights for ${target.length} targets`);
  }
  for (let i = 0; i < target.length; i++) {
    if (!Number.isFinite(target[i]!)) throw new RangeError(`target ${i} is ${target[i]}`);
    if (loss.logLink && target[i]! < 0) throw new RangeError(`target ${i} is negative: ${target[i]}`);
    if (weight !== undefined && !(weight[i]! >= 0 && weight[i]! < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weight ${i} is ${weight[i]}`);
    }
  }
}

function whole(value: number, what: string, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${value} ${what} are not a whole number from ${least} to ${most}`);
  }
  return value;
}
