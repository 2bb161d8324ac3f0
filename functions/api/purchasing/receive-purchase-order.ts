import { randomUUID } from 'node:crypto';
import type { NewReceipt } from '../../../shared/contracts/api/receipt.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import { momentOf, readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { settleIfInTime } from '../../../shared/data/purchasing/purchase-alert-store.ts';
import { receivePurchase } from '../../../shared/data/purchasing/purchase-receipt-store.ts';
import { type HeldOrder, holdOrder } from '../../../shared/data/purchasing/purchase-transition-store.ts';
import type { ReceivedLot } from '../../../shared/data/purchasing/receipt-line-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import type { OrderAsking } from '../orders/create-order.ts';
import { stockAnnouncements } from '../stock/stock-announcements.ts';

/** Books what came for a purchase order and says so; false when this very receipt was recorded before. */
export async function receivePurchaseOrder(
  tx: Statements,
  purchaseOrderId: number,
  asked: NewReceipt,
  { actor, now }: OrderAsking,
): Promise<boolean> {
  // held before anything is read, so that what is read is what the order is
  const order = await holdOrder(tx, purchaseOrderId);
  const businessDay = await readBusinessDay(tx);
  if (asked.received_at !== undefined) mustBePossible(asked.received_at, order, lastMoment(businessDay, now));
  const date = toSqlTime(asked.received_at ?? momentOf(businessDay, now));
  const receiptId = asked.receipt_id ?? randomUUID();
  const received = await receivePurchase(tx, {
    receiptId,
    purchaseOrderId,
    date,
    lines: asked.lines.map((line) => ({
      productId: line.product_id,
      quantity: line.quantity,
      damaged: line.damaged,
      lots: lotsOf(line),
    })),
    acceptOver: asked.accept_over,
    acceptReason: asked.reason,
    actor,
  });
  if (!received.isNew) return false;
  const { status, booked } = received;
  await settleIfInTime(tx, purchaseOrderId, momentOf(businessDay, now).slice(0, 10));
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

/** How far ahead of ours a client's clock may be, and the farthest zone, where a plain day begins first. */
const CLOCK_MS = 5 * 60_000;
const ZONE_MS = 14 * 3_600_000;

/** Now, or the end of data that are ahead of the clock, as after a simulation. */
const lastMoment = (businessDay: string | undefined, now: Date): number =>
  Math.max(now.getTime(), businessDay === undefined ? 0 : Date.parse(`${businessDay}T23:59:59.999Z`));

/** Goods come after they were ordered, and not in the future. A plain day is its midnight in UTC, wherever it is meant. */
function mustBePossible(receivedAt: string, { orderedOn }: HeldOrder, last: number): void {
  const refuse = (reason: string) =>
    new Fault('invalid', 'The goods cannot have come then', { details: [{ field: 'received_at', reason }] });
  const isPlainDay = receivedAt.endsWith('T00:00:00.000Z');
  if (Date.parse(receivedAt) > last + (isPlainDay ? ZONE_MS : CLOCK_MS)) throw refuse('is in the future');
  if (orderedOn !== null && receivedAt.slice(0, 10) < orderedOn)
    throw refuse(`is before ${orderedOn}, when it was ordered`);
}

/** The lots of a line: those that are named, or all of it as one. */
function lotsOf(line: NewReceipt['lines'][number]): ReceivedLot[] | undefined {
  const { lots, lot_code = null, expiry_date = null, quantity, damaged } = line;
  if (lots !== undefined)
    return lots.map((lot) => ({
      lotCode: lot.lot_code,
      expiryDate: lot.expiry_date,
      quantity: lot.quantity,
      damaged: lot.damaged,
    }));
  if (lot_code === null && expiry_date === null) return undefined;
  return [{ lotCode: lot_code, expiryDate: expiry_date, quantity, damaged }];
}
