import { Order, type OrderDetail, OrderLine, OrderReturnLine } from '../../contracts/api/order.ts';
import { toDecimal } from '../../contracts/csv/cells.ts';
import {
  flagColumn,
  moneyColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
  where,
} from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import type { OrderRow, SaleRow } from './order-store.ts';

const Row = Order.extend({
  order_date: timeColumn,
  unit_price: moneyColumn.nullable(),
  discount: moneyColumn,
  tax: moneyColumn,
  shipping_cost: moneyColumn,
  total_amount: moneyColumn,
  created_at: timeColumn,
});

/** Orders of the derived table `o` with their lines folded. */
const folded = (orders: string) => `
SELECT o.order_id AS id, o.order_date, o.customer_id, o.seller_id,
       CASE WHEN COUNT(s.sale_id) = 1 THEN MAX(s.product_id) END AS product_id,
       CAST(COALESCE(SUM(s.quantity_sold), 0) AS SIGNED) AS quantity,
       CASE WHEN COUNT(s.sale_id) = 1 THEN MAX(s.sale_price) END AS unit_price,
       COALESCE(SUM(s.discount), 0) AS discount, COALESCE(SUM(s.tax), 0) AS tax,
       COALESCE(SUM(s.shipping_cost), 0) AS shipping_cost, COALESCE(SUM(s.total_amount), 0) AS total_amount,
       COUNT(s.sale_id) AS line_count, o.payment_method, o.order_status, o.city, o.state, o.country, o.created_at
  FROM (${orders}) AS o
  LEFT JOIN sales s ON s.order_id = o.order_id
 GROUP BY o.order_id, o.order_date, o.customer_id, o.seller_id, o.payment_method, o.order_status, o.city, o.state,
          o.country, o.created_at
 ORDER BY o.order_date DESC, o.order_id DESC`;

export interface OrderFilter {
  readonly customerId?: string | undefined;
  readonly productId?: string | undefined;
  /** First and last day, both included. */
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
}

/** Orders, newest first. */
export async function listOrders(
  db: Statements,
  { customerId, productId, startDate, endDate }: OrderFilter,
  { skip, limit }: PageAsked,
): Promise<Page<Order>> {
  const conditions = where([
    customerId !== undefined && 'o.customer_id = :customerId',
    productId !== undefined &&
      'EXISTS (SELECT 1 FROM sales x WHERE x.order_id = o.order_id AND x.product_id = :productId)',
    startDate !== undefined && 'o.order_date >= :startDate',
    endDate !== undefined && 'o.order_date < DATE_ADD(:endDate, INTERVAL 1 DAY)',
  ]);
  const params = {
    ...(customerId !== undefined && { customerId }),
    ...(productId !== undefined && { productId }),
    ...(startDate !== undefined && { startDate: date(startDate) }),
    ...(endDate !== undefined && { endDate: date(endDate) }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM orders o ${conditions}`, params);
  const page = `SELECT o.*
     FROM orders o
    ${conditions}
    ORDER BY o.order_date DESC, o.order_id DESC
    LIMIT :limit OFFSET :skip`;
  const data = await db.select(Row, folded(page), { ...params, skip, limit });
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Line = OrderLine.extend({
  unit_price: moneyColumn,
  discount: moneyColumn,
  tax: moneyColumn,
  shipping_cost: moneyColumn,
  total_amount: moneyColumn,
  is_refunded: flagColumn,
  refund_amount: moneyColumn,
});
/** An order of more lines shows its first ones, and how many it has; the same for what came back. */
const MAX_LINES = 10_000;
/** Of one answer of the database. */
const PAGE = 500;

/** One order with its lines and what came back of them. */
export async function findOrder(db: Statements, orderId: string): Promise<OrderDetail | undefined> {
  const [order] = await db.select(Row, folded('SELECT * FROM orders WHERE order_id = :orderId'), { orderId });
  if (!order) return undefined;
  return { ...order, lines: await linesOf(db, orderId), returns: await returnsOf(db, orderId) };
}

async function linesOf(db: Statements, orderId: string): Promise<OrderLine[]> {
  return await inPages((skip) =>
    db.select(
      Line,
      `SELECT s.sale_id AS id, s.product_id, p.product_name, s.location AS location_id, s.kind,
            s.quantity_sold AS quantity, s.sale_price AS unit_price, s.discount, s.tax, s.shipping_cost,
            s.total_amount, s.refunded AS is_refunded, s.reason, COALESCE(r.quantity, 0) AS quantity_returned,
            COALESCE(r.refund, 0) AS refund_amount
       FROM sales s
       JOIN products p ON p.product_id = s.product_id
       LEFT JOIN (SELECT l.sale_id, CAST(SUM(l.quantity) AS SIGNED) AS quantity, SUM(l.refund_amount) AS refund
                    FROM order_return o
                    JOIN order_return_line l ON l.return_id = o.return_id
                   WHERE o.order_id = :orderId
                   GROUP BY l.sale_id) AS r ON r.sale_id = s.sale_id
      WHERE s.order_id = :orderId
      ORDER BY LENGTH(s.sale_id), s.sale_id
      LIMIT ${PAGE} OFFSET :skip`,
      { orderId, skip },
    ),
  );
}

async function inPages<T>(read: (skip: number) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  while (all.length < MAX_LINES) {
    const page = await read(all.length);
    all.push(...page);
    if (page.length < PAGE) break;
  }
  return all;
}

const ReturnRow = OrderReturnLine.extend({ returned_at: timeColumn, refund_amount: moneyColumn });

async function returnsOf(db: Statements, orderId: string): Promise<OrderReturnLine[]> {
  return await inPages((skip) =>
    db.select(
      ReturnRow,
      `SELECT o.return_id, l.sale_id AS line, l.product_id, l.location_id, o.returned_at, l.quantity, l.reason,
            l.item_condition AS \`condition\`, l.refund_amount, o.actor
       FROM order_return o
       JOIN order_return_line l ON l.return_id = o.return_id
      WHERE o.order_id = :orderId
      ORDER BY o.returned_at, o.recorded_at, o.return_id, l.line_no
      LIMIT ${PAGE} OFFSET :skip`,
      { orderId, skip },
    ),
  );
}

/** What `findOrder` answers for an order that was just written, without asking; `names` = of the products by id. */
export function newOrderDetail(
  order: OrderRow,
  lines: readonly SaleRow[],
  names: ReadonlyMap<string, string>,
  createdAt: string,
): OrderDetail {
  const sum = (amount: (line: SaleRow) => number) => lines.reduce((total, line) => total + amount(line), 0);
  const only = lines.length === 1 ? lines[0]! : undefined;
  return {
    id: order.orderId,
    order_date: timeColumn.parse(order.date),
    customer_id: order.customerId,
    seller_id: order.sellerId,
    product_id: only?.productId ?? null,
    quantity: sum((line) => line.quantity),
    unit_price: only ? moneyText(only.price) : null,
    discount: moneyText(sum((line) => line.discount)),
    tax: moneyText(sum((line) => line.tax)),
    shipping_cost: moneyText(sum((line) => line.shippingCost)),
    total_amount: moneyText(sum((line) => line.total)),
    line_count: lines.length,
    payment_method: order.paymentMethod,
    order_status: order.status,
    city: order.city,
    state: order.state,
    country: order.country,
    created_at: createdAt,
    lines: lines.map((line) => ({
      id: line.saleId,
      product_id: line.productId,
      product_name: names.get(line.productId)!,
      location_id: line.locationId,
      kind: line.kind,
      quantity: line.quantity,
      unit_price: moneyText(line.price),
      discount: moneyText(line.discount),
      tax: moneyText(line.tax),
      shipping_cost: moneyText(line.shippingCost),
      total_amount: moneyText(line.total),
      is_refunded: line.refunded,
      reason: line.reason,
      quantity_returned: 0,
      refund_amount: '0.00',
    })),
    returns: [],
  };
}

/** Ten-thousandths as answers show them. */
const moneyText = (amount: number): string => moneyColumn.parse(toDecimal(amount));
