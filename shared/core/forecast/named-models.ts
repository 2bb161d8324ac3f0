import { fitAutoArima } from './arima/auto-arima.ts';
import { closuresUnknown } from './arima/closures-unknown.ts';
import { fitSarimaWeeklyLog } from './arima/sarima-weekly-log.ts';
import { fitEts } from './ets/ets.ts';
import { fitAdida, fitImapa } from './intermittent/aggregation.ts';
import { fitCroston } from './intermittent/croston.ts';
import { fitSlowMover } from './intermittent/slow-mover.ts';
import { fitTsb } from './intermittent/tsb.ts';
import type { Fitted, History } from './model.ts';
import { fitOnline } from './online/online-forecaster.ts';
import { fitOnlineRegression, regressionInputs } from './online/online-regression.ts';
import { fitDrift } from './simple/drift.ts';
import { fitEmpirical } from './simple/empirical.ts';
import { fitMovingAverage } from './simple/moving-average.ts';
import { fitSeasonalNaive } from './simple/seasonal-naive.ts';
import { fitSmoothing } from './smoothing/slow-smoothing.ts';
import { fitStl } from './stl/stl-forecast.ts';
import { fitOptimisedTheta } from './theta/optimised-theta.ts';
import { fitTheta } from './theta/theta.ts';

/** What a named model may know besides the history. */
export interface NamedModelOptions {
  /** Periods in a season: 7 for days, 52 for weeks, 12 for months. */
  readonly period: number;
  readonly horizon: number;
  /** Known inputs for models that have room for them: a value for each period of the history and of the horizon. */
  readonly inputs?: readonly Float64Array[];
}

export interface NamedModel {
  /** What it is, in a few words for `--help`. */
  readonly about: string;
  /** Known inputs that it has room for at a season of so many periods. Default none. */
  readonly mostInputs?: (period: number) => number;
  /** Throws HistoryError for a history it cannot be fitted to; the caller then falls back. */
  fit(history: History, options: NamedModelOptions): Fitted;
}

/** Known inputs of an ARIMA: each is filtered at every step of the search. */
const ARIMA_INPUTS = 12;
/** Periods that the empirical distribution is taken from, by season. */
const PAST_WINDOW: Readonly<Record<number, number>> = { 7: 364, 52: 104, 12: 36 };

/**
 * The models that can be asked for by name, besides `auto`. To add one, add a line: the command line, its help and the
 * backtest read this table. A stored state is revived in `from-state.ts`.
 */
export const NAMED_MODELS: Readonly<Record<string, NamedModel>> = {
  naive: { about: 'the last quantity', fit: (y) => fitSeasonalNaive(y, { period: 1 }) },
  snaive: { about: 'the quantity one season ago', fit: (y, { period }) => fitSeasonalNaive(y, { period }) },
  empirical: {
    about: 'any period is like one of the last two or three years',
    fit: (y, { period }) => fitEmpirical(y, { window: PAST_WINDOW[period] ?? 104 }),
  },
  average: { about: 'mean of the last 26 quantities', fit: (y) => fitMovingAverage(y) },
  smoothing: { about: 'exponential smoothing with weight 0.2', fit: (y) => fitSmoothing(y) },
  ses: {
    about: 'simple exponential smoothing, weight by likelihood',
    fit: (y) => fitEts(y, { forms: ['ANN'] }),
  },
  ets: { about: 'exponential smoothing, form by AICc', fit: (y, { period }) => fitEts(y, { period }) },
  stlf: {
    about: 'season by STL, the rest by exponential smoothing',
    fit: (y, { period }) => fitStl(y, { periods: [period] }),
  },
  otm: { about: 'the theta method, optimised', fit: (y, { period }) => fitOptimisedTheta(y, { period }) },
  dotm: {
    about: 'the theta method, optimised and dynamic',
    fit: (y, { period }) => fitOptimisedTheta(y, { period, isDynamic: true }),
  },
  drift: { about: 'the last quantity and the mean change', fit: (y) => fitDrift(y) },
  theta: { about: 'the theta method', fit: (y, { period }) => fitTheta(y, { period }) },
  arima: {
    about: 'ARIMA, orders by the stepwise search of Hyndman and Khandakar',
    mostInputs: () => ARIMA_INPUTS,
    fit: (y, { period, inputs = [] }) => fitAutoArima(y, { period, inputs }),
  },
  'sarima-weekly-log': {
    about: 'SARIMA(1,1,1)(1,0,1) at the season on log(1 + y)',
    mostInputs: () => ARIMA_INPUTS,
    fit: (y, { period, inputs = [] }) =>
      // With inputs, an empty week may be what one of them explains.
      fitSarimaWeeklyLog(inputs.length > 0 ? y : closuresUnknown(y), {
        period: period > 1 ? period : 52,
        inputs,
      }),
  },
  tsb: { about: 'Teunter-Syntetos-Babai for intermittent demand', fit: (y) => fitTsb(y) },
  croston: { about: 'Croston: size over interval', fit: (y) => fitCroston(y, { method: 'croston' }) },
  sba: { about: 'Croston, corrected by Syntetos and Boylan', fit: (y) => fitCroston(y, { method: 'sba' }) },
  sbj: {
    about: 'Croston, corrected by Shale, Boylan and Johnston',
    fit: (y) => fitCroston(y, { method: 'sbj' }),
  },
  adida: { about: 'smoothed sums of blocks, spread evenly', fit: (y) => fitAdida(y) },
  imapa: { about: 'the mean of smoothed sums over block lengths', fit: (y) => fitImapa(y) },
  online: {
    about: 'recursive least squares, learned one quantity at a time',
    fit: (y, { period }) => fitOnline(y, { period: period <= 60 ? period : 1 }),
  },
  regression: {
    about: 'linear regression on a wave and known inputs, learned one quantity at a time',
    mostInputs: regressionInputs,
    fit: (y, { period, inputs = [] }) => fitOnlineRegression(y, { period, inputs }),
  },
  counts: { about: 'negative binomial or hurdle counts, for whole quantities', fit: (y) => fitSlowMover(y) },
};
