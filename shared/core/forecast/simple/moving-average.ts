import { type Fitted, type History, knownValues } from '../model.ts';
import { type SteadyState, steadyOf } from './steady.ts';

/** The mean and the variance of the newest `window` known quantities, for all periods ahead. Needs one. */
export function fitMovingAverage(history: History, { window = 26 } = {}): Fitted<SteadyState> {
  const y = knownValues(history, 1).slice(-window);
  const level = y.reduce((sum, value) => sum + value, 0) / y.length;
  const variance = y.reduce((sum, value) => sum + (value - level) ** 2 / Math.max(1, y.length - 1), 0);
  return steadyOf({ model: 'steady', level, variance, isWhole: y.every(Number.isInteger) });
}
