import { randomUUID } from 'node:crypto';
import type { CancelOrder, OrderDetail } from '../../../shared/contracts/api/order.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { refundShare } from '../../../shared/core/inventory/refund-share.ts';
import { addDemand } from '../../../shared/data/demand/demand-store.ts';
import { reverseMovements } from '../../../shared/data/ledger/ledger-reversals.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import {
  cancelLines,
  type HeldLine,
  type HeldOrder,
  holdOrder,
  lineOf,
  saleMovements,
  setOrderStatus,
} from '../../../shared/data/orders/order-line-store.ts';
import { findOrder } from '../../../shared/data/orders/order-reads.ts';
import { hasReturnOf } from '../../../shared/data/orders/order-return-store.ts';
import { momentOf, readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { contentHashOf } from '../../../shared/data/sql/content-hash.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import { found } from '../http/found.ts';
import { stockAnnouncements } from '../stock/stock-announcements.ts';
import type { OrderAsking } from './create-order.ts';
import { bookReturn, type ComingBack } from './return-order.ts';

/**
 * Cancels an order that has not been shipped, or some of its lines: what left the stock comes back by linked reversals,
 * and the demand of its day is taken back. Of a line that came back in part, the rest comes back as a return: part of
 * it was delivered, so it was no mistake. What is cancelled or returned already stays as it is, so twice is once.
 * Fault `missing` for an unknown line, `conflict` when the order was shipped or nothing is left.
 */
export async function cancelOrder(
  tx: Statements,
  orderId: string,
  { reason, lines }: CancelOrder,
  { actor, now }: OrderAsking,
): Promise<OrderDetail> {
  const held = found(await holdOrder(tx, orderId), 'order', orderId);
  const chosen = lines ? lines.map((line) => mustHave(held, line)) : held.lines;
  const open = chosen.filter(isOpen);
  if (open.length === 0) {
    const isRepeated =
      chosen.some((line) => line.kind === 'cancelled') || (await hasReturnOf(tx, orderId, CANCELLED));
    if (isRepeated) return (await findOrder(tx, orderId))!;
    throw new Fault('conflict', 'Nothing is left to cancel: the goods have come back');
  }
  if (held.status !== 'Processing')
    throw new Fault('conflict', `The order is ${held.status}: what comes back of it now is a return`);

  const moment = toSqlTime(momentOf(await readBusinessDay(tx), now));
  const date = open.reduce((last, line) => (line.date > last ? line.date : last), moment);
  const whole = [...new Set(open.filter((line) => line.returned === 0))];
  const goods = whole.filter((line) => line.kind === 'sale');
  const reversed = await reverseMovements(tx, await saleMovements(tx, goods.map(idOf)), {
    actor,
    reason,
    date,
  });
  await cancelLines(tx, whole.map(idOf), reason);
  await addDemand(tx, goods.map(takenBack));
  const after = {
    ...held,
    lines: held.lines.map((line) => (whole.includes(line) ? { ...line, kind: 'cancelled' } : line)),
  };
  const status = after.lines.every((line) => line.kind === 'cancelled') ? 'Cancelled' : held.status;
  if (status !== held.status) await setOrderStatus(tx, orderId, status);
  const quantity = whole.reduce((sum, line) => sum + line.quantity, 0);
  await announceAll(
    tx,
    [
      ...stockAnnouncements(reversed, `cancellation of order ${orderId}`),
      { type: 'order.cancelled', data: { orderId, status, lines: whole.map(idOf), quantity, reason } },
    ],
    { userId: actor },
  );
  const rest = [...new Set(open.filter((line) => line.returned > 0))].map(restOf);
  if (rest.length > 0) {
    const made = { returnId: randomUUID(), orderId, date, actor, contentHash: CANCELLED };
    await bookReturn(tx, after, made, rest);
  }
  return (await findOrder(tx, orderId))!;
}

/** The content of a return that a cancellation made of what was left. */
const CANCELLED = contentHashOf(['cancelled']);

const idOf = (line: HeldLine): string => line.saleId;

/** Whether something of the line is still with the customer, or on its way. */
const isOpen = (line: HeldLine): boolean =>
  line.kind === 'service' || (line.kind === 'sale' && line.returned < line.quantity);

function mustHave(held: HeldOrder, line: string | number): HeldLine {
  const known = lineOf(held, line);
  if (!known) throw new Fault('missing', `Order ${held.id} has no line ${line}`);
  return known;
}

const takenBack = (line: HeldLine) => ({
  productId: line.productId,
  locationId: line.locationId,
  date: line.date.slice(0, 10),
  quantity: -line.quantity,
  saleLines: -1,
  revenue: -line.revenue,
});

function restOf(line: HeldLine): ComingBack {
  const quantity = line.quantity - line.returned;
  const share = refundShare({ ...line, refunded: line.refund }, quantity);
  return {
    of: line,
    saleId: line.saleId,
    productId: line.productId,
    locationId: line.locationId,
    quantity,
    reason: 'other',
    condition: 'resellable',
    refund: Math.min(share, Math.max(line.total - line.refund, 0)),
  };
}
