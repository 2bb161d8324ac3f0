import * as z from 'zod';
import {
  KEY_COLUMNS,
  keysJson,
  SERIES_PER_READ,
  type SeriesKey,
  seriesName,
} from '../forecasts/series-store.ts';
import { IS_OPEN_SUPPLY } from '../ledger/position-store.ts';
import type { Statements } from '../sql/database.ts';

/** Units to come at one time. */
export interface Supply {
  readonly from: 'order' | 'draft' | 'transfer';
  /** Null where nobody said; a day that is over where they are late. */
  readonly expected: string | null;
  readonly quantity: number;
}

const SupplyRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  source: z.enum(['order', 'draft', 'transfer']),
  expected: z.iso.date().nullable(),
  quantity: z.int(),
});

/**
 * All that is to come for the series, by `seriesName`: what is ordered, what a person is about to order, and what is on
 * its way from another location. Series without supply are left out.
 */
export async function readSupply(db: Statements, keys: readonly SeriesKey[]): Promise<Map<string, Supply[]>> {
  const supply = new Map<string, Supply[]>();
  for (let at = 0; at < keys.length; at += SERIES_PER_READ) {
    for (const { name, one } of await readSome(db, keys.slice(at, at + SERIES_PER_READ))) {
      const others = supply.get(name);
      if (others) others.push(one);
      else supply.set(name, [one]);
    }
  }
  return supply;
}

async function readSome(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<{ readonly name: string; readonly one: Supply }[]> {
  const rows = await db.select(
    SupplyRow,
    `SELECT product_id, location_id, source, expected, CAST(SUM(quantity) AS SIGNED) AS quantity
       FROM (SELECT STRAIGHT_JOIN k.product_id, k.location_id,
                    CASE WHEN p.status = 'draft' THEN 'draft' ELSE 'order' END AS source,
                    CAST(COALESCE(l.revised_date, l.expected_date, p.expected_date) AS CHAR) AS expected,
                    l.quantity - l.quantity_received AS quantity
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
               JOIN purchase_order_line l FORCE INDEX (purchase_order_line_product) ON l.product_id = k.product_id
               JOIN purchase_order p FORCE INDEX (PRIMARY) ON p.purchase_order_id = l.purchase_order_id
                                                          AND p.location_id = k.location_id
              WHERE l.line_status = 'open'
                AND l.quantity > l.quantity_received
                AND ${IS_OPEN_SUPPLY}
              UNION ALL
             SELECT STRAIGHT_JOIN k.product_id, k.location_id, 'transfer', NULL,
                    l.quantity - l.quantity_received - l.quantity_returned - l.quantity_lost
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
               JOIN transfer_line l FORCE INDEX (transfer_line_product) ON l.product_id = k.product_id
               JOIN transfer t FORCE INDEX (PRIMARY) ON t.transfer_id = l.transfer_id AND t.to_location = k.location_id
              WHERE t.status = 'in_transit') AS coming
      WHERE quantity > 0
      GROUP BY product_id, location_id, source, expected
      ORDER BY product_id, location_id, source, expected`,
    { keys: keysJson(keys) },
  );
  return rows.map(({ product_id, location_id, source: from, expected, quantity }) => ({
    name: seriesName({ productId: product_id, locationId: location_id }),
    one: { from, expected, quantity },
  }));
}
