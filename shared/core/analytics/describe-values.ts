/** Description of a sample. With no values all but the count is null; with one the deviation is. */
export interface Description {
  readonly count: number;
  readonly mean: number | null;
  /** Sample deviation, divided by n - 1. */
  readonly sd: number | null;
  readonly min: number | null;
  readonly q1: number | null;
  readonly median: number | null;
  readonly q3: number | null;
  readonly max: number | null;
}

/** A value and how often it occurs. */
export type Counted = readonly [value: number, count: number];

/**
 * Describes a sample given as how often each value occurs, in any order. Quartiles are linear between order statistics
 * (type 7 of Hyndman & Fan 1996), as spreadsheets and data frames have them.
 */
export function describeValues(counted: readonly Counted[]): Description {
  const values = counted.filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const n = values.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0)
    return { count: 0, mean: null, sd: null, min: null, q1: null, median: null, q3: null, max: null };
  const mean = values.reduce((sum, [value, count]) => sum + value * count, 0) / n;
  // around the mean, since sums of squares of large values lose what they differ by
  const squares = values.reduce((sum, [value, count]) => sum + count * (value - mean) ** 2, 0);
  const quantile = (p: number): number => {
    const at = (n - 1) * p;
    const low = nth(values, Math.floor(at));
    return low + (at - Math.floor(at)) * (nth(values, Math.ceil(at)) - low);
  };
  return {
    count: n,
    mean,
    sd: n < 2 ? null : Math.sqrt(squares / (n - 1)),
    min: values[0]![0],
    q1: quantile(0.25),
    median: quantile(0.5),
    q3: quantile(0.75),
    max: values.at(-1)![0],
  };
}

/** The value at a rank, from 0. */
function nth(values: readonly Counted[], rank: number): number {
  let below = 0;
  for (const [value, count] of values) {
    below += count;
    if (rank < below) return value;
  }
  return values.at(-1)![0];
}
