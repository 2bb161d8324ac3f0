import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { date, json, type Statements } from '../sql/database.ts';

/** Days of one bucket, and how many buckets of history a forecast sees at most. */
export const PERIOD_DAYS = 7;
export const HISTORY_PERIODS = 156;

/** Most series of one read, with that much history: their histories stay below the 1 MiB of an answer (3.1 KB each at the very most). */
export const SERIES_PER_READ = 250;

const KEYS_PER_PAGE = 5000;
const MAX_KEY_PAGES = 200;

/** What is planned: one product at one location. */
export interface SeriesKey {
  readonly productId: string;
  readonly locationId: string;
}

/** One name for a series, as the database's `open_key` writes it. */
export const seriesName = ({ productId, locationId }: SeriesKey): string => `${productId}|${locationId}`;

/** Keys for `JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS}))`. */
export const keysJson = (keys: readonly SeriesKey[]) =>
  json(keys.map((key) => [key.productId, key.locationId]));
export const KEY_COLUMNS = `product_id VARCHAR(64) PATH '$[0]', location_id VARCHAR(50) PATH '$[1]'`;

const KeyRow = z.object({ product_id: z.string(), location_id: z.string() });

/** The series that a plan as of that day covers: active goods with demand within the history's reach. */
export async function readSeriesKeys(db: Statements, asOf: string): Promise<SeriesKey[]> {
  const keys: SeriesKey[] = [];
  for (let page = 0; page < MAX_KEY_PAGES; page++) {
    const last = keys.at(-1);
    // `>=` finds the place in the index, which the comparison of pairs does not: each page would read all before it.
    const rows = await db.select(
      KeyRow,
      `SELECT d.product_id, d.location_id
         FROM demand d
         JOIN products p ON p.product_id = d.product_id
        WHERE d.date > :after
          AND d.date <= :asOf
          AND d.quantity > 0
          AND p.is_active = 1
          AND p.is_service = 0
          AND d.product_id >= :productId
          AND (d.product_id, d.location_id) > (:productId, :locationId)
        GROUP BY d.product_id, d.location_id
        ORDER BY d.product_id, d.location_id
        LIMIT ${KEYS_PER_PAGE}`,
      {
        after: date(addDays(asOf, -PERIOD_DAYS * HISTORY_PERIODS)),
        asOf: date(asOf),
        productId: last?.productId ?? '',
        locationId: last?.locationId ?? '',
      },
    );
    for (const row of rows) keys.push({ productId: row.product_id, locationId: row.location_id });
    if (rows.length < KEYS_PER_PAGE) return keys;
  }
  throw new RangeError(`more than ${KEYS_PER_PAGE * MAX_KEY_PAGES} series in one plan`);
}
