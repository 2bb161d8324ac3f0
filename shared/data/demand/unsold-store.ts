import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import {
  HISTORY_PERIODS,
  KEY_COLUMNS,
  keysJson,
  PERIOD_DAYS,
  type SeriesKey,
  seriesName,
} from '../forecasts/series-store.ts';
import { date, type Statements } from '../sql/database.ts';

const KEYS_PER_PAGE = 5000;
const MAX_KEY_PAGES = 200;

const KeyRow = z.object({ product_id: z.string(), location_id: z.string() });

/**
 * Active goods that are in stock and were never asked for up to that day, if they came within the reach of a history:
 * what lies unsold for longer is no new product. What only customers brought back there is not sold there, unless a person
 * has set a policy for it.
 */
export async function readUnsoldKeys(db: Statements, asOf: string): Promise<SeriesKey[]> {
  const keys: SeriesKey[] = [];
  for (let page = 0; page < MAX_KEY_PAGES; page++) {
    const last = keys.at(-1);
    const rows = await db.select(
      KeyRow,
      `SELECT s.product_id, s.location_id
         FROM stock s
         JOIN products p ON p.product_id = s.product_id
        WHERE s.stock_level > 0
          AND p.is_active = 1
          AND p.is_service = 0
          AND s.product_id >= :productId
          AND (s.product_id, s.location_id) > (:productId, :locationId)
          AND NOT EXISTS (SELECT 1
                            FROM demand d
                           WHERE d.product_id = s.product_id AND d.location_id = s.location_id
                             AND d.date <= :asOf AND d.quantity > 0)
          AND (SELECT CAST(MIN(l.date) AS DATE)
                 FROM inventory_log l
                WHERE l.product_id = s.product_id AND l.warehouse = s.location_id
                  AND (l.change_type <> 'return'
                       OR EXISTS (SELECT 1
                                    FROM item_policy i
                                   WHERE i.product_id = s.product_id AND i.location_id = s.location_id)))
              BETWEEN :first AND :asOf
        ORDER BY s.product_id, s.location_id
        LIMIT ${KEYS_PER_PAGE}`,
      {
        first: date(addDays(asOf, 1 - PERIOD_DAYS * HISTORY_PERIODS)),
        asOf: date(asOf),
        productId: last?.productId ?? '',
        locationId: last?.locationId ?? '',
      },
    );
    for (const row of rows) keys.push({ productId: row.product_id, locationId: row.location_id });
    if (rows.length < KEYS_PER_PAGE) return keys;
  }
  throw new RangeError(`more than ${KEYS_PER_PAGE * MAX_KEY_PAGES} unsold series in one plan`);
}

const UnsoldRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  days: z.int(),
  initial_stock: z.int(),
});

/** A product in stock that was never sold. */
export interface Unsold extends SeriesKey {
  /** Whole weeks that it has been in stock. */
  readonly weeks: number;
  /** Stock after its first movement, in units. */
  readonly initialStock: number;
}

/** How long the series of these keys, which have no demand, have been in stock; without a movement they are left out. */
export async function readUnsold(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
): Promise<Map<string, Unsold>> {
  if (keys.length === 0) return new Map();
  const rows = await db.select(
    UnsoldRow,
    `SELECT l.product_id, l.warehouse AS location_id, DATEDIFF(:asOf, l.date) + 1 AS days,
            CAST(l.stock_level AS SIGNED) AS initial_stock
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       JOIN inventory_log l
         ON l.log_id = (SELECT x.log_id
                          FROM inventory_log x
                         WHERE x.product_id = k.product_id AND x.warehouse = k.location_id
                         ORDER BY x.date, x.log_id
                         LIMIT 1)
      WHERE l.date < DATE_ADD(:asOf, INTERVAL 1 DAY)`,
    { keys: keysJson(keys), asOf: date(asOf) },
  );
  return new Map(
    rows.map((row) => {
      const key = { productId: row.product_id, locationId: row.location_id };
      const weeks = Math.min(HISTORY_PERIODS, Math.floor(row.days / PERIOD_DAYS));
      return [seriesName(key), { ...key, weeks, initialStock: row.initial_stock }];
    }),
  );
}
