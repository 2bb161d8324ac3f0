import * as z from 'zod';
import { KEY_COLUMNS, keysJson, type SeriesKey } from '../forecasts/series-store.ts';
import { announce } from '../messages/outbox-store.ts';
import { orderDay } from '../planning/business-day.ts';
import { date, type Statements } from '../sql/database.ts';
import { holdOrder, isDone, moveOrder } from './purchase-transition-store.ts';

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
 * line for each suggestion, no empty draft. Draft lines of these series without an open suggestion go. Drafts that a
 * person made or changed mirror nothing.
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
       FROM ${KEYS}
       STRAIGHT_JOIN purchase_order_line l FORCE INDEX (purchase_order_line_product) ON l.product_id = k.product_id
       STRAIGHT_JOIN purchase_order p FORCE INDEX (PRIMARY) ON p.purchase_order_id = l.purchase_order_id
                 AND p.location_id = k.location_id AND p.status = 'draft' AND p.is_own = 0
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
      WHERE p.status = 'draft' AND p.is_own = 0 AND l.purchase_order_id IS NULL`,
  );
}

/**
 * Turns a draft, submitted or not, into an order: its lines are frozen and count as on order, its suggestions become
 * `ordered`, and `purchase_order.approved` is announced. Approving what is approved already changes nothing. Who may is
 * asked before (functions/api/purchasing/approve-purchase-order.ts). False when it was approved before.
 * Fault `missing` without such an order, `conflict` when it is cancelled.
 */
export async function approvePurchaseOrder(
  tx: Statements,
  purchaseOrderId: number,
  user: string,
  { now = new Date(), reason }: { readonly now?: Date; readonly reason?: string | undefined } = {},
): Promise<boolean> {
  // The order before its suggestions, as a restock takes them: whoever comes second waits instead of deadlocking.
  const order = await holdOrder(tx, purchaseOrderId);
  if (isDone(order, 'approve')) return false;
  const day = await orderDay(tx, now);
  await dateDrafts(tx, purchaseOrderId);
  await freezeLines(tx, purchaseOrderId, day);
  await markSuggestions(tx, purchaseOrderId, 'ordered');
  await moveOrder(tx, order, 'approve', {
    actor: user,
    reason,
    stamps: ['approved'],
    sets: { ordered_on: date(day) },
  });
  await announce(
    tx,
    'purchase_order.approved',
    { purchaseOrderId, supplierId: order.supplierId, approvedBy: user },
    { userId: user },
  );
  return true;
}

/**
 * Keeps what is ordered beside what the supplier will make of it, and says when each line is expected: as its suggestion,
 * later by the days that have passed since; else with the order; else after the lead time; else with the last of the others.
 */
async function freezeLines(tx: Statements, id: number, day: string): Promise<void> {
  await tx.write(
    `UPDATE purchase_order_line l
       JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id
        SET l.expected_date = COALESCE(
              l.expected_date,
              (SELECT MAX(DATE_ADD(CAST(JSON_VALUE(g.explanation, '$.expected_date') AS DATE),
                          INTERVAL GREATEST(0, DATEDIFF(:day, CAST(COALESCE(JSON_VALUE(g.explanation, '$.order_day'),
                                                                       JSON_VALUE(g.explanation, '$.as_of')) AS DATE))) DAY))
                 FROM suggestion g
                WHERE g.purchase_order_id = l.purchase_order_id
                  AND g.product_id = l.product_id
                  AND g.status IN ('open', 'ordered')),
              o.expected_date,
              (SELECT DATE_ADD(CAST(:day AS DATE), INTERVAL CEIL(i.lead_time_days) DAY)
                 FROM supplier_item i
                WHERE i.supplier_id = o.supplier_id AND i.product_id = l.product_id))
      WHERE l.purchase_order_id = :id`,
    { id, day },
  );
  await tx.write(
    `UPDATE purchase_order o
        SET o.expected_date = COALESCE((SELECT MAX(l.expected_date)
                                          FROM purchase_order_line l
                                         WHERE l.purchase_order_id = o.purchase_order_id), o.expected_date)
      WHERE o.purchase_order_id = :id`,
    { id },
  );
  await tx.write(
    `UPDATE purchase_order_line l
       JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id
        SET l.expected_date = o.expected_date
      WHERE l.purchase_order_id = :id AND l.expected_date IS NULL`,
    { id },
  );
  await tx.write(
    `UPDATE purchase_order_line
        SET ordered_quantity = quantity, ordered_unit_cost = unit_cost, ordered_date = expected_date
      WHERE purchase_order_id = :id AND ordered_quantity IS NULL`,
    { id },
  );
}

/**
 * Says what has become of the suggestions behind an order that were not dealt with. With `dismissed`, which is a person's
 * no, they are not made again until the need changes.
 */
export async function markSuggestions(
  tx: Statements,
  purchaseOrderId: number,
  status: 'ordered' | 'dismissed',
  by?: { readonly actor: string; readonly reason: string },
): Promise<void> {
  if (status === 'ordered' || by === undefined) {
    await tx.write(
      `UPDATE suggestion SET status = 'ordered' WHERE purchase_order_id = :id AND status = 'open'`,
      { id: purchaseOrderId },
    );
    return;
  }
  await tx.write(
    `UPDATE suggestion
        SET status = 'dismissed', decided_by = :actor, decided_by_allocation = NULL, decided_at = UTC_TIMESTAMP(3),
            decided_why = :why
      WHERE purchase_order_id = :id AND status IN ('open', 'ordered')`,
    { id: purchaseOrderId, actor: by.actor, why: by.reason.slice(0, 255) },
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
      WHERE p.status = 'draft' AND p.is_own = 0 AND (:id = 0 OR p.purchase_order_id = :id)`,
    { id: id ?? 0 },
  );
}
