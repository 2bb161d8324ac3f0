/** A way to group the leaves: each leaf is in one group of a level, or in none (null). */
export interface Level {
  readonly name: string;
  /** Key of the group of each leaf. */
  readonly groups: readonly (string | null)[];
}

/** A node of the structure: a sum (`level` and `key` of its group) or a leaf (`level` is `leaf`). */
export interface SummingNode {
  readonly level: string;
  readonly key: string;
}

/**
 * Which series add up to which: the sums of all levels first, level by level as given, then the leaves. Levels may be
 * nested (product, category, total) or crossed (product and location), so trees and grids are both of this form.
 */
export interface Summing {
  readonly nodes: readonly SummingNode[];
  /** Number of sums: the leaves are nodes from here on. */
  readonly sums: number;
  readonly leaves: number;
  readonly levels: readonly SummedLevel[];
}

export interface SummedLevel {
  readonly name: string;
  /** Its groups are the nodes from `first` to `first + count - 1`. */
  readonly first: number;
  readonly count: number;
  /** Node that each leaf adds to; -1 for none. */
  readonly parent: Int32Array;
}

/** Most nodes of one structure. */
const MOST_NODES = 200_000;

/** The structure of leaves and their groups. RangeError for no leaf, a leaf named twice or groups of the wrong number. */
export function summingOf(leaves: readonly string[], levels: readonly Level[]): Summing {
  if (leaves.length === 0) throw new RangeError('a hierarchy without leaves');
  if (new Set(leaves).size < leaves.length) throw new RangeError('a leaf is named twice');
  const nodes: SummingNode[] = [];
  const summed = levels.map(({ name, groups }) => {
    if (groups.length !== leaves.length)
      throw new RangeError(`level ${name} groups ${groups.length} of ${leaves.length} leaves`);
    const first = nodes.length;
    const found = new Map<string, number>();
    const parent = Int32Array.from(groups, (key) => {
      if (key === null) return -1;
      if (!found.has(key)) {
        found.set(key, nodes.length);
        nodes.push({ level: name, key });
      }
      return found.get(key)!;
    });
    return { name, first, count: nodes.length - first, parent };
  });
  const sums = nodes.length;
  if (sums + leaves.length > MOST_NODES)
    throw new RangeError(`more than ${MOST_NODES} series in a hierarchy`);
  for (const key of leaves) nodes.push({ level: 'leaf', key });
  return { nodes, sums, leaves: leaves.length, levels: summed };
}

/** Values of all nodes from those of the leaves: coherent by construction. */
export function sumUp({ sums, leaves, levels }: Summing, leafValues: ArrayLike<number>): Float64Array {
  const values = new Float64Array(sums + leaves);
  values.set(leafValues, sums);
  for (const { parent } of levels) {
    for (let i = 0; i < leaves; i++) if (parent[i]! >= 0) values[parent[i]!]! += leafValues[i]!;
  }
  return values;
}

/** Series of all nodes from those of the leaves, period by period; NaN where a part is unknown. */
export function sumSeries(summing: Summing, leafSeries: readonly ArrayLike<number>[]): Float64Array[] {
  const length = leafSeries[0]!.length;
  const series = Array.from({ length: summing.sums }, () => new Float64Array(length));
  for (const { parent } of summing.levels) {
    for (let i = 0; i < summing.leaves; i++) {
      const sum = series[parent[i]!];
      if (sum) for (let t = 0; t < length; t++) sum[t]! += leafSeries[i]![t]!;
    }
  }
  return [...series, ...leafSeries.map((values) => Float64Array.from(values))];
}

/** Throws RangeError unless there is one series for each node, all of one length; answers that length. */
export function assertOneEach(summing: Summing, series: readonly ArrayLike<number>[]): number {
  const length = series[0]?.length ?? 0;
  if (series.length !== summing.nodes.length || series.some((values) => values.length !== length)) {
    throw new RangeError(`one series of one length is needed for each of ${summing.nodes.length} nodes`);
  }
  return length;
}
