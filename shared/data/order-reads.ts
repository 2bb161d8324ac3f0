import { Order, type OrderDetail, OrderLine } from '../contracts/api/order.ts';
import { flagColumn, moneyColumn, type Page, type PageAsked, Total, timeColumn, where } from './columns.ts';
import { date, type Statements } from './database.ts';

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
});
/** An order of more lines shows its first ones. */
const MAX_LINES = 2_000;

/** One order with its lines. */
export async function findOrder(db: Statements, orderId: string): Promise<OrderDetail | undefined> {
  const [order] = await db.select(Row, folded('SELECT * FROM orders WHERE order_id = :orderId'), { orderId });
  if (!order) return undefined;
  const lines = await db.select(
    Line,
    `SELECT s.sale_id AS id, s.product_id, p.product_name, s.location AS location_id, s.kind,
            s.quantity_sold AS quantity, s.sale_price AS unit_price, s.discount, s.tax, s.shipping_cost,
            s.total_amount, s.refunded AS is_refunded, s.reason
       FROM sales s
       JOIN products p ON p.product_id = s.product_id
      WHERE s.order_id = :orderId
      ORDER BY s.sale_id
      LIMIT ${MAX_LINES}`,
    { orderId },
  );
  return { ...order, lines };
}
