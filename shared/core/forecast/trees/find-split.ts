import { findCategorySplit } from './find-category-split.ts';
import type { Packed } from './histogram.ts';

/** Rules that every split obeys. */
export interface SplitRules {
  readonly minRowsPerLeaf: number;
  readonly l2: number;
}

/** Sums of a leaf, and the best way found to split it; `slot` is -1 when there is none. */
export class Split {
  gradient = 0;
  hessian = 0;
  rows = 0;
  gain = 0;
  /** What the next candidate has to exceed. */
  bar = 0;
  slot = -1;
  /** Last bin that goes left (numeric features). */
  bin = 0;
  missingLeft = false;
  /** Bins that go left (categories). */
  set: Uint32Array | undefined;
  leftGradient = 0;
  leftHessian = 0;
  leftRows = 0;

  begin(gradient: number, hessian: number, rows: number): void {
    this.gradient = gradient;
    this.hessian = hessian;
    this.rows = rows;
    this.slot = -1;
    this.gain = 0;
    this.set = undefined;
  }
}

/** Gains below this share of the leaf's own score are rounding. */
const ROUNDING = 1e-10;

/** Scores that differ by less, relatively, are a tie: sums of the same rows in another order differ so. */
export const TIE = 1 + 1e-11;

/**
 * Finds the split that lowers the second-order loss most:
 *   gain = GL^2 / (HL + l2) + GR^2 / (HR + l2) - G^2 / (H + l2)        Chen & Guestrin 2016, eq. 7
 * Ties go to the first feature and the lowest bin, so that the order of rows does not matter.
 */
export function findSplit(
  found: Split,
  histogram: Float64Array,
  packed: Packed,
  stride: number,
  rules: SplitRules,
): void {
  const { features, binned } = packed;
  const own = score(found.gradient, found.hessian, rules.l2);
  found.bar = own * (1 + ROUNDING) + Number.MIN_VALUE;
  for (let slot = 0; slot < features.length; slot++) {
    const cuts = binned.cuts[features[slot]!]!;
    const base = slot * binned.width * stride;
    if (cuts.categorical) {
      findCategorySplit(found, slot, histogram, base, cuts.bins, stride, rules);
      continue;
    }
    scan(found, slot, histogram, base, cuts.bins, stride, rules, false);
    // Without missing values both directions are the same split.
    if (histogram[base + stride - 1]! > 0) {
      scan(found, slot, histogram, base, cuts.bins, stride, rules, true);
    }
  }
  if (found.slot >= 0) found.gain -= own;
}

function scan(
  found: Split,
  slot: number,
  histogram: Float64Array,
  base: number,
  bins: number,
  stride: number,
  rules: SplitRules,
  missingLeft: boolean,
): void {
  const { minRowsPerLeaf, l2 } = rules;
  const { gradient, hessian, rows } = found;
  let { bar } = found;
  let bestGain = 0;
  let bestBin = -1;
  let leftGradient = 0;
  let leftHessian = 0;
  let leftRows = 0;
  if (missingLeft) {
    leftGradient = histogram[base]!;
    leftHessian = histogram[base + 1]!;
    leftRows = histogram[base + stride - 1]!;
  }
  let bestGradient = 0;
  let bestHessian = 0;
  let bestRows = 0;
  const end = base + bins * stride;
  for (let at = base + stride; at < end; at += stride) {
    const count = histogram[at + stride - 1]!;
    if (count === 0) continue;
    leftRows += count;
    leftGradient += histogram[at]!;
    leftHessian += histogram[at + 1]!;
    if (leftRows < minRowsPerLeaf) continue;
    if (rows - leftRows < minRowsPerLeaf) break;
    const rightGradient = gradient - leftGradient;
    const gain =
      (leftGradient * leftGradient) / (leftHessian + l2) +
      (rightGradient * rightGradient) / (hessian - leftHessian + l2);
    if (gain > bar && gain < Number.POSITIVE_INFINITY) {
      bar = gain * TIE;
      bestGain = gain;
      bestBin = at;
      bestGradient = leftGradient;
      bestHessian = leftHessian;
      bestRows = leftRows;
    }
  }
  if (bestBin < 0) return;
  found.bar = bar;
  found.gain = bestGain;
  found.slot = slot;
  found.bin = (bestBin - base) / stride;
  found.set = undefined;
  found.leftGradient = bestGradient;
  found.leftHessian = bestHessian;
  found.leftRows = bestRows;
  // What never was missing in this leaf goes the way of most rows.
  found.missingLeft = histogram[base + stride - 1]! > 0 ? missingLeft : bestRows * 2 >= rows;
}

/** Twice what the best leaf value takes off the second-order loss. */
export function score(gradient: number, hessian: number, l2: number): number {
  const below = hessian + l2;
  return below > 0 ? (gradient * gradient) / below : 0;
}
