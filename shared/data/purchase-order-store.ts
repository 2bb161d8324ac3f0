import * as z from 'zod';
import { Fault } from '../contracts/fault.ts';
import type { Statements } from './database.ts';
import { announce } from './outbox-store.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey } from './series-store.ts';

const Id = z.object({ purchase_order_id: z.int() });

/**
 * Holds every draft until the transaction ends. Whoever changes suggestions calls this first, whoever approves or
 * dismisses holds one draft: so a suggestion never changes between being shown, mirrored and approved.
 */
export async function lockDrafts(tx: Statements): Promise<void> {
  await tx.select(Id, `SELECT purchase_order_id FROM purchase_order WHERE status = 'draft' FOR UPDATE`);
}

/**
 * Makes the drafts mirror the open suggestions of these series exactly: one draft for each supplier and location, one
 * line for each suggestion, no empty draft. Draft lines of these series without an open suggestion go.
 */
export async function mirrorDrafts(tx: Statements, keys: readonly SeriesKey[]): Promise<void> {
  if (keys.length === 0) return;
  const params = { keys: keysJson(keys) };
  const KEYS = `JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k`;
  const OPEN = `JOIN suggestion s ON s.open_key = CONCAT(k.product_id, '|', k.location_id)`;
  await tx.write(
    `INSERT INTO purchase_order (supplier_id, location_id, status)
     SELECT DISTINCT s.supplier_id, s.location_id, 'draft'
       FROM ${KEYS}
       ${OPEN}
       LEFT JOIN purchase_order p ON p.draft_key = CONCAT(s.supplier_id, '|', s.location_id)
      WHERE p.purchase_order_id IS NULL`,
    params,
  );
  await tx.write(
    `UPDATE suggestion s
       JOIN ${KEYS} ON s.open_key = CONCAT(k.product_id, '|', k.location_id)
       JOIN purchase_order p ON p.draft_key = CONCAT(s.supplier_id, '|', s.location_id)
        SET s.purchase_order_id = p.purchase_order_id
      WHERE s.purchase_order_id IS NULL OR s.purchase_order_id <> p.purchase_order_id`,
    params,
  );
  await tx.write(
    `DELETE l
       FROM purchase_order_line l
       JOIN purchase_order p ON p.purchase_order_id = l.purchase_order_id AND p.status = 'draft'
       JOIN ${KEYS} ON k.product_id = l.product_id AND k.location_id = p.location_id
       LEFT JOIN suggestion s ON s.open_key = CONCAT(l.product_id, '|', p.location_id)
                             AND s.purchase_order_id = p.purchase_order_id
      WHERE s.suggestion_id IS NULL`,
    params,
  );
  await tx.write(
    `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost)
     SELECT s.purchase_order_id, s.product_id, s.quantity, s.unit_cost
       FROM ${KEYS}
       ${OPEN}
         ON DUPLICATE KEY UPDATE quantity = s.quantity, unit_cost = s.unit_cost`,
    params,
  );
  await tx.write(
    `DELETE p
       FROM purchase_order p
       LEFT JOIN purchase_order_line l ON l.purchase_order_id = p.purchase_order_id
      WHERE p.status = 'draft' AND l.purchase_order_id IS NULL`,
  );
}

const Order = z.object({ supplier_id: z.string(), status: z.string() });

/**
 * Turns a draft into an order: its lines are frozen and count as on order, its suggestions become `ordered`, and
 * `purchase_order.approved` is announced. Approving what is approved already changes nothing.
 * Fault `missing` without such an order, `conflict` when it is cancelled.
 */
export async function approvePurchaseOrder(
  tx: Statements,
  purchaseOrderId: number,
  user: string,
): Promise<void> {
  // The order before its suggestions, as a restock takes them: whoever comes second waits instead of deadlocking.
  const [order] = await tx.select(
    Order,
    `SELECT supplier_id, status FROM purchase_order WHERE purchase_order_id = :id FOR UPDATE`,
    { id: purchaseOrderId },
  );
  if (!order) throw new Fault('missing', `There is no purchase order ${purchaseOrderId}`);
  if (['approved', 'partially_received', 'received'].includes(order.status)) return;
  if (order.status !== 'draft')
    throw new Fault('conflict', `Purchase order ${purchaseOrderId} is ${order.status}`);
  await dateDrafts(tx, purchaseOrderId);
  await tx.write(
    `UPDATE purchase_order
        SET status = 'approved', approved_by = :user, approved_at = UTC_TIMESTAMP(3)
      WHERE purchase_order_id = :id`,
    { id: purchaseOrderId, user },
  );
  await tx.write(
    `UPDATE suggestion SET status = 'ordered' WHERE purchase_order_id = :id AND status = 'open'`,
    {
      id: purchaseOrderId,
    },
  );
  await announce(
    tx,
    'purchase_order.approved',
    { purchaseOrderId, supplierId: order.supplier_id, approvedBy: user },
    { userId: user },
  );
}

/** Sets when each draft is expected: with the last of its suggestions. One draft only when `id` is given. */
export async function dateDrafts(tx: Statements, id?: number): Promise<void> {
  await tx.write(
    `UPDATE purchase_order p
       JOIN (SELECT purchase_order_id, MAX(CAST(JSON_VALUE(explanation, '$.expected_date') AS DATE)) AS day
               FROM suggestion
              WHERE status = 'open' AND purchase_order_id IS NOT NULL
              GROUP BY purchase_order_id) AS s
         ON s.purchase_order_id = p.purchase_order_id
        SET p.expected_date = s.day
      WHERE p.status = 'draft' AND (:id = 0 OR p.purchase_order_id = :id)`,
    { id: id ?? 0 },
  );
}
