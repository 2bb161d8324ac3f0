/** Weights and their covariance (row by row, symmetric), moved by one observation at a time. */
export interface LeastSquares {
  readonly weights: Float64Array;
  readonly covariance: Float64Array;
}

/**
 * Recursive least squares with forgetting (Plackett 1950; Ljung & Soderstrom 1983):
 *   k = P x / (f + x'P x),  w += k (y - w'x),  P = (P - k x'P) / f
 * Forgetting stops while the covariance is as large as `mostTrace`: features that stand still would blow it up.
 * `gain` is room for as many numbers as there are weights.
 */
export function updateLeastSquares(
  { weights, covariance }: LeastSquares,
  features: Float64Array,
  error: number,
  forgetting: number,
  mostTrace: number,
  gain: Float64Array,
): void {
  const n = weights.length;
  let spread = forgetting;
  let trace = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    const row = i * n;
    for (let j = 0; j < n; j++) sum += covariance[row + j]! * features[j]!;
    gain[i] = sum;
    spread += sum * features[i]!;
    trace += covariance[row + i]!;
  }
  const scale = trace < mostTrace * forgetting ? 1 / forgetting : 1;
  for (let i = 0; i < n; i++) {
    const g = gain[i]! / spread;
    weights[i]! += g * error;
    for (let j = i; j < n; j++) {
      const value = (covariance[i * n + j]! - g * gain[j]!) * scale;
      covariance[i * n + j] = value;
      covariance[j * n + i] = value;
    }
  }
}

/** The upper triangle of a symmetric matrix, row by row. */
export function packed(matrix: Float64Array, n: number): number[] {
  const values: number[] = [];
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) values.push(matrix[i * n + j]!);
  return values;
}

/** The symmetric matrix of an upper triangle. */
export function unpacked(values: readonly number[], n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      matrix[i * n + j] = values[at]!;
      matrix[j * n + i] = values[at++]!;
    }
  }
  return matrix;
}
