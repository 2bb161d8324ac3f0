/** Orders of a seasonal ARIMA(p,d,q)(P,D,Q)[period]. */
export interface ArimaOrder {
  readonly p: number;
  readonly d: number;
  readonly q: number;
  readonly P: number;
  readonly D: number;
  readonly Q: number;
  /** Periods in a season; 1 for none. */
  readonly period: number;
}

/** Highest orders that are taken: more are never wanted and would break the limit on the stored state. */
const MOST = { p: 10, d: 2, q: 10, P: 2, D: 1, Q: 2, period: 366 };
/** Most numbers that a stored model may hold: more do not fit into 2 KB. */
const LONGEST_STATE = 170;

/** Completes orders with zeros. Throws RangeError for orders that make no sense or are above the limits. */
export function arimaOrder(given: Partial<ArimaOrder>): ArimaOrder {
  const order = { p: 0, d: 0, q: 0, P: 0, D: 0, Q: 0, period: 1, ...given };
  for (const name of ['p', 'd', 'q', 'P', 'D', 'Q', 'period'] as const) {
    const value = order[name];
    if (!Number.isInteger(value) || value < (name === 'period' ? 1 : 0) || value > MOST[name]) {
      throw new RangeError(`ARIMA order ${name} = ${value} is not a whole number up to ${MOST[name]}`);
    }
  }
  if (order.period === 1 && order.P + order.D + order.Q > 0) {
    throw new RangeError('seasonal orders need a season of at least 2 periods');
  }
  if (stateLength(order) + lostToDifferences(order) > LONGEST_STATE) {
    throw new RangeError('the ARIMA orders are too long together for a stored state');
  }
  return order;
}

/** Number of coefficients: ar, ma, sar, sma, packed in this sequence. */
export function coefficientCount({ p, q, P, Q }: ArimaOrder): number {
  return p + q + P + Q;
}

/** Observations that differencing uses up. */
export function lostToDifferences({ d, D, period }: ArimaOrder): number {
  return d + D * period;
}

/** Length of the state vector of the expanded ARMA: max(p + P period, q + Q period + 1). */
export function stateLength({ p, q, P, Q, period }: ArimaOrder): number {
  return Math.max(p + P * period, q + Q * period + 1);
}
