/** One-sided 5 % point of the standard normal, as R's thetaf uses it. */
const THRESHOLD = 1.6448536269514722;

/**
 * Whether the autocorrelation at the season is significant (90 %, Bartlett's variance), as in R's thetaf:
 *   |r_m| > 1.645 sqrt((1 + 2 (r_1^2 + ... + r_(m-1)^2)) / n)
 */
export function isSeasonal(y: Float64Array, period: number): boolean {
  const r = autocorrelations(y, period);
  let sum = 0;
  for (let k = 1; k < period; k++) sum += r[k]! ** 2;
  return Math.abs(r[period]!) > THRESHOLD * Math.sqrt((1 + 2 * sum) / y.length);
}

/** Season factors where the season is significant and no factor is so near zero that dividing by it is senseless. */
export function significantFactors(y: Float64Array, period: number): Float64Array | null {
  if (!(period > 1) || y.length <= 2 * period || !isSeasonal(y, period)) return null;
  const factors = seasonFactors(y, period);
  return factors?.some((factor) => factor < 1e-6) ? null : factors;
}

/** Autocorrelations at lags 0 to `most`; all zero for a constant series. */
export function autocorrelations(y: Float64Array, most: number): Float64Array {
  const n = y.length;
  const mean = y.reduce((sum, value) => sum + value / n, 0);
  const r = new Float64Array(most + 1);
  for (let k = 0; k <= most; k++) {
    for (let t = k; t < n; t++) r[k]! += (y[t]! - mean) * (y[t - k]! - mean);
  }
  const variance = r[0]!;
  return variance > 0 ? r.map((value) => value / variance) : r.fill(0);
}

/**
 * Classical multiplicative season factors with mean 1, indexed by (period number modulo season) from the first value:
 * means of the ratios to a centred moving average. Null when the average touches zero or there are too few seasons.
 */
export function seasonFactors(y: Float64Array, period: number): Float64Array | null {
  const n = y.length;
  if (n < 2 * period) return null;
  const half = Math.floor(period / 2);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let t = half; t < n - half; t++) {
    let around = 0;
    for (let k = -half; k <= half; k++) {
      const isHalved = period % 2 === 0 && Math.abs(k) === half;
      around += y[t + k]! * (isHalved ? 0.5 : 1);
    }
    if (!(around > 0)) return null;
    sums[t % period]! += (y[t]! * period) / around;
    counts[t % period]!++;
  }
  const factors = sums.map((sum, i) => sum / counts[i]!);
  const mean = factors.reduce((sum, value) => sum + value / period, 0);
  if (!Number.isFinite(mean) || !(mean > 0)) return null;
  return factors.map((value) => value / mean);
}
