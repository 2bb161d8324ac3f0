import { seededRandom } from '../../math/random.ts';
import {
  assertAsked,
  type Fitted,
  type History,
  HistoryError,
  knownValues,
  type ModelState,
} from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';
import { packDoubles, unpackDoubles } from './packed-doubles.ts';
import { type LeastSquares, packed, unpacked, updateLeastSquares } from './recursive-least-squares.ts';
import { effectsOf, type StoredEffects, storedEffects } from './stored-effects.ts';

export interface OnlineRegressionOptions {
  /** Periods in a season; 1 for none. */
  readonly period?: number;
  /**
   * Known inputs of mean 0 and deviation 1 or so, at most `regressionInputs`: a value for each period of the history,
   * and for those ahead that are known.
   */
  readonly inputs?: readonly ArrayLike<number>[];
  /** Memory: an observation n ago weighs forgetting^n. Default 0.995. */
  readonly forgetting?: number;
}

export type OnlineRegressionState = ModelState & {
  readonly model: 'regression';
  readonly period: number;
  readonly forgetting: number;
  /** Number of inputs. */
  readonly inputs: number;
  /** Periods seen, unknown ones included. */
  readonly seen: number;
  /** Known quantities seen. */
  readonly known: number;
  /** Constant, waves, inputs. */
  readonly weights: readonly number[];
  /** Upper triangle, row by row, as `packDoubles` writes it. */
  readonly covariance: string;
  /** Smoothed error: how far the newest quantities lie from the regression. */
  readonly carry: number;
  /** Fading mean square of the one-step errors. */
  readonly noise: number;
  /** Whether a quantity below zero was seen. */
  readonly isSigned: boolean;
  /** Joint effect of the known inputs on each period ahead; no periods without inputs. */
  readonly ahead: StoredEffects;
};

/** A regression that is always up to date: constant time and memory for each quantity. */
export interface OnlineRegression extends Fitted<OnlineRegressionState> {
  /** Takes the next quantity (NaN: unknown) and its inputs. Inputs ahead have to be given again then. */
  observe(value: number, inputs?: ArrayLike<number>): void;
  /** Gives the inputs of the periods ahead, one column each; of more than 900 periods the first 900 are kept. */
  expect(ahead: readonly ArrayLike<number>[]): void;
}

/** Constant, waves and inputs: their covariance has to fit into a stored state. */
const MOST_FEATURES = 10;
/** A season of up to 7 periods is known whole by three pairs of a cosine and a sine; of a longer one, its first wave. */
const SHORT_SEASON = 7;
/** Doubt about the constant, and about each effect, in variances of the noise. */
const PRIOR_CONSTANT = 1e6;
const PRIOR_EFFECT = 1;
const CARRY_WEIGHT = 0.2;
const NOISE_WEIGHT = 0.03;

/** Learns a whole history, oldest first. HistoryError when nothing is known or something is infinite. */
export function fitOnlineRegression(
  history: History,
  { inputs = [], ...options }: OnlineRegressionOptions = {},
): OnlineRegression {
  knownValues(history, 1);
  const fitted = onlineRegression({ ...options, inputs: inputs.length });
  const row = new Float64Array(inputs.length);
  for (let t = 0; t < history.length; t++) {
    for (let k = 0; k < row.length; k++) row[k] = inputs[k]![t]!;
    fitted.observe(history[t]!, row);
  }
  if (inputs.length > 0) fitted.expect(inputs.map((input) => Array.from(input).slice(history.length)));
  return fitted;
}

/** The regression as it was stored: it forecasts and learns on as if it had never stopped. */
export function onlineRegressionOf(state: OnlineRegressionState): OnlineRegression {
  return onlineRegression(state, state);
}

/**
 * Linear regression by recursive least squares with forgetting, on a constant, a wave over the season and known inputs;
 * what the newest quantities differ from it is smoothed and carried on:
 *   y[t] = w' x[t] + c[t-1] + e[t],   c[t] = c[t-1] + 0.2 e[t]
 * Without forgetting the weights are those of ridge regression with a penalty of one observation on each effect. The
 * constant starts at the first quantity, so that a series that never changes is forecast exactly.
 */
export function onlineRegression(
  options: { readonly period?: number; readonly inputs?: number; readonly forgetting?: number } = {},
  state?: OnlineRegressionState,
): OnlineRegression {
  const { period = 1, inputs = 0, forgetting = 0.995 } = options;
  if (!Number.isInteger(period) || period < 1) throw new RangeError(`a season of ${period}`);
  if (inputs > regressionInputs(period)) throw new RangeError(`more than ${regressionInputs(period)} inputs`);
  if (!(forgetting > 0.5 && forgetting <= 1))
    throw new RangeError(`forgetting ${forgetting} is not in 0.5..1`);
  const waves = wavesOf(period);
  const size = 1 + waves + inputs;
  const features = new Float64Array(size);
  const gain = new Float64Array(size);
  const squares: LeastSquares = {
    weights: Float64Array.from(state?.weights ?? new Float64Array(size)),
    covariance: state ? unpacked([...unpackDoubles(state.covariance)], size) : prior(size),
  };
  const mostTrace = PRIOR_CONSTANT + (size - 1) * PRIOR_EFFECT;
  let seen = state?.seen ?? 0;
  let known = state?.known ?? 0;
  let carry = state?.carry ?? 0;
  let noise = state?.noise ?? 0;
  let isSigned = state?.isSigned ?? false;
  let stored = state?.ahead ?? storedEffects([]);
  let ahead = effectsOf(stored);

  const calendar = (t: number): void => {
    features[0] = 1;
    for (let k = 1; k <= waves / 2; k++) {
      const angle = (2 * Math.PI * ((k * t) % period)) / period;
      features[2 * k - 1] = Math.cos(angle);
      features[2 * k] = Math.sin(angle);
    }
  };
  const fitted = (): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += squares.weights[i]! * features[i]!;
    return sum;
  };
  const means = (horizon: number): Float64Array => {
    if (inputs > 0 && horizon > ahead.length)
      throw new RangeError(`${horizon} periods asked for, inputs known for ${ahead.length}`);
    features.fill(0);
    return Float64Array.from({ length: horizon }, (_, h) => {
      calendar(seen + h);
      return fitted() + carry + (ahead[h] ?? 0);
    });
  };
  /** What is forecast from is what is stored: a revived regression knows no less. */
  const expectEffects = (effects: readonly number[]): void => {
    stored = storedEffects(effects);
    ahead = effectsOf(stored);
  };
  const floor = (value: number): number => (isSigned ? value : Math.max(0, value));
  return {
    observe(value, given = []) {
      if (given.length !== inputs) throw new RangeError(`${given.length} inputs instead of ${inputs}`);
      if (ahead.length > 0) expectEffects([]);
      calendar(seen++);
      if (Number.isNaN(value)) return;
      if (!Number.isFinite(value)) throw new HistoryError('a quantity of the history is infinite');
      for (let k = 0; k < inputs; k++) {
        if (!Number.isFinite(given[k])) throw new HistoryError('an input is unknown within the history');
        features[1 + waves + k] = given[k]!;
      }
      isSigned ||= value < 0;
      // All that one quantity says is the level: effects start to be learned from what differs from it.
      if (known === 0) squares.weights[0] = value;
      const own = value - fitted();
      const error = own - carry;
      if (known > 0) {
        noise += Math.max(NOISE_WEIGHT, 1 / known) * (error * error - noise);
        carry += CARRY_WEIGHT * error;
      }
      known++;
      updateLeastSquares(squares, features, own, forgetting, mostTrace, gain);
    },
    expect(columns) {
      if (columns.length !== inputs) throw new RangeError(`${columns.length} inputs instead of ${inputs}`);
      const periods = inputs > 0 ? Math.min(...columns.map((column) => column.length)) : 0;
      const effects = Array.from({ length: periods }, (_, h) => {
        let sum = 0;
        for (let k = 0; k < inputs; k++) sum += squares.weights[1 + waves + k]! * columns[k]![h]!;
        if (!Number.isFinite(sum)) throw new RangeError('an input ahead is unknown');
        return sum;
      });
      expectEffects(effects);
    },
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = Array.from(means(horizon));
      const variance = mean.map((_, h) => noise * (1 + h * CARRY_WEIGHT ** 2));
      const quantiles = Object.entries(normalQuantiles(mean, variance, levels));
      return {
        mean: mean.map(floor),
        quantiles: Object.fromEntries(quantiles.map(([level, row]) => [level, row.map(floor)])),
      };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      const mean = means(horizon);
      const deviation = Math.sqrt(noise);
      return Array.from({ length: count }, () => {
        let shift = 0;
        return mean.map((value) => {
          const error = deviation * random.normal();
          const drawn = floor(value + shift + error);
          shift += CARRY_WEIGHT * error;
          return drawn;
        });
      });
    },
    toState: () => ({
      model: 'regression',
      period,
      forgetting,
      inputs,
      seen,
      known,
      weights: [...squares.weights],
      covariance: packDoubles(packed(squares.covariance, size)),
      carry,
      noise,
      isSigned,
      ahead: stored,
    }),
  };
}

/** Inputs that the regression has room for beside the waves of a season. */
export function regressionInputs(period: number): number {
  return MOST_FEATURES - 1 - wavesOf(period);
}

function wavesOf(period: number): number {
  if (period > SHORT_SEASON) return 2;
  return 2 * Math.floor((period - 1) / 2);
}

function prior(size: number): Float64Array {
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < size; i++) covariance[i * size + i] = i === 0 ? PRIOR_CONSTANT : PRIOR_EFFECT;
  return covariance;
}
