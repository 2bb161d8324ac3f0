import { type ArimaState, arimaOf } from './arima/arima-model.ts';
import { type SarimaWeeklyLogState, sarimaWeeklyLogOf } from './arima/sarima-weekly-log.ts';
import { type BlendState, blendOf } from './combine/blend.ts';
import { type PanelState, panelStateOf } from './combine/panel-state.ts';
import { type EtsModelState, etsOf } from './ets/ets.ts';
import { type HurdleState, hurdleCountsOf } from './intermittent/hurdle-counts.ts';
import { type LevelDemandState, levelDemandOf } from './intermittent/level-demand.ts';
import { type NegativeBinomialState, negativeBinomialOf } from './intermittent/negative-binomial.ts';
import { type TsbState, tsbOf } from './intermittent/tsb.ts';
import { type LaunchState, launchOf } from './launch/launch-model.ts';
import { type Fitted, HistoryError, type ModelState } from './model.ts';
import { type OnlineState, onlineOf } from './online/online-forecaster.ts';
import { type OnlineRegressionState, onlineRegressionOf } from './online/online-regression.ts';
import { type DriftState, driftOf } from './simple/drift.ts';
import { type EmpiricalState, empiricalOf } from './simple/empirical.ts';
import { type LinearTrendState, linearTrendOf } from './simple/linear-trend.ts';
import { type SeasonalNaiveState, seasonalNaiveOf } from './simple/seasonal-naive.ts';
import { type SteadyState, steadyOf } from './simple/steady.ts';
import { type StlState, stlOf } from './stl/stl-forecast.ts';
import { type OptimisedThetaState, optimisedThetaOf } from './theta/optimised-theta.ts';
import { type ThetaState, thetaOf } from './theta/theta.ts';

/** The fitted model that a state was taken from. Throws HistoryError for a state of no known model. */
export function fromState(state: ModelState): Fitted {
  switch (state.model) {
    case 'arima':
      return arimaOf(state as ArimaState);
    case 'blend':
      return blendOf(state as BlendState, fromState);
    case 'empirical':
      return empiricalOf(state as EmpiricalState);
    case 'drift':
      return driftOf(state as DriftState);
    case 'ets':
      return etsOf(state as EtsModelState);
    case 'hurdle':
      return hurdleCountsOf(state as HurdleState);
    case 'launch':
      return launchOf(state as LaunchState);
    case 'level-demand':
      return levelDemandOf(state as LevelDemandState);
    case 'line':
      return linearTrendOf(state as LinearTrendState);
    case 'negbin':
      return negativeBinomialOf(state as NegativeBinomialState);
    case 'online':
      return onlineOf(state as OnlineState);
    case 'otm':
      return optimisedThetaOf(state as OptimisedThetaState);
    case 'panel':
      return panelStateOf(state as PanelState);
    case 'regression':
      return onlineRegressionOf(state as OnlineRegressionState);
    case 'sarima-weekly-log':
      return sarimaWeeklyLogOf(state as SarimaWeeklyLogState);
    case 'snaive':
      return seasonalNaiveOf(state as SeasonalNaiveState);
    case 'steady':
      return steadyOf(state as SteadyState);
    case 'stl':
      return stlOf(state as StlState, fromState);
    case 'theta':
      return thetaOf(state as ThetaState);
    case 'tsb':
      return tsbOf(state as TsbState);
    default:
      throw new HistoryError(`no such model: ${state.model}`);
  }
}
