import {
  bias,
  meanAbsoluteError,
  rootMeanSquaredError,
  symmetricPercentageError,
  weightedAbsoluteError,
} from '../evaluate/metrics.ts';
import { assertAsked, type Fitted, type History, HistoryError, type Quantiles } from '../model.ts';
import { pathQuantiles } from '../path-quantiles.ts';
import type { InsufficientData } from '../simple/trend-label.ts';
import { ENSEMBLE_MEMBERS, type EnsembleMember } from './ensemble-members.ts';

/** Errors over the same periods; NaN where nothing was asked for. */
export interface ErrorFigures {
  readonly mae: number;
  readonly rmse: number;
  readonly wape: number;
  readonly smape: number;
  readonly bias: number;
}

export interface WeighedMember {
  readonly name: string;
  readonly weight: number;
  readonly errors: ErrorFigures;
}

export interface TrainedEnsemble {
  readonly kind: 'ensemble';
  readonly points: number;
  readonly validation: number;
  /** Forecasts that each member was judged by. */
  readonly judged: number;
  /** Weights sum to 1; of two members the one with more error has less. */
  readonly members: readonly WeighedMember[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** Fewest periods to learn from before the first that is judged. */
export const LEAST_TRAINING = 12;
/** Periods between two origins. */
const APART = 4;
/** Share of the mean quantity below which errors are the same to a weight. */
const NO_ERROR = 1e-6;

/**
 * Weights of models by their errors over the newest `validation` periods of a history: from the origin before them, and
 * each four periods later, every model is fitted on what was known then and forecasts the rest.
 *   weight = (1 / MAE^2) / sum of (1 / MAE^2),   MAE of two units and one unit: 0.2 and 0.8
 * A member that cannot be fitted is left out, and why is said. A history too short for one origin is no error but an
 * answer.
 */
export function trainEnsemble(
  history: History,
  { validation, period = 52 }: { readonly validation: number; readonly period?: number },
): TrainedEnsemble | InsufficientData {
  const y = Float64Array.from(history);
  const needed = validation + LEAST_TRAINING;
  if (y.length < needed) return { kind: 'insufficient-data', points: y.length, needed };
  const origins = originsOf(y.length, validation);
  const actual = origins.flatMap((origin) => [...y.subarray(origin)]);
  const leftOut: { name: string; reason: string }[] = [];
  const judged: { name: string; errors: ErrorFigures }[] = [];
  for (const member of ENSEMBLE_MEMBERS) {
    const means = pastMeans(member, y, origins, period);
    if (typeof means === 'string') leftOut.push({ name: member.name, reason: means });
    else judged.push({ name: member.name, errors: errorFigures(actual, means) });
  }
  const scale = y.reduce((sum, value) => sum + Math.abs(value), 0) / y.length;
  const least = (NO_ERROR * (scale || 1)) ** 2;
  const raw = judged.map(({ errors }) => 1 / (errors.mae ** 2 + least));
  const total = raw.reduce((sum, value) => sum + value, 0);
  const members = judged.map((one, i) => ({ ...one, weight: raw[i]! / total }));
  return { kind: 'ensemble', points: y.length, validation, judged: actual.length, members, leftOut };
}

/** What the errors of forecasts add up to. */
export function errorFigures(actual: ArrayLike<number>, forecast: ArrayLike<number>): ErrorFigures {
  return {
    mae: meanAbsoluteError(actual, forecast),
    rmse: rootMeanSquaredError(actual, forecast),
    wape: weightedAbsoluteError(actual, forecast),
    smape: symmetricPercentageError(actual, forecast),
    bias: bias(actual, forecast),
  };
}

export interface EnsembleAsked {
  readonly weights: Readonly<Record<string, number>>;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed: number;
  readonly period?: number;
}

export interface EnsembleForecast {
  readonly mean: readonly number[];
  readonly quantiles: Quantiles;
  /** Quantiles of the sum of all periods. */
  readonly sum: Readonly<Record<string, number>>;
  /** What each member that took part expects, and the weight that it had. */
  readonly members: readonly {
    readonly name: string;
    readonly weight: number;
    readonly mean: readonly number[];
  }[];
}

const PATHS = 1000;

/**
 * The forecast of weighed members, each fitted to the whole history: means averaged, futures pooled in proportion to the
 * weights, so that the spread holds what the members disagree about. Nothing falls below zero. Weights of members that
 * can no longer be fitted are shared out among the others; HistoryError when none is left.
 */
export function forecastEnsemble(
  history: History,
  { weights, horizon, levels, seed, period = 52 }: EnsembleAsked,
): EnsembleForecast {
  assertAsked(horizon, levels);
  const y = Float64Array.from(history);
  const able = ENSEMBLE_MEMBERS.flatMap((member) => {
    const weight = weights[member.name] ?? 0;
    const fitted = weight > 0 ? fitOrReason(member, y, period) : '';
    return typeof fitted === 'string' ? [] : [{ name: member.name, weight, fitted }];
  });
  const total = able.reduce((sum, { weight }) => sum + weight, 0);
  if (able.length === 0) throw new HistoryError('no member of the ensemble can be fitted');
  const members = able.map(({ name, weight, fitted }) => ({
    name,
    weight: weight / total,
    mean: meanOf(fitted, horizon),
  }));
  const paths: Float64Array[] = [];
  let reached = 0;
  members.forEach(({ weight }, i) => {
    reached += weight;
    const count = (i === members.length - 1 ? PATHS : Math.round(reached * PATHS)) - paths.length;
    if (count > 0) paths.push(...able[i]!.fitted.paths(horizon, count, seed + i));
  });
  for (const path of paths) for (let h = 0; h < horizon; h++) path[h] = Math.max(0, path[h]!);
  const sums = pathQuantiles(
    paths.map((path) => Float64Array.of(path.reduce((sum, value) => sum + value, 0))),
    levels,
  );
  return {
    mean: Array.from({ length: horizon }, (_, h) =>
      members.reduce((sum, { weight, mean }) => sum + weight * mean[h]!, 0),
    ),
    quantiles: pathQuantiles(paths, levels),
    sum: Object.fromEntries(Object.entries(sums).map(([level, [value]]) => [level, value!])),
    members,
  };
}

function originsOf(length: number, validation: number): number[] {
  const count = Math.max(1, Math.floor(validation / APART));
  return Array.from({ length: count }, (_, i) => length - validation + i * APART);
}

/** The forecasts of all origins one after the other, or why there are none. */
function pastMeans(
  member: EnsembleMember,
  y: Float64Array,
  origins: readonly number[],
  period: number,
): number[] | string {
  const means: number[] = [];
  for (const origin of origins) {
    const fitted = fitOrReason(member, y.subarray(0, origin), period);
    if (typeof fitted === 'string') return fitted;
    means.push(...meanOf(fitted, y.length - origin));
  }
  return means;
}

function fitOrReason(member: EnsembleMember, y: Float64Array, period: number): Fitted | string {
  const needed = member.needs(period);
  if (y.length < needed) return `${y.length} periods, at least ${needed} needed`;
  try {
    return member.fit(y, period);
  } catch (error) {
    if (error instanceof HistoryError) return error.message;
    throw error;
  }
}

const meanOf = (fitted: Fitted, horizon: number): number[] =>
  fitted.forecast(horizon, []).mean.map((value) => Math.max(0, value));
