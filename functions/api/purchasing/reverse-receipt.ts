import * as z from 'zod';
import { Fault } from '../../../shared/contracts/fault.ts';
import { reverseMovements } from '../../../shared/data/ledger/ledger-reversals.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import { orderDay } from '../../../shared/data/planning/business-day.ts';
import { settleIfInTime } from '../../../shared/data/purchasing/purchase-alert-store.ts';
import { isReceiptReversed } from '../../../shared/data/purchasing/purchase-history-reads.ts';
import { settlePurchases } from '../../../shared/data/purchasing/purchase-line-store.ts';
import { holdOrder, keepStep, mustAllow } from '../../../shared/data/purchasing/purchase-transition-store.ts';
import { receiptsOfMovements, removeReceipts } from '../../../shared/data/purchasing/receipt-line-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { stockAnnouncements } from '../stock/stock-announcements.ts';

const Movement = z.object({ log_id: z.int() });
/** Movements of one receipt: its lines, lots and damages. */
const MOST_MOVEMENTS = 2_000;

/**
 * Takes a receipt of an order back by linked reversals, as if it had never come: what it brought is expected again. Twice
 * changes nothing. Fault `missing` without the order or such a receipt of it, `conflict` when nothing has come of it.
 */
export async function reverseReceipt(
  tx: Statements,
  id: number,
  receiptId: string,
  { actor, reason, now }: { readonly actor: string; readonly reason: string; readonly now: Date },
): Promise<void> {
  const order = await holdOrder(tx, id);
  const movements = await tx.select(
    Movement,
    `SELECT m.log_id
       FROM purchase_receipt r
       JOIN purchase_receipt_line l ON l.receipt_id = r.receipt_id
       JOIN inventory_log m ON m.reference_id = r.receipt_id AND m.product_id = l.product_id
        AND m.movement_key LIKE 'po-receipt:%'
      WHERE r.receipt_id = :receiptId AND r.purchase_order_id = :id
        AND NOT EXISTS (SELECT 1 FROM inventory_log v WHERE v.reverses_log_id = m.log_id)
      ORDER BY m.log_id
      LIMIT ${MOST_MOVEMENTS + 1}
       LOCK IN SHARE MODE`,
    { id, receiptId },
  );
  if (movements.length === 0) {
    if (await isReceiptReversed(tx, id, receiptId)) return;
    throw new Fault('missing', `Purchase order ${id} has no receipt ${receiptId}`);
  }
  if (movements.length > MOST_MOVEMENTS)
    throw new Fault('conflict', `Receipt ${receiptId} has more than ${MOST_MOVEMENTS} movements`);
  mustAllow(order, 'reverse_receipt');
  const logIds = movements.map((row) => row.log_id);
  const came = await receiptsOfMovements(tx, logIds);
  await removeReceipts(tx, came);
  await settlePurchases(tx, [id], { actor, reason });
  const { status } = await holdOrder(tx, id);
  await keepStep(tx, order, 'reverse_receipt', status, {
    actor,
    reason,
    after: { receipt_id: receiptId, units: -came.reduce((sum, line) => sum + line.quantity, 0) },
  });
  const reversed = await reverseMovements(tx, logIds, { actor, reason });
  await settleIfInTime(tx, id, await orderDay(tx, now));
  await announceAll(tx, stockAnnouncements(reversed, `receipt ${receiptId} taken back: ${reason}`), {
    userId: actor,
  });
}
