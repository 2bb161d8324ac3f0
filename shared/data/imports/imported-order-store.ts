import * as z from 'zod';
import type { OrderRow } from '../orders/order-store.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** Orders of one answer. */
const PAGE = 1_000;

/** What orders that were undone with all their lines are called. */
const UNDONE = 'Undone';

/** Describes orders again that an undo had taken away, and those whose lines came in a later state. */
export async function describeOrders(
  tx: Statements,
  source: string,
  orders: readonly OrderRow[],
  options: { readonly onlyUndone: boolean },
): Promise<void> {
  const rows = orders.map((order) => [
    order.orderId,
    order.status,
    order.paymentMethod,
    order.city,
    order.state,
    order.country,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (
                order_id       VARCHAR(64)  PATH '$[0]',
                order_status   VARCHAR(20)  PATH '$[1]',
                payment_method VARCHAR(50)  PATH '$[2]',
                city           VARCHAR(100) PATH '$[3]',
                state          VARCHAR(100) PATH '$[4]',
                country        VARCHAR(100) PATH '$[5]')) AS j
              STRAIGHT_JOIN orders o FORCE INDEX (PRIMARY) ON o.order_id = j.order_id
          SET o.source = CASE WHEN o.order_status = '${UNDONE}' THEN :source ELSE o.source END,
              o.order_status = j.order_status,
              o.payment_method = COALESCE(j.payment_method, o.payment_method),
              o.city = COALESCE(j.city, o.city), o.state = COALESCE(j.state, o.state),
              o.country = COALESCE(j.country, o.country)
        WHERE ${options.onlyUndone ? `o.order_status = '${UNDONE}'` : '1 = 1'}`,
      { rows: chunk, source },
    );
  }
}

/** Describes those of the orders again that an undo had taken away; holds no others. */
export async function reviveOrders(
  tx: Statements,
  source: string,
  orders: readonly OrderRow[],
): Promise<void> {
  const rows = await tx.select(
    z.object({ order_id: z.string() }),
    `SELECT STRAIGHT_JOIN o.order_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       JOIN orders o FORCE INDEX (PRIMARY) ON o.order_id = j.id
      WHERE o.order_status = '${UNDONE}'`,
    { ids: json(orders.map((order) => order.orderId)) },
  );
  const undone = new Set(rows.map((row) => row.order_id));
  const some = orders.filter((order) => undone.has(order.orderId));
  if (some.length > 0) await describeOrders(tx, source, some, { onlyUndone: true });
}

/** Gives orders back the status that an import had changed; one that has another status by now keeps it. */
export async function restoreStatuses(
  tx: Statements,
  orders: readonly { readonly orderId: string; readonly told: string; readonly before: string }[],
): Promise<void> {
  for (const chunk of jsonChunks(orders.map((order) => [order.orderId, order.told, order.before]))) {
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (
                id     VARCHAR(64) PATH '$[0]',
                told   VARCHAR(20) PATH '$[1]',
                before_it VARCHAR(20) PATH '$[2]')) AS j
              STRAIGHT_JOIN orders o FORCE INDEX (PRIMARY) ON o.order_id = j.id
          SET o.order_status = j.before_it
        WHERE o.order_status = j.told`,
      { rows: chunk },
    );
  }
}

/** Orders of which no line is left are called undone, if no import that stands made them. */
export async function closeEmptyOrders(
  tx: Statements,
  importId: string,
  orderIds: readonly string[],
): Promise<void> {
  for (const chunk of jsonChunks(orderIds.map((id) => [id]))) {
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]')) AS j
              STRAIGHT_JOIN orders o FORCE INDEX (PRIMARY) ON o.order_id = j.id
          SET o.order_status = '${UNDONE}'
        WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.order_id = o.order_id AND s.kind <> 'undone')
          AND (o.source = :importId
               OR EXISTS (SELECT 1 FROM import_job i WHERE i.import_id = o.source AND i.status IN ('undoing', 'undone')))`,
      { rows: chunk, importId },
    );
  }
}

/** Orders that an import made, after `after` by id; at most 1,000. No index: it goes through the table, holding nothing. */
export async function ordersOfImport(db: Statements, importId: string, after: string): Promise<string[]> {
  const rows = await db.select(
    z.object({ order_id: z.string() }),
    `SELECT order_id
       FROM orders
      WHERE source = :importId AND order_id > :after
      ORDER BY order_id
      LIMIT ${PAGE}`,
    { importId, after },
  );
  return rows.map((row) => row.order_id);
}
