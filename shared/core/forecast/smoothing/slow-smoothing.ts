import { type EtsModelState, etsOf } from '../ets/ets.ts';
import { type Fitted, type History, knownValues } from '../model.ts';
import { smooth } from './exponential-smoothing.ts';

/** Simple exponential smoothing with a stated weight: on short, noisy series safer than a weight that was searched. */
export function fitSmoothing(history: History, { weight = 0.2 } = {}): Fitted<EtsModelState> {
  const y = knownValues(history, 1);
  const { lastLevel, squares } = smooth(y, weight);
  const weights = { alpha: weight, beta: 0, gamma: 0, phi: 1 };
  const variance = squares / Math.max(1, y.length - 1);
  return etsOf({ model: 'ets', form: 'ANN', ...weights, level: lastLevel, trend: 0, season: [], variance });
}
