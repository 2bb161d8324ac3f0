import type { ArimaOrder } from './order.ts';

/** A lag polynomial without its leading 1, and where its coefficients are not zero by construction. */
export interface LagPolynomial {
  /** Coefficient of lag i + 1 at i; as many as the filter wants, zeros included. */
  readonly dense: Float64Array;
  /** The lags that may carry a coefficient, ascending. */
  readonly lags: Int32Array;
}

/** Room for the two expanded polynomials of a model, padded to `length` lags. */
export interface ExpandedArma {
  /** w(t) = sum of ar(i) w(t-i) + ... */
  readonly ar: LagPolynomial;
  /** ... + e(t) + sum of ma(i) e(t-i) */
  readonly ma: LagPolynomial;
}

/** Makes room for `expandInto`. */
export function emptyExpansion(order: ArimaOrder, length: number): ExpandedArma {
  const { p, q, P, Q, period } = order;
  return {
    ar: { dense: new Float64Array(length), lags: productLags(p, P, period) },
    ma: { dense: new Float64Array(length), lags: productLags(q, Q, period) },
  };
}

/**
 * Multiplies out the seasonal model (Box & Jenkins 1970, chapter 9), coefficients packed as ar, ma, sar, sma:
 *   phi(B) Phi(B^m) w = theta(B) Theta(B^m) e,   phi = 1 - ar1 B - ...,   theta = 1 + ma1 B + ...
 */
export function expandInto(into: ExpandedArma, order: ArimaOrder, packed: ArrayLike<number>): void {
  const { p, q, P, Q, period } = order;
  multiply(into.ar.dense, packed, 0, p, p + q, P, period, -1);
  multiply(into.ma.dense, packed, p, q, p + q + P, Q, period, 1);
}

function multiply(
  out: Float64Array,
  packed: ArrayLike<number>,
  at: number,
  count: number,
  seasonalAt: number,
  seasonalCount: number,
  period: number,
  sign: 1 | -1,
): void {
  out.fill(0);
  for (let i = 0; i < count; i++) out[i]! += packed[at + i]!;
  for (let j = 1; j <= seasonalCount; j++) {
    const seasonal = packed[seasonalAt + j - 1]!;
    out[j * period - 1]! += seasonal;
    for (let i = 0; i < count; i++) out[j * period + i]! += sign * seasonal * packed[at + i]!;
  }
}

function productLags(count: number, seasonalCount: number, period: number): Int32Array {
  const lags = new Set<number>();
  for (let j = 0; j <= seasonalCount; j++) {
    for (let i = 0; i <= count; i++) if (i + j > 0) lags.add(j * period + i);
  }
  return Int32Array.from(lags).sort();
}

/**
 * Differencing (1-B)^d (1-B^m)^D as z(t) = w(t) + sum of the coefficients times z(t-lag): the coefficients of lags
 * 1 to d + m D.
 */
export function integrationCoefficients({ d, D, period }: ArimaOrder): Float64Array {
  let product = [1];
  const times = (lag: number): void => {
    const next = [...product, ...new Array<number>(lag).fill(0)];
    for (let i = 0; i < product.length; i++) next[i + lag]! -= product[i]!;
    product = next;
  };
  for (let i = 0; i < D; i++) times(period);
  for (let i = 0; i < d; i++) times(1);
  return Float64Array.from(product.slice(1), (value) => -value);
}

/** The series differenced d times at lag 1 and D times at the season; shorter by d + m D. */
export function differenced(
  z: Float64Array,
  { d, D, period }: Pick<ArimaOrder, 'd' | 'D' | 'period'>,
): Float64Array {
  let w = z;
  for (let i = 0; i < D; i++) w = lagged(w, period);
  for (let i = 0; i < d; i++) w = lagged(w, 1);
  return w;
}

function lagged(z: Float64Array, lag: number): Float64Array {
  const out = new Float64Array(Math.max(0, z.length - lag));
  for (let t = 0; t < out.length; t++) out[t] = z[t + lag]! - z[t]!;
  return out;
}
