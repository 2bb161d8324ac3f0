import { ForestModel } from './forest-model.ts';
import { NodeKind, SET_WORDS, TreeTable } from './tree-table.ts';

/** One forest of the trees of several that were grown apart on the same features, in their order. */
export function joinForests(forests: readonly ForestModel[]): ForestModel {
  const [first] = forests;
  if (first === undefined) throw new RangeError('no forests to join');
  if (forests.some(({ features }) => features !== first.features)) {
    throw new RangeError('forests of different features');
  }
  const parts = forests.map((forest) => forest.parts);
  const table = new TreeTable();
  const samples = new Float64Array(parts.reduce((sum, part) => sum + part.table.size, 0));
  const gains = new Float64Array(first.features);
  let sets = 0;
  for (const part of parts) {
    const from = part.table;
    const start = table.addLeaves(from.size);
    for (let node = 0; node < from.size; node++) {
      const at = start + node;
      const isSet = from.feature[node]! >= 0 && from.kind[node] === NodeKind.categories;
      table.feature[at] = from.feature[node]!;
      table.kind[at] = from.kind[node]!;
      table.left[at] = from.left[node]! + start;
      table.threshold[at] = from.threshold[node]! + (isSet ? sets : 0);
    }
    for (const root of from.roots) table.roots.push(root + start);
    for (let at = 0; at < from.sets.length; at += SET_WORDS) {
      table.addSet(from.sets.subarray(at, at + SET_WORDS));
      sets++;
    }
    samples.set(part.samples, start);
    for (let f = 0; f < gains.length; f++) gains[f] = gains[f]! + part.gains[f]!;
  }
  table.trim(table.roots.length);
  return new ForestModel({ table, samples, gains, codes: parts[0]!.codes });
}
