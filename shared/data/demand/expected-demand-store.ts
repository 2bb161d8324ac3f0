import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { date, type Statements } from '../sql/database.ts';

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
const Row = z.object({
  product_id: z.string(),
  location_id: z.string(),
  days: z.int().nullable(),
  mean: z.number().nullable(),
  high: z.number().nullable(),
  sold: z.coerce.number(),
});

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
  const runId = await findForecastRun(db, asOf);
  const rows = await db.select(
    Row,
    `SELECT STRAIGHT_JOIN k.product_id, k.location_id, f.horizon * f.period_days AS days, f.forecast_qty AS mean,
            f.confidence_high AS high,
            CASE WHEN f.run_id IS NULL
                 THEN (SELECT COALESCE(SUM(d.quantity), 0)
                         FROM demand d FORCE INDEX (PRIMARY)
                        WHERE d.product_id = k.product_id AND d.location_id = k.location_id
                          AND d.date > :after AND d.date <= :asOf)
                 ELSE 0 END AS sold
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       LEFT JOIN forecast f FORCE INDEX (forecast_series)
         ON f.run_id = :runId AND f.product_id = k.product_id AND f.location_id = k.location_id`,
    {
      keys: keysJson(keys),
      runId: runId ?? '',
      after: date(addDays(asOf, -RECENT_DAYS)),
      asOf: date(asOf),
    },
  );
  return new Map(
    rows.map((row) => [
      seriesName({ productId: row.product_id, locationId: row.location_id }),
      row.mean !== null && row.days
        ? {
            perDay: Math.max(0, row.mean) / row.days,
            high: row.high,
            days: row.days,
            source: 'forecast' as const,
          }
        : {
            perDay: Math.max(0, row.sold) / RECENT_DAYS,
            high: null,
            days: RECENT_DAYS,
            source: 'recent_sales' as const,
          },
    ]),
  );
}
