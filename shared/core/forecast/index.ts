/** The forecasting library as other projects import it: `smart-inventory/core/forecast`. */

export { addDays, daysBetween } from '../calendar/add-days.ts';
export type { Frequency } from '../calendar/period-grid.ts';
export { forecastSeries, type SeriesForecast, type SeriesInput } from './auto.ts';
export { classifyDemand, type DemandClass, type DemandShape } from './classify.ts';
export { fitEts } from './ets/ets.ts';
export {
  ForecastScore,
  type Score,
  type ScoredForecast,
  type ScoreOptions,
} from './evaluate/forecast-score.ts';
export * from './evaluate/metrics.ts';
export { fromState } from './from-state.ts';
export { fitTsb } from './intermittent/tsb.ts';
export {
  type Fitted,
  type Forecast,
  type History,
  HistoryError,
  type ModelState,
  type Quantiles,
} from './model.ts';
export { NAMED_MODELS, type NamedModel, type NamedModelOptions } from './named-models.ts';
export {
  forecastEach,
  forecastPanel,
  type MapSeries,
  type Panel,
  type PanelForecast,
  type PanelOptions,
  type PanelSeries,
  type PanelSeriesForecast,
  type Regressor,
  type SeriesTask,
} from './panel.ts';
export { fitMovingAverage } from './simple/moving-average.ts';
export { fitSeasonalNaive } from './simple/seasonal-naive.ts';
export { fitTheta } from './theta/theta.ts';
