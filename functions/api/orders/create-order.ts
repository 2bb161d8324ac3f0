import type { NewOrder, OrderDetail } from '../../../shared/contracts/api/order.ts';
import * as cells from '../../../shared/contracts/csv/cells.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { InsufficientStock } from '../../../shared/contracts/insufficient-stock.ts';
import {
  bookOrRefuse,
  type MovementFact,
  positionKey,
} from '../../../shared/core/inventory/book-movements.ts';
import { insertCustomerStubs, insertSellerStubs } from '../../../shared/data/catalogue/party-store.ts';
import { addDemand, demandOf } from '../../../shared/data/demand/demand-store.ts';
import { type Booked, lockStock, recordOrderMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { promisedToOthers, takeReserved } from '../../../shared/data/ledger/reservation-store.ts';
import { type Announcement, announceAll } from '../../../shared/data/messages/outbox-store.ts';
import { type OrderContext, readOrderContext } from '../../../shared/data/orders/order-context-reads.ts';
import { findOrder, newOrderDetail } from '../../../shared/data/orders/order-reads.ts';
import { insertOrder, insertSales, type SaleRow } from '../../../shared/data/orders/order-store.ts';
import { lastDayAllowed, momentOf } from '../../../shared/data/planning/business-day.ts';
import { contentHashOf } from '../../../shared/data/sql/content-hash.ts';
import { StaleRead, type Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import { stockAnnouncements } from '../stock/stock-announcements.ts';

/** Who orders, by which clock. */
export interface OrderAsking {
  readonly actor: string;
  readonly now: Date;
}

/** The order, and whether this call made it: the same request under the same id is the same order. */
export interface TakenOrder {
  readonly order: OrderDetail;
  readonly isNew: boolean;
}

/**
 * Takes an order: all of its lines leave the stock at once and are demand of their day, or nothing happens.
 * Fault `missing` for an unknown product or location, `conflict` when the id is taken by another order,
 * `InsufficientStock` when stock is short, lines of the same product summed.
 */
export async function createOrder(tx: Statements, order: NewOrder, asking: OrderAsking): Promise<TakenOrder> {
  const contentHash = contentHashOf([order]);
  const context = await readOrderContext(tx, order.id, order.lines);
  if (context.existing) {
    if (context.existing.contentHash !== contentHash)
      throw new Fault('conflict', `There is an order ${order.id} already`);
    return { order: (await findOrder(tx, order.id))!, isNew: false };
  }
  const date = toSqlTime(order.order_date ?? momentOf(context.businessDay, asking.now));
  mustNotBeAhead(date, context, asking.now);
  const lines = linesOf(order, date, context);
  const wishes = wishesOf(lines);
  await refuseShort(tx, order, context, wishes);

  const row = {
    orderId: order.id,
    customerId: order.customer_id,
    sellerId: order.seller_id,
    date,
    status: order.order_status,
    paymentMethod: order.payment_method,
    city: order.city,
    state: order.state,
    country: order.country,
  };
  // Somebody made it after our read: from the beginning, to answer what they made.
  const origin = { source: 'api', contentHash, createdAt: toSqlTime(context.now) };
  if (!(await insertOrder(tx, row, origin))) throw new StaleRead(`order ${order.id}`);
  await introduceParties(tx, order);
  await takePromised(tx, order, lines, asking.actor);
  const booked = wishes.length === 0 ? undefined : await recordOrderMovements(tx, wishes, asking);
  await insertSales(tx, lines);
  await addDemand(tx, lines.filter((line) => line.kind === 'sale').map(demandOf));
  await announceAll(tx, announcementsOf(order, lines, booked), { userId: asking.actor });
  const names = new Map(context.lines.map(({ product }) => [product!.id, product!.name]));
  return { order: newOrderDetail(row, lines, names, context.now), isNew: true };
}

function mustNotBeAhead(date: string, { businessDay }: OrderContext, now: Date): void {
  const last = lastDayAllowed(businessDay, now);
  if (date.slice(0, 10) <= last) return;
  const details = [{ field: 'order_date', reason: `is in the future: ${last} is the last day possible` }];
  throw new Fault('invalid', 'The order is dated in the future', { details });
}

function linesOf(order: NewOrder, date: string, context: OrderContext): SaleRow[] {
  return order.lines.map((line, i): SaleRow => {
    const { product, locationId, isLocation } = context.lines[i]!;
    if (!product) throw new Fault('missing', `There is no product ${line.product_id}`);
    if (!isLocation) throw new Fault('missing', `There is no location ${locationId}`);
    const price = line.unit_price ?? cells.money.parse(product.unitPrice ?? '0');
    const tax = line.tax + (i === 0 ? order.tax : 0);
    const shippingCost = i === 0 ? order.shipping_cost : 0;
    const total = order.total_amount ?? line.quantity * price - line.discount + tax + shippingCost;
    if (total < 0) throw new Fault('invalid', 'The discount is more than the order');
    if (Math.max(total, line.quantity * price) >= 1e14)
      throw new Fault('invalid', 'The order is beyond 9,999,999,999');
    return {
      saleId: `${order.id}:${i + 1}`,
      orderId: order.id,
      customerId: order.customer_id,
      productId: product.id,
      locationId,
      date,
      kind: product.isService ? 'service' : 'sale',
      quantity: line.quantity,
      price,
      discount: line.discount,
      tax,
      shippingCost,
      total,
      refunded: false,
      reason: null,
      contentHash: contentHashOf([order.id, product.id, date, line.quantity, price, total]),
    };
  });
}

const wishesOf = (lines: readonly SaleRow[]): MovementFact[] =>
  lines
    .filter((line) => line.kind === 'sale')
    .map((line) => ({
      key: `sale:${line.saleId}`,
      productId: line.productId,
      locationId: line.locationId,
      date: line.date,
      quantityChange: -line.quantity,
      type: 'sale',
      reason: null,
      referenceId: line.saleId,
    }));

/**
 * What is short already without a lock need not queue for it; the others are checked again under the lock, as are units
 * promised: to this order, or until a time that is over.
 */
async function refuseShort(
  tx: Statements,
  order: NewOrder,
  { lines }: OrderContext,
  wishes: readonly MovementFact[],
): Promise<void> {
  const stock = new Map(lines.map(({ position }) => [positionKey(position), { ...position, committed: 0 }]));
  const seen = bookOrRefuse(stock, wishes);
  if (!('shortfalls' in seen)) return;
  if (lines.every(({ position }) => position.committed === 0)) throw new InsufficientStock(seen.shortfalls);
  const brought = order.lines.flatMap((line) => line.reservation_id ?? []);
  const promised = await promisedToOthers(tx, seen.shortfalls, brought);
  throw new InsufficientStock(
    seen.shortfalls.map((short) => ({ ...short, committed: promised.get(positionKey(short)) ?? 0 })),
  );
}

/** Units that were reserved for lines of the order are its own from here on. */
async function takePromised(
  tx: Statements,
  order: NewOrder,
  sales: readonly SaleRow[],
  actor: string,
): Promise<void> {
  const promised = sales.flatMap((sale, i) => {
    const reservationId = order.lines[i]!.reservation_id;
    return reservationId === undefined || sale.kind !== 'sale' ? [] : [{ reservationId, sale }];
  });
  if (promised.length === 0) return;
  // All stock of the order at once and in order, as every writer locks it.
  await lockStock(
    tx,
    sales.filter((sale) => sale.kind === 'sale'),
  );
  for (const { reservationId, sale } of promised)
    await takeReserved(tx, reservationId, { ...sale, units: sale.quantity }, actor);
}

async function introduceParties(tx: Statements, order: NewOrder): Promise<void> {
  const { customer_id: customerId, seller_id: sellerId, city, state, country } = order;
  if (customerId !== null)
    await insertCustomerStubs(tx, [{ customerId, name: customerId, city, state, country }]);
  if (sellerId !== null) await insertSellerStubs(tx, [sellerId]);
}

function announcementsOf(
  order: NewOrder,
  lines: readonly SaleRow[],
  booked: Booked | undefined,
): Announcement[] {
  const productId = lines.length === 1 ? lines[0]!.productId : null;
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
  return [
    ...stockAnnouncements(booked, `order ${order.id}`),
    { type: 'order.created', data: { orderId: order.id, productId, quantity } },
  ];
}
