import type { Column } from './bin-features.ts';

/** What a node does with a value: numeric nodes compare, category nodes look up a set. */
export const NodeKind = { missingRight: 0, missingLeft: 1, categories: 2 } as const;

/** Words of 32 bits that hold one set of categories. */
export const SET_WORDS = 8;

/** Most nodes of one model. */
const MOST_NODES = 50_000_000;

/** Trees as flat arrays: children are neighbours, a leaf has feature -1 and its value as threshold. */
export class TreeTable {
  feature = new Int16Array(64);
  threshold = new Float64Array(64);
  /** Left child; the right child follows it. */
  left = new Int32Array(64);
  kind = new Uint8Array(64);
  sets = new Uint32Array(0);
  roots: number[] = [];
  size = 0;
  private setCount = 0;

  /** Appends `count` leaves of value 0 and returns the first. */
  addLeaves(count: number): number {
    const first = this.size;
    this.size += count;
    if (this.size > MOST_NODES) throw new RangeError(`more than ${MOST_NODES} nodes`);
    if (this.size > this.feature.length) this.resize(this.size * 2);
    this.feature.fill(-1, first, this.size);
    this.threshold.fill(0, first, this.size);
    return first;
  }

  /** Starts a tree and returns its root. */
  addRoot(): number {
    const root = this.addLeaves(1);
    this.roots.push(root);
    return root;
  }

  /** Stores the categories that go left and returns the number to keep as the threshold. */
  addSet(set: Uint32Array): number {
    const at = this.setCount++;
    if (this.setCount * SET_WORDS > this.sets.length) {
      const larger = new Uint32Array(this.setCount * 2 * SET_WORDS);
      larger.set(this.sets);
      this.sets = larger;
    }
    this.sets.set(set, at * SET_WORDS);
    return at;
  }

  /** Gives back unused memory, and forgets all but the first trees. */
  trim(trees: number): void {
    if (trees < this.roots.length) this.size = this.roots[trees]!;
    this.roots.length = Math.min(trees, this.roots.length);
    this.resize(Math.max(1, this.size));
    this.sets = this.sets.slice(0, this.setCount * SET_WORDS);
  }

  /** Leaf that a row of values (categories as bins) ends in. */
  leafOf(root: number, values: Float64Array): number {
    const { feature, threshold, left, kind } = this;
    let node = root;
    for (let at = feature[node]!; at >= 0; at = feature[node]!) {
      const value = values[at]!;
      const child = left[node]!;
      if (kind[node]! >= NodeKind.categories) {
        const bit = this.sets[threshold[node]! * SET_WORDS + (value >>> 5)]! >>> (value & 31);
        node = child + 1 - (bit & 1);
      } else if (value <= threshold[node]!) node = child;
      else if (!Number.isNaN(value) || kind[node] === NodeKind.missingRight) node = child + 1;
      else node = child;
    }
    return node;
  }

  private resize(capacity: number): void {
    const copy = <T extends Int16Array | Float64Array | Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from.subarray(0, Math.min(this.size, capacity)) as never);
      return to;
    };
    this.feature = copy(this.feature, new Int16Array(capacity));
    this.threshold = copy(this.threshold, new Float64Array(capacity));
    this.left = copy(this.left, new Int32Array(capacity));
    this.kind = copy(this.kind, new Uint8Array(capacity));
  }
}

/** Fills `values` with one row; categories become their bins. */
export function gatherRow(
  values: Float64Array,
  columns: readonly Column[],
  row: number,
  codes: readonly (ReadonlyMap<number, number> | undefined)[],
): void {
  for (let f = 0; f < columns.length; f++) {
    const value = columns[f]![row]!;
    const code = codes[f];
    values[f] = code === undefined ? value : (code.get(value) ?? 0);
  }
}
