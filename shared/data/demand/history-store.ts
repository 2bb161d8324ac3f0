import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { uncensored } from '../../core/forecast/uncensored.ts';
import {
  HISTORY_PERIODS,
  KEY_COLUMNS,
  keysJson,
  PERIOD_DAYS,
  SERIES_PER_READ,
  type SeriesKey,
  seriesName,
} from '../forecasts/series-store.ts';
import { daysOutOf, readStockouts, STOCKOUT_WEEKS, type Stockout } from '../ledger/stockout-store.ts';
import { date, type Statements } from '../sql/database.ts';

export interface History extends SeriesKey {
  /**
   * Units asked for per period, oldest first; NaN where that is unknown. In the first period something was sold, the
   * last one ends on `as_of`.
   */
  readonly quantities: readonly number[];
}

const HistoryRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  buckets: z.string().transform((text) => z.array(z.tuple([z.int(), z.number()])).parse(JSON.parse(text))),
});

/**
 * The histories of at most 250 series, fewer when more periods are asked for, in the order of their keys; series without
 * demand are left out. Where stock had run out, what was sold is not what was asked for: see `uncensored`.
 * Buckets are rolling weeks that end on `as_of`, not calendar weeks: no partial week is lost at the end, and every
 * forecast starts on the day after `as_of`.
 */
export async function readHistories(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
  periods = HISTORY_PERIODS,
): Promise<History[]> {
  if (keys.length * periods > SERIES_PER_READ * HISTORY_PERIODS)
    throw new RangeError(`${keys.length} histories of ${periods} periods in one read`);
  const rows = await db.select(
    HistoryRow,
    `SELECT b.product_id, b.location_id, JSON_ARRAYAGG(JSON_ARRAY(b.age, b.quantity)) AS buckets
       FROM (SELECT STRAIGHT_JOIN d.product_id, d.location_id, DATEDIFF(:asOf, d.date) DIV ${PERIOD_DAYS} AS age,
                    CAST(SUM(d.quantity) AS SIGNED) AS quantity
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
               JOIN demand d ON d.product_id = k.product_id AND d.location_id = k.location_id
              WHERE d.date > :after
                AND d.date <= :asOf
                AND d.quantity > 0
              GROUP BY d.product_id, d.location_id, age) AS b
      GROUP BY b.product_id, b.location_id`,
    { keys: keysJson(keys), asOf: date(asOf), after: date(addDays(asOf, -PERIOD_DAYS * periods)) },
  );
  const stockouts = await readStockouts(db, keys, asOf, Math.min(periods, STOCKOUT_WEEKS));
  const byName = new Map(
    rows.map((row) => {
      const key = { productId: row.product_id, locationId: row.location_id };
      const out = stockouts.get(seriesName(key));
      return [seriesName(key), { ...key, quantities: demandFrom(fillZeros(row.buckets), out) }];
    }),
  );
  return keys.map((key) => byName.get(seriesName(key))).filter((history) => history !== undefined);
}

/** Units asked for, from units sold per period up to the day whose stock-outs these are; NaN is unknown. */
export function demandFrom(sold: readonly number[], stockouts: readonly Stockout[] | undefined): number[] {
  return uncensored(sold, daysOutOf(stockouts, sold.length), PERIOD_DAYS);
}

/** From [periods before the last, units] to units per period, oldest first. */
function fillZeros(buckets: readonly (readonly [age: number, quantity: number])[]): number[] {
  const length = 1 + Math.max(...buckets.map(([age]) => age));
  const quantities = new Array<number>(length).fill(0);
  for (const [age, quantity] of buckets) quantities[length - 1 - age] = quantity;
  return quantities;
}
