import { moveGain } from './arma-filter.ts';
import { type ArimaOrder, stateLength } from './order.ts';
import { emptyExpansion, expandInto, integrationCoefficients } from './polynomial.ts';
import { startCovariance } from './start-covariance.ts';

/** Where a model stands after its history, and what is to come of it. */
export interface ArimaEnd {
  readonly order: ArimaOrder;
  /** ar, ma, sar, sma. */
  readonly packed: ArrayLike<number>;
  /** Observations that the filter has seen: its gain still depends on them. */
  readonly seen: number;
  /** Predicted state of the differenced series. */
  readonly ahead: ArrayLike<number>;
  /** The last d + m D values before differencing, oldest first, effects taken out. */
  readonly last: ArrayLike<number>;
  /** Mean of the differenced series. */
  readonly constant: number;
}

export interface Futures {
  /** Without the effects of waves and inputs. */
  readonly mean: Float64Array;
  /** Row h, column j: what a standard normal shock of period j, times sigma, adds to period h. */
  readonly shocks: Float64Array;
}

/** After so many observations the gain is taken as it is. */
const MOST_SEEN = 3000;

/**
 * Means of the periods ahead and what each future shock does to them, exact for the finite sample: the recursion of the
 * filter goes on without data, its one-step errors are independent with variances F(n+1), F(n+2), ..., and an error of
 * period j moves the state by g(j) / F(j). Differences are summed up again. O(horizon^2) operations.
 */
export function arimaFutures(end: ArimaEnd, horizon: number): Futures {
  const { order } = end;
  const r = stateLength(order);
  const arma = emptyExpansion(order, r);
  expandInto(arma, order, end.packed);
  const ar = arma.ar.dense;
  const lags = arma.ar.lags;
  const sums = integrationCoefficients(order);
  const sumLags = Int32Array.from(sums.keys()).filter((i) => sums[i] !== 0);
  const gain = new Float64Array(r + 1);
  let variance = startCovariance(arma, r).into(gain);
  const step = gain.slice();
  const unused = new Float64Array(r + 1);
  const move = (): void => {
    variance = moveGain(gain, step, r, arma.ar, variance, unused, 0);
    if (variance > 1) return;
    // The limit is reached: from here on only rounding would change the gain.
    variance = 1;
    step.fill(0);
  };
  for (let t = Math.min(end.seen, MOST_SEEN); t > 0; t--) move();

  // What a state says of the periods after it, by the autoregression alone, then summed up.
  const respond = (
    out: Float64Array,
    at: number,
    first: number,
    state: ArrayLike<number>,
    scale: number,
  ): void => {
    for (let h = first; h < horizon; h++) {
      const i = h - first;
      let value = i < r ? scale * state[i]! : 0;
      for (let k = 0; k < lags.length && lags[k]! <= i; k++)
        value += ar[lags[k]! - 1]! * out[at + h - lags[k]!]!;
      out[at + h] = value;
    }
  };
  const integrate = (out: Float64Array, at: number, first: number, last: ArrayLike<number>): void => {
    for (let h = first; h < horizon; h++) {
      for (const i of sumLags) {
        const back = h - 1 - i;
        const before = back >= first ? out[at + back]! : (last[last.length + back] ?? 0);
        out[at + h]! += sums[i]! * before;
      }
    }
  };

  const mean = new Float64Array(horizon);
  respond(mean, 0, 0, end.ahead, 1);
  for (let h = 0; h < horizon; h++) mean[h]! += end.constant;
  integrate(mean, 0, 0, end.last);

  const shocks = new Float64Array(horizon * horizon);
  const column = new Float64Array(horizon);
  for (let j = 0; j < horizon; j++) {
    const deviation = Math.sqrt(variance);
    column.fill(0);
    column[j] = deviation;
    respond(column, 0, j + 1, gain, 1 / deviation);
    integrate(column, 0, j, []);
    for (let h = j; h < horizon; h++) shocks[h * horizon + j] = column[h]!;
    move();
  }
  return { mean, shocks };
}
