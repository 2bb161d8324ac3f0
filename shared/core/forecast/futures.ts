/**
 * Equally likely futures of a series: future i has `values[h * count + i]` in period h. One block of numbers, because a plan
 * draws them for every product, and an array a future takes longer to make than to fill.
 */
export interface Futures {
  readonly count: number;
  readonly periods: number;
  readonly values: Float64Array;
}

/** The first periods of these paths, all of them by default; none is shorter than the first. */
export function futuresOf(paths: readonly ArrayLike<number>[], periods = paths[0]?.length ?? 0): Futures {
  const count = paths.length;
  const values = new Float64Array(count * periods);
  for (let i = 0; i < count; i++) {
    const path = paths[i]!;
    for (let h = 0; h < periods; h++) values[h * count + i] = path[h]!;
  }
  return { count, periods, values };
}

/** One array a future. */
export function pathsOf({ count, periods, values }: Futures): Float64Array[] {
  return Array.from({ length: count }, (_, i) =>
    Float64Array.from({ length: periods }, (_, h) => values[h * count + i]!),
  );
}
