import { sampleQuantile } from '../../math/sample-quantile.ts';

/** A value that a rule finds unusual. The data stays as it is. */
export interface Outlier {
  readonly index: number;
  readonly value: number;
  /** Which rules flagged it. */
  readonly rules: readonly ('iqr' | 'z' | 'modified-z')[];
}

/**
 * Unusual values by three rules: outside the quartiles by more than 1.5 times their distance (Tukey 1977); |z| > 3 with
 * the standard deviation (divisor n - 1); modified |z| = 0.6745 |y - median| / MAD > 3.5 (Iglewicz & Hoaglin 1993), not
 * applied when more than half of the values are equal. Unknown values (NaN) are skipped.
 */
export function outliers(y: ArrayLike<number>): Outlier[] {
  const known = Float64Array.from(y).filter((value) => !Number.isNaN(value));
  if (known.length < 4) return [];
  const sorted = known.slice().sort();
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((p) => sampleQuantile(sorted, p)) as [
    number,
    number,
    number,
  ];
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (known.length - 1));
  const mad = sampleQuantile(known.map((value) => Math.abs(value - median)).sort(), 0.5);
  const reach = 1.5 * (q3 - q1);
  const found: Outlier[] = [];
  for (let index = 0; index < y.length; index++) {
    const value = y[index]!;
    if (Number.isNaN(value)) continue;
    const rules: Outlier['rules'][number][] = [];
    if (value < q1 - reach || value > q3 + reach) rules.push('iqr');
    if (deviation > 0 && Math.abs(value - mean) > 3 * deviation) rules.push('z');
    if (mad > 0 && (0.6745 * Math.abs(value - median)) / mad > 3.5) rules.push('modified-z');
    if (rules.length > 0) found.push({ index, value, rules });
  }
  return found;
}
