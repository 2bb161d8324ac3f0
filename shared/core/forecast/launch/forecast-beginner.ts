import { spreadBy } from '../calibrate/spread-factors.ts';
import { type GridForecast, gridOf, LEVEL_GRID } from '../combine/level-grid.ts';
import { panelState, panelStateOf } from '../combine/panel-state.ts';
import type { Fitted, Quantiles } from '../model.ts';
import { forecastLaunch, type LaunchForecast, type NewItem } from './forecast-launch.ts';
import type { LaunchPool } from './launch-pool.ts';

export interface BeginnerForecast
  extends Pick<LaunchForecast, 'confidence' | 'basis' | 'analogs' | 'ownWeight'> {
  /** `launch` before the first sale, `steady+launch` after it. */
  readonly model: string;
  readonly fitted: Fitted;
}

export interface BeginnerOptions {
  readonly horizon: number;
  /** Periods in a season. */
  readonly period: number;
  /** What its own few periods say, at the levels of LEVEL_GRID; null before the first sale. */
  readonly own: { readonly mean: readonly number[]; readonly quantiles: Quantiles } | null;
}

/** Weight of the launches of others once there are own sales, in logarithms; and how much wider the average is made. */
const LAUNCH_WEIGHT = 0.3;
const WIDTHS: readonly number[] = LEVEL_GRID.map(() => 1.15);

/**
 * Forecasts a series that has just begun: before its first sale like the launches of others, after it by its own few
 * periods and those launches, averaged in logarithms quantile by quantile, so that one large item among the others does
 * not lift all beginners. Null when there is nothing to be like.
 */
export function forecastBeginner(
  item: NewItem,
  pool: LaunchPool,
  { horizon, period, own }: BeginnerOptions,
): BeginnerForecast | null {
  const launch = forecastLaunch(item, pool);
  if (!launch) return null;
  const { confidence, basis, analogs, ownWeight, fitted } = launch;
  const about = { confidence, basis, analogs };
  if (!own) return { ...about, ownWeight, model: 'launch', fitted };
  const { mean, quantiles } = fitted.forecast(horizon, LEVEL_GRID);
  const both = averageInLogs(gridOf(own.mean, own.quantiles), gridOf(mean, quantiles));
  const kind = { period, isWhole: fitted.toState().isWhole, isSigned: false };
  const state = panelState(spreadBy(both, WIDTHS, 0), kind);
  // What is its own of the launch is its own of the average.
  const weight = 1 - LAUNCH_WEIGHT * (1 - ownWeight);
  return { ...about, ownWeight: weight, model: 'steady+launch', fitted: panelStateOf(state) };
}

function averageInLogs(own: GridForecast, launch: GridForecast): GridForecast {
  const average = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, h) =>
      Math.expm1(
        (1 - LAUNCH_WEIGHT) * Math.log1p(Math.max(0, value)) + LAUNCH_WEIGHT * Math.log1p(Math.max(0, b[h]!)),
      ),
    );
  return {
    mean: average(own.mean, launch.mean),
    quantiles: own.quantiles.map((values, l) => average(values, launch.quantiles[l]!)),
  };
}
