import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

const Header = z.object({
  order_id: z.string(),
  customer_id: z.string().nullable(),
  seller_id: z.string().nullable(),
  order_date: z.string(),
  order_status: z.string(),
  payment_method: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  country: z.string().nullable(),
});
/** What is true of a whole order; its date as YYYY-MM-DD HH:MM:SS.mmm in UTC. */
export type OrderHeader = z.infer<typeof Header>;

/** The orders that exist of these, by id. At most 4,000 at once. */
export async function orderHeaders(
  tx: Statements,
  ids: readonly string[],
): Promise<Map<string, OrderHeader>> {
  const rows = await tx.select(
    Header,
    `SELECT STRAIGHT_JOIN o.order_id, o.customer_id, o.seller_id, CAST(o.order_date AS CHAR) AS order_date,
            o.order_status, o.payment_method, o.city, o.state, o.country
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       JOIN orders o ON o.order_id = j.id`,
    { ids: json([...new Set(ids)]) },
  );
  return new Map(rows.map((row) => [row.order_id, row]));
}

/** Orders that exist take a status that was told later. */
export async function updateOrderStatuses(
  tx: Statements,
  orders: readonly { readonly orderId: string; readonly status: string }[],
): Promise<void> {
  for (const rows of jsonChunks(orders.map((order) => [order.orderId, order.status]))) {
    await tx.write(
      `UPDATE orders o
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                order_id VARCHAR(64) PATH '$[0]',
                status   VARCHAR(20) PATH '$[1]')) AS j ON j.order_id = o.order_id
          SET o.order_status = j.status
        WHERE o.order_status <> j.status`,
      { rows },
    );
  }
}
