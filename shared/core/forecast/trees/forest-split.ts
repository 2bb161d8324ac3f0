import type { Binned } from './bin-features.ts';

/** Nodes with fewer rows than this mark the bins they touch; larger ones look at every bin. */
const FEW_ROWS = 512;
/** Nodes with fewer rows than this keep the bins they touch in order as they come. */
const VERY_FEW_ROWS = 10;

/**
 * Finds the split of a node that leaves the least squared error. Rows are given by their centred targets
 * and counts, in node order; the sums of all bins are zero again after each search.
 */
export class ForestSplit {
  /** What the best split takes off the squared error of the node; 0 when none was found. */
  gain = 0;
  feature = -1;
  /** Last bin that goes left, first bin that goes right (0: none), for numeric features. */
  bin = 0;
  nextBin = 0;
  missingLeft = false;
  /** Bins that go left, for categories. */
  set: Uint32Array | undefined;
  private readonly binned: Binned;
  /** Of each bin: sum of targets, sum of counts, number of distinct rows, and room to a power of two. */
  private readonly sums: Float64Array;
  private readonly touched: Uint32Array;
  private readonly order: Uint16Array;

  constructor(binned: Binned) {
    this.binned = binned;
    this.sums = new Float64Array(binned.width * 4);
    this.touched = new Uint32Array(Math.ceil(binned.width / 32));
    this.order = new Uint16Array(binned.width);
  }

  begin(): void {
    this.gain = 0;
    this.feature = -1;
    this.set = undefined;
  }

  /** Looks at one feature; false when it is the same for all rows. */
  search(
    feature: number,
    rows: Int32Array,
    from: number,
    to: number,
    centred: Float64Array,
    count: Float64Array,
    total: number,
    least: number,
  ): boolean {
    const cuts = this.binned.cuts[feature]!;
    const column = this.binned.columns[feature]!;
    const used =
      to - from < VERY_FEW_ROWS
        ? this.sumSorted(column, rows, from, to, centred, count)
        : to - from < FEW_ROWS
          ? this.sumTouched(column, rows, from, to, centred, count)
          : this.sumAll(column, rows, from, to, centred, count, cuts.bins);
    const { order, sums } = this;
    if (used > 1) {
      if (cuts.categorical) {
        this.sortByMean(used);
        const best = this.scan(used, total, to - from, least);
        if (best >= 0) this.takeSet(feature, best);
      } else {
        const missing = order[0] === 0;
        const best = this.scan(used, total, to - from, least);
        if (best >= 0) this.takeBins(feature, best, used, true);
        if (missing) {
          order.copyWithin(0, 1, used);
          order[used - 1] = 0;
          const other = this.scan(used, total, to - from, least);
          if (other >= 0) this.takeBins(feature, other, used, false);
        }
      }
    }
    for (let k = 0; k < used; k++) {
      const at = order[k]! << 2;
      sums[at] = 0;
      sums[at + 1] = 0;
      sums[at + 2] = 0;
    }
    return used > 1;
  }

  private sumSorted(
    column: Uint8Array | Uint16Array,
    rows: Int32Array,
    from: number,
    to: number,
    centred: Float64Array,
    count: Float64Array,
  ): number {
    const { sums, order } = this;
    let used = 0;
    for (let i = from; i < to; i++) {
      const bin = column[rows[i]!]!;
      const at = bin << 2;
      if (sums[at + 2] === 0) {
        let k = used++;
        for (; k > 0 && order[k - 1]! > bin; k--) order[k] = order[k - 1]!;
        order[k] = bin;
      }
      sums[at] = sums[at]! + centred[i]!;
      sums[at + 1] = sums[at + 1]! + count[i]!;
      sums[at + 2] = sums[at + 2]! + 1;
    }
    return used;
  }

  private sumTouched(
    column: Uint8Array | Uint16Array,
    rows: Int32Array,
    from: number,
    to: number,
    centred: Float64Array,
    count: Float64Array,
  ): number {
    const { sums, touched, order } = this;
    for (let i = from; i < to; i++) {
      const bin = column[rows[i]!]!;
      const at = bin << 2;
      sums[at] = sums[at]! + centred[i]!;
      sums[at + 1] = sums[at + 1]! + count[i]!;
      sums[at + 2] = sums[at + 2]! + 1;
      touched[bin >>> 5] = touched[bin >>> 5]! | (1 << (bin & 31));
    }
    let used = 0;
    for (let word = 0; word < touched.length; word++) {
      for (let bits = touched[word]! | 0; bits !== 0; bits &= bits - 1) {
        order[used++] = (word << 5) + 31 - Math.clz32(bits & -bits);
      }
      touched[word] = 0;
    }
    return used;
  }

  private sumAll(
    column: Uint8Array | Uint16Array,
    rows: Int32Array,
    from: number,
    to: number,
    centred: Float64Array,
    count: Float64Array,
    bins: number,
  ): number {
    const { sums, order } = this;
    for (let i = from; i < to; i++) {
      const bin = column[rows[i]!]!;
      const at = bin << 2;
      sums[at] = sums[at]! + centred[i]!;
      sums[at + 1] = sums[at + 1]! + count[i]!;
      sums[at + 2] = sums[at + 2]! + 1;
    }
    let used = 0;
    for (let bin = 0; bin < bins; bin++) if (sums[(bin << 2) + 2]! > 0) order[used++] = bin;
    return used;
  }

  /** Position in `order` of the last bin to go left, or -1 when nothing beats the best so far. */
  private scan(used: number, total: number, rows: number, least: number): number {
    const { sums, order } = this;
    let best = -1;
    let bestGain = this.gain;
    let sum = 0;
    let left = 0;
    let rowsLeft = 0;
    for (let k = 0; k < used - 1; k++) {
      const at = order[k]! << 2;
      sum += sums[at]!;
      left += sums[at + 1]!;
      rowsLeft += sums[at + 2]!;
      if (rowsLeft < least) continue;
      if (rows - rowsLeft < least) break;
      const right = total - left;
      // Centred targets add up to 0, so the other side has the opposite sum.
      const gain = (sum * sum * total) / (left * right);
      if (gain > bestGain) {
        bestGain = gain;
        best = k;
      }
    }
    this.gain = bestGain;
    return best;
  }

  private takeBins(feature: number, best: number, used: number, missingLeft: boolean): void {
    const { order, sums } = this;
    this.feature = feature;
    this.set = undefined;
    this.bin = order[best]!;
    this.nextBin = order[best + 1]!;
    if (order[0] === 0 || order[used - 1] === 0) {
      this.missingLeft = missingLeft;
      return;
    }
    // What never was missing in this node goes the way of most rows.
    let left = 0;
    let right = 0;
    for (let k = 0; k < used; k++) {
      const count = sums[(order[k]! << 2) + 1]!;
      if (k <= best) left += count;
      else right += count;
    }
    this.missingLeft = left >= right;
  }

  private takeSet(feature: number, best: number): void {
    this.feature = feature;
    const set = new Uint32Array(8);
    for (let k = 0; k <= best; k++) {
      const bin = this.order[k]!;
      set[bin >>> 5] = set[bin >>> 5]! | (1 << (bin & 31));
    }
    this.set = set;
  }

  private sortByMean(used: number): void {
    const { order } = this;
    for (let k = 1; k < used; k++) {
      const bin = order[k]!;
      const mean = this.meanOf(bin);
      let to = k;
      for (; to > 0 && this.meanOf(order[to - 1]!) > mean; to--) order[to] = order[to - 1]!;
      order[to] = bin;
    }
  }

  private meanOf(bin: number): number {
    return this.sums[bin << 2]! / this.sums[(bin << 2) + 1]!;
  }
}
