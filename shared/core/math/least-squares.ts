/**
 * Solves the symmetric positive system A x = b (Cholesky), A row by row in a flat array of n * n.
 * A direction that the data says nothing about gets 0 instead of noise.
 */
export function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const l = new Float64Array(n * n);
  const x = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let d = a[j * n + j]!;
    for (let k = 0; k < j; k++) d -= l[j * n + k]! ** 2;
    const isFree = !(d > 1e-12 * a[j * n + j]!) || !(d > 0);
    l[j * n + j] = isFree ? Number.POSITIVE_INFINITY : Math.sqrt(d);
    for (let i = j + 1; i < n; i++) {
      let s = a[i * n + j]!;
      for (let k = 0; k < j; k++) s -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = s / l[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    let s = b[i]!;
    for (let k = 0; k < i; k++) s -= l[i * n + k]! * x[k]!;
    x[i] = s / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = x[i]!;
    for (let k = i + 1; k < n; k++) s -= l[k * n + i]! * x[k]!;
    x[i] = s / l[i * n + i]!;
  }
  return x;
}

/** Straight line through (1, y1), (2, y2), ...: level at 0 and slope. */
export function fitLine(values: ArrayLike<number>): { level: number; slope: number } {
  const n = values.length;
  const middle = (n + 1) / 2;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let above = 0;
  let below = 0;
  for (let i = 0; i < n; i++) {
    above += (i + 1 - middle) * (values[i]! - mean);
    below += (i + 1 - middle) ** 2;
  }
  const slope = below > 0 ? above / below : 0;
  return { level: mean - slope * middle, slope };
}
