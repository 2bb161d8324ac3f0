import { type Random, seededRandom } from '../../math/random.ts';
import type { Binned } from './bin-features.ts';
import type { BoostingOptions } from './gradient-boosting.ts';
import { type GrowRules, TreeGrower } from './grow-tree.ts';
import { type Packed, packFeatures } from './histogram.ts';
import { type Loss, leafStep } from './losses.ts';
import type { Codes } from './model-file.ts';
import { drawFeatures, drawRows } from './row-sample.ts';
import { gatherRow, TreeTable } from './tree-table.ts';
import { weightedQuantile } from './weighted-quantile.ts';

/** Most leaves of a tree. */
const MOST_LEAVES = 65_536;

/** A fit under way: scores of all rows, and the trees so far. */
export class BoostingFit {
  readonly table = new TreeTable();
  private readonly options: BoostingOptions;
  private readonly loss: Loss;
  private readonly binned: Binned;
  private readonly train: Int32Array;
  private readonly base: number;
  private readonly random: Random;
  private readonly grower: TreeGrower;
  private readonly prediction: Float64Array;
  private readonly scores: Float64Array;
  private readonly gradient: Float64Array;
  private readonly hessian: Float64Array | undefined;
  private readonly inTree: Uint8Array;
  private readonly values: Float64Array;
  private readonly weights: Float64Array | undefined;
  private readonly row: Float64Array;
  private readonly codes: Codes;
  private readonly rules: Required<GrowRules>;
  private packed: Packed;

  constructor(options: BoostingOptions, loss: Loss, binned: Binned, train: Int32Array, base: number) {
    const rows = binned.rows;
    this.options = options;
    this.loss = loss;
    this.binned = binned;
    this.train = train;
    this.base = base;
    this.random = seededRandom(options.seed ?? 0);
    this.rules = {
      maxLeaves: wholeNumber(options.maxLeaves ?? 31, 'leaves', 1, MOST_LEAVES),
      maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
      minRowsPerLeaf: wholeNumber(options.minRowsPerLeaf ?? 20, 'rows of a leaf', 1, 2 ** 31),
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

/** The value, when it is a whole number within the limits; else RangeError. */
export function wholeNumber(value: number, what: string, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${value} ${what} are not a whole number from ${least} to ${most}`);
  }
  return value;
}
