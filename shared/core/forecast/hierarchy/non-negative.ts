import type { ErrorCovariance } from './error-covariance.ts';
import { Projection } from './projection.ts';
import type { Summing } from './summing.ts';

/** Changes of the set of leaves that are held at 0. */
const MOST_ROUNDS = 60;
/** Leaves below this share of the largest count as 0: rounding, not demand. */
const ROUNDING = 1e-9;

/**
 * Leaves above or at 0 without changing their sum, unless that is negative: negative leaves become 0 and what that adds
 * is taken from the others in proportion. Overwrites the leaves.
 */
export function clipLeaves(leaves: Float64Array): Float64Array {
  let sum = 0;
  let positive = 0;
  for (let i = 0; i < leaves.length; i++) {
    sum += leaves[i]!;
    if (leaves[i]! > 0) positive += leaves[i]!;
  }
  if (positive === sum) return leaves;
  const factor = positive > 0 ? Math.max(0, sum) / positive : 0;
  for (let i = 0; i < leaves.length; i++) leaves[i] = leaves[i]! > 0 ? factor * leaves[i]! : 0;
  return leaves;
}

/**
 * The nearest coherent values of which none is negative, by an active set (Wickramasuriya, Turlach & Hyndman 2020): leaves
 * that came out negative are held at 0, those that push upwards are let go, until neither happens. When the set still
 * changes after 60 rounds, letting go ends, and the next sets only grow.
 */
export function nonNegativeLeaves(
  summing: Summing,
  covariance: ErrorCovariance,
  values: Float64Array,
  free: Projection,
): Float64Array {
  let { leaves, forces } = free.leaves(values);
  const isHeld = new Uint8Array(summing.leaves);
  let held: Int32Array = new Int32Array(0);
  for (let round = 0; ; round++) {
    const tolerance = ROUNDING * leaves.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let changed = 0;
    for (let i = 0; i < leaves.length; i++) {
      if (isHeld[i] || leaves[i]! >= -tolerance) continue;
      isHeld[i] = 1;
      changed++;
    }
    if (round < MOST_ROUNDS) {
      held.forEach((leaf, k) => {
        if (!(forces[k]! > tolerance / covariance.diagonal[summing.sums + leaf]!)) return;
        isHeld[leaf] = 0;
        changed++;
      });
    }
    if (changed === 0) break;
    held = Int32Array.from(isHeld.keys()).filter((i) => isHeld[i] === 1);
    ({ leaves, forces } = new Projection(summing, covariance, held).leaves(values));
  }
  return leaves.map((value) => Math.max(0, value));
}
