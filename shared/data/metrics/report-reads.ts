import * as z from 'zod';
import { type InventorySummary, Sale, type SalesReport } from '../../contracts/api/report.ts';
import { type NetSalesColumns, netSales } from '../orders/net-sales.ts';
import { moneyColumn, type Page, type PageAsked, Total, timeColumn, where } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { readInventoryStatus } from './analytics-reads.ts';

const SaleRow = Sale.extend({
  order_date: timeColumn,
  unit_price: moneyColumn,
  total_amount: moneyColumn,
});

export interface SaleFilter {
  readonly productId?: string | undefined;
  readonly customerId?: string | undefined;
  /** First and last day, both included. */
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
}

/** Lines of orders, newest order first. */
export async function listSales(
  db: Statements,
  { productId, customerId, startDate, endDate }: SaleFilter,
  { skip, limit }: PageAsked,
): Promise<Page<Sale>> {
  const isOfProduct = productId !== undefined && 's.product_id = :productId';
  const ofOrders = [
    customerId !== undefined && 'o.customer_id = :customerId',
    startDate !== undefined && 'o.order_date >= :startDate',
    endDate !== undefined && 'o.order_date < DATE_ADD(:endDate, INTERVAL 1 DAY)',
  ];
  const params = {
    ...(productId !== undefined && { productId }),
    ...(customerId !== undefined && { customerId }),
    ...(startDate !== undefined && { startDate: date(startDate) }),
    ...(endDate !== undefined && { endDate: date(endDate) }),
  };
  const all = ofOrders.some(Boolean) ? 'orders o JOIN sales s ON s.order_id = o.order_id' : 'sales s';
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM ${all} ${where([isOfProduct, ...ofOrders])}`,
    params,
  );
  // The newest orders have the newest lines: so many with lines are enough. Those of one product are few.
  const newest = `(SELECT o.order_id, o.order_date
                     FROM orders o
                    ${where([...ofOrders, 'EXISTS (SELECT 1 FROM sales e WHERE e.order_id = o.order_id)'])}
                    ORDER BY o.order_date DESC, o.order_id DESC
                    LIMIT :most)`;
  const data = await db.select(
    SaleRow,
    `SELECT s.sale_id AS id, s.order_id, o.order_date, s.customer_id, s.product_id, s.location AS location_id,
            s.kind, s.quantity_sold AS quantity, s.sale_price AS unit_price, s.total_amount
       FROM ${isOfProduct ? 'orders' : newest} o
       JOIN sales s ON s.order_id = o.order_id
      ${isOfProduct ? where([isOfProduct, ...ofOrders]) : ''}
      ORDER BY o.order_date DESC, o.order_id DESC, s.sale_id
      LIMIT :limit OFFSET :skip`,
    { ...params, ...(!isOfProduct && { most: skip + limit }), skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

/** Rows of a report. */
const MOST_ROWS = 1_000;

const Value = {
  products: z.int(),
  units: z.coerce.number(),
  value_at_cost: moneyColumn,
  value_at_price: moneyColumn,
};
const Sums = z.object({ ...Value, without_cost: z.coerce.number() });
const Category = z.object({ category: z.string().nullable(), ...Value });

const VALUES = `COUNT(DISTINCT p.product_id) AS products, COALESCE(SUM(s.stock_level), 0) AS units,
       ROUND(COALESCE(SUM(s.stock_level * p.cost), 0), 2) AS value_at_cost,
       ROUND(COALESCE(SUM(s.stock_level * p.unit_price), 0), 2) AS value_at_price`;
const GOODS = `FROM products p LEFT JOIN stock s ON s.product_id = p.product_id
      WHERE p.is_active = 1 AND p.is_service = 0`;

/** Active goods that are stocked: how many, and what they are worth. */
export async function readInventorySummary(db: Statements): Promise<InventorySummary> {
  const status = await readInventoryStatus(db);
  const [sums] = await db.select(
    Sums,
    `SELECT ${VALUES},
            COUNT(DISTINCT CASE WHEN s.stock_level > 0 AND p.cost IS NULL THEN p.product_id END) AS without_cost
       ${GOODS}`,
  );
  const categories = await db.select(
    Category,
    `SELECT p.category, ${VALUES} ${GOODS} GROUP BY p.category ORDER BY value_at_cost DESC, p.category
      LIMIT ${MOST_ROWS}`,
  );
  return {
    ...status,
    total_units: sums!.units,
    value_at_cost: sums!.value_at_cost,
    value_at_price: sums!.value_at_price,
    products_without_cost: sums!.without_cost,
    categories,
  };
}

const Sold = z.object({
  name: z.string().nullable(),
  units: z.coerce.number(),
  revenue: moneyColumn,
  lines: z.coerce.number(),
});
const SOLD = `CAST(COALESCE(SUM(n.units), 0) AS SIGNED) AS units, ROUND(COALESCE(SUM(n.revenue), 0), 2) AS revenue,
       CAST(COALESCE(SUM(n.sale_lines), 0) AS SIGNED) AS \`lines\``;

/** By what sales are summed first; categories are those of the products. */
const GROUPS: Readonly<Record<SalesReport['group_by'], (columns: NetSalesColumns) => string>> = {
  product: ({ product }) => product,
  category: ({ product }) => product,
  location: ({ location }) => location,
  day: ({ day }) => `CAST(${day} AS CHAR)`,
};

/** Net sales of some days by what is asked for: what was sold, less what came back in those days. */
export async function readSalesReport(
  db: Statements,
  groupBy: SalesReport['group_by'],
  first: string,
  last: string,
): Promise<SalesReport> {
  const net = `${netSales(GROUPS[groupBy], (day) => `${day} BETWEEN :first AND :last`)} AS n`;
  const isCategory = groupBy === 'category';
  const name = isCategory ? 'p.category' : 'n.name';
  const params = { first: date(first), last: date(last) };
  const [sums] = await db.select(Sold, `SELECT NULL AS name, ${SOLD} FROM ${net}`, params);
  const rows = await db.select(
    Sold,
    `SELECT ${name} AS name, ${SOLD}
       FROM ${net}
       ${isCategory ? 'JOIN products p ON p.product_id = n.name' : ''}
      GROUP BY ${name}
      ORDER BY ${groupBy === 'day' ? 'name' : 'revenue DESC, name'}
      LIMIT ${MOST_ROWS}`,
    params,
  );
  return {
    start_date: first,
    end_date: last,
    group_by: groupBy,
    total_units: sums!.units,
    total_revenue: sums!.revenue,
    total_lines: sums!.lines,
    rows,
  };
}
