import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, type Params, type Statements } from '../sql/database.ts';

/** Units a day that are expected of a series. */
export interface ExpectedDemand {
  readonly perDay: number;
  /** Upper end of the 95 % interval of the sum over `days`; null where no plan has forecast the series. */
  readonly high: number | null;
  readonly days: number;
  readonly source: 'forecast' | 'recent_sales';
}

/** Days of sales that stand in for a forecast that is missing. */
export const RECENT_DAYS = 91;

const RunRow = z.object({ run_id: z.string() });

/** Its forecast: the sum of so many days and the upper end of its interval; and, where it has none, what was sold. */
export const expectedColumn = jsonColumn(
  z.tuple([z.int().nullable(), z.number().nullable(), z.number().nullable(), z.number()]),
).transform(
  ([days, mean, high, sold]): ExpectedDemand =>
    mean !== null && days
      ? { perDay: Math.max(0, mean) / days, high, days, source: 'forecast' }
      : { perDay: Math.max(0, sold) / RECENT_DAYS, high: null, days: RECENT_DAYS, source: 'recent_sales' },
);
const Row = z.object({ product_id: z.string(), location_id: z.string(), expected: expectedColumn });

/** SQL: what is expected of a row `k` of a product and location, as `expectedColumn` reads it, beside `FORECAST`. */
export const EXPECTED = `JSON_ARRAY(f.horizon * f.period_days, f.forecast_qty, f.confidence_high,
                       CASE WHEN f.run_id IS NULL
                            THEN (SELECT COALESCE(SUM(d.quantity), 0)
                                    FROM demand d FORCE INDEX (PRIMARY)
                                   WHERE d.product_id = k.product_id AND d.location_id = k.location_id
                                     AND d.date > :after AND d.date <= :asOf)
                            ELSE 0 END)`;
export const FORECAST = `LEFT JOIN forecast f FORCE INDEX (forecast_series)
         ON f.run_id = :runId AND f.product_id = k.product_id AND f.location_id = k.location_id`;

/** What `EXPECTED` and `FORECAST` name: the newest plan, and days. */
export async function expectedParams(db: Statements, asOf: string): Promise<Params> {
  return {
    runId: (await findForecastRun(db, asOf)) ?? '',
    after: date(addDays(asOf, -RECENT_DAYS)),
    asOf: date(asOf),
  };
}

/** The newest run whose forecasts are complete, as of that day or before. */
export async function findForecastRun(db: Statements, asOf: string): Promise<string | undefined> {
  const [run] = await db.select(
    RunRow,
    `SELECT run_id
       FROM forecast_run
      WHERE status IN ('restocking', 'done') AND as_of <= :asOf
      ORDER BY run_no DESC
      LIMIT 1`,
    { asOf: date(asOf) },
  );
  return run?.run_id;
}

/**
 * What is expected to be asked for a day, by `seriesName`: the mean of the newest plan's forecast, or of the last 91 days
 * where it has none; a series that nobody asks for is expected to sell nothing.
 */
export async function readExpectedDemand(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
): Promise<Map<string, ExpectedDemand>> {
  if (keys.length === 0) return new Map();
  const rows = await db.select(
    Row,
    `SELECT STRAIGHT_JOIN k.product_id, k.location_id, ${EXPECTED} AS expected
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       ${FORECAST}`,
    { keys: keysJson(keys), ...(await expectedParams(db, asOf)) },
  );
  return new Map(
    rows.map((row) => [seriesName({ productId: row.product_id, locationId: row.location_id }), row.expected]),
  );
}
