import { addDays } from '../../shared/core/calendar/add-days.ts';
import { forecastSeries } from '../../shared/core/forecast/auto.ts';
import { classifyDemand } from '../../shared/core/forecast/classify.ts';
import { fitMovingAverage } from '../../shared/core/forecast/simple/moving-average.ts';
import { seedOf } from '../../shared/core/math/random.ts';
import { type SeriesForecast, STATE_LIMIT_BYTES } from '../../shared/data/forecast-store.ts';
import { type History, PERIOD_DAYS, seriesName } from '../../shared/data/series-store.ts';
import type { PlanSettings } from '../../shared/data/setting-store.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';

/** Periods ahead, periods of a year, and the quantiles that are stored besides the service level. */
const HORIZON = 13;
const YEAR = 52;
const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975];
/** Width of the column. */
const MODEL_LENGTH = 40;

export interface ForecastOptions {
  readonly asOf: string;
  readonly settings: PlanSettings;
  readonly logger: Pick<Delivery['logger'], 'warn'>;
  /** How one series is forecast. Default: the core's automatic choice. */
  readonly forecaster?: typeof forecastSeries;
}

/**
 * The forecast of one series. The seed comes from the settings and the series' name, so that a series has the same
 * forecast in every chunk and every run over the same data.
 * A model that fails costs its series the good forecast, not the others theirs: the mean of the last half year stands in.
 */
export function forecastHistory(history: History, options: ForecastOptions): SeriesForecast {
  const { asOf, settings, logger, forecaster = forecastSeries } = options;
  const name = seriesName(history);
  const input = {
    quantities: history.quantities,
    period: YEAR,
    horizon: HORIZON,
    levels: [...new Set([...LEVELS, settings.service_level])].sort((a, b) => a - b),
    seed: seedOf(settings.seed, name),
  };
  let forecast: Omit<ReturnType<typeof forecastSeries>, 'paths'>;
  try {
    forecast = forecaster(input);
    const bytes = Buffer.byteLength(JSON.stringify(forecast.state));
    if (bytes > STATE_LIMIT_BYTES) throw new RangeError(`the state of ${forecast.model} has ${bytes} bytes`);
  } catch (error) {
    logger.warn('forecast fell back to a mean', { series: name, error: error as Error });
    forecast = meanForecast(input);
  }
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
  };
}

function meanForecast({ quantities, horizon, levels }: Parameters<typeof forecastSeries>[0]) {
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
