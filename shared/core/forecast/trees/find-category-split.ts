import { type Split, type SplitRules, TIE } from './find-split.ts';
import { SET_WORDS } from './tree-table.ts';

/** Rows a category needs to be told apart, the weight of the prior, and the shrinkage that guards against chance. */
const LEAST_ROWS = 2;
const PRIOR = 10;
const EXTRA_L2 = 10;

const order = new Uint8Array(256);
const ratio = new Float64Array(256);

/**
 * Splits categories in two: sorted by gradient over second derivative, the best of all 2^k splits is a
 * split of that order (Fisher 1958). The ratio is drawn to zero, since rare categories have it by chance.
 */
export function findCategorySplit(
  found: Split,
  slot: number,
  histogram: Float64Array,
  base: number,
  bins: number,
  stride: number,
  rules: SplitRules,
): void {
  let used = 0;
  for (let bin = 0; bin < bins; bin++) {
    const at = base + bin * stride;
    if (histogram[at + stride - 1]! < LEAST_ROWS) continue;
    ratio[bin] = histogram[at]! / (histogram[at + 1]! + PRIOR);
    let to = used++;
    for (; to > 0 && ratio[order[to - 1]!]! > ratio[bin]!; to--) order[to] = order[to - 1]!;
    order[to] = bin;
  }
  const l2 = rules.l2 + EXTRA_L2;
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  let best = -1;
  for (let k = 0; k < used; k++) {
    const at = base + order[k]! * stride;
    gradient += histogram[at]!;
    hessian += histogram[at + 1]!;
    rows += histogram[at + stride - 1]!;
    if (rows < rules.minRowsPerLeaf) continue;
    if (found.rows - rows < rules.minRowsPerLeaf) break;
    const rest = found.gradient - gradient;
    const gain = (gradient * gradient) / (hessian + l2) + (rest * rest) / (found.hessian - hessian + l2);
    if (gain > found.bar && gain < Number.POSITIVE_INFINITY) {
      best = k;
      found.gain = gain;
      found.bar = gain * TIE;
      found.slot = slot;
      found.leftGradient = gradient;
      found.leftHessian = hessian;
      found.leftRows = rows;
    }
  }
  if (best < 0) return;
  const set = new Uint32Array(SET_WORDS);
  for (let k = 0; k <= best; k++) set[order[k]! >>> 5] = set[order[k]! >>> 5]! | (1 << (order[k]! & 31));
  found.set = set;
}
