import { randomUUID } from 'node:crypto';
import type { NewReceipt } from '../../shared/contracts/api/receipt.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import { lastDayAllowed, momentOf, readBusinessDay } from '../../shared/data/business-day.ts';
import type { Statements } from '../../shared/data/database.ts';
import { announceAll } from '../../shared/data/outbox-store.ts';
import { receivePurchase } from '../../shared/data/purchase-receipt-store.ts';
import { toSqlTime } from '../../shared/data/sql-time.ts';
import type { OrderAsking } from './create-order.ts';
import { stockAnnouncements } from './stock-announcements.ts';

/** Books what came for a purchase order and says so; false when this very receipt was recorded before. */
export async function receivePurchaseOrder(
  tx: Statements,
  purchaseOrderId: number,
  asked: NewReceipt,
  { actor, now }: OrderAsking,
): Promise<boolean> {
  const businessDay = await readBusinessDay(tx);
  const date = toSqlTime(asked.received_at ?? momentOf(businessDay, now));
  if (asked.received_at !== undefined && date.slice(0, 10) > lastDayAllowed(businessDay, now))
    throw new Fault('invalid', 'The goods cannot have come yet', {
      details: [{ field: 'received_at', reason: 'is in the future' }],
    });
  const receiptId = asked.receipt_id ?? randomUUID();
  const received = await receivePurchase(tx, {
    receiptId,
    purchaseOrderId,
    date,
    lines: asked.lines.map((line) => ({
      productId: line.product_id,
      quantity: line.quantity,
      damaged: line.damaged,
    })),
    acceptOver: asked.accept_over,
    actor,
  });
  if (!received.isNew) return false;
  const { status, booked } = received;
  const units = asked.lines.reduce((sum, line) => sum + line.quantity, 0);
  await announceAll(
    tx,
    [
      ...stockAnnouncements(booked, `receipt ${receiptId} of purchase order ${purchaseOrderId}`),
      { type: 'purchase_order.received', data: { purchaseOrderId, receiptId, status, units } },
    ],
    { userId: actor },
  );
  return true;
}
