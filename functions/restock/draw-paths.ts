import { fromState } from '../../shared/core/forecast/from-state.ts';
import type { ModelState } from '../../shared/core/forecast/model.ts';
import type { FittedSeries } from '../../shared/data/forecast-store.ts';

/** Simulated futures of a series: enough for a service level of 99.9 %. */
const PATHS = 1000;

/** Futures that reach over that many days, within the horizon. Beyond it their average goes on. */
export function drawPaths(series: FittedSeries, days: number, seed: number): Float64Array[] {
  const periods = Math.min(series.horizon, Math.max(1, Math.ceil(days / series.periodDays)));
  return fromState(series.state as ModelState).paths(periods, PATHS, seed);
}
