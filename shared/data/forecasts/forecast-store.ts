import * as z from 'zod';
import { LowConfidence } from '../../contracts/low-confidence.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey } from './series-store.ts';

/** Most bytes of a fitted model: a page of 250 of them fits into one answer of the database. */
export const STATE_LIMIT_BYTES = 2048;

/** Per period, first to last: the mean, and each quantile by its level (`"0.5"`). */
export const ForecastPath = z.object({
  mean: z.array(z.number()).readonly(),
  quantiles: z.record(z.string(), z.array(z.number()).readonly()).readonly(),
});
export type ForecastPath = z.infer<typeof ForecastPath>;

/** The stored reason of a low confidence; null when it is as usual. */
export const StoredReason = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : LowConfidence.parse(JSON.parse(text))));

/** The forecast of one series as it is stored: one row. */
export interface SeriesForecast extends SeriesKey {
  /** First day of the first period. */
  readonly firstDay: string;
  readonly periodDays: number;
  readonly horizon: number;
  /** Of the sum over the horizon. */
  readonly totalMean: number;
  readonly totalLow: number;
  readonly totalHigh: number;
  readonly model: string;
  readonly demandClass: string;
  readonly path: ForecastPath;
  /** The fitted model, as the core writes and reads it. */
  readonly state: unknown;
  readonly mae: number | undefined;
  readonly rmse: number | undefined;
  /** Why it is not sure; absent when it is as sure as others. */
  readonly lowConfidence?: LowConfidence | undefined;
}

/** Stores forecasts; storing them again changes nothing but what differs. */
export async function saveForecasts(
  tx: Statements,
  runId: string,
  forecasts: readonly SeriesForecast[],
): Promise<void> {
  for (const text of jsonChunks(forecasts.map(toRow))) {
    await tx.write(
      `INSERT INTO forecast (run_id, product_id, location_id, forecast_date, period_days, horizon, forecast_qty,
                             confidence_low, confidence_high, model_used, demand_class, path, state, mae, rmse,
                             confidence, confidence_reason)
       SELECT :runId, j.product_id, j.location_id, j.first_day, j.period_days, j.horizon, j.total_mean,
              j.total_low, j.total_high, j.model, j.demand_class, j.path, j.state, j.mae, j.rmse,
              CASE WHEN j.reason IS NULL THEN 'usual' ELSE 'low' END, j.reason
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                ${KEY_COLUMNS},
                first_day DATE PATH '$[2]',
                period_days INT PATH '$[3]',
                horizon INT PATH '$[4]',
                total_mean DOUBLE PATH '$[5]',
                total_low DOUBLE PATH '$[6]',
                total_high DOUBLE PATH '$[7]',
                model VARCHAR(40) PATH '$[8]',
                demand_class VARCHAR(16) PATH '$[9]',
                path LONGTEXT PATH '$[10]',
                state LONGTEXT PATH '$[11]',
                mae DOUBLE PATH '$[12]',
                rmse DOUBLE PATH '$[13]',
                reason LONGTEXT PATH '$[14]')) AS j
           ON DUPLICATE KEY UPDATE forecast_date = j.first_day, period_days = j.period_days, horizon = j.horizon,
              forecast_qty = j.total_mean, confidence_low = j.total_low, confidence_high = j.total_high,
              model_used = j.model, demand_class = j.demand_class, path = j.path, state = j.state,
              mae = j.mae, rmse = j.rmse, confidence = VALUES(confidence), confidence_reason = j.reason`,
      { runId, rows: text },
    );
  }
}

function toRow(forecast: SeriesForecast): unknown[] {
  const state = JSON.stringify(forecast.state);
  if (Buffer.byteLength(state) > STATE_LIMIT_BYTES) {
    throw new RangeError(`the state of a ${forecast.model} has ${Buffer.byteLength(state)} bytes`);
  }
  return [
    forecast.productId,
    forecast.locationId,
    forecast.firstDay,
    forecast.periodDays,
    forecast.horizon,
    rounded(forecast.totalMean),
    rounded(forecast.totalLow),
    rounded(forecast.totalHigh),
    forecast.model,
    forecast.demandClass,
    JSON.stringify({
      mean: forecast.path.mean.map(rounded),
      quantiles: Object.fromEntries(
        Object.entries(forecast.path.quantiles).map(([level, values]) => [level, values.map(rounded)]),
      ),
    }),
    state,
    forecast.mae === undefined ? null : rounded(forecast.mae),
    forecast.rmse === undefined ? null : rounded(forecast.rmse),
    forecast.lowConfidence ? JSON.stringify(forecast.lowConfidence) : null,
  ];
}

/** Five digits: more than any forecast is worth, and a third of the bytes. */
export function rounded(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`a forecast of ${value}`);
  return Number(value.toPrecision(5));
}

const Fitted = z
  .object({
    product_id: z.string(),
    location_id: z.string(),
    forecast_date: z.iso.date(),
    period_days: z.int(),
    horizon: z.int(),
    model_used: z.string(),
    demand_class: z.string(),
    state: z.string().transform((text): unknown => JSON.parse(text)),
    confidence_reason: StoredReason,
  })
  .transform((row) => ({
    productId: row.product_id,
    locationId: row.location_id,
    firstDay: row.forecast_date,
    periodDays: row.period_days,
    horizon: row.horizon,
    model: row.model_used,
    demandClass: row.demand_class,
    state: row.state,
    lowConfidence: row.confidence_reason,
  }));
/** What is needed to draw the future of a series again. */
export type FittedSeries = z.infer<typeof Fitted>;

/** The fitted models of at most 250 series of a run. */
export function readFittedSeries(
  db: Statements,
  runId: string,
  keys: readonly SeriesKey[],
): Promise<FittedSeries[]> {
  return db.select(
    Fitted,
    `SELECT f.product_id, f.location_id, f.forecast_date, f.period_days, f.horizon, f.model_used, f.demand_class, f.state,
            f.confidence_reason
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       JOIN forecast f ON f.run_id = :runId AND f.product_id = k.product_id AND f.location_id = k.location_id
      ORDER BY f.product_id, f.location_id`,
    { runId, keys: keysJson(keys) },
  );
}

const Outlook = z
  .object({
    product_id: z.string(),
    location_id: z.string(),
    forecast_date: z.iso.date(),
    period_days: z.int(),
    path: z.string().transform((text) => ForecastPath.parse(JSON.parse(text))),
    price: z.coerce.number().nullable(),
  })
  .transform((row) => ({
    productId: row.product_id,
    locationId: row.location_id,
    firstDay: row.forecast_date,
    periodDays: row.period_days,
    path: row.path,
    /** Price of the product, where the catalogue has one. */
    price: row.price,
  }));
export type SeriesOutlook = z.infer<typeof Outlook>;

/**
 * A page of a run's forecasts in the order of their keys, after the given key. `>=` finds the place in the index, which
 * the comparison of pairs does not.
 */
export function readOutlooks(
  db: Statements,
  runId: string,
  after: SeriesKey | undefined,
  limit: number,
): Promise<SeriesOutlook[]> {
  return db.select(
    Outlook,
    `SELECT f.product_id, f.location_id, f.forecast_date, f.period_days, f.path, p.unit_price AS price
       FROM forecast f
       JOIN products p ON p.product_id = f.product_id
      WHERE f.run_id = :runId
        AND f.product_id >= :productId
        AND (f.product_id, f.location_id) > (:productId, :locationId)
      ORDER BY f.product_id, f.location_id
      LIMIT :limit`,
    { runId, productId: after?.productId ?? '', locationId: after?.locationId ?? '', limit },
  );
}
