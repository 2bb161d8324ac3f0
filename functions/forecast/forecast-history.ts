import { addDays } from '../../shared/core/calendar/add-days.ts';
import {
  forecastSeries,
  type SeriesInput,
  type SeriesForecast as SingleForecast,
} from '../../shared/core/forecast/auto.ts';
import { classifyDemand } from '../../shared/core/forecast/classify.ts';
import type { PanelModel } from '../../shared/core/forecast/combine/panel-model.ts';
import type { LaunchPool } from '../../shared/core/forecast/launch/launch-pool.ts';
import type { PanelSeries } from '../../shared/core/forecast/panel.ts';
import { fitMovingAverage } from '../../shared/core/forecast/simple/moving-average.ts';
import { seedOf } from '../../shared/core/math/random.ts';
import type { History } from '../../shared/data/demand/history-store.ts';
import { type SeriesForecast, STATE_LIMIT_BYTES } from '../../shared/data/forecasts/forecast-store.ts';
import { PERIOD_DAYS, seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { forecastByPanel } from './forecast-by-panel.ts';
import { forecastNew, type NewForecast } from './forecast-new.ts';
import { panelSeries } from './panel-series.ts';
import type { Beginner } from './read-beginners.ts';
import { HORIZON, YEAR } from './weekly-grid.ts';

/** Quantiles that are stored besides the service level. */
const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975];
/** Width of the column. */
const MODEL_LENGTH = 40;

type Unstored = Omit<SingleForecast, 'paths'>;

export interface ForecastOptions {
  readonly asOf: string;
  readonly settings: PlanSettings;
  readonly logger: Pick<Delivery['logger'], 'warn'>;
  /** The run's model of many series; undefined for each series by itself. */
  readonly model?: PanelModel | undefined;
  /** Series that have just begun, by `seriesName`, and what they are like where there is no model. Default: none. */
  readonly beginners?: ReadonlyMap<string, Beginner>;
  readonly pool?: LaunchPool;
  /** Known inputs of series over history and horizon, by `seriesName`. Default: none. */
  readonly regressors?: ReadonlyMap<string, PanelSeries['regressors']>;
  /** How one series is forecast by itself. Default: the core's automatic choice. */
  readonly forecaster?: typeof forecastSeries;
}

/**
 * The forecast of one series. The seed comes from the settings and the series' name, so that a series has the same
 * forecast in every chunk and every run over the same data. But for a beginner in a run without a model: it is compared
 * with the launches of its own chunk.
 * A model that fails costs its series the good forecast, not the others theirs: for the model of many series the
 * series' own models stand in, for those the mean of the last half year.
 */
export function forecastHistory(history: History, options: ForecastOptions): SeriesForecast {
  const { asOf, settings } = options;
  const name = seriesName(history);
  const input = {
    quantities: history.quantities,
    period: YEAR,
    horizon: HORIZON,
    levels: [...new Set([...LEVELS, settings.service_level])].sort((a, b) => a - b),
    seed: seedOf(settings.seed, name),
  };
  const beginner = byLaunches(name, input, options);
  const forecast = beginner ?? byPanel(history, input, options) ?? alone(name, input, options);
  return {
    productId: history.productId,
    locationId: history.locationId,
    firstDay: addDays(asOf, 1),
    periodDays: PERIOD_DAYS,
    horizon: HORIZON,
    totalMean: forecast.total.mean,
    totalLow: forecast.total.low95,
    totalHigh: forecast.total.high95,
    model: forecast.model.slice(0, MODEL_LENGTH),
    demandClass: forecast.demandClass,
    path: { mean: forecast.mean, quantiles: forecast.quantiles },
    state: forecast.state,
    mae: forecast.mae ?? undefined,
    rmse: forecast.rmse ?? undefined,
    lowConfidence: beginner?.lowConfidence,
  };
}

/** Null where the history says enough, or the launches of others fail on it. */
function byLaunches(name: string, input: SeriesInput, options: ForecastOptions): NewForecast | null {
  const { model, logger, beginners, pool = [] } = options;
  const beginner = beginners?.get(name);
  if (!beginner) return null;
  try {
    return within(
      forecastNew(beginner, model?.launches ?? pool, input, (task) => alone(name, task, options)),
    );
  } catch (error) {
    logger.warn('forecast of a new series fell back to its own models', {
      series: name,
      error: error as Error,
    });
    return null;
  }
}

/** Null without a model of many series, or where that one has nothing to say, or fails. */
function byPanel(history: History, task: SeriesInput, options: ForecastOptions): Unstored | null {
  const { asOf, logger, model, regressors } = options;
  if (!model) return null;
  const series = panelSeries(history, asOf, regressors?.get(seriesName(history)));
  try {
    return within(forecastByPanel(model, series, task));
  } catch (error) {
    logger.warn('forecast fell back to its own models', {
      series: seriesName(history),
      error: error as Error,
    });
    return null;
  }
}

function alone(name: string, input: SeriesInput, options: ForecastOptions): Unstored {
  const { logger, forecaster = forecastSeries } = options;
  try {
    return within(forecaster(input));
  } catch (error) {
    logger.warn('forecast fell back to a mean', { series: name, error: error as Error });
    return meanForecast(input);
  }
}

/** The forecast, if its numbers and its state can be stored. */
function within<T extends Unstored | null>(forecast: T): T {
  if (!forecast) return forecast;
  const bytes = Buffer.byteLength(JSON.stringify(forecast.state));
  if (bytes > STATE_LIMIT_BYTES) throw new RangeError(`the state of ${forecast.model} has ${bytes} bytes`);
  return forecast;
}

function meanForecast({ quantities, horizon, levels }: SeriesInput): Unstored {
  const fitted = fitMovingAverage(quantities);
  const { mean, quantiles } = fitted.forecast(horizon, levels);
  const { level, variance } = fitted.toState();
  const deviation = 1.96 * Math.sqrt(variance * horizon);
  return {
    model: 'mean',
    demandClass: classifyDemand(quantities).demandClass,
    mean,
    quantiles,
    total: {
      mean: level * horizon,
      low95: Math.max(0, level * horizon - deviation),
      high95: level * horizon + deviation,
    },
    state: fitted.toState(),
    mae: null,
    rmse: null,
  };
}
