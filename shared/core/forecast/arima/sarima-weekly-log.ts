import { normalCdf } from '../../math/normal.ts';
import {
  assertAsked,
  type Fitted,
  type History,
  HistoryError,
  knownValues,
  type ModelState,
  type Quantiles,
} from '../model.ts';
import { fitArima } from './arima.ts';
import { type ArimaState, arimaOf, constantArima } from './arima-model.ts';
import type { ArimaOrder } from './order.ts';

export type SarimaWeeklyLogState = ModelState & {
  readonly model: 'sarima-weekly-log';
  /** On the scale log(1 + y). */
  readonly inner: ArimaState;
  /** Nothing above this is forecast. */
  readonly most: number;
};

export interface SarimaWeeklyLogOptions {
  /** Periods in a season. Default 52. */
  readonly period?: number;
  /** Known inputs, whose effect is a factor of 1 + y. */
  readonly inputs?: readonly ArrayLike<number>[];
}

/** How far above the largest known quantity a forecast may go. */
const MOST_GROWTH = 10;
const LEAST_KNOWN = 8;
/** A longer one does not fit into a stored state. */
const LONGEST_SEASON = 104;
/** Level of the quantile that the deviation on the log scale is read from: that of one deviation. */
const ONE_DEVIATION = 0.8413447460685429;

/**
 * SARIMA(1,1,1)(1,0,1)[52] on log(1 + y), the classical model for weekly demand, by exact maximum likelihood. Without
 * two seasons of history, or with a season above 104 periods, the seasonal part is left out. Quantities below zero are a HistoryError, and so are fewer than
 * 8 known ones unless they are all the same.
 * Forecasts lie between 0 and ten times the largest known quantity, for the tail of a log-normal has no other bound;
 * the mean is that of the bounded variable, not exp of the mean of the logarithm, which would be a median.
 */
export function fitSarimaWeeklyLog(
  history: History,
  { period = 52, inputs = [] }: SarimaWeeklyLogOptions = {},
): Fitted<SarimaWeeklyLogState> {
  const known = knownValues(history, 1);
  if (known.some((value) => value < 0)) throw new HistoryError('a quantity below zero has no logarithm here');
  const largest = known.reduce((most, value) => Math.max(most, value), 0);
  const state = (inner: Fitted<ArimaState>): SarimaWeeklyLogState => ({
    model: 'sarima-weekly-log',
    inner: inner.toState(),
    most: MOST_GROWTH * largest,
  });
  if (known.every((value) => value === known[0])) {
    return sarimaWeeklyLogOf(state(constantArima(Math.log1p(known[0]!))));
  }
  if (known.length < LEAST_KNOWN) {
    throw new HistoryError(`${known.length} known quantities, at least ${LEAST_KNOWN} needed`);
  }
  const order = sarimaWeeklyOrder(known.length, period);
  const logs = Float64Array.from(history, (value) => Math.log1p(value));
  return sarimaWeeklyLogOf(state(fitArima(logs, { order, inputs })));
}

/** The orders of the classical weekly model for so many known quantities. */
export function sarimaWeeklyOrder(known: number, period: number): Partial<ArimaOrder> {
  const seasonal = known >= 2 * period && period > 1 && period <= LONGEST_SEASON ? 1 : 0;
  return { p: 1, d: 1, q: 1, P: seasonal, Q: seasonal, period };
}

/** The model as it was stored. */
export function sarimaWeeklyLogOf(state: SarimaWeeklyLogState): Fitted<SarimaWeeklyLogState> {
  const inner = arimaOf(state.inner);
  const { most } = state;
  const back = (value: number): number => Math.min(most, Math.max(0, Math.expm1(value)));
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const { mean, quantiles } = inner.forecast(horizon, [...levels, ONE_DEVIATION]);
      const above = quantiles[String(ONE_DEVIATION)]!;
      const found: Record<string, readonly number[]> = {};
      for (const level of levels) found[String(level)] = quantiles[String(level)]!.map(back);
      return {
        mean: mean.map((value, h) => boundedLogNormalMean(value, above[h]! - value, most)),
        quantiles: found satisfies Quantiles,
      };
    },
    paths: (horizon, count, seed) => inner.paths(horizon, count, seed).map((path) => path.map(back)),
    toState: () => state,
  };
}

/**
 * Mean of min(most, max(0, e^X - 1)) for X normal with this mean and deviation s:
 *   e^(mu + s^2/2) (Phi(b - s) - Phi(a - s)) - (Phi(b) - Phi(a)) + most (1 - Phi(b)),
 *   a = -mu / s,   b = (log(1 + most) - mu) / s
 * Far from the bounds that is e^(mu + s^2/2) - 1: mu 4, s 0.5 gives 60.8680.
 */
export function boundedLogNormalMean(mu: number, s: number, most: number): number {
  const bounded = (value: number): number => Math.min(most, Math.max(0, value));
  if (!(s > 1e-9)) return bounded(Math.expm1(mu));
  const a = -mu / s;
  const b = (Math.log1p(most) - mu) / s;
  // The product of a huge and a tiny number: where e^(...) overflows, everything lies above the bound or nothing counts.
  const inside = normalCdf(b - s) - normalCdf(a - s);
  const whole = inside > 0 ? Math.exp(mu + (s * s) / 2 + Math.log(inside)) : 0;
  return bounded(whole - (normalCdf(b) - normalCdf(a)) + most * normalCdf(-b));
}
