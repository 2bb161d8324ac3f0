import * as z from 'zod';
import { addDays, daysBetween } from '../../core/calendar/add-days.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { KEY_COLUMNS, type SeriesKey, seriesName } from './series-store.ts';

/** Runs that are looked at; older ones have no forecasts any more. */
const MOST_RUNS = 20;
/** Farthest that a forecast reaches. */
const REACH_DAYS = 91;

const RunRow = z.object({ run_id: z.string(), as_of: z.iso.date() });

const MeanRow = z.object({
  run_id: z.string(),
  product_id: z.string(),
  location_id: z.string(),
  forecast_date: z.iso.date(),
  period_days: z.int(),
  mean: z.string().transform((text) => z.array(z.number()).parse(JSON.parse(text))),
});
type MeanRow = z.infer<typeof MeanRow>;

/** What the plans had said of single days, before those days. */
export interface Nightly {
  /** Expected units of that day by the newest plan as of a day before it; null when there is none. */
  of(key: SeriesKey, day: string): number | null;
}

/** The forecasts of complete plans for days from `firstDay` to `lastDay`; a week's mean is spread evenly over its days. */
export async function readNightly(
  db: Statements,
  keys: readonly SeriesKey[],
  firstDay: string,
  lastDay: string,
): Promise<Nightly> {
  const runs = await db.select(
    RunRow,
    `SELECT run_id, as_of
       FROM forecast_run
      WHERE status IN ('restocking', 'done') AND as_of >= :from AND as_of < :lastDay
      ORDER BY as_of DESC, run_no DESC
      LIMIT ${MOST_RUNS}`,
    { from: date(addDays(firstDay, -REACH_DAYS)), lastDay: date(lastDay) },
  );
  if (runs.length === 0) return { of: () => null };
  const rows = await db.select(
    MeanRow,
    `SELECT f.run_id, f.product_id, f.location_id, f.forecast_date, f.period_days,
            JSON_EXTRACT(f.path, '$.mean') AS mean
       FROM JSON_TABLE(:runs, '$[*]' COLUMNS (run_id CHAR(22) PATH '$')) AS r
       JOIN JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       JOIN forecast f
         ON f.run_id = r.run_id AND f.product_id = k.product_id AND f.location_id = k.location_id`,
    {
      runs: json(runs.map((run) => run.run_id)),
      keys: json(keys.map((key) => [key.productId, key.locationId])),
    },
  );
  const byRun = new Map<string, MeanRow>();
  for (const row of rows) {
    const name = seriesName({ productId: row.product_id, locationId: row.location_id });
    byRun.set(`${row.run_id}|${name}`, row);
  }
  return {
    of(key, day) {
      for (const { run_id, as_of } of runs) {
        const found = as_of < day ? byRun.get(`${run_id}|${seriesName(key)}`) : undefined;
        if (!found) continue;
        const period = Math.floor(daysBetween(found.forecast_date, day) / found.period_days);
        const mean = found.mean[period];
        return mean === undefined ? null : mean / found.period_days;
      }
      return null;
    },
  };
}
