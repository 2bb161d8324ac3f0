import type { NewOrder, OrderDetail } from '../../shared/contracts/api/order.ts';
import * as cells from '../../shared/contracts/csv/cells.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import { momentOf, readBusinessDay } from '../../shared/data/business-day.ts';
import { contentHashOf } from '../../shared/data/content-hash.ts';
import type { Statements } from '../../shared/data/database.ts';
import { addDemand, demandOf } from '../../shared/data/demand-store.ts';
import { recordOrderMovements } from '../../shared/data/ledger-store.ts';
import { readLocations } from '../../shared/data/location-store.ts';
import { findOrder } from '../../shared/data/order-reads.ts';
import { insertSales, type SaleRow } from '../../shared/data/order-store.ts';
import { announce } from '../../shared/data/outbox-store.ts';
import { insertCustomerStubs, insertSellerStubs } from '../../shared/data/party-store.ts';
import { findProduct } from '../../shared/data/product-reads.ts';
import { toSqlTime } from '../../shared/data/sql-time.ts';
import { found } from './found.ts';

/**
 * Takes an order of one line: it leaves the stock at once and is demand of its day, or nothing happens.
 * Fault `missing` for an unknown product, `conflict` when stock is short or the id is taken.
 */
export async function createOrder(
  tx: Statements,
  order: NewOrder,
  asking: { readonly actor: string; readonly now: Date },
): Promise<OrderDetail> {
  const product = found(await findProduct(tx, order.product_id), 'product', order.product_id);
  const price = order.unit_price ?? cells.money.parse(product.unit_price ?? '0');
  const locations = await readLocations(tx);
  const locationId = order.location_id ?? locations.defaultId;
  if (!locations.ids.has(locationId)) throw new Fault('missing', `There is no location ${locationId}`);
  const date = toSqlTime(order.order_date ?? momentOf(await readBusinessDay(tx), asking.now));
  const total =
    order.total_amount ?? order.quantity * price - order.discount + order.tax + order.shipping_cost;
  if (total < 0) throw new Fault('invalid', 'The discount is more than the order');
  if (Math.max(total, order.quantity * price) >= 1e14)
    throw new Fault('invalid', 'The order is beyond 9,999,999,999');

  await insertOrder(tx, order, date);
  await introduceParties(tx, order);
  const line: SaleRow = {
    saleId: `${order.id}:1`,
    orderId: order.id,
    customerId: order.customer_id,
    productId: product.id,
    locationId,
    date,
    kind: product.is_service ? 'service' : 'sale',
    quantity: order.quantity,
    price,
    discount: order.discount,
    tax: order.tax,
    shippingCost: order.shipping_cost,
    total,
    refunded: false,
    reason: null,
    contentHash: contentHashOf([order.id, product.id, date, order.quantity, price, total]),
  };
  if (!product.is_service) await leaveStock(tx, line, asking.actor);
  await insertSales(tx, [line]);
  const data = { orderId: order.id, productId: product.id, quantity: order.quantity };
  await announce(tx, 'order.created', data, { userId: asking.actor });
  return (await findOrder(tx, order.id))!;
}

async function insertOrder(tx: Statements, order: NewOrder, date: string): Promise<void> {
  const { updated } = await tx.write(
    `INSERT IGNORE INTO orders
            (order_id, customer_id, seller_id, order_date, order_status, payment_method, city, state, country, source)
     VALUES (:id, :customerId, :sellerId, :date, :status, :paymentMethod, :city, :state, :country, 'api')`,
    {
      id: order.id,
      customerId: order.customer_id,
      sellerId: order.seller_id,
      date,
      status: order.order_status,
      paymentMethod: order.payment_method,
      city: order.city,
      state: order.state,
      country: order.country,
    },
  );
  if (updated === 0) throw new Fault('conflict', `There is an order ${order.id} already`);
}

async function introduceParties(tx: Statements, order: NewOrder): Promise<void> {
  const { customer_id: customerId, seller_id: sellerId, city, state, country } = order;
  if (customerId !== null)
    await insertCustomerStubs(tx, [{ customerId, name: customerId, city, state, country }]);
  if (sellerId !== null) await insertSellerStubs(tx, [sellerId]);
}

async function leaveStock(tx: Statements, line: SaleRow, actor: string): Promise<void> {
  const { productId, locationId, date, quantity } = line;
  const wish = {
    key: `sale:${line.saleId}`,
    productId,
    locationId,
    date,
    quantityChange: -quantity,
    type: 'sale',
    reason: null,
    referenceId: line.saleId,
  } as const;
  const booked = await recordOrderMovements(tx, [wish], { actor });
  await addDemand(tx, [demandOf(line)]);
  const level = booked.movements.at(-1)!.level;
  await announce(
    tx,
    'stock.updated',
    {
      productId,
      locationId,
      previousStock: level + quantity,
      currentStock: level,
      reason: `order ${line.orderId}`,
    },
    { userId: actor },
  );
}
