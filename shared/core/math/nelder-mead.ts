/** Where a search ended. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

export interface NelderMeadOptions {
  /** First step along each axis. Default 0.1. */
  readonly steps?: readonly number[];
  /** Ends when the values of the simplex differ by less, relatively. Default 1e-8. */
  readonly tolerance?: number;
  /** Most evaluations of the function. Default 200 a dimension. */
  readonly maxEvaluations?: number;
}

interface Corner {
  readonly point: Float64Array;
  value: number;
}

/**
 * Minimises a function without derivatives (Nelder & Mead 1965, coefficients 1, 2, 0.5, 0.5).
 * The function may answer Infinity where it is not defined, though not at the start.
 */
export function nelderMead(
  of: (point: Float64Array) => number,
  start: ArrayLike<number>,
  options: NelderMeadOptions = {},
): Minimum {
  const n = start.length;
  const tolerance = options.tolerance ?? 1e-8;
  const limit = options.maxEvaluations ?? 200 * n;
  let evaluations = 0;
  const value = (point: Float64Array): number => {
    evaluations++;
    const found = of(point);
    return Number.isNaN(found) ? Number.POSITIVE_INFINITY : found;
  };
  const corners: Corner[] = Array.from({ length: n + 1 }, (_, i) => {
    const point = Float64Array.from(start);
    if (i > 0) point[i - 1] = point[i - 1]! + (options.steps?.[i - 1] ?? 0.1);
    return { point, value: value(point) };
  });
  const centre = new Float64Array(n);
  const along = (from: Float64Array, factor: number): Corner => {
    const point = new Float64Array(n);
    for (let j = 0; j < n; j++) point[j] = centre[j]! + factor * (from[j]! - centre[j]!);
    return { point, value: value(point) };
  };
  while (evaluations < limit) {
    corners.sort((a, b) => a.value - b.value);
    const best = corners[0]!;
    const worst = corners[n]!;
    if (worst.value - best.value <= tolerance * (Math.abs(best.value) + tolerance)) break;
    centre.fill(0);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) centre[j]! += corners[i]!.point[j]! / n;
    const reflected = along(worst.point, -1);
    if (reflected.value < best.value) {
      const expanded = along(worst.point, -2);
      corners[n] = expanded.value < reflected.value ? expanded : reflected;
      continue;
    }
    if (reflected.value < corners[n - 1]!.value) {
      corners[n] = reflected;
      continue;
    }
    const inner = reflected.value < worst.value ? along(reflected.point, 0.5) : along(worst.point, 0.5);
    if (inner.value < Math.min(worst.value, reflected.value)) {
      corners[n] = inner;
      continue;
    }
    for (let i = 1; i <= n; i++) {
      const corner = corners[i]!;
      for (let j = 0; j < n; j++) {
        corner.point[j] = best.point[j]! + 0.5 * (corner.point[j]! - best.point[j]!);
      }
      corner.value = value(corner.point);
    }
  }
  corners.sort((a, b) => a.value - b.value);
  return { point: corners[0]!.point, value: corners[0]!.value, evaluations };
}
