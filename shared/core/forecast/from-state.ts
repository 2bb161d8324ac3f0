import { type BlendState, blendOf } from './blend.ts';
import { type EtsModelState, etsOf } from './ets.ts';
import { type Fitted, HistoryError, type ModelState } from './model.ts';
import { type SeasonalNaiveState, seasonalNaiveOf } from './seasonal-naive.ts';
import { type SteadyState, steadyOf } from './steady.ts';
import { type ThetaState, thetaOf } from './theta.ts';
import { type TsbState, tsbOf } from './tsb.ts';

/** The fitted model that a state was taken from. Throws HistoryError for a state of no known model. */
export function fromState(state: ModelState): Fitted {
  switch (state.model) {
    case 'blend':
      return blendOf(state as BlendState, fromState);
    case 'ets':
      return etsOf(state as EtsModelState);
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
