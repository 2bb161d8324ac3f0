import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { KEY_COLUMNS, keysJson, PERIOD_DAYS, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';

/** Weeks before the day of a plan in which an item may have run out for that to count. */
export const STOCKOUT_WEEKS = 104;
/** What is out of stock for longer was given up: its further days are days on which nobody bought it. */
export const MOST_DAYS_OUT = 182;

/** Days without stock and without movements: how many days before the day asked about they began and ended. */
export interface Stockout {
  readonly firstAge: number;
  readonly lastAge: number;
}

const Row = z.object({ n: z.int(), spans: jsonColumn(z.array(z.tuple([z.int(), z.int()]))) });

/**
 * When series were out of stock up to that day, by `seriesName`; those that never were are not there. An item is out of
 * stock on the days between the movement that took the last unit and the one that brings some again, if the ledger knew
 * that it had been there: an opening, a receipt or a count came before. Sales of what the ledger did not know of, at the
 * beginning or at the end, say that it was wrong. Articles that may be sold without stock never are out of it. At most
 * some hundred keys, of two years.
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
    // The index is named: right after a large import the statistics are those of an empty ledger, which would be read
    // as a whole for every series. It holds all columns that are read here but the last, of few rows.
    `SELECT x.n, JSON_ARRAYAGG(JSON_ARRAY(DATEDIFF(:asOf, x.date) - 1,
                                          DATEDIFF(:asOf, LEAST(x.next_date, CAST(:tomorrow AS DATETIME))) + 1)) AS spans
       FROM (SELECT STRAIGHT_JOIN k.n, s.product_id, s.location_id, l.date, l.quantity_change,
                    s.stock_level - COALESCE(SUM(l.quantity_change) OVER (
                      behind ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS level,
                    COALESCE(LAG(l.date) OVER behind, CAST(:tomorrow AS DATETIME)) AS next_date,
                    LAG(l.quantity_change > 0 AND l.knowledge <> 2) OVER behind AS is_supplied,
                    LEAD(l.knowledge) OVER behind AS knowledge_before
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS})) AS k
               JOIN products p ON p.product_id = k.product_id AND p.backorders_allowed = 0
               JOIN stock s ON s.product_id = k.product_id AND s.location_id = k.location_id
               JOIN inventory_log l FORCE INDEX (inventory_log_position)
                 ON l.product_id = s.product_id AND l.warehouse = s.location_id AND l.date >= :first
             WINDOW behind AS (PARTITION BY k.n ORDER BY l.date DESC, l.log_id DESC)) AS x
      WHERE x.level <= 0
        AND x.level > x.quantity_change
        AND x.date < :tomorrow
        AND DATEDIFF(LEAST(x.next_date, CAST(:tomorrow AS DATETIME)), x.date) > 1
        AND (x.next_date >= :tomorrow OR x.is_supplied = 1)
        AND COALESCE(x.knowledge_before, 0) <> 2
        AND (SELECT 1
               FROM inventory_log o FORCE INDEX (inventory_log_position)
              WHERE o.product_id = x.product_id AND o.warehouse = x.location_id
                AND o.date <= x.date
                AND o.knowledge = 1
              LIMIT 1) = 1
      GROUP BY x.n`,
    {
      keys: keysJson(keys),
      asOf: date(asOf),
      tomorrow: date(addDays(asOf, 1)),
      first: date(addDays(asOf, 1 - PERIOD_DAYS * weeks)),
    },
  );
  return new Map(
    rows.map(({ n, spans }) => [
      seriesName(keys[n - 1]!),
      spans
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
