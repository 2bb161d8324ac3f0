import { fromState } from '../../shared/core/forecast/from-state.ts';
import type { ModelState } from '../../shared/core/forecast/model.ts';
import type { FittedSeries } from '../../shared/data/forecast-store.ts';

/** Futures that should lie beyond the service level, so that its quantile is no accident; and the most that are drawn. */
const PATHS_BEYOND = 20;
const MOST_PATHS = 4000;

export interface DrawOptions {
  /** How far the futures reach, within the horizon. Beyond it their average goes on. */
  readonly days: number;
  readonly serviceLevel: number;
  readonly seed: number;
}

/** Simulated futures of a series: 400 for a service level of 95 %, 2,000 for 99 %. */
export function drawPaths(series: FittedSeries, { days, serviceLevel, seed }: DrawOptions): Float64Array[] {
  const periods = Math.min(series.horizon, Math.max(1, Math.ceil(days / series.periodDays)));
  const count = Math.min(MOST_PATHS, Math.ceil(PATHS_BEYOND / (1 - serviceLevel) - 1e-6));
  return fromState(series.state as ModelState).paths(periods, count, seed);
}
