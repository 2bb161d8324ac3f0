import { type BlendState, blendOf } from './combine/blend.ts';
import { type EtsModelState, etsOf } from './ets/ets.ts';
import { type HurdleState, hurdleCountsOf } from './intermittent/hurdle-counts.ts';
import { type LevelDemandState, levelDemandOf } from './intermittent/level-demand.ts';
import { type NegativeBinomialState, negativeBinomialOf } from './intermittent/negative-binomial.ts';
import { type TsbState, tsbOf } from './intermittent/tsb.ts';
import { type Fitted, HistoryError, type ModelState } from './model.ts';
import { type EmpiricalState, empiricalOf } from './simple/empirical.ts';
import { type SeasonalNaiveState, seasonalNaiveOf } from './simple/seasonal-naive.ts';
import { type SteadyState, steadyOf } from './simple/steady.ts';
import { type ThetaState, thetaOf } from './theta/theta.ts';

/** The fitted model that a state was taken from. Throws HistoryError for a state of no known model. */
export function fromState(state: ModelState): Fitted {
  switch (state.model) {
    case 'blend':
      return blendOf(state as BlendState, fromState);
    case 'empirical':
      return empiricalOf(state as EmpiricalState);
    case 'ets':
      return etsOf(state as EtsModelState);
    case 'hurdle':
      return hurdleCountsOf(state as HurdleState);
    case 'level-demand':
      return levelDemandOf(state as LevelDemandState);
    case 'negbin':
      return negativeBinomialOf(state as NegativeBinomialState);
    case 'snaive':
      return seasonalNaiveOf(state as SeasonalNaiveState);
    case 'steady':
      return steadyOf(state as SteadyState);
    case 'theta':
      return thetaOf(state as ThetaState);
    case 'tsb':
      return tsbOf(state as TsbState);
    default:
      throw new HistoryError(`no such model: ${state.model}`);
  }
}
