import { type Random, seededRandom, seedOf } from '../../math/random.ts';
import { type Binned, between } from './bin-features.ts';
import { ForestSplit } from './forest-split.ts';
import { NodeKind, type TreeTable } from './tree-table.ts';

export interface ForestRules {
  readonly maxDepth: number;
  readonly minRowsPerLeaf: number;
  /** Features looked at in each node. */
  readonly featuresPerSplit: number;
  readonly bootstrap: boolean;
  readonly seed: number;
}

/** Gains below this share of a node's squared error are rounding. */
const ROUNDING = 1e-12;

/** Grows full trees, each from its own seed, reusing its memory. */
export class ForestGrower {
  readonly gains: Float64Array;
  private readonly binned: Binned;
  private readonly target: Float64Array;
  private readonly cumulative: Float64Array | undefined;
  private readonly rules: ForestRules;
  private readonly split: ForestSplit;
  private readonly rows: Int32Array;
  private readonly spare: Int32Array;
  private readonly drawn: Float64Array;
  private readonly centred: Float64Array;
  private readonly count: Float64Array;
  private readonly features: Int32Array;

  constructor(binned: Binned, target: Float64Array, weight: Float64Array | undefined, rules: ForestRules) {
    const { rows } = binned;
    this.binned = binned;
    this.target = target;
    this.rules = rules;
    this.gains = new Float64Array(binned.cuts.length);
    this.split = new ForestSplit(binned);
    this.rows = new Int32Array(rows);
    this.spare = new Int32Array(rows);
    this.drawn = new Float64Array(rows);
    this.centred = new Float64Array(rows);
    this.count = new Float64Array(rows);
    this.features = new Int32Array(binned.cuts.length);
    if (weight === undefined) return;
    let sum = 0;
    this.cumulative = weight.map((value) => (sum += value));
  }

  /** Grows tree number `tree`; `samples` gets one drawn target for each leaf. */
  grow(tree: number, table: TreeTable, samples: number[]): void {
    const random = seededRandom(seedOf(this.rules.seed, `tree ${tree}`));
    const count = this.draw(random);
    for (let f = 0; f < this.features.length; f++) this.features[f] = f;
    // Depth first: node, from, to, depth of what is left to do.
    const stack = [table.addRoot(), 0, count, 0];
    while (stack.length > 0) {
      const depth = stack.pop()!;
      const to = stack.pop()!;
      const from = stack.pop()!;
      const node = stack.pop()!;
      const middle = this.divide(node, from, to, depth, table, random);
      if (middle < 0) {
        samples[node] = this.target[this.rows[from + random.integer(to - from)]!]!;
        continue;
      }
      const left = table.left[node]!;
      stack.push(left + 1, middle, to, depth + 1, left, from, middle, depth + 1);
    }
  }

  /** Bootstrap: rows drawn with replacement, by weight when there is one; each distinct row once, with its count. */
  private draw(random: Random): number {
    const { rows, drawn, cumulative } = this;
    const n = rows.length;
    if (this.rules.bootstrap) {
      drawn.fill(0);
      for (let i = 0; i < n; i++) {
        const row =
          cumulative === undefined
            ? random.integer(n)
            : firstAbove(cumulative, random.uniform() * cumulative[n - 1]!);
        drawn[row] = drawn[row]! + 1;
      }
    } else {
      for (let i = 0; i < n; i++) {
        drawn[i] = cumulative === undefined ? 1 : cumulative[i]! - (i === 0 ? 0 : cumulative[i - 1]!);
      }
    }
    let count = 0;
    for (let i = 0; i < n; i++) if (drawn[i]! > 0) rows[count++] = i;
    return count;
  }

  /** Splits a node and returns the first row of its right child; -1 after making it a leaf. */
  private divide(
    node: number,
    from: number,
    to: number,
    depth: number,
    table: TreeTable,
    random: Random,
  ): number {
    const { rows, drawn, target, centred, count, rules, split, binned } = this;
    const origin = target[rows[from]!]!;
    let total = 0;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const times = drawn[row]!;
      const value = target[row]! - origin;
      count[i] = times;
      centred[i] = value;
      total += times;
      sum += times * value;
    }
    const shift = sum / total;
    table.threshold[node] = origin + shift;
    if (to - from < 2 * rules.minRowsPerLeaf || depth >= rules.maxDepth) return -1;
    let squares = 0;
    for (let i = from; i < to; i++) {
      const value = centred[i]! - shift;
      squares += count[i]! * value * value;
      centred[i] = value * count[i]!;
    }
    if (squares <= ROUNDING * total * shift * shift) return -1;
    split.begin();
    this.search(from, to, total, random);
    if (split.feature < 0 || split.gain <= ROUNDING * squares) return -1;
    const { feature } = split;
    this.gains[feature] = this.gains[feature]! + split.gain;
    const children = table.addLeaves(2);
    table.feature[node] = feature;
    table.left[node] = children;
    if (split.set !== undefined) {
      table.kind[node] = NodeKind.categories;
      table.threshold[node] = table.addSet(split.set);
      return this.partition(from, to, 0, 0);
    }
    const { high, low } = binned.cuts[feature]!;
    const { bin, nextBin, missingLeft } = split;
    table.kind[node] = missingLeft ? NodeKind.missingLeft : NodeKind.missingRight;
    table.threshold[node] =
      bin === 0
        ? Number.NEGATIVE_INFINITY
        : nextBin === 0
          ? Number.POSITIVE_INFINITY
          : between(high[bin - 1]!, low[nextBin - 1]!);
    // Bins counted from the missing one, or with the missing one last.
    return missingLeft ? this.partition(from, to, 0, bin) : this.partition(from, to, 1, bin - 1);
  }

  /** Features are drawn until enough of them differ within the node. */
  private search(from: number, to: number, total: number, random: Random): void {
    const { features, rules, rows, centred, count, split } = this;
    let useful = 0;
    for (let k = 0; k < features.length && useful < rules.featuresPerSplit; k++) {
      const at = k + random.integer(features.length - k);
      const feature = features[at]!;
      features[at] = features[k]!;
      features[k] = feature;
      if (split.search(feature, rows, from, to, centred, count, total, rules.minRowsPerLeaf)) useful++;
    }
  }

  private partition(from: number, to: number, shift: number, last: number): number {
    const { rows, spare, split } = this;
    const column = this.binned.columns[split.feature]!;
    const { set } = split;
    let left = from;
    let right = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const bin = column[row]!;
      const goesLeft =
        set === undefined ? ((bin - shift) >>> 0 <= last ? 1 : 0) : (set[bin >>> 5]! >>> (bin & 31)) & 1;
      rows[left] = row;
      spare[right] = row;
      left += goesLeft;
      right += 1 - goesLeft;
    }
    for (let i = 0; i < right; i++) rows[left + i] = spare[i]!;
    return left;
  }
}

function firstAbove(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
