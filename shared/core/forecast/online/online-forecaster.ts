import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, HistoryError, type ModelState } from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';
import { DemandMemory, type DemandMemoryState } from './demand-memory.ts';
import { errorGrowth } from './error-growth.ts';
import { type PageHinkleyState, pageHinkley } from './page-hinkley.ts';
import { type PrequentialState, prequential } from './prequential.ts';
import { type LeastSquares, packed, unpacked, updateLeastSquares } from './recursive-least-squares.ts';

export interface OnlineOptions {
  /** Periods in a season, at most 60; 1 for none. */
  readonly period?: number;
  /** A smooth wave over the season besides the value a season ago. */
  readonly hasWave?: boolean;
  /** Memory of the regression: an observation n ago weighs forgetting^n. Default 0.995. */
  readonly forgetting?: number;
}

export type OnlineState = ModelState & {
  readonly model: 'online';
  readonly period: number;
  readonly hasWave: boolean;
  readonly forgetting: number;
  readonly memory: DemandMemoryState;
  readonly weights: readonly number[];
  /** Upper triangle, row by row. */
  readonly covariance: readonly number[];
  /** Fading mean square of the one-step errors. */
  readonly noise: number;
  readonly low: number;
  readonly high: number;
  readonly drift: PageHinkleyState;
  readonly score: PrequentialState;
};

/** A forecaster that is always up to date: constant time and memory for each value. */
export interface OnlineForecaster extends Fitted<OnlineState> {
  /** Takes the next value (NaN: unknown); true when it found the level to have shifted. */
  observe(value: number): boolean;
  /** Whether its one-step forecasts beat those of exponential smoothing lately. */
  earnsUse(margin?: number): boolean;
}

const LONGEST_PERIOD = 60;
/** Weights before anything is known: exponential smoothing. Order as in DemandMemory. */
const PRIOR_WEIGHTS = [0, 0.6, 0.4, 0, 0, 0];
/** Variance of the doubt about each of them. */
const PRIOR_DOUBT = 0.02;
const NOISE_WEIGHT = 0.03;
const CALM_ERRORS = 4;
/** Standardised errors count up to this in the drift test: a single spike is no shift. */
const MOST_STEP = 5;
/** Squared errors count up to this many times the usual one. */
const MOST_SURPRISE = 25;

/** Learns a whole history, oldest first. HistoryError when nothing is known or a quantity is infinite. */
export function fitOnline(history: History, options: OnlineOptions = {}): OnlineForecaster {
  const fitted = onlineForecaster(options);
  for (let t = 0; t < history.length; t++) fitted.observe(history[t]!);
  if (fitted.toState().memory.seen === 0) throw new HistoryError('no known quantity');
  return fitted;
}

/** The forecaster as it was stored: it forecasts and learns on as if it had never stopped. */
export function onlineOf(state: OnlineState): OnlineForecaster {
  return onlineForecaster(state, state);
}

/**
 * Recursive least squares with forgetting on the last value, two levels and the value a season ago. Further periods
 * come from feeding forecasts back in. When Page and Hinkley's test finds that the level has shifted, the slow level
 * starts over from the newest values, so that it follows at once.
 */
export function onlineForecaster(options: OnlineOptions = {}, state?: OnlineState): OnlineForecaster {
  const { period = 1, hasWave = false, forgetting = 0.995 } = options;
  if (!Number.isInteger(period) || period < 1 || period > LONGEST_PERIOD) {
    throw new RangeError(`a season of ${period} is not a whole number from 1 to ${LONGEST_PERIOD}`);
  }
  if (!(forgetting > 0.5 && forgetting <= 1))
    throw new RangeError(`forgetting ${forgetting} is not in 0.5..1`);
  const memory = new DemandMemory(period, hasWave && period > 2);
  const size = memory.size;
  const features = new Float64Array(size);
  const gain = new Float64Array(size);
  const squares: LeastSquares = {
    weights: Float64Array.from(state?.weights ?? PRIOR_WEIGHTS.slice(0, size)),
    covariance: state ? unpacked(state.covariance, size) : new Float64Array(size * size),
  };
  if (state) memory.copy(state.memory);
  const drift = pageHinkley({}, state?.drift);
  const score = prequential(50, state?.score);
  let noise = state?.noise ?? 0;
  let low = state?.low ?? Number.NaN;
  let high = state?.high ?? Number.NaN;

  /** The next value by these features, inside twice the range seen so far and not negative unless the series was. */
  const bounded = (value: number): number => {
    const range = high - low;
    return Math.min(high + range, Math.max(low < 0 ? low - range : 0, value));
  };
  const predicted = (of: DemandMemory): number => {
    of.fill(features);
    let sum = 0;
    for (let i = 0; i < size; i++) sum += squares.weights[i]! * features[i]!;
    return bounded(sum);
  };
  /** Nothing is known of the weights but their prior, relative to the noise. */
  const doubt = (): void => {
    squares.covariance.fill(0);
    for (let i = 0; i < size; i++) squares.covariance[i * size + i] = PRIOR_DOUBT / noise;
  };

  const observe = (value: number): boolean => {
    if (Number.isNaN(value)) {
      if (memory.seen > 0) memory.add(predicted(memory));
      return false;
    }
    if (!Number.isFinite(value)) throw new HistoryError('a quantity of the history is infinite');
    if (memory.seen === 0) {
      low = value;
      high = value;
      memory.add(value);
      return false;
    }
    const forecast = predicted(memory);
    const error = value - forecast;
    score.observe(value, forecast, memory.fast);
    if (value < low) low = value;
    if (value > high) high = value;
    const usual = Math.sqrt(noise);
    const hasShifted =
      memory.seen > CALM_ERRORS &&
      usual > 0 &&
      drift.observe(Math.max(-MOST_STEP, Math.min(MOST_STEP, error / usual)));
    // One wild value would hide the next from the drift test.
    const square = noise > 0 ? Math.min(error * error, MOST_SURPRISE * noise) : error * error;
    noise += Math.max(NOISE_WEIGHT, 1 / memory.seen) * (square - noise);
    // A series without any noise so far has nothing to learn from.
    if (noise > 0 && memory.seen >= CALM_ERRORS && !(squares.covariance[0]! > 0)) doubt();
    if (hasShifted) {
      // A few surprises of one direction made the alarm: the fast level has seen them, the slow one starts there.
      memory.slow = memory.fast;
    } else if (noise > 0) {
      const mostTrace = (size * PRIOR_DOUBT) / noise;
      updateLeastSquares(squares, features, error, forgetting, mostTrace, gain);
    }
    memory.add(value);
    return hasShifted;
  };
  const ahead = new DemandMemory(period, hasWave && period > 2);
  const meansAhead = (horizon: number): number[] => {
    ahead.copy(memory);
    return Array.from({ length: horizon }, () => {
      const value = predicted(ahead);
      ahead.add(value);
      return value;
    });
  };
  return {
    observe,
    earnsUse: (margin = 1) => score.earnsUse(margin),
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = meansAhead(horizon);
      const variance = Array.from(errorGrowth(memory, squares.weights, horizon), (times) => times * noise);
      const quantiles = normalQuantiles(mean, variance, levels);
      if (low < 0) return { mean, quantiles };
      const demand = Object.entries(quantiles).map(([at, row]) => [
        at,
        row.map((value) => Math.max(0, value)),
      ]);
      return { mean, quantiles: Object.fromEntries(demand) };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      const deviation = Math.sqrt(noise);
      return Array.from({ length: count }, () => {
        ahead.copy(memory);
        const path = new Float64Array(horizon);
        for (let h = 0; h < horizon; h++) {
          const value = bounded(predicted(ahead) + deviation * random.normal());
          path[h] = value;
          ahead.add(value);
        }
        return path;
      });
    },
    toState: () => ({
      model: 'online',
      period,
      hasWave,
      forgetting,
      memory: memory.toState(),
      weights: [...squares.weights],
      covariance: packed(squares.covariance, size),
      noise,
      low,
      high,
      drift: drift.toState(),
      score: score.toState(),
    }),
  };
}
