import { solveSymmetric } from './least-squares.ts';

/** Least and greatest value of a parameter. */
export type Bounds = readonly [number, number];

/**
 * One Levenberg-Marquardt step from `point` for the normal equations J'J (row by row) and J'r; the first parameters stay
 * inside `box`, the others are free. A parameter at its bound that wants to leave the box stays there; one that the step
 * would carry out of it goes to the bound, and the rest of the step is solved again with that known.
 */
export function boxStep(
  point: Float64Array,
  matrix: Float64Array,
  gradient: Float64Array,
  damping: number,
  box: readonly Bounds[],
): Float64Array {
  const p = point.length;
  const bounded = box.length;
  const next = point.slice();
  let free: number[] = [];
  for (let i = 0; i < p; i++) {
    if (i < bounded) {
      const [low, high] = box[i]!;
      if ((point[i]! <= low && gradient[i]! > 0) || (point[i]! >= high && gradient[i]! < 0)) continue;
    }
    if (matrix[i * p + i]! > 0) free.push(i);
  }
  for (let round = 0; round <= bounded; round++) {
    const k = free.length;
    const a = new Float64Array(k * k);
    const b = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      const line = free[i]! * p;
      for (let j = 0; j < k; j++) a[i * k + j] = matrix[line + free[j]!]!;
      a[i * k + i]! *= 1 + damping;
      b[i] = -gradient[free[i]!]!;
      for (let j = 0; j < bounded; j++) {
        if (next[j] !== point[j]) b[i]! -= matrix[line + j]! * (next[j]! - point[j]!);
      }
    }
    const move = solveSymmetric(a, b);
    const inside: number[] = [];
    for (let i = 0; i < k; i++) {
      const at = free[i]!;
      const target = point[at]! + move[i]!;
      const bounds = at < bounded ? box[at]! : null;
      if (bounds && (target < bounds[0] || target > bounds[1])) {
        next[at] = target < bounds[0] ? bounds[0] : bounds[1];
      } else inside.push(at);
    }
    if (inside.length === k) {
      for (let i = 0; i < k; i++) next[free[i]!] = point[free[i]!]! + move[i]!;
      break;
    }
    free = inside;
  }
  return next;
}
