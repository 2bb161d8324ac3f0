import * as z from 'zod';
import { netSales } from '../orders/net-sales.ts';
import { flagColumn, jsonColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import { type KpiScope, scopeSql } from './kpi-scope.ts';

/** What a product sold for in a period, net of what came back; money in ten-thousandths. */
export interface ProductSales {
  readonly productId: string;
  readonly productName: string;
  readonly category: string | null;
  readonly isActive: boolean;
  readonly units: number;
  readonly revenue: number;
  /** Revenue less today's cost of what was sold; null where nobody knows the cost. */
  readonly profit: number | null;
}

/** Products of one answer, which stays below 1 MiB with names of any length, and answers: two million products. */
const PAGE = 2_000;
const MAX_PAGES = 1_000;

const Last = z.object({ product_id: z.string() });
const Row = z
  .object({
    item: jsonColumn(z.tuple([z.string(), z.string(), z.string().nullable()])),
    is_active: flagColumn,
    has_cost: flagColumn,
    units: sumColumn,
    revenue: amountColumn,
    profit: amountColumn,
  })
  .transform(({ item: [productId, productName, category], is_active, has_cost, ...row }): ProductSales => {
    return {
      ...{ productId, productName, category },
      isActive: is_active,
      ...{ units: row.units, revenue: row.revenue },
      profit: has_cost ? row.profit : null,
    };
  });

/** All goods that are active or sold in the period, by id. */
export async function readProductSales(db: Statements, asked: KpiScope): Promise<ProductSales[]> {
  const all: ProductSales[] = [];
  let after = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const [last] = await db.select(
      Last,
      `SELECT x.product_id
         FROM (SELECT product_id FROM products WHERE product_id > :after ORDER BY product_id LIMIT ${PAGE}) AS x
        ORDER BY x.product_id DESC
        LIMIT 1`,
      { after },
    );
    if (!last) return all;
    all.push(...(await readPage(db, asked, after, last.product_id)));
    after = last.product_id;
  }
  throw new RangeError(`more than ${PAGE * MAX_PAGES} products`);
}

function readPage(db: Statements, asked: KpiScope, after: string, last: string): Promise<ProductSales[]> {
  const scope = scopeSql(asked);
  return db.select(
    Row,
    `SELECT JSON_ARRAY(p.product_id, p.product_name, p.category) AS item, p.is_active, p.cost IS NOT NULL AS has_cost,
            COALESCE(n.units, 0) AS units, CAST(n.revenue AS CHAR) AS revenue,
            CAST(n.revenue - n.units * p.cost AS CHAR) AS profit
       FROM products p
       LEFT JOIN (SELECT s.name, SUM(s.units) AS units, SUM(s.revenue) AS revenue
                    FROM ${netSales(
                      ({ product }) => product,
                      scope.day,
                      ({ product, location }) =>
                        `${product} > :after AND ${product} <= :last AND ${scope.location(location)}`,
                    )} AS s
                   GROUP BY s.name) AS n ON n.name = p.product_id
      WHERE p.product_id > :after AND p.product_id <= :last AND p.is_service = 0
        AND (p.is_active = 1 OR n.name IS NOT NULL) AND ${scope.product('p.product_id')}
      ORDER BY p.product_id`,
    { ...scope.params, after, last },
  );
}

const OrderCount = z.object({ name: z.string().nullable(), orders: z.int() });

/** In how many orders of the period each of the products was sold. */
export async function countProductOrders(
  db: Statements,
  asked: KpiScope,
  productIds: readonly string[],
): Promise<Map<string | null, number>> {
  if (productIds.length === 0) return new Map();
  const { category: _, ...places } = asked;
  const scope = scopeSql(places);
  const rows = await db.select(
    OrderCount,
    `SELECT STRAIGHT_JOIN s.product_id AS name, COUNT(DISTINCT s.order_id) AS orders
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS k
       JOIN sales s ON s.product_id = k.product_id
      WHERE ${isSold(scope)}
      GROUP BY s.product_id`,
    { ...scope.params, ids: json(productIds) },
  );
  return new Map(rows.map(({ name, orders }) => [name, orders]));
}

/** In how many orders of the period something of each category was sold. */
export async function countCategoryOrders(
  db: Statements,
  asked: KpiScope,
): Promise<Map<string | null, number>> {
  const scope = scopeSql(asked);
  const rows = await db.select(
    OrderCount,
    `SELECT p.category AS name, COUNT(DISTINCT s.order_id) AS orders
       FROM sales s
       JOIN products p ON p.product_id = s.product_id AND p.is_service = 0
      WHERE ${isSold(scope)} AND ${scope.product('s.product_id')}
      GROUP BY p.category`,
    scope.params,
  );
  return new Map(rows.map(({ name, orders }) => [name, orders]));
}

const isSold = (scope: ReturnType<typeof scopeSql>): string =>
  `s.kind = 'sale' AND s.cancelled_by IS NULL AND ${scope.time('s.date')} AND ${scope.location('s.location')}`;
