import * as z from 'zod';
import { addDays } from '../core/calendar/add-days.ts';
import { UNEXPLAINED_SHORTAGE } from '../core/inventory/book-movements.ts';
import { jsonColumn } from './columns.ts';
import { date, type Statements } from './database.ts';
import { KEY_COLUMNS, keysJson, PERIOD_DAYS, type SeriesKey, seriesName } from './series-store.ts';

/** Weeks before the day of a plan in which an item may have run out for that to count. */
export const STOCKOUT_WEEKS = 104;
/** What is out of stock for longer was given up: its further days are days on which nobody bought it. */
export const MOST_DAYS_OUT = 182;

/** Days without stock and without movements: how many days before the day asked about they began and ended. */
export interface Stockout {
  readonly firstAge: number;
  readonly lastAge: number;
}

const Row = z.object({
  product_id: z.string(),
  location_id: z.string(),
  spans: jsonColumn(z.array(z.tuple([z.int(), z.int()]))),
});

/**
 * When series were out of stock up to that day, by `seriesName`; those that never were are not there. An item is out of
 * stock on the days behind one at whose end its level was zero and until the next movement, if the ledger knew that it
 * had been there: the day began with stock or brought some, and an opening, a receipt or a count came before. A sale of
 * what the ledger did not know of, at the beginning or at the end, says that it was wrong. Articles that may be sold
 * without stock never are out of it. At most some hundred keys, of two years.
 */
export async function readStockouts(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
  weeks = STOCKOUT_WEEKS,
): Promise<Map<string, Stockout[]>> {
  if (keys.length === 0) return new Map();
  const rows = await db.select(
    Row,
    // Backwards from the stock of now: levels in the ledger are those of the order of recording, not of the calendar.
    // What happened after the day is one day more. The index is named: right after a large import the statistics are
    // those of an empty ledger, which would be read as a whole for every series.
    `SELECT x.product_id, x.location_id, JSON_ARRAYAGG(JSON_ARRAY(x.first_age, x.last_age)) AS spans
       FROM (SELECT w.product_id, w.location_id, w.day,
                    DATEDIFF(:asOf, w.day) - 1 AS first_age,
                    DATEDIFF(:asOf, COALESCE(w.next_day, CAST(:tomorrow AS DATE))) + 1 AS last_age
               FROM (SELECT d.product_id, d.location_id, d.day, d.moved, d.came, d.short,
                            d.stock_level - COALESCE(SUM(d.moved) OVER (
                              PARTITION BY d.product_id, d.location_id ORDER BY d.day DESC
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS level,
                            LAG(d.day) OVER (
                              PARTITION BY d.product_id, d.location_id ORDER BY d.day DESC) AS next_day,
                            LAG(d.short > 0 AND d.came = 0) OVER (
                              PARTITION BY d.product_id, d.location_id ORDER BY d.day DESC) AS was_there
                       FROM (SELECT STRAIGHT_JOIN s.product_id, s.location_id, s.stock_level,
                                    LEAST(CAST(l.date AS DATE), CAST(:tomorrow AS DATE)) AS day,
                                    SUM(l.quantity_change) AS moved,
                                    SUM(l.change_type IN ('opening', 'receipt')) AS came,
                                    SUM(l.date < :tomorrow AND l.reason <=> '${UNEXPLAINED_SHORTAGE}') AS short
                               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
                               JOIN products p ON p.product_id = k.product_id AND p.backorders_allowed = 0
                               JOIN stock s ON s.product_id = k.product_id AND s.location_id = k.location_id
                               JOIN inventory_log l FORCE INDEX (inventory_log_position)
                                 ON l.product_id = s.product_id AND l.warehouse = s.location_id AND l.date >= :first
                              GROUP BY s.product_id, s.location_id, s.stock_level, day) AS d) AS w
              WHERE w.day <= :asOf
                AND w.level <= 0
                AND (w.level > w.moved OR w.came > 0)
                AND w.short = 0
                AND COALESCE(w.was_there, 0) = 0
                AND DATEDIFF(COALESCE(w.next_day, CAST(:tomorrow AS DATE)), w.day) > 1) AS x
      WHERE (SELECT 1
               FROM inventory_log o FORCE INDEX (inventory_log_position)
              WHERE o.product_id = x.product_id AND o.warehouse = x.location_id
                AND o.date < DATE_ADD(x.day, INTERVAL 1 DAY)
                AND (o.change_type IN ('opening', 'receipt') OR o.reason = 'stock count')
              LIMIT 1) = 1
      GROUP BY x.product_id, x.location_id`,
    {
      keys: keysJson(keys),
      asOf: date(asOf),
      tomorrow: date(addDays(asOf, 1)),
      first: date(addDays(asOf, 1 - PERIOD_DAYS * weeks)),
    },
  );
  return new Map(
    rows.map((row) => [
      seriesName({ productId: row.product_id, locationId: row.location_id }),
      row.spans
        .map(([firstAge, last]) => ({ firstAge, lastAge: Math.max(last, firstAge + 1 - MOST_DAYS_OUT) }))
        .sort((a, b) => b.firstAge - a.firstAge),
    ]),
  );
}

/** Days out of stock in each of so many periods up to the day asked about, oldest first. */
export function daysOutOf(
  stockouts: readonly Stockout[] | undefined,
  periods: number,
  periodDays = PERIOD_DAYS,
): number[] {
  const days = new Array<number>(periods).fill(0);
  for (const { firstAge, lastAge } of stockouts ?? []) {
    const oldest = Math.min(firstAge, periods * periodDays - 1);
    for (let age = lastAge; age <= oldest; age++) days[periods - 1 - Math.floor(age / periodDays)]!++;
  }
  return days;
}
