import { fromState } from '../../shared/core/forecast/from-state.ts';
import type { ModelState } from '../../shared/core/forecast/model.ts';
import type { FittedSeries } from '../../shared/data/forecasts/forecast-store.ts';

/**
 * Futures of every series, whatever is asked of it: other numbers of them are other accidents, and a higher service
 * would now and then find a lower level. Ten lie beyond a service of 98 %.
 */
export const PATHS = 500;

export interface DrawOptions {
  /** How far the futures reach, within the horizon. Beyond it their average goes on. */
  readonly days: number;
  readonly seed: number;
}

/** Simulated futures of a series, of at least two periods where its horizon has them. */
export function drawPaths(series: FittedSeries, { days, seed }: DrawOptions): Float64Array[] {
  const periods = Math.min(series.horizon, Math.max(2, Math.ceil(days / series.periodDays)));
  return fromState(series.state as ModelState).paths(periods, PATHS, seed);
}
