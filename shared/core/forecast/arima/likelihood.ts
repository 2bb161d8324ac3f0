import { armaFilter, type FilterEnd } from './arma-filter.ts';
import type { ArimaOrder } from './order.ts';

/** What the last evaluation found. */
export interface GlsResult {
  /** Sum of squared standardised errors, effects taken out. */
  readonly squares: number;
  /** log |Sigma / sigma^2| of the known observations. */
  readonly logDeterminant: number;
  /** Effect of each column; 0 for one that the others explain. */
  readonly effects: Float64Array;
  readonly end: FilterEnd;
}

export interface ArimaLikelihood {
  /** Known observations after differencing. */
  readonly count: number;
  /** -log L, maximised over sigma^2 and the effects; Infinity where the model has lost its digits. */
  (packed: ArrayLike<number>): number;
  readonly last: GlsResult;
}

/**
 * Exact Gaussian likelihood of a differenced series with effects by generalised least squares: the filter standardises
 * the series and each column, ordinary least squares on what comes out does the rest.
 *   -2 log L = n log(2 pi S / n) + n + log |Sigma / sigma^2|,   n known observations
 * The first `gaps` columns are 1 at one unknown observation each (before differencing). Their effects are those
 * observations' own values, and log |X' Sigma^-1 X| over them is what leaving the observations out adds to the
 * determinant (Gomez, Maravall & Pena 1999): the result is the likelihood of the known ones alone.
 */
export function arimaLikelihood(
  order: ArimaOrder,
  w: Float64Array,
  columns: readonly Float64Array[],
  gaps: number,
): ArimaLikelihood {
  const length = w.length;
  const k = columns.length;
  const size = k + 1;
  const filter = armaFilter(order, length, [...columns, w]);
  const gram = new Float64Array(size * size);
  const effects = new Float64Array(k);
  const count = length - gaps;
  const last = { squares: 0, logDeterminant: 0, effects, end: filter.end };

  const evaluate = (packed: ArrayLike<number>): number => {
    if (!filter.run(packed)) return Number.POSITIVE_INFINITY;
    innerProducts(filter.errors, length, size, gram);
    last.logDeterminant = filter.logDeterminant + factorise(gram, size, gaps);
    last.squares = gram[size * size - 1]! ** 2;
    for (let i = k - 1; i >= 0; i--) {
      let sum = gram[k * size + i]!;
      for (let j = i + 1; j < k; j++) sum -= gram[j * size + i]! * effects[j]!;
      effects[i] = sum / gram[i * size + i]!;
    }
    const sigma2 = last.squares / count;
    return 0.5 * (count * (Math.log(2 * Math.PI * sigma2) + 1) + last.logDeterminant);
  };
  return Object.assign(evaluate, { count, last });
}

function innerProducts(errors: Float64Array, length: number, size: number, gram: Float64Array): void {
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      const from = a * length;
      const shift = (b - a) * length;
      for (let i = from; i < from + length; i++) sum += errors[i]! * errors[i + shift]!;
      gram[a * size + b] = sum;
    }
  }
}

/** Cholesky in place, lower triangle; answers the log-determinant of the first `leading` rows. */
function factorise(a: Float64Array, size: number, leading: number): number {
  let log = 0;
  for (let j = 0; j < size; j++) {
    const whole = a[j * size + j]!;
    let d = whole;
    for (let i = 0; i < j; i++) d -= a[j * size + i]! ** 2;
    const isLast = j === size - 1;
    // A column that the others explain says nothing: an infinite pivot gives it no effect.
    const pivot = isLast
      ? Math.sqrt(Math.max(d, 0))
      : d > 1e-11 * whole
        ? Math.sqrt(d)
        : Number.POSITIVE_INFINITY;
    a[j * size + j] = pivot;
    if (j < leading && pivot < Number.POSITIVE_INFINITY) log += 2 * Math.log(pivot);
    for (let i = j + 1; i < size; i++) {
      let sum = a[i * size + j]!;
      for (let h = 0; h < j; h++) sum -= a[i * size + h]! * a[j * size + h]!;
      a[i * size + j] = sum / pivot;
    }
  }
  return log;
}
