import * as z from 'zod';
import { addDays } from '../core/calendar/add-days.ts';
import { jsonColumn } from './columns.ts';
import { date, type Statements } from './database.ts';
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

const DAYS = Array.from({ length: PERIOD_DAYS }, (_, day) => day);

const Week = z.object({
  product_id: z.string(),
  location_id: z.string(),
  stock_level: z.int(),
  after: z.coerce.number(),
  /** Units that moved on each day; null on a day on which nothing did. */
  days: jsonColumn(z.array(z.coerce.number().nullable())),
});

/**
 * The series that stood without stock through a whole day of the week that ends on that day: the day began at zero or
 * less, and nothing moved. What would have been sold then is unknown. A location whose ledger of the article begins
 * with neither an opening count nor a receipt keeps no stock of it, and is never out of it. At most some thousand keys.
 */
export async function readStockouts(
  db: Statements,
  keys: readonly SeriesKey[],
  bucketEnd: string,
): Promise<Set<string>> {
  const onDay = (day: number) =>
    `SUM(CASE WHEN l.date >= DATE_ADD(:first, INTERVAL ${day} DAY) AND l.date < DATE_ADD(:first, INTERVAL ${day + 1} DAY)
              THEN l.quantity_change END)`;
  const rows = await db.select(
    Week,
    // Backwards from the stock of now: levels in the ledger are those of the order of recording, not of the calendar.
    // The index is named: right after a large import the statistics are those of an empty ledger, which would be read
    // as a whole for every series.
    `SELECT STRAIGHT_JOIN s.product_id, s.location_id, s.stock_level,
            COALESCE(SUM(CASE WHEN l.date >= DATE_ADD(:first, INTERVAL ${PERIOD_DAYS} DAY) THEN l.quantity_change END), 0) AS after,
            JSON_ARRAY(${DAYS.map(onDay).join(', ')}) AS days
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       JOIN stock s ON s.product_id = k.product_id AND s.location_id = k.location_id
       LEFT JOIN inventory_log l FORCE INDEX (inventory_log_position)
         ON l.product_id = s.product_id AND l.warehouse = s.location_id AND l.date >= :first
      GROUP BY s.product_id, s.location_id, s.stock_level`,
    { keys: keysJson(keys), first: date(addDays(bucketEnd, 1 - PERIOD_DAYS)) },
  );
  const empty = rows.filter((row) => wasEmpty(row.stock_level - row.after, row.days));
  return keepersOfStock(
    db,
    empty.map((row) => ({ productId: row.product_id, locationId: row.location_id })),
  );
}

/** Whether a day began with nothing and nothing moved on it; `level` is that at the end of the last day. */
export function wasEmpty(level: number, days: readonly (number | null)[]): boolean {
  let end = level;
  for (let day = days.length - 1; day >= 0; day--) {
    const moved = days[day]!;
    if (moved === null && end <= 0) return true;
    end -= moved ?? 0;
  }
  return false;
}

async function keepersOfStock(db: Statements, keys: readonly SeriesKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await db.select(
    z.object({ product_id: z.string(), location_id: z.string(), first_type: z.string().nullable() }),
    `SELECT k.product_id, k.location_id,
            (SELECT l.change_type
               FROM inventory_log l FORCE INDEX (inventory_log_position)
              WHERE l.product_id = k.product_id AND l.warehouse = k.location_id
              ORDER BY l.date, l.log_id
              LIMIT 1) AS first_type
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k`,
    { keys: keysJson(keys) },
  );
  return new Set(
    rows
      .filter((row) => row.first_type === 'opening' || row.first_type === 'receipt')
      .map((row) => seriesName({ productId: row.product_id, locationId: row.location_id })),
  );
}
