import { fromState } from './from-state.ts';
import { type Futures, futuresOf } from './futures.ts';
import type { ModelState } from './model.ts';

/**
 * Futures of every series, whatever is asked of it: other numbers of them are other accidents, and a higher service
 * would now and then find a lower level. Ten lie beyond a service of 98 %.
 */
const FUTURES = 500;

export interface DrawOptions {
  /** How far the futures reach, within the horizon. Beyond it their average goes on. */
  readonly days: number;
  readonly seed: number;
}

/**
 * Simulated futures of a forecast series, of at least two periods where its horizon has them. Those of longer terms begin as
 * those of shorter ones: else a level would move by other accidents when a lead time does.
 */
export function drawFutures(
  series: { readonly state: unknown; readonly horizon: number; readonly periodDays: number },
  { days, seed }: DrawOptions,
): Futures {
  const periods = Math.min(series.horizon, Math.max(2, Math.ceil(days / series.periodDays)));
  const fitted = fromState(series.state as ModelState);
  const futures = fitted.futures?.(periods, FUTURES, seed);
  return futures ?? futuresOf(fitted.paths(series.horizon, FUTURES, seed), periods);
}
