import type { Futures } from './futures.ts';

/** Level of a quantile, as text ('0.975'), to one value for each period ahead. */
export type Quantiles = Readonly<Record<string, readonly number[]>>;

export interface Forecast {
  /** Expected quantity of each period ahead. */
  readonly mean: readonly number[];
  readonly quantiles: Quantiles;
}

/** What a model keeps of a series: plain JSON, at most 2 KB. */
export type ModelState = { readonly model: string } & Readonly<Record<string, unknown>>;

/** A model that has seen a history; only that can forecast. */
export interface Fitted<State extends ModelState = ModelState> {
  forecast(horizon: number, levels: readonly number[]): Forecast;
  /** Simulated futures of the whole horizon: what sums over several periods are read from. */
  paths(horizon: number, count: number, seed: number): Float64Array[];
  /** The same, of models that draw period by period: futures of a shorter horizon are how those of a longer one begin. */
  futures?(horizon: number, count: number, seed: number): Futures;
  /** `fromState(toState())` forecasts the same, to the last bit. */
  toState(): State;
}

/** Quantities of equally long periods, oldest first; NaN is unknown. */
export type History = ArrayLike<number>;

/** A history that a model cannot be fitted to, and why. */
export class HistoryError extends RangeError {
  override readonly name = 'HistoryError';
}

/** Most periods ahead, and most paths, that one call may ask for. */
const MOST_PERIODS = 1000;
const MOST_PATHS = 100_000;

/** Throws RangeError when a horizon, its levels or the number of paths make no sense. */
export function assertAsked(horizon: number, levels: readonly number[] = [], paths = 1): void {
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > MOST_PERIODS) {
    throw new RangeError(`a horizon of ${horizon} is not a whole number from 1 to ${MOST_PERIODS}`);
  }
  if (!Number.isInteger(paths) || paths < 1 || paths > MOST_PATHS) {
    throw new RangeError(`${paths} paths are not a whole number from 1 to ${MOST_PATHS}`);
  }
  for (const level of levels) {
    if (!(level > 0 && level < 1)) throw new RangeError(`a quantile level of ${level} is not inside 0..1`);
  }
}

/** The known values of a history; HistoryError when fewer than `least` or one is infinite. */
export function knownValues(history: History, least: number): Float64Array {
  const known = Float64Array.from(history).filter((value) => !Number.isNaN(value));
  if (!known.every(Number.isFinite)) throw new HistoryError('a quantity of the history is infinite');
  if (known.length < least)
    throw new HistoryError(`${known.length} known quantities, at least ${least} needed`);
  return known;
}

/** Ten significant digits: far more than a forecast has, and short enough to store. */
export function rounded(value: number): number {
  return Number(value.toPrecision(10));
}
