import * as z from 'zod';
import type { ForecastDetail } from '../../contracts/api/page.ts';
import { ForecastSummary } from '../../contracts/api/planning.ts';
import { lowConfidenceInWords } from '../../contracts/low-confidence.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { expectedDemand } from '../../core/forecast/expected-demand.ts';
import { seedOf } from '../../core/math/random.ts';
import { daysOutOf, readStockouts } from '../ledger/stockout-store.ts';
import { readPlanSettings } from '../planning/setting-store.ts';
import { jsonColumn, type Page, type PageAsked, Total } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { type ForecastRun, findNewestCompleteRun } from './forecast-run-store.ts';
import { ForecastPath, rounded, StoredReason } from './forecast-store.ts';
import { readLive } from './live-reads.ts';
import { readSeriesAccuracy } from './series-accuracy.ts';
import { seriesName } from './series-store.ts';

const Summary = ForecastSummary.omit({ run_id: true, as_of: true, total: true }).extend({
  mean: z.number(),
  low95: z.number(),
  high95: z.number(),
  low_confidence: StoredReason.transform(
    (reason) => reason && { ...reason, words: lowConfidenceInWords(reason) },
  ),
});

const COLUMNS = `f.product_id, p.product_name, p.category, f.location_id, f.forecast_date AS first_day, f.period_days,
  f.horizon, f.model_used AS model, f.demand_class, f.forecast_qty AS mean, f.confidence_low AS low95,
  f.confidence_high AS high95, f.confidence, f.confidence_reason AS low_confidence`;

export interface ForecastFilter {
  readonly productId?: string | undefined;
  readonly category?: string | undefined;
}

/** The series of the newest complete run, largest forecast first; an empty page before the first run. */
export async function listForecasts(
  db: Statements,
  { productId, category }: ForecastFilter,
  { skip, limit }: PageAsked,
): Promise<Page<ForecastSummary>> {
  const run = await findNewestCompleteRun(db);
  if (!run) return { data: [], pagination: { skip, limit, total: 0 } };
  const chosen = `FROM forecast f
       ${category === undefined ? '' : 'JOIN products p ON p.product_id = f.product_id AND p.category = :category'}
      WHERE f.run_id = :runId
        ${productId === undefined ? '' : 'AND f.product_id = :productId'}`;
  const ORDER = 'f.forecast_qty DESC, f.product_id, f.location_id';
  const params = {
    runId: run.runId,
    ...(productId !== undefined && { productId }),
    ...(category !== undefined && { category }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${chosen}`, params);
  const rows = await db.select(
    Summary,
    // First the page from an index, then its rows, which carry kilobytes.
    `SELECT ${COLUMNS}
       FROM (SELECT f.forecast_id ${chosen} ORDER BY ${ORDER} LIMIT :limit OFFSET :skip) AS page
       JOIN forecast f ON f.forecast_id = page.forecast_id
       JOIN products p ON p.product_id = f.product_id
      ORDER BY ${ORDER}`,
    { ...params, skip, limit },
  );
  const data = rows.map(({ mean, low95, high95, ...row }) => ({
    ...row,
    run_id: run.runId,
    as_of: run.asOf,
    total: { mean, low95, high95 },
  }));
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Detail = Summary.extend({ path: jsonColumn(ForecastPath), state: jsonColumn(z.unknown()) });

/** Two years of history are what a chart can show. */
const HISTORY_PERIODS = 104;

/** One series for a chart: history per period up to `as_of`, then the forecast. Any location when none is named. */
export async function findForecast(
  db: Statements,
  productId: string,
  locationId: string | undefined,
): Promise<ForecastDetail | undefined> {
  const run = await findNewestCompleteRun(db);
  if (!run) return undefined;
  const [row] = await db.select(
    Detail,
    `SELECT ${COLUMNS}, f.path, f.state
       FROM forecast f
       JOIN products p ON p.product_id = f.product_id
      WHERE f.run_id = :runId AND f.product_id = :productId
        ${locationId === undefined ? '' : 'AND f.location_id = :locationId'}
      ORDER BY f.forecast_qty DESC, f.location_id
      LIMIT 1`,
    { runId: run.runId, productId, ...(locationId !== undefined && { locationId }) },
  );
  if (!row) return undefined;
  const { mean, low95, high95, path, state, first_day: firstDay, horizon, category: _, ...rest } = row;
  const key = { productId: row.product_id, locationId: row.location_id };
  // by the seed of a suggestion, so that both tell the same number
  const { seed } = await readPlanSettings(db);
  const expected = expectedDemand(
    { state, horizon, periodDays: row.period_days },
    seedOf(seed, seriesName(key)),
  );
  return {
    ...rest,
    run_id: run.runId,
    as_of: run.asOf,
    history: await readHistory(db, row.product_id, row.location_id, run, row.period_days),
    forecast: path.mean.map((value, i) => ({
      date: addDays(firstDay, i * row.period_days),
      mean: value,
      expected: rounded(expected[i]!),
      quantiles: Object.fromEntries(
        Object.entries(path.quantiles).map(([level, values]) => [level, values[i]!]),
      ),
    })),
    total: { mean, expected: rounded(expected.reduce((sum, units) => sum + units, 0)), low95, high95 },
    accuracy: await readSeriesAccuracy(db, key),
    live: await readLive(db, key),
  };
}

const Bucket = z.object({ age: z.int(), quantity: z.int() });

/** Units sold per period, from the first with demand to the one that ends on `as_of`, and how long each was out of stock. */
async function readHistory(
  db: Statements,
  productId: string,
  locationId: string,
  run: ForecastRun,
  periodDays: number,
): Promise<ForecastDetail['history']> {
  const rows = await db.select(
    Bucket,
    `SELECT x.age, CAST(SUM(x.quantity) AS SIGNED) AS quantity
       FROM (SELECT DATEDIFF(:asOf, d.date) DIV :periodDays AS age, d.quantity
               FROM demand d
              WHERE d.product_id = :productId AND d.location_id = :locationId
                AND d.date > DATE_SUB(:asOf, INTERVAL ${HISTORY_PERIODS} * :periodDays DAY) AND d.date <= :asOf) AS x
      GROUP BY x.age`,
    { productId, locationId, asOf: date(run.asOf), periodDays },
  );
  const byAge = new Map(rows.map(({ age, quantity }) => [age, quantity]));
  const oldest = Math.max(-1, ...byAge.keys());
  const key = { productId, locationId };
  const stockouts = await readStockouts(db, [key], run.asOf);
  const out = daysOutOf(stockouts.get(seriesName(key)), oldest + 1, periodDays);
  return out.map((days, i) => {
    const age = oldest - i;
    return {
      date: addDays(run.asOf, 1 - (age + 1) * periodDays),
      quantity: byAge.get(age) ?? 0,
      days_out_of_stock: days,
    };
  });
}
