import type { ArimaOrder } from './order.ts';
import { emptyExpansion, expandInto } from './polynomial.ts';

/**
 * Half n log(S / n) of the errors that follow when everything before the sample was zero: a cheap stand-in for the exact
 * likelihood, to find where it is worth starting. Costs a few nanoseconds an observation, whatever the season.
 */
export function conditionalSquares(
  order: ArimaOrder,
  w: Float64Array,
): (packed: ArrayLike<number>) => number {
  const { p, q, P, Q, period } = order;
  const arma = emptyExpansion(order, Math.max(p + P * period, q + Q * period, 1));
  const { lags: arLags, dense: ar } = arma.ar;
  const { lags: maLags, dense: ma } = arma.ma;
  const longest = Math.max(arLags.at(-1) ?? 0, maLags.at(-1) ?? 0);
  // Zeros in front of both, so that no lag needs a test.
  const values = new Float64Array(longest + w.length);
  values.set(w, longest);
  const errors = new Float64Array(longest + w.length);
  const arWeights = new Float64Array(arLags.length);
  const maWeights = new Float64Array(maLags.length);
  return (packed) => {
    expandInto(arma, order, packed);
    for (let i = 0; i < arLags.length; i++) arWeights[i] = ar[arLags[i]! - 1]!;
    for (let i = 0; i < maLags.length; i++) maWeights[i] = ma[maLags[i]! - 1]!;
    let squares = 0;
    for (let t = longest; t < values.length; t++) {
      let error = values[t]!;
      for (let i = 0; i < arWeights.length; i++) error -= arWeights[i]! * values[t - arLags[i]!]!;
      for (let i = 0; i < maWeights.length; i++) error -= maWeights[i]! * errors[t - maLags[i]!]!;
      errors[t] = error;
      squares += error * error;
    }
    return 0.5 * w.length * Math.log(squares / w.length);
  };
}
