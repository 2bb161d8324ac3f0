import { between } from './bin-features.ts';
import { findSplit, Split, type SplitRules, TIE } from './find-split.ts';
import { type Packed, slotsOf, subtract, sumGradients, sumGradientsAndHessians } from './histogram.ts';
import { NodeKind, type TreeTable } from './tree-table.ts';

export interface GrowRules extends SplitRules {
  readonly maxLeaves: number;
  readonly maxDepth: number;
}

/** A leaf of the growing tree: rows `from` to `to` of the shared list. */
export class Leaf {
  node = 0;
  from = 0;
  to = 0;
  depth = 0;
  readonly split = new Split();
  histogram: Float64Array = new Float64Array(0);
}

/** Grows one tree after the other on the same features, reusing its memory. */
export class TreeGrower {
  /** Leaves of the last tree; only the first `leafCount` are meant. */
  readonly leaves: Leaf[] = [];
  leafCount = 0;
  /** Rows of the last tree, leaf by leaf. */
  readonly rows: Int32Array;
  private readonly spare: Int32Array;
  private readonly gradient: Float64Array;
  private readonly hessian: Float64Array;
  private readonly goesLeft: Uint8Array;
  private readonly rules: GrowRules;
  private readonly gains: Float64Array;
  private readonly stride: 2 | 3;

  /** `stride` is 2 when every second derivative is 1, else 3. */
  constructor(rows: number, width: number, features: number, rules: GrowRules, stride: 2 | 3) {
    this.rules = rules;
    this.stride = stride;
    this.rows = new Int32Array(rows);
    this.spare = new Int32Array(rows);
    this.gradient = new Float64Array(rows);
    this.hessian = new Float64Array(rows);
    this.goesLeft = new Uint8Array(width);
    this.gains = new Float64Array(features);
  }

  /** Sum of the gains of each feature so far. */
  importance(): Float64Array {
    return this.gains;
  }

  /**
   * Grows a tree leaf-wise on the first `count` of `rows`: always the split that gains most. Leaf values
   * are left to the caller; `hessian` undefined means 1 for every row.
   */
  grow(
    table: TreeTable,
    packed: Packed,
    count: number,
    gradient: Float64Array,
    hessian: Float64Array | undefined,
  ): void {
    const { rules, leaves } = this;
    const root = this.leaf(0, packed);
    root.node = table.addRoot();
    root.from = 0;
    root.to = count;
    root.depth = 0;
    this.leafCount = 1;
    let totalGradient = 0;
    let totalHessian = 0;
    for (let i = 0; i < count; i++) {
      totalGradient += gradient[this.rows[i]!]!;
      if (hessian !== undefined) totalHessian += hessian[this.rows[i]!]!;
    }
    root.split.begin(totalGradient, hessian === undefined ? count : totalHessian, count);
    if (!this.mayNotSplit(root)) this.look(root, packed, gradient, hessian);
    while (this.leafCount < rules.maxLeaves) {
      let best: Leaf | undefined;
      for (let i = 0; i < this.leafCount; i++) {
        const leaf = leaves[i]!;
        if (leaf.split.slot >= 0 && (best === undefined || leaf.split.gain > best.split.gain * TIE))
          best = leaf;
      }
      if (best === undefined) return;
      this.divide(best, table, packed, gradient, hessian);
    }
  }

  private divide(
    leaf: Leaf,
    table: TreeTable,
    packed: Packed,
    gradient: Float64Array,
    hessian: Float64Array | undefined,
  ): void {
    const { split } = leaf;
    const feature = packed.features[split.slot]!;
    this.gains[feature] = this.gains[feature]! + split.gain;
    const { node } = leaf;
    const children = table.addLeaves(2);
    table.feature[node] = feature;
    table.left[node] = children;
    this.setTest(node, leaf, table, packed);
    const middle = this.partition(leaf, packed, feature);
    const right = this.leaf(this.leafCount++, packed);
    right.node = children + 1;
    right.from = middle;
    right.to = leaf.to;
    right.depth = ++leaf.depth;
    leaf.node = children;
    leaf.to = middle;
    const { leftGradient, leftHessian, leftRows } = split;
    right.split.begin(split.gradient - leftGradient, split.hessian - leftHessian, split.rows - leftRows);
    split.begin(leftGradient, leftHessian, leftRows);
    if (this.leafCount >= this.rules.maxLeaves) return;
    const small = leftRows <= right.split.rows ? leaf : right;
    const large = small === leaf ? right : leaf;
    if (this.mayNotSplit(large)) return;
    const own = leaf.histogram;
    const other = right.histogram;
    large.histogram = own;
    small.histogram = other;
    this.look(small, packed, gradient, hessian);
    const { stride } = this;
    subtract(large.histogram, small.histogram, packed, stride);
    findSplit(large.split, large.histogram, packed, stride, this.rules);
  }

  private mayNotSplit(leaf: Leaf): boolean {
    return leaf.split.rows < 2 * this.rules.minRowsPerLeaf || leaf.depth >= this.rules.maxDepth;
  }

  private look(leaf: Leaf, packed: Packed, gradient: Float64Array, hessian: Float64Array | undefined): void {
    const { rows } = this;
    const ordered = this.gradient;
    for (let i = leaf.from; i < leaf.to; i++) ordered[i] = gradient[rows[i]!]!;
    if (hessian === undefined) {
      sumGradients(leaf.histogram, packed, rows, leaf.from, leaf.to, ordered);
    } else {
      const orderedHessian = this.hessian;
      for (let i = leaf.from; i < leaf.to; i++) orderedHessian[i] = hessian[rows[i]!]!;
      sumGradientsAndHessians(leaf.histogram, packed, rows, leaf.from, leaf.to, ordered, orderedHessian);
    }
    if (this.mayNotSplit(leaf)) return;
    findSplit(leaf.split, leaf.histogram, packed, this.stride, this.rules);
  }

  private setTest(node: number, leaf: Leaf, table: TreeTable, packed: Packed): void {
    const { split, histogram } = leaf;
    const cuts = packed.binned.cuts[packed.features[split.slot]!]!;
    const { goesLeft } = this;
    if (split.set !== undefined) {
      for (let bin = 0; bin < cuts.bins; bin++) goesLeft[bin] = (split.set[bin >>> 5]! >>> (bin & 31)) & 1;
      table.kind[node] = NodeKind.categories;
      table.threshold[node] = table.addSet(split.set);
      return;
    }
    for (let bin = 1; bin < cuts.bins; bin++) goesLeft[bin] = bin <= split.bin ? 1 : 0;
    goesLeft[0] = split.missingLeft ? 1 : 0;
    table.kind[node] = split.missingLeft ? NodeKind.missingLeft : NodeKind.missingRight;
    const { stride } = this;
    const base = split.slot * packed.binned.width * stride;
    let next = split.bin + 1;
    while (next < cuts.bins && histogram[base + next * stride + stride - 1] === 0) next++;
    const high = cuts.high[split.bin - 1]!;
    table.threshold[node] = next < cuts.bins ? between(high, cuts.low[next - 1]!) : Number.POSITIVE_INFINITY;
  }

  private partition(leaf: Leaf, packed: Packed, feature: number): number {
    const { from, to } = leaf;
    const { rows, spare, goesLeft } = this;
    const column = packed.binned.columns[feature]!;
    let left = from;
    let right = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const isLeft = goesLeft[column[row]!]!;
      rows[left] = row;
      spare[right] = row;
      left += isLeft;
      right += 1 - isLeft;
    }
    for (let i = 0; i < right; i++) rows[left + i] = spare[i]!;
    return left;
  }

  private leaf(index: number, packed: Packed): Leaf {
    const existing = this.leaves[index];
    if (existing !== undefined) return existing;
    const leaf = new Leaf();
    leaf.histogram = new Float64Array(slotsOf(packed) * packed.binned.width * this.stride);
    this.leaves[index] = leaf;
    return leaf;
  }
}
