import type { DemandForecast, ProductForecast } from '../../../shared/contracts/api/product-forecast.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { dayShares, meanShares } from '../../../shared/core/forecast/hierarchy/day-shares.ts';
import { rounded } from '../../../shared/core/forecast/model.ts';
import { type PlainMethod, plainForecast } from '../../../shared/core/forecast/simple/plain-forecast.ts';
import { type InsufficientData, trendLabel } from '../../../shared/core/forecast/simple/trend-label.ts';
import {
  findProductForecast,
  findProductId,
  readProductDays,
  type StoredProductForecast,
} from '../../../shared/data/demand/product-demand-reads.ts';
import { findNewestCompleteRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';

/** Days that the plain methods look at, half a year, and those that say how a week is spread over its days. */
const PLAIN_DAYS = 182;
const SHARE_DAYS = 364;
const WEEK = 7;

export interface ProductAsked {
  readonly productId: string;
  readonly days: number;
  readonly method: PlainMethod | 'auto';
}

/**
 * Units a day of a product, all its locations together: by the newest plan when `auto` is asked for and it has the
 * product, else by a plain method on the daily demand of the newest half year. Fault `missing` for an unknown product.
 */
export async function forecastProduct(
  db: Statements,
  { productId: asked, days, method }: ProductAsked,
): Promise<ProductForecast> {
  const productId = found(await findProductId(db, asked), 'product', asked);
  const run = await findNewestCompleteRun(db);
  const asOf = run?.asOf ?? (await readBusinessDay(db));
  const history = asOf
    ? await readProductDays(db, { productId, asOf, days: SHARE_DAYS })
    : new Float64Array(0);
  const newest = history.slice(-PLAIN_DAYS);
  const label = trendLabel(newest);
  const about = {
    product_id: productId,
    asked_method: method,
    as_of: asOf ?? null,
    history_days: newest.length,
    trend: label.kind === 'trend' ? label.label : null,
    slope: label.kind === 'trend' ? rounded(label.slope) : null,
  };
  const stored = run && method === 'auto' ? await findProductForecast(db, run.runId, productId) : undefined;
  if (run && stored && reaches(stored, days)) {
    return {
      ...about,
      ...daysFrom(stored.firstDay, byDay(stored, history, days)),
      method: 'plan',
      run_id: run.runId,
      models: [...stored.models],
      confidence: stored.isLowConfidence ? 'low' : 'usual',
    };
  }
  const plain = plainForecast(newest, method, days);
  if (!asOf || plain.kind === 'insufficient-data') {
    return {
      ...about,
      ...tooLittle(
        plain.kind === 'forecast' ? { points: 0, needed: WEEK } : plain,
        'days since the first demand',
      ),
      method: method === 'auto' ? 'moving_average' : method,
      forecast_dates: [],
      forecast_values: [],
      total_forecast: null,
    };
  }
  return {
    ...about,
    ...daysFrom(addDays(asOf, 1), plain.mean),
    method: plain.method,
    ...(plain.method === 'moving_average' && { window: WEEK, daily_average: rounded(plain.parameter) }),
    ...(plain.method === 'exponential_smoothing' && { alpha: plain.parameter }),
  };
}

/** The expected demand of a product over the coming days, as the automatic method says. */
export async function forecastDemand(
  db: Statements,
  productId: string,
  days: number,
): Promise<DemandForecast> {
  const { product_id, total_forecast, method, as_of, error, message, points, needed } = await forecastProduct(
    db,
    { productId, days, method: 'auto' },
  );
  return {
    product_id,
    forecast_period: days,
    predicted_demand: total_forecast,
    method,
    as_of,
    ...(error && { error, message, points, needed }),
  };
}

/** Too little data as an answer. */
export function tooLittle({ points, needed }: Omit<InsufficientData, 'kind'>, of: string) {
  return {
    error: 'insufficient_data' as const,
    message: `Only ${points} ${of}; this takes at least ${needed}`,
    points,
    needed,
  };
}

const reaches = ({ mean, periodDays }: StoredProductForecast, days: number): boolean =>
  periodDays === WEEK && mean.length * WEEK >= days;

/** Each week's mean spread over its days as the weeks of the newest year were. */
function byDay({ mean }: StoredProductForecast, history: Float64Array, days: number): number[] {
  const whole = history.slice(history.length % WEEK);
  const shares = meanShares(dayShares(whole));
  return Array.from({ length: days }, (_, day) => mean[Math.floor(day / WEEK)]! * shares[day % WEEK]!);
}

function daysFrom(firstDay: string, values: readonly number[]) {
  return {
    forecast_dates: values.map((_, day) => addDays(firstDay, day)),
    forecast_values: values.map(rounded),
    total_forecast: rounded(values.reduce((sum, value) => sum + value, 0)),
  };
}
