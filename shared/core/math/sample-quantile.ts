/** Quantile of an ascending sample, linear between order statistics (type 7 of Hyndman & Fan 1996, as in R). */
export function sampleQuantile(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length;
  if (n === 0) throw new RangeError('quantile of no values');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability ${p} is outside 0..1`);
  const at = (n - 1) * p;
  const low = Math.floor(at);
  const value = sorted[low]!;
  const next = sorted[Math.min(low + 1, n - 1)]!;
  return value + (at - low) * (next - value);
}

/** Smallest value of an ascending sample that at least the share p of the sample does not exceed (type 1). */
export function sampleCeiling(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length;
  if (n === 0) throw new RangeError('quantile of no values');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability ${p} is outside 0..1`);
  // n * p can miss a whole number by a rounding error: 0.95 * 100.
  return sorted[Math.max(0, Math.ceil(n * p - 1e-9) - 1)]!;
}
