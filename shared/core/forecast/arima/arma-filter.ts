import { type ArimaOrder, stateLength } from './order.ts';
import { emptyExpansion, expandInto } from './polynomial.ts';
import { startCovariance } from './start-covariance.ts';

/** Filters series of one length through one model, again and again, without allocating. */
export interface ArmaFilter {
  /** Standardised one-step errors of the last run, column after column: (w - forecast) / sqrt(F). */
  readonly errors: Float64Array;
  /** Sum of log F over the last run; F is the variance of the one-step error in units of sigma^2. */
  readonly logDeterminant: number;
  /** The state after the last run, from which the future is read. */
  readonly end: FilterEnd;
  /** Runs over all columns. False when the coefficients leave no digits: outside, or too near the unit circle. */
  run(packed: ArrayLike<number>): boolean;
}

/** The predicted state of each column (r + 1 numbers each, the last 0), the gain and the step of the recursion. */
export interface FilterEnd {
  readonly states: Float64Array;
  /** Cov(state(t+1), one-step error of t), not divided by F. */
  readonly gain: Float64Array;
  readonly step: Float64Array;
  /** The variance F of the next one-step error. */
  variance: number;
  /** Expanded autoregression, padded to r. */
  readonly ar: Float64Array;
}

/**
 * The exact Gaussian filter of a stationary ARMA in O(r) operations an observation: the Chandrasekhar recursion of
 * Morf, Sidhu & Kailath (1974) in the form of Pearlman (1980). The covariance of the state changes by a matrix of rank
 * one each period, so that vectors g (gain) and l (step) replace it:
 *   v = w - a[0],   a <- T a + g v / F,   k = l[0] / F,
 *   (g, l) <- (g - k T l, T l - k g),   F <- F (1 - k^2)
 * with (T x)[i] = x[i+1] + ar(i+1) x[0]. At the start a = 0, F = Var(w), g = l = Cov(state(t+1), w(t)).
 */
export function armaFilter(order: ArimaOrder, length: number, columns: readonly Float64Array[]): ArmaFilter {
  const r = stateLength(order);
  const width = r + 1;
  const arma = emptyExpansion(order, r);
  const start = startCovariance(arma, r);
  const ar = arma.ar.dense;
  const count = columns.length;
  const errors = new Float64Array(count * length);
  const states = new Float64Array(count * width);
  // One longer than the state, so that shifting needs no special end.
  const gain = new Float64Array(width);
  const step = new Float64Array(width);
  const end: FilterEnd = { states, gain, step, variance: 1, ar };
  const filter = { errors, logDeterminant: 0, end, run };

  function run(packed: ArrayLike<number>): boolean {
    expandInto(arma, order, packed);
    states.fill(0);
    let variance = start.into(gain);
    step.set(gain);
    let log = 0;
    // Logarithms are dear: products of many F, one logarithm now and then.
    let product = 1;
    for (let t = 0; t < length; t++) {
      if (!(variance > 0 && variance < 1e15)) return false;
      product *= variance;
      if (product > 1e200 || product < 1e-200) {
        log += Math.log(product);
        product = 1;
      }
      const scale = 1 / Math.sqrt(variance);
      for (let c = 0; c < count; c++) {
        const at = c * width;
        const first = states[at]!;
        const error = columns[c]![t]! - first;
        errors[c * length + t] = error * scale;
        moveState(states, at, r, ar, gain, first, error / variance);
      }
      variance = moveGain(gain, step, r, ar, variance);
    }
    filter.logDeterminant = log + Math.log(product);
    end.variance = variance;
    return variance > 0;
  }
  return filter;
}

/** One period on for a state: a <- T a + g times the scaled error. */
export function moveState(
  states: Float64Array,
  at: number,
  r: number,
  ar: Float64Array,
  gain: Float64Array,
  first: number,
  scaled: number,
): void {
  for (let i = 0; i < r; i++) {
    states[at + i] = states[at + i + 1]! + ar[i]! * first + gain[i]! * scaled;
  }
}

/** One period on for gain and step; answers the next F. */
export function moveGain(
  gain: Float64Array,
  step: Float64Array,
  r: number,
  ar: Float64Array,
  variance: number,
): number {
  const first = step[0]!;
  const k = first / variance;
  for (let i = 0; i < r; i++) {
    const moved = step[i + 1]! + ar[i]! * first;
    const g = gain[i]!;
    gain[i] = g - k * moved;
    step[i] = moved - k * g;
  }
  return variance * (1 - k * k);
}
