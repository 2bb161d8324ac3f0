import type { ArimaOrder } from './order.ts';

/**
 * How near 1 a partial autocorrelation may come. An autoregression closer to a unit root is a difference in disguise
 * and its variance a loss of all digits; a moving average may lie almost on the circle, where its optimum often is.
 */
const AR_LIMIT = 0.9999;
const MA_LIMIT = 0.999999;

/**
 * Free numbers to coefficients of a stationary and invertible model (Monahan 1984; Jones 1980): each block's numbers go
 * through tanh to partial autocorrelations, and those through Durbin and Levinson to coefficients.
 * Both arrays are packed as ar, ma, sar, sma.
 */
export function coefficientsInto(out: Float64Array, free: ArrayLike<number>, order: ArimaOrder): void {
  const { p, q, P, Q } = order;
  block(out, free, 0, p, 1, AR_LIMIT);
  block(out, free, p, q, -1, MA_LIMIT);
  block(out, free, p + q, P, 1, AR_LIMIT);
  block(out, free, p + q + P, Q, -1, MA_LIMIT);
}

/** The free numbers that give these coefficients; those outside the region are brought just inside. */
export function freeNumbers(packed: ArrayLike<number>, order: ArimaOrder): Float64Array {
  const { p, q, P, Q } = order;
  const free = new Float64Array(p + q + P + Q);
  unblock(free, packed, 0, p, 1, AR_LIMIT);
  unblock(free, packed, p, q, -1, MA_LIMIT);
  unblock(free, packed, p + q, P, 1, AR_LIMIT);
  unblock(free, packed, p + q + P, Q, -1, MA_LIMIT);
  return free;
}

/** Whether every root of each block's polynomial lies farther out than `radius`; 1 asks for stationary and invertible. */
export function rootsBeyond(packed: ArrayLike<number>, order: ArimaOrder, radius: number): boolean {
  const { p, q, P, Q } = order;
  const areBeyond = (at: number, count: number, sign: 1 | -1): boolean => {
    // Coefficients times radius^i move the roots in by the radius.
    const scaled = Array.from({ length: count }, (_, i) => sign * packed[at + i]! * radius ** (i + 1));
    return partials(scaled)?.every((value) => Math.abs(value) < 1) ?? false;
  };
  return areBeyond(0, p, 1) && areBeyond(p, q, -1) && areBeyond(p + q, P, 1) && areBeyond(p + q + P, Q, -1);
}

function block(
  out: Float64Array,
  free: ArrayLike<number>,
  at: number,
  count: number,
  sign: 1 | -1,
  limit: number,
): void {
  for (let k = 0; k < count; k++) {
    const partial = limit * Math.tanh(free[at + k]!);
    // out[at + i] and its mirror at + k - 1 - i change together, so no copy is needed.
    for (let i = 0, j = k - 1; i <= j; i++, j--) {
      const low = out[at + i]!;
      const high = out[at + j]!;
      out[at + i] = low - partial * high;
      out[at + j] = high - partial * low;
    }
    out[at + k] = partial;
  }
  if (sign < 0) for (let i = 0; i < count; i++) out[at + i] = -out[at + i]!;
}

function unblock(
  free: Float64Array,
  packed: ArrayLike<number>,
  at: number,
  count: number,
  sign: 1 | -1,
  limit: number,
): void {
  let values = Array.from({ length: count }, (_, i) => sign * packed[at + i]!);
  let partial = partials(values);
  for (let shrinks = 0; shrinks < 60 && !partial?.every((value) => Math.abs(value) < 0.9995); shrinks++) {
    // Pulling the roots outwards keeps the shape of the polynomial.
    values = values.map((value, i) => value * 0.98 ** (i + 1));
    partial = partials(values);
  }
  for (let i = 0; i < count; i++) free[at + i] = Math.atanh((partial?.[i] ?? 0) / limit);
}

/** Partial autocorrelations of 1 - c1 B - c2 B^2 ..., by stepping down; null on or outside the circle. */
function partials(coefficients: readonly number[]): number[] | null {
  let current = [...coefficients];
  const found = new Array<number>(current.length);
  for (let k = current.length - 1; k >= 0; k--) {
    const partial = current[k]!;
    found[k] = partial;
    const rest = 1 - partial * partial;
    if (k > 0 && !(rest > 1e-14)) return null;
    current = current.slice(0, k).map((value, i) => (value + partial * current[k - 1 - i]!) / rest);
  }
  return found;
}
