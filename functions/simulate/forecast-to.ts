import { addDays } from '../../shared/core/calendar/add-days.ts';
import { forecastSeries } from '../../shared/core/forecast/auto.ts';
import { rounded } from '../../shared/core/forecast/model.ts';
import { seedOf } from '../../shared/core/math/random.ts';
import { readHistories } from '../../shared/data/demand/history-store.ts';
import { PERIOD_DAYS, readSeriesKeys, seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

export interface ForecastAsked {
  /** Last day that is known. */
  readonly asOf: string;
  readonly days: number;
  readonly seed: number;
  /** Which series, in the order of product and location. */
  readonly skip: number;
  readonly limit: number;
}

/** Weeks in a season. */
const SEASON = 52;
const LOW = 0.025;
const HIGH = 0.975;
const PATHS = 400;

/**
 * Demand over the days after a cutoff, of a page of the series, from demand up to the cutoff alone. The range is that of
 * simulated sums: it holds the demand of 95 in 100 such series. A week that ends later counts by its share.
 */
export async function forecastTo(db: Statements, { asOf, days, seed, skip, limit }: ForecastAsked) {
  const keys = await readSeriesKeys(db, asOf);
  const page = keys.slice(skip, skip + limit);
  const histories = page.length === 0 ? [] : await readHistories(db, page, asOf);
  const horizon = Math.ceil(days / PERIOD_DAYS);
  const lastShare = days / PERIOD_DAYS - (horizon - 1);
  const total = (weeks: ArrayLike<number>): number => {
    let sum = 0;
    for (let week = 0; week < horizon; week++) sum += weeks[week]! * (week === horizon - 1 ? lastShare : 1);
    return sum;
  };
  const series = histories.map((history) => {
    const seedOfSeries = seedOf(seed, seriesName(history));
    const forecast = forecastSeries({
      quantities: Float64Array.from(history.quantities),
      period: SEASON,
      horizon,
      levels: [0.5],
      seed: seedOfSeries,
    });
    const sums = forecast
      .paths(horizon, PATHS, seedOfSeries)
      .map(total)
      .sort((a, b) => a - b);
    const at = (level: number) => sums[Math.round(level * (PATHS - 1))]!;
    return {
      product_id: history.productId,
      location_id: history.locationId,
      forecast_qty: rounded(total(forecast.mean)),
      confidence_low: rounded(at(LOW)),
      confidence_high: rounded(at(HIGH)),
      model_used: forecast.model,
      mae: forecast.mae === null ? null : rounded(forecast.mae),
      rmse: forecast.rmse === null ? null : rounded(forecast.rmse),
    };
  });
  return {
    function: 'forecast',
    as_of: asOf,
    first_day: addDays(asOf, 1),
    last_day: addDays(asOf, days),
    series,
    pagination: { skip, limit, total: keys.length },
  };
}
