import type { PanelForecast, PanelSeries, PanelSeriesForecast } from '../panel.ts';
import { forecastBeginner } from './forecast-beginner.ts';
import { fromFirstDemand, type LaunchPool, traitsOf } from './launch-pool.ts';

export interface BeginnersTask {
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly period: number;
  /** What the single series say, at the levels of LEVEL_GRID, in the order of the series. */
  readonly own: PanelForecast;
  readonly pool: LaunchPool;
}

/** The forecasts of a panel, those of series that have just begun made from the launches of the others. */
export function withBeginners(
  series: readonly PanelSeries[],
  forecasts: PanelForecast,
  task: BeginnersTask,
): PanelForecast {
  return forecasts.map((forecast, i) =>
    forecast.demandClass === 'new'
      ? (beginner(series[i]!, forecast, task.own[i]!, task) ?? forecast)
      : forecast,
  );
}

function beginner(
  series: PanelSeries,
  forecast: PanelSeriesForecast,
  own: PanelSeriesForecast,
  { horizon, levels, period, pool }: BeginnersTask,
): PanelSeriesForecast | null {
  const live = fromFirstDemand(series.quantities);
  // What may be negative is no demand of a product.
  if (live.some((value) => value < 0)) return null;
  const hasSold = live.length > 0;
  const item = { id: series.id, ...traitsOf(series), quantities: hasSold ? live : series.quantities };
  const found = forecastBeginner(item, pool, { horizon, period, own: hasSold ? own : null });
  return found && { ...forecast, model: found.model, ...found.fitted.forecast(horizon, levels) };
}
