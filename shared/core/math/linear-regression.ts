/** An ordinary least-squares fit. */
export interface LinearRegression {
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  readonly residuals: Float64Array;
  /** Sum of squared residuals. */
  readonly squares: number;
  /** Around the mean of y: means something when a column is constant. */
  readonly rSquared: number;
  readonly degrees: number;
}

/**
 * y = columns * coefficients + error by Householder's QR. Columns must be linearly independent and fewer than rows;
 * RangeError otherwise. A constant is a column like any other.
 */
export function linearRegression(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
): LinearRegression {
  const n = y.length;
  const k = columns.length;
  if (n <= k) throw new RangeError(`${n} rows for ${k} columns`);
  const q = columns.map((column) => Float64Array.from(column));
  const rest = Float64Array.from(y);
  const diagonal = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const v = q[j]!;
    let norm = 0;
    let whole = 0;
    for (let i = 0; i < n; i++) whole += v[i]! * v[i]!;
    for (let i = j; i < n; i++) norm += v[i]! * v[i]!;
    if (!(norm > 1e-20 * whole)) throw new RangeError(`column ${j} follows from those before it`);
    const alpha = v[j]! > 0 ? -Math.sqrt(norm) : Math.sqrt(norm);
    diagonal[j] = alpha;
    v[j]! -= alpha;
    const half = norm - alpha * (v[j]! + alpha);
    for (let c = j + 1; c < k; c++) reflect(v, q[c]!, j, half);
    reflect(v, rest, j, half);
  }
  const upper = (i: number, j: number): number => (i === j ? diagonal[i]! : q[j]![i]!);
  const coefficients = new Float64Array(k);
  for (let i = k - 1; i >= 0; i--) {
    let s = rest[i]!;
    for (let j = i + 1; j < k; j++) s -= upper(i, j) * coefficients[j]!;
    coefficients[i] = s / diagonal[i]!;
  }
  const residuals = new Float64Array(n);
  let squares = 0;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    let fitted = 0;
    for (let j = 0; j < k; j++) fitted += columns[j]![i]! * coefficients[j]!;
    residuals[i] = y[i]! - fitted;
    squares += residuals[i]! ** 2;
    mean += y[i]! / n;
  }
  let total = 0;
  for (let i = 0; i < n; i++) total += (y[i]! - mean) ** 2;
  const standardErrors = new Float64Array(k);
  // Rows of the inverse of R: (X'X)^-1 = R^-1 R^-T.
  for (let column = 0; column < k; column++) {
    const inverse = new Float64Array(k);
    for (let i = column; i >= 0; i--) {
      let s = i === column ? 1 : 0;
      for (let j = i + 1; j <= column; j++) s -= upper(i, j) * inverse[j]!;
      inverse[i] = s / diagonal[i]!;
      standardErrors[i]! += inverse[i]! ** 2;
    }
  }
  const variance = squares / (n - k);
  return {
    coefficients,
    standardErrors: standardErrors.map((value) => Math.sqrt(value * variance)),
    residuals,
    squares,
    rSquared: total > 0 ? 1 - squares / total : Number.NaN,
    degrees: n - k,
  };
}

function reflect(v: Float64Array, x: Float64Array, from: number, half: number): void {
  let dot = 0;
  for (let i = from; i < x.length; i++) dot += v[i]! * x[i]!;
  const factor = dot / half;
  for (let i = from; i < x.length; i++) x[i]! -= factor * v[i]!;
}
