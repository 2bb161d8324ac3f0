import { sampleQuantile } from '../math/sample-quantile.ts';
import { classifyDemand, type DemandClass } from './classify.ts';
import { blendOf, compactBlend } from './combine/blend.ts';
import { candidateModels } from './combine/candidate-models.ts';
import { rollOrigins } from './combine/rolling-origin.ts';
import { fromState } from './from-state.ts';
import { fitTsb } from './intermittent/tsb.ts';
import {
  assertAsked,
  type Fitted,
  type History,
  HistoryError,
  type ModelState,
  type Quantiles,
} from './model.ts';
import { pathQuantiles } from './path-quantiles.ts';
import { steadyOf } from './simple/steady.ts';
import { fitTheta } from './theta/theta.ts';

export interface SeriesInput {
  /** Quantities of equally long periods, oldest first; NaN is unknown. */
  readonly quantities: History;
  /** Periods in a season: 7 for days, 52 for weeks, 1 for none. */
  readonly period: number;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed: number;
}

export interface SeriesForecast {
  /** Such as `theta+tsb+ets`: the members by weight. */
  readonly model: string;
  readonly demandClass: DemandClass;
  readonly mean: readonly number[];
  readonly quantiles: Quantiles;
  /** The sum over the horizon; its bounds come from simulated sums, not from sums of bounds. */
  readonly total: { readonly mean: number; readonly low95: number; readonly high95: number };
  /** `fromState(state).paths(...)` gives the futures again, without the history. At most 2 KB. */
  readonly state: ModelState;
  /** Errors of the same blend at past origins, over up to `horizon` periods; null when the history is too short. */
  readonly mae: number | null;
  readonly rmse: number | null;
  paths(horizon: number, count: number, seed: number): Float64Array[];
}

/** Paths behind the quantiles and the total. */
const PATHS = 800;
/** Newest quantities that the spread is replayed from; more when they hold no demand at all. */
const REPLAYED = 52;
const REPLAYED_AT_MOST = 104;
/** Weight of the errors within the sample, in observations, against those at past origins. */
const PRIOR_ERRORS = 20;

/**
 * Forecasts one series with a small set of sound models that its demand class decides, averaged by how they did at past
 * origins. Never throws for lack of data: no known quantity, or nothing but zeros, is forecast as zero; a constant
 * series as that constant; fewer than 8 known periods as their mean with a wide spread. Infinite quantities are a
 * HistoryError, senseless options a RangeError.
 */
export function forecastSeries(input: SeriesInput): SeriesForecast {
  assertAsked(input.horizon, input.levels);
  if (!Number.isInteger(input.period) || input.period < 1)
    throw new RangeError(`a season of ${input.period}`);
  const y = trimmed(input.quantities);
  const { demandClass } = classifyDemand(y);
  const { fitted, model, mae, rmse } = fitFor(y, demandClass, input);
  const futures = fitted.paths(input.horizon, PATHS, input.seed);
  const { mean } = fitted.forecast(input.horizon, []);
  const sums = Float64Array.from(futures, (path) => path.reduce((sum, value) => sum + value, 0)).sort();
  return {
    model,
    demandClass,
    mean,
    quantiles: pathQuantiles(futures, input.levels),
    total: {
      mean: mean.reduce((sum, value) => sum + value, 0),
      low95: sampleQuantile(sums, 0.025),
      high95: sampleQuantile(sums, 0.975),
    },
    state: fitted.toState(),
    mae,
    rmse,
    paths: (horizon, count, seed) => fitted.paths(horizon, count, seed),
  };
}

interface Choice {
  readonly fitted: Fitted;
  readonly model: string;
  readonly mae: number | null;
  readonly rmse: number | null;
}

function fitFor(y: Float64Array, demandClass: DemandClass, { period, horizon }: SeriesInput): Choice {
  const known = y.filter((value) => !Number.isNaN(value));
  const unknownErrors = { mae: null, rmse: null };
  const steady = (level: number, variance: number): Choice => {
    const isWhole = known.every(Number.isInteger);
    return {
      fitted: steadyOf({ model: 'steady', level, variance, isWhole }),
      model: 'steady',
      ...unknownErrors,
    };
  };
  if (known.every((value) => value === 0)) return steady(0, 0);
  const isConstant = known.every((value) => value === known[0]);
  if (known.length < 8) {
    const level = isConstant ? known[0]! : known.reduce((sum, value) => sum + value, 0) / known.length;
    // A prior for what a few periods cannot tell: counts with a squared variation of a half.
    return steady(level, Math.abs(level) + level ** 2 / 2);
  }
  if (isConstant) return steady(known[0]!, 0);
  if (demandClass === 'dead') {
    return { fitted: fitTsb(y, { probabilityWeight: 0.1, sizeWeight: 0.1 }), model: 'tsb', ...unknownErrors };
  }
  return blend(y, demandClass, period, horizon);
}

function blend(y: Float64Array, demandClass: DemandClass, period: number, horizon: number): Choice {
  const candidates = candidateModels(demandClass, period, y.length);
  const past = rollOrigins(y, candidates, horizon);
  const ranked = candidates
    .map((candidate, i) => ({ name: candidate.name, weight: past.weights[i]!, fitted: candidate.fit(y) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const theta = fitTheta(y, { period }).toState();
  const growth = theta.alpha ** 2;
  const pooled = past.errors.reduce((sum, { error, step }) => sum + error ** 2 / (1 + step * growth), 0);
  const isSigned = y.some((value) => value < 0);
  const hasTheta = ranked.some(({ name }) => name === 'theta');
  const state = compactBlend({
    model: 'blend',
    members: ranked.map(({ weight, fitted }) => ({ weight, state: fitted.toState() })),
    values: newest(y),
    factors: hasTheta ? [] : theta.factors,
    variance: (theta.variance * PRIOR_ERRORS + pooled) / (PRIOR_ERRORS + past.errors.length),
    growth,
    isWhole: y.every((value) => Number.isNaN(value) || Number.isInteger(value)),
    isSigned,
  });
  const name = ranked.map((member) => member.name).join('+');
  return { fitted: blendOf(state, fromState), model: name, mae: past.mae, rmse: past.rmse };
}

/** From the first known demand on; before it nobody could buy. */
function trimmed(history: History): Float64Array {
  const y = Float64Array.from(history);
  if (y.some((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)) {
    throw new HistoryError('a quantity of the history is infinite');
  }
  const first = y.findIndex((value) => value !== 0 && !Number.isNaN(value));
  return first < 0 ? y : y.subarray(first);
}

function newest(y: Float64Array): number[] {
  const mean = y.reduce((sum, value) => sum + (value || 0) / y.length, 0);
  const known = Array.from(y, (value) => (Number.isNaN(value) ? mean : value));
  const last = known.slice(-REPLAYED);
  const chosen = last.some((value) => value > 0) ? last : known.slice(-REPLAYED_AT_MOST);
  return chosen.map((value) => Number(value.toPrecision(7)));
}
