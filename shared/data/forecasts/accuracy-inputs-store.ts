import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { KEY_COLUMNS, keysJson, PERIOD_DAYS, type SeriesKey, seriesName } from './series-store.ts';

/** Days of a year in whole weeks, and the age of the oldest day of its first week. */
const YEAR_DAYS = 364;
/** Series of one answer, of 114 bytes at the very most. */
const ACTUALS_PER_READ = 8000;
const MOST_READS = 200;

const Naive = z.object({
  product_id: z.string(),
  location_id: z.string(),
  has_year: z.int(),
  buckets: jsonColumn(z.array(z.tuple([z.int(), z.number()]))),
});

/**
 * What the forecast that costs nothing says for the weeks after `asOf`, by the name of the series: the demand of the
 * week 52 weeks before, for a series with a year of history; else that of the last week. At most some thousand keys.
 */
export async function readNaiveForecasts(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
  weeks: number,
): Promise<Map<string, number[]>> {
  const join = `FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
                JOIN demand d ON d.product_id = k.product_id AND d.location_id = k.location_id`;
  const rows = await db.select(
    Naive,
    // week 0 is the last one that is known, week h the one 52 weeks before week h ahead
    `SELECT b.product_id, b.location_id, JSON_ARRAYAGG(JSON_ARRAY(b.week, b.quantity)) AS buckets,
            EXISTS (SELECT 1
                      FROM demand y
                     WHERE y.product_id = b.product_id AND y.location_id = b.location_id
                       AND y.date <= :firstWeek AND y.quantity > 0) AS has_year
       FROM (SELECT STRAIGHT_JOIN d.product_id, d.location_id, 0 AS week, CAST(SUM(d.quantity) AS SIGNED) AS quantity
               ${join}
              WHERE d.date > :lastWeek AND d.date <= :asOf AND d.quantity > 0
              GROUP BY d.product_id, d.location_id
              UNION ALL
             SELECT STRAIGHT_JOIN d.product_id, d.location_id,
                    (DATEDIFF(d.date, :yearAgo) + ${PERIOD_DAYS - 1}) DIV ${PERIOD_DAYS} AS week,
                    CAST(SUM(d.quantity) AS SIGNED) AS quantity
               ${join}
              WHERE d.date > :yearAgo AND d.date <= :yearEnd AND d.quantity > 0
              GROUP BY d.product_id, d.location_id, week) AS b
      GROUP BY b.product_id, b.location_id`,
    {
      keys: keysJson(keys),
      asOf: date(asOf),
      lastWeek: date(addDays(asOf, -PERIOD_DAYS)),
      yearAgo: date(addDays(asOf, -YEAR_DAYS)),
      yearEnd: date(addDays(asOf, PERIOD_DAYS * weeks - YEAR_DAYS)),
      firstWeek: date(addDays(asOf, PERIOD_DAYS - YEAR_DAYS)),
    },
  );
  const naive = new Map(keys.map((key) => [seriesName(key), new Array<number>(weeks).fill(0)]));
  for (const row of rows) {
    const series = naive.get(seriesName({ productId: row.product_id, locationId: row.location_id }))!;
    if (row.has_year === 0) series.fill(row.buckets.find(([week]) => week === 0)?.[1] ?? 0);
    else for (const [week, quantity] of row.buckets) if (week > 0) series[week - 1] = quantity;
  }
  return naive;
}

const Actual = z.object({ product_id: z.string(), location_id: z.string(), quantity: z.int() });

/** Units asked for in the week that ends on that day, by the name of the series; a series without demand is not there. */
export async function readActuals(db: Statements, bucketEnd: string): Promise<Map<string, number>> {
  const actuals = new Map<string, number>();
  let last: SeriesKey = { productId: '', locationId: '' };
  for (let read = 0; read < MOST_READS; read++) {
    const rows = await db.select(
      Actual,
      `SELECT d.product_id, d.location_id, CAST(SUM(d.quantity) AS SIGNED) AS quantity
         FROM demand d FORCE INDEX (demand_date)
        WHERE d.date > :before AND d.date <= :bucketEnd
          AND d.quantity > 0
          AND (d.product_id, d.location_id) > (:productId, :locationId)
        GROUP BY d.product_id, d.location_id
        ORDER BY d.product_id, d.location_id
        LIMIT ${ACTUALS_PER_READ}`,
      { before: date(addDays(bucketEnd, -PERIOD_DAYS)), bucketEnd: date(bucketEnd), ...last },
    );
    for (const row of rows) {
      last = { productId: row.product_id, locationId: row.location_id };
      actuals.set(seriesName(last), row.quantity);
    }
    if (rows.length < ACTUALS_PER_READ) return actuals;
  }
  throw new RangeError(`more than ${ACTUALS_PER_READ * MOST_READS} series with demand in one week`);
}
