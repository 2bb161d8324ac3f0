import * as z from 'zod';
import { assessRun } from '../../../functions/assess/assess-run.ts';
import { doForecastWork, ForecastWork } from '../../../functions/forecast/forecast-work.ts';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { ForecastsReady } from '../../../shared/contracts/messages.ts';
import { addDays, daysBetween } from '../../../shared/core/calendar/add-days.ts';
import {
  type Actual,
  accuracyByLag,
  closeBuckets,
  type LagAccuracy,
  type MadeForecast,
} from '../../../shared/core/forecast/evaluate/close-buckets.ts';
import { seededRandom, seedOf } from '../../../shared/core/math/random.ts';
import { SCORED_LEVELS } from '../../../shared/data/forecasts/accuracy-origin-store.ts';
import { findNewestCompleteRun, insertRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { saveForecasts } from '../../../shared/data/forecasts/forecast-store.ts';
import { type SeriesKey, seriesName } from '../../../shared/data/forecasts/series-store.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import { type Database, json } from '../../../shared/data/sql/database.ts';
import { calmDelivery, MemoryQueue, noModels } from '../planning/planning-fixture.ts';

/** Tables of the accuracy, with what in them must be the same after a disturbed and an undisturbed way. */
const STATE: Readonly<Record<string, string>> = {
  origins: 'SELECT as_of, week, run_id, series FROM accuracy_origin ORDER BY as_of',
  parts: 'SELECT as_of, part, first_product, first_location, series FROM accuracy_part ORDER BY as_of, part',
  sheets:
    'SELECT as_of, lag, part, bucket_end, forecasts, actuals FROM accuracy_sheet ORDER BY as_of, lag, part',
  buckets: 'SELECT bucket_end, week, digest, is_settled FROM accuracy_bucket ORDER BY bucket_end',
  cells: `SELECT bucket_end, lag, kind, name, scored, censored, actual, error, absolute_error,
                 naive_error, quantile_loss, inside80, inside95
            FROM accuracy_cell ORDER BY bucket_end, lag, kind, name`,
  alerts: 'SELECT alert_key, title, message, closed_at IS NULL AS is_open FROM alert ORDER BY alert_key',
};

/** Everything that the assessment has written. */
export async function accuracyState(database: Database): Promise<Record<string, unknown[]>> {
  const state: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(STATE))
    state[name] = await database.select(z.record(z.string(), z.unknown()), sql);
  return state;
}

export async function clearAccuracy(database: Database): Promise<void> {
  for (const table of [
    'accuracy_origin',
    'accuracy_bucket',
    'accuracy_cell',
    'forecast_run',
    'alert',
    'outbox',
  ])
    await database.write(`DELETE FROM ${table}`);
}

/** Units asked for on a day: the same for the same name and day. About every second day has none. */
export function unitsOn(name: string, day: string, weekly = 14): number {
  const random = seededRandom(seedOf(7, `${name} ${day}`));
  return random.uniform() < 0.5 ? 0 : Math.ceil((random.uniform() * 4 * weekly) / 7);
}

/** Demand of every day from the first to the last, where there is any. */
export function dailyDemand(name: string, first: string, last: string, weekly = 14): [string, number][] {
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, i) => addDays(first, i))
    .map((day): [string, number] => [day, unitsOn(name, day, weekly)])
    .filter(([, units]) => units > 0);
}

/** What a planted run forecast, in the shape in which the library judges it. */
export interface PlantedRun {
  readonly runId: string;
  readonly asOf: string;
  readonly forecasts: readonly MadeForecast[];
}

let runs = 0;

export interface RunOptions {
  readonly keys: readonly SeriesKey[];
  /** Of the mean of 14 units. Default 1. */
  readonly factor?: number;
  readonly model?: (key: SeriesKey) => string;
}

/** A run that is done, whose forecasts are drawn from its day and the names of its series. */
export async function plantRun(
  database: Database,
  asOf: string,
  { keys, factor = 1, model = () => 'theta' }: RunOptions,
): Promise<PlantedRun> {
  const runId = `accuracy-${String(++runs).padStart(13, '0')}`;
  const rows = keys.map((key) => {
    const random = seededRandom(seedOf(11, `${seriesName(key)} ${asOf}`));
    const mean = Array.from(
      { length: 13 },
      () => Math.round(1000 * factor * (9 + 10 * random.uniform())) / 1000,
    );
    const quantiles = Object.fromEntries(
      SCORED_LEVELS.map((level) => [
        level,
        mean.map((value) => Math.round(200 * value * Number(level)) / 100),
      ]),
    );
    return { key, path: { mean, quantiles } };
  });
  await insertRun(database, { runId, cause: 'api', asOf, planHash: 'x', settings: PlanSettings.parse({}) }, [
    keys,
  ]);
  await saveForecasts(
    database,
    runId,
    rows.map(({ key, path }) => ({
      ...key,
      firstDay: addDays(asOf, 1),
      periodDays: 7,
      horizon: 13,
      totalMean: 1,
      totalLow: 1,
      totalHigh: 1,
      model: model(key),
      demandClass: 'smooth',
      path,
      state: {},
      mae: undefined,
      rmse: undefined,
    })),
  );
  await database.write(`UPDATE forecast_run SET status = 'done' WHERE run_id = :runId`, { runId });
  const forecasts = rows.map(
    ({ key, path }): MadeForecast => ({
      seriesId: seriesName(key),
      frequency: 'weekly',
      start: addDays(asOf, 1),
      mean: path.mean,
      quantiles: path.quantiles,
      version: runId,
    }),
  );
  return { runId, asOf, forecasts };
}

/** The pipeline's own functions as of a day, from a wish for a plan to the judgement of those before. */
export async function planAndAssess(database: Database, asOf: string): Promise<void> {
  await database.write(
    `INSERT INTO setting (name, value) VALUES ('as_of', :asOf) ON DUPLICATE KEY UPDATE value = VALUES(value)`,
    { asOf },
  );
  const [forecastQueue, restockQueue] = [new MemoryQueue(), new MemoryQueue()];
  await planRun(
    { database, forecastQueue, restockQueue, trainQueue: new MemoryQueue() },
    { type: 'PlanRequested', cause: 'api', key: `as of ${asOf}` },
    calmDelivery,
  );
  for (const message of forecastQueue.messages)
    await doForecastWork(
      { database, forecastQueue, restockQueue, models: noModels },
      ForecastWork.parse(message),
      calmDelivery,
    );
  for (const message of restockQueue.messages)
    await restockRun({ database, restockQueue }, ForecastsReady.parse(message), calmDelivery);
  await assess(database, (await findNewestCompleteRun(database))!);
  await database.write(`DELETE FROM setting WHERE name = 'as_of'`);
}

export const assess = (database: Database, { runId }: Pick<PlantedRun, 'runId'>): Promise<void> =>
  assessRun({ database }, { type: 'AssessRequested', runId }, calmDelivery);

/** The demand that the database holds, as the library takes it. */
export async function storedDemand(database: Database): Promise<Actual[]> {
  const rows = await database.select(
    z.object({ product_id: z.string(), location_id: z.string(), date: z.string(), quantity: z.int() }),
    `SELECT product_id, location_id, date, quantity FROM demand`,
  );
  return rows.map((row) => ({
    seriesId: seriesName({ productId: row.product_id, locationId: row.location_id }),
    date: row.date,
    quantity: row.quantity,
  }));
}

/** Accuracy by lag, as the library recomputes it from the forecasts and the demand. */
export function recomputed(
  origins: readonly PlantedRun[],
  demand: readonly Actual[],
  lastDay: string,
): LagAccuracy[] {
  return accuracyByLag(
    closeBuckets(
      origins.flatMap(({ forecasts }) => forecasts),
      demand,
      lastDay,
    ),
  );
}

/** Adds units to a day of a series, as a delivery that comes late does. */
export const addUnits = (database: Database, productId: string, day: string, units: number) =>
  database.write(
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     SELECT j.p, 'MAIN', j.d, j.q, 1, 0
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (p VARCHAR(64) PATH '$[0]', d DATE PATH '$[1]', q INT PATH '$[2]')) AS j
         ON DUPLICATE KEY UPDATE quantity = demand.quantity + j.q`,
    { rows: json([[productId, day, units]]) },
  );
