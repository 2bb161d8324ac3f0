/** The forecasting library as other projects import it: `smart-inventory/core/forecast`. */

export { addDays, daysBetween } from '../calendar/add-days.ts';
export type { Frequency } from '../calendar/period-grid.ts';
export { type ArimaOptimum, type ArimaOptions, arimaOptimum, fitArima } from './arima/arima.ts';
export { type AutoArimaOptions, chooseArima, fitAutoArima } from './arima/auto-arima.ts';
export { fitSarimaWeeklyLog } from './arima/sarima-weekly-log.ts';
export { forecastSeries, type SeriesForecast, type SeriesInput } from './auto.ts';
export { extendRegressors, type RegressorFuture } from './calendar/extend-regressors.ts';
export { type Holiday, holidayCounts, holidayRegressors } from './calendar/holiday-regressors.ts';
export { type Promotion, promotionRegressors } from './calendar/promotion-regressors.ts';
export { classifyDemand, type DemandClass, type DemandShape } from './classify.ts';
export { compareEnsemble, type EnsembleComparison } from './combine/compare-ensemble.ts';
export { forecastEnsemble, type TrainedEnsemble, trainEnsemble } from './combine/ensemble.ts';
export { PanelModel } from './combine/panel-model.ts';
export type { TrainOptions } from './combine/train-options.ts';
export { trainPanel } from './combine/train-panel.ts';
export { augmentedDickeyFuller } from './diagnose/augmented-dickey-fuller.ts';
export { autocorrelations, partialAutocorrelations } from './diagnose/autocorrelation.ts';
export { boxCox, boxCoxMaximumLikelihood, guerrero, inverseBoxCox } from './diagnose/box-cox.ts';
export { kpss, kpssDifferences } from './diagnose/kpss.ts';
export { ocsb } from './diagnose/ocsb.ts';
export { type Outlier, outliers } from './diagnose/outliers.ts';
export { breuschPagan, varianceInflation } from './diagnose/regression-checks.ts';
export { type ResidualSummary, residualSummary } from './diagnose/residual-summary.ts';
export { type SeriesReport, seriesReport } from './diagnose/series-report.ts';
export { trendStrength } from './diagnose/trend-strength.ts';
export { type Spike, type SpikeSeries, upcomingSpikes } from './diagnose/upcoming-spikes.ts';
export { boxPierce, durbinWatson, jarqueBera, ljungBox } from './diagnose/whiteness.ts';
export { fitEts } from './ets/ets.ts';
export {
  accuracyByLag,
  type ClosedBucket,
  closeBuckets,
  type LagAccuracy,
  type MadeForecast,
} from './evaluate/close-buckets.ts';
export {
  ForecastScore,
  type Score,
  type ScoredForecast,
  type ScoreOptions,
} from './evaluate/forecast-score.ts';
export * from './evaluate/metrics.ts';
export { percentageError } from './evaluate/percentage-error.ts';
export { pitCoverage } from './evaluate/pit-coverage.ts';
export { rSquared } from './evaluate/r-squared.ts';
export { trackingSignal } from './evaluate/tracking-signal.ts';
export { fromState } from './from-state.ts';
export { fitGlobalForest, GlobalForest } from './global/global-forest.ts';
export { fitGlobal, GlobalModel, type GlobalOptions } from './global/global-model.ts';
export { type CoherentPathsOptions, coherentPaths } from './hierarchy/coherent-paths.ts';
export { type ReconcileOptions, type Reconciliation, reconcile } from './hierarchy/reconcile.ts';
export { type SplitOptions, splitDown } from './hierarchy/split-down.ts';
export { type Summing, summingOf, sumSeries, sumUp } from './hierarchy/summing.ts';
export { type DroppedInput, type InputColumns, inputColumns } from './inputs/input-columns.ts';
export { fitAdida, fitImapa } from './intermittent/aggregation.ts';
export { fitCroston } from './intermittent/croston.ts';
export { fitHurdleCounts } from './intermittent/hurdle-counts.ts';
export { fitNegativeBinomial } from './intermittent/negative-binomial.ts';
export { fitSlowMover } from './intermittent/slow-mover.ts';
export { fitTsb } from './intermittent/tsb.ts';
export {
  type BeginnerForecast,
  type BeginnerOptions,
  forecastBeginner,
} from './launch/forecast-beginner.ts';
export { forecastLaunch, type LaunchForecast, type NewItem } from './launch/forecast-launch.ts';
export { type LaunchPool, launchPool } from './launch/launch-pool.ts';
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
  chooseLive,
  type LiveModel,
  type LiveScore,
  type LiveState,
  liveModel,
} from './online/live-model.ts';
export {
  fitOnline,
  type OnlineForecaster,
  type OnlineOptions,
  onlineForecaster,
} from './online/online-forecaster.ts';
export {
  fitOnlineRegression,
  type OnlineRegression,
  onlineRegression,
  onlineRegressionOf,
} from './online/online-regression.ts';
export { pageHinkley } from './online/page-hinkley.ts';
export { prequential } from './online/prequential.ts';
export { type SaleEvent, transactionLearner } from './online/transaction-learner.ts';
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
export { fitDrift } from './simple/drift.ts';
export { fitEmpirical } from './simple/empirical.ts';
export { fitLinearTrend } from './simple/linear-trend.ts';
export { fitMovingAverage } from './simple/moving-average.ts';
export { type PlainForecast, plainForecast } from './simple/plain-forecast.ts';
export { fitSeasonalNaive } from './simple/seasonal-naive.ts';
export { mstl } from './stl/mstl.ts';
export { type Decomposition, type StlOptions, stl } from './stl/stl.ts';
export { fitStl } from './stl/stl-forecast.ts';
export { fitOptimisedTheta } from './theta/optimised-theta.ts';
export { fitTheta } from './theta/theta.ts';
export { type Binned, binFeatures, type Column } from './trees/bin-features.ts';
export { BoostingModel } from './trees/boosting-model.ts';
export { type BoostingOptions, fitBoosting } from './trees/gradient-boosting.ts';
export { type ForestOptions, fitForest } from './trees/random-forest.ts';
