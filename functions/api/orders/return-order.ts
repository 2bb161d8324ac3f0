import { randomUUID } from 'node:crypto';
import type { NewReturn, OrderDetail } from '../../../shared/contracts/api/order.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { Fault, type FaultDetail } from '../../../shared/contracts/fault.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { refundShare } from '../../../shared/core/inventory/refund-share.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import {
  type HeldLine,
  type HeldOrder,
  holdOrder,
  lineOf,
  markRefunded,
  setOrderStatus,
} from '../../../shared/data/orders/order-line-store.ts';
import { findOrder } from '../../../shared/data/orders/order-reads.ts';
import {
  findReturn,
  insertReturn,
  insertReturnLines,
  type OrderReturn,
  type ReturnLine,
} from '../../../shared/data/orders/order-return-store.ts';
import { lastDayAllowed, momentOf, readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { contentHashOf } from '../../../shared/data/sql/content-hash.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import { found } from '../http/found.ts';
import { stockAnnouncements } from '../stock/stock-announcements.ts';
import type { OrderAsking } from './create-order.ts';

/** The order after the return, and whether this call made it. */
export interface TakenReturn {
  readonly order: OrderDetail;
  readonly isNew: boolean;
}

/**
 * Takes goods of an order back into stock; what came damaged leaves it again at once, by a movement that names the
 * return. The demand stays, for somebody did want them; sales are less by the refund. The same return id with the same
 * content is the same return. Fault `conflict` for more than was sold and not yet returned, or a larger refund than
 * what was paid.
 */
export async function returnOrder(
  tx: Statements,
  orderId: string,
  asked: NewReturn,
  asking: OrderAsking,
): Promise<TakenReturn> {
  const held = found(await holdOrder(tx, orderId), 'order', orderId);
  const contentHash = contentHashOf([orderId, asked]);
  const known = asked.return_id === undefined ? undefined : await findReturn(tx, asked.return_id);
  if (known) {
    if (known.contentHash !== contentHash)
      throw new Fault('conflict', `There is a return ${asked.return_id} already`);
    return { order: (await findOrder(tx, orderId))!, isNew: false };
  }
  const lines = await linesOf(tx, held, asked);
  const date = await dateOf(tx, asked, lines, asking.now);
  const made = {
    returnId: asked.return_id ?? randomUUID(),
    orderId,
    date,
    actor: asking.actor,
    contentHash,
  };
  await bookReturn(tx, held, made, lines);
  return { order: (await findOrder(tx, orderId))!, isNew: true };
}

/** A line that comes back, beside the one that it is of. */
export interface ComingBack extends ReturnLine {
  readonly of: HeldLine;
}

/** Writes a return with its movements, and what becomes of the order by it. */
export async function bookReturn(
  tx: Statements,
  held: HeldOrder,
  made: OrderReturn,
  lines: readonly ComingBack[],
): Promise<void> {
  const { orderId, returnId, actor } = made;
  if (!(await insertReturn(tx, made))) throw new Fault('conflict', `There is a return ${returnId} already`);
  await insertReturnLines(tx, made, lines);
  const booked = await recordMovements(
    tx,
    lines.flatMap((line, i) => factsOf(made, line, i + 1)),
    { actor },
  );
  await markRefunded(tx, [...new Set(lines.map((line) => line.saleId))]);
  const status = statusAfter(held, lines);
  if (status !== held.status) await setOrderStatus(tx, orderId, status);
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
  const refund = toDecimal(lines.reduce((sum, line) => sum + line.refund, 0));
  await announceAll(
    tx,
    [
      ...stockAnnouncements(booked, `return ${returnId} of order ${orderId}`),
      { type: 'order.returned', data: { orderId, returnId, status, quantity, refund } },
    ],
    { userId: actor },
  );
}

async function linesOf(tx: Statements, held: HeldOrder, { lines }: NewReturn): Promise<ComingBack[]> {
  const locations = lines.some((line) => line.location_id !== undefined) && (await readLocations(tx));
  const back = new Map<string, { returned: number; refund: number }>();
  const faults: FaultDetail[] = [];
  const coming = lines.map((line, i): ComingBack => {
    const of = lineOf(held, line.line);
    if (!of) throw new Fault('missing', `Order ${held.id} has no line ${line.line}`);
    if (locations && line.location_id !== undefined && !locations.ids.has(line.location_id))
      throw new Fault('missing', `There is no location ${line.location_id}`);
    const { returned, refund } = back.get(of.saleId) ?? of;
    const left = of.kind === 'sale' ? of.quantity - returned : 0;
    const canShare = line.quantity <= left;
    if (!canShare)
      faults.push({
        field: `lines.${i}.quantity`,
        reason: `${line.quantity} come back, ${left} of ${of.saleId} can`,
      });
    const most = Math.max(of.total - refund, 0);
    const share = canShare ? refundShare({ ...of, returned, refunded: refund }, line.quantity) : 0;
    const given = line.refund_amount ?? Math.min(share, most);
    if (canShare && given > most)
      faults.push({
        field: `lines.${i}.refund_amount`,
        reason: `${toDecimal(given)} is more than the ${toDecimal(most)} that are left of ${of.saleId}`,
      });
    back.set(of.saleId, { returned: returned + line.quantity, refund: refund + given });
    return {
      of,
      saleId: of.saleId,
      productId: of.productId,
      locationId: line.location_id ?? of.locationId,
      quantity: line.quantity,
      reason: line.reason,
      condition: line.condition,
      refund: given,
    };
  });
  if (faults.length > 0)
    throw new Fault('conflict', 'More than what was sold and is not yet returned', { details: faults });
  return coming;
}

async function dateOf(
  tx: Statements,
  { returned_at: asked }: NewReturn,
  lines: readonly ComingBack[],
  now: Date,
): Promise<string> {
  const businessDay = await readBusinessDay(tx);
  const date = toSqlTime(asked ?? momentOf(businessDay, now));
  const sold = lines.reduce((last, { of }) => (of.date > last ? of.date : last), '');
  if (asked === undefined) return date > sold ? date : sold;
  const last = lastDayAllowed(businessDay, now);
  const reason =
    date < sold ? `is before the sale on ${sold}` : date.slice(0, 10) > last ? 'is in the future' : undefined;
  if (reason === undefined) return date;
  throw new Fault('invalid', 'The goods cannot have come then', {
    details: [{ field: 'returned_at', reason }],
  });
}

function factsOf({ returnId, date }: OrderReturn, line: ComingBack, n: number): MovementFact[] {
  const key = `order-return:${returnId}:${n}`;
  const { productId, locationId, quantity, saleId, reason } = line;
  const comesBack: MovementFact = {
    key,
    productId,
    locationId,
    date,
    quantityChange: quantity,
    type: 'return',
    reason,
    referenceId: saleId,
  };
  if (line.condition === 'resellable') return [comesBack];
  const leaves = {
    key: `${key}:damaged`,
    quantityChange: -quantity,
    type: 'damage',
    reason: 'came back damaged',
  } as const;
  return [comesBack, { ...comesBack, ...leaves }];
}

/** `Returned` once all goods that were not cancelled have come back. */
function statusAfter(held: HeldOrder, coming: readonly ComingBack[]): string {
  const isBack = (line: HeldLine) => {
    const now = coming.reduce((sum, back) => sum + (back.saleId === line.saleId ? back.quantity : 0), 0);
    return line.returned + now >= line.quantity;
  };
  return held.lines.every((line) => line.kind !== 'sale' || isBack(line)) ? 'Returned' : held.status;
}
