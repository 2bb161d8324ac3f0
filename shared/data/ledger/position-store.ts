import * as z from 'zod';
import { EXPECTING } from '../../core/inventory/purchase-order-states.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import type { Statements } from '../sql/database.ts';

const Row = z.object({
  product_id: z.string(),
  location_id: z.string(),
  on_hand: z.int(),
  committed: z.int(),
  on_order: z.int(),
});

/** SQL: whether goods of a purchase order are expected: it is approved, and not over. */
export const isExpecting = (order: string): string =>
  `${order}.status IN (${EXPECTING.map((status) => `'${status}'`).join(', ')})`;

/**
 * SQL: whether a purchase order `p` is supply that a plan counts upon. All of it counts, however late it is: also what a
 * person has submitted, or made or changed as a draft, or the next plan would suggest the same again.
 */
export const IS_OPEN_SUPPLY = `(${isExpecting('p')} OR p.status = 'submitted' OR p.status = 'draft' AND p.is_own = 1)`;

const expected = (condition: string) =>
  `COALESCE((SELECT CAST(SUM(GREATEST(l.quantity - l.quantity_received, 0)) AS SIGNED)
                        FROM purchase_order_line l
                        JOIN purchase_order p ON p.purchase_order_id = l.purchase_order_id
                       WHERE l.product_id = k.product_id
                         AND p.location_id = k.location_id
                         AND l.line_status = 'open'
                         AND ${condition}), 0)`;

/** Units for a row `k` of a product and location that a plan counts upon, and that are not received. */
export const ON_ORDER = expected(IS_OPEN_SUPPLY);

/** Units of it that are ordered: what people mean by it. */
export const ORDERED = expected(isExpecting('p'));

/** Units on their way from another location to that of a row `k`: left there, and in nobody's stock. */
export const IN_TRANSIT = `COALESCE((SELECT CAST(SUM(l.quantity - l.quantity_received - l.quantity_returned
                                            - l.quantity_lost) AS SIGNED)
                        FROM transfer_line l
                        JOIN transfer t ON t.transfer_id = l.transfer_id
                       WHERE l.product_id = k.product_id
                         AND t.to_location = k.location_id
                         AND t.status = 'in_transit'), 0)`;

/** What is there and what is coming, in units. */
export interface InventoryPosition {
  readonly onHand: number;
  readonly committed: number;
  /** Approved and not yet received, and on its way from another location. */
  readonly onOrder: number;
}

/** The positions of the series, by `seriesName`; a series that never had stock has zeros. */
export async function readPositions(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<Map<string, InventoryPosition>> {
  const rows = await db.select(
    Row,
    `SELECT k.product_id, k.location_id,
            COALESCE(s.stock_level, 0) AS on_hand,
            COALESCE(s.committed, 0) AS committed,
            ${ON_ORDER} + ${IN_TRANSIT} AS on_order
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       LEFT JOIN stock s ON s.product_id = k.product_id AND s.location_id = k.location_id`,
    { keys: keysJson(keys) },
  );
  return new Map(
    rows.map((row) => [
      seriesName({ productId: row.product_id, locationId: row.location_id }),
      { onHand: row.on_hand, committed: row.committed, onOrder: row.on_order },
    ]),
  );
}
