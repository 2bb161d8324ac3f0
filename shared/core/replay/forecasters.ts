import { NAMED_MODELS } from '../forecast/named-models.ts';
import type { Forecaster } from './outlook.ts';
import { pathForecaster } from './path-forecaster.ts';
import { windowForecaster } from './window-forecaster.ts';

/** Forecasters that a replay uses when none are named: the plain benchmark and the one made for decisions. */
export const DEFAULT_FORECASTERS = ['window', 'snaive'] as const;

/** `window`, `blend` and the models of the forecasting library by name. */
export const FORECASTER_NAMES: readonly string[] = ['window', 'blend', ...Object.keys(NAMED_MODELS)];

/** The forecaster of that name. Throws RangeError when there is none. */
export function forecasterNamed(name: string): Forecaster {
  if (!FORECASTER_NAMES.includes(name)) throw new RangeError(`there is no forecaster named ${name}`);
  return name === 'window' ? windowForecaster : pathForecaster(name);
}
