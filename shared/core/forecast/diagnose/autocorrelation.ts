/** Autocorrelations at lags 1..`most`: products around the mean over the sum of squares (divisor n, as in R). */
export function autocorrelations(y: ArrayLike<number>, most: number): Float64Array {
  const n = y.length;
  let mean = 0;
  for (let t = 0; t < n; t++) mean += y[t]! / n;
  let squares = 0;
  for (let t = 0; t < n; t++) squares += (y[t]! - mean) ** 2;
  const found = new Float64Array(Math.min(most, Math.max(0, n - 1)));
  if (!(squares > 0)) return found;
  for (let lag = 1; lag <= found.length; lag++) {
    let product = 0;
    for (let t = lag; t < n; t++) product += (y[t]! - mean) * (y[t - lag]! - mean);
    found[lag - 1] = product / squares;
  }
  return found;
}

/** Partial autocorrelations at lags 1..`most`, by Durbin (1960) and Levinson from the autocorrelations (as in R). */
export function partialAutocorrelations(y: ArrayLike<number>, most: number): Float64Array {
  const r = autocorrelations(y, most);
  const partial = new Float64Array(r.length);
  let before = new Float64Array(r.length);
  let remaining = 1;
  for (let k = 0; k < r.length; k++) {
    let above = r[k]!;
    for (let j = 0; j < k; j++) above -= before[j]! * r[k - 1 - j]!;
    const value = remaining > 0 ? above / remaining : 0;
    const next = before.slice();
    next[k] = value;
    for (let j = 0; j < k; j++) next[j] = before[j]! - value * before[k - 1 - j]!;
    before = next;
    partial[k] = value;
    remaining *= 1 - value * value;
  }
  return partial;
}
