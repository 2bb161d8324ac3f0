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
import { pathQuantiles } from '../path-quantiles.ts';
import { chooseEts } from './ets-choose.ts';
import { etsMoments } from './ets-moments.ts';
import { type EtsOptimum, optimiseEts } from './ets-optimise.ts';
import { type EtsState, parseEtsForm, runEts } from './ets-recursion.ts';
import { simulateEts } from './ets-simulate.ts';

export type EtsModelState = ModelState & {
  readonly model: 'ets';
  /** Such as AAdN: error, trend, season. */
  readonly form: string;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly trend: number;
  /** The season factors or offsets of the periods ahead, in turn. */
  readonly season: readonly number[];
  readonly variance: number;
};

export interface EtsOptions {
  /** Periods in a season; 1 for none. Above 24 a season has more states than it can learn, and is left out. */
  readonly period?: number;
  /** Forms to choose from by AICc; those that the history rules out are skipped. */
  readonly forms?: readonly string[];
}

const ADDITIVE = ['ANN', 'AAN', 'AAdN', 'ANA', 'AAA', 'AAdA'];
const MULTIPLICATIVE = ['MNN', 'MAN', 'MAdN', 'MNA', 'MAA', 'MAdA', 'MNM', 'MAM', 'MAdM'];
/** Paths behind the quantiles of forms that have no formula. */
const QUANTILE_PATHS = 4000;

/**
 * Exponential smoothing in its state space form (Hyndman et al. 2008): the forms are fitted by maximum likelihood and
 * the one with the least AICc is taken. Multiplicative forms need quantities above zero, seasonal ones two seasons.
 * Multiplicative trends (such as MMdN) are tried only when named. A constant history is forecast exactly. Needs one
 * known value.
 */
export function fitEts(history: History, options: EtsOptions = {}): Fitted<EtsModelState> {
  const known = knownValues(history, 1);
  const first = known[0]!;
  if (known.every((value) => value === first)) return constantEts(first);
  const period = options.period ?? 1;
  const y = Float64Array.from(history);
  const best = chooseEts(y, options.forms ?? [...ADDITIVE, ...MULTIPLICATIVE], period);
  if (!best) throw new HistoryError('none of the forms fits the history');
  return etsOf(atEnd(y, best, known.length));
}

/** The log-likelihood and AICc of one form at its optimum, for comparison with other software. */
export function etsOptimum(history: History, name: string, period = 1): EtsOptimum {
  return optimiseEts(knownValues(history, 4), parseEtsForm(name), period);
}

/** The model as it was stored. */
export function etsOf(model: EtsModelState): Fitted<EtsModelState> {
  const form = parseEtsForm(model.form);
  const end: EtsState = { level: model.level, trend: model.trend, season: Float64Array.from(model.season) };
  const paths = (horizon: number, count: number, seed: number): Float64Array[] => {
    assertAsked(horizon, [], count);
    const random = seededRandom(seed);
    const deviation = Math.sqrt(model.variance);
    return Array.from({ length: count }, () => simulateEts(form, model, end, deviation, random, horizon));
  };
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const { mean, variance } = etsMoments(form, model, end, model.variance, horizon);
      if (levels.length === 0) return { mean, quantiles: {} };
      const quantiles = variance
        ? normalQuantiles(mean, variance, levels)
        : pathQuantiles(paths(horizon, QUANTILE_PATHS, 1), levels);
      return { mean, quantiles };
    },
    paths,
    toState: () => model,
  };
}

function atEnd(y: Float64Array, best: EtsOptimum, known: number): EtsModelState {
  const state = { ...best.start, season: best.start.season.slice() };
  const errors = new Float64Array(y.length);
  runEts(y, best.form, best.weights, state, errors);
  let squares = 0;
  for (const error of errors) squares += error * error;
  return {
    model: 'ets',
    form: `${best.form.error}${best.form.trend}${best.form.season}`,
    ...best.weights,
    level: state.level,
    trend: state.trend,
    season: [...state.season],
    variance: squares / Math.max(1, known - best.parameters + 1),
  };
}

function constantEts(level: number): Fitted<EtsModelState> {
  const weights = { alpha: 0.5, beta: 0, gamma: 0, phi: 1 };
  return etsOf({ model: 'ets', form: 'ANN', ...weights, level, trend: 0, season: [], variance: 0 });
}
