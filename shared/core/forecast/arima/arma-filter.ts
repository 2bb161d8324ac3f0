import { type ArimaOrder, stateLength } from './order.ts';
import { emptyExpansion, expandInto, type LagPolynomial } from './polynomial.ts';
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
}

/** No forecast errs by less than the error itself, whose variance is 1: F below that is rounding grown large. */
const LEAST_VARIANCE = 1 - 1e-6;

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
  const { dense: ar, lags } = arma.ar;
  const count = columns.length;
  const errors = new Float64Array(count * length);
  const states = new Float64Array(count * width);
  // One longer than the state, so that shifting needs no special end.
  const gain = new Float64Array(width);
  const step = new Float64Array(width);
  const end: FilterEnd = { states, gain, step, variance: 1 };
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
      if (!(variance > LEAST_VARIANCE && variance < 1e15)) return false;
      product *= variance;
      if (product > 1e200 || product < 1e-200) {
        log += Math.log(product);
        product = 1;
      }
      const scale = 1 / Math.sqrt(variance);
      // The first column moves together with gain and step, which saves a pass over the state.
      const lead = states[0]!;
      const leadError = columns[0]![t]! - lead;
      errors[t] = leadError * scale;
      for (let c = 1; c < count; c++) {
        const at = c * width;
        const first = states[at]!;
        const error = columns[c]![t]! - first;
        errors[c * length + t] = error * scale;
        const scaled = error / variance;
        for (let i = 0; i < r; i++) states[at + i] = states[at + i + 1]! + gain[i]! * scaled;
        for (let i = 0; i < lags.length; i++) states[at + lags[i]! - 1]! += ar[lags[i]! - 1]! * first;
      }
      variance = moveGain(gain, step, r, arma.ar, variance, states, leadError / variance);
      for (let i = 0; i < lags.length; i++) states[lags[i]! - 1]! += ar[lags[i]! - 1]! * lead;
    }
    filter.logDeterminant = log + Math.log(product);
    end.variance = variance;
    return variance > LEAST_VARIANCE;
  }
  return filter;
}

/**
 * One period on for gain and step; answers the next F. The first r numbers of `state` move along by their shift and the
 * old gain times `scaled`, without their autoregression.
 */
export function moveGain(
  gain: Float64Array,
  step: Float64Array,
  r: number,
  { dense, lags }: LagPolynomial,
  variance: number,
  state: Float64Array,
  scaled: number,
): number {
  const first = step[0]!;
  const k = first / variance;
  for (let i = 0; i < r; i++) {
    const moved = step[i + 1]!;
    const g = gain[i]!;
    state[i] = state[i + 1]! + g * scaled;
    gain[i] = g - k * moved;
    step[i] = moved - k * g;
  }
  // Few lags of a seasonal autoregression differ from zero: theirs is added afterwards.
  for (let i = 0; i < lags.length; i++) {
    const at = lags[i]! - 1;
    const added = dense[at]! * first;
    gain[at]! -= k * added;
    step[at]! += added;
  }
  return variance * (1 - k * k);
}
