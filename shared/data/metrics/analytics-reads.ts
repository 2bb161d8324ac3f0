import * as z from 'zod';
import type { DashboardSummary, SalesTrends } from '../../contracts/api/page.ts';
import type { InventoryStatus } from '../../contracts/api/planning.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { CATALOGUE_CURRENCY } from '../catalogue/catalogue-currency.ts';
import { LOW_STOCK, STOCK } from '../catalogue/product-reads.ts';
import { netSales } from '../orders/net-sales.ts';
import { readBusinessDay } from '../planning/business-day.ts';
import { SHOWN_RUN_STATUS } from '../planning/shown-status.ts';
import { flagColumn, moneyColumn, timeColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';

/** Days without a sale after which stock counts as dead: what the list of dead stock asks for when nobody says. */
const DEAD_DAYS = 90;

/** Sales of a position `k` that are known on the business day. */
const SOLD = `demand d FORCE INDEX (PRIMARY)
                                                       WHERE d.product_id = k.product_id AND d.location_id = k.location_id
                                                         AND d.quantity > 0 AND d.date <= :asOf`;

/**
 * Goods on hand that no location with stock of them has sold since `:silent`, or has had less long: how many the list of
 * dead stock (`readDeadStock`) counts, which judges each of them and would be slow here.
 */
const DEAD_PRODUCTS = `(SELECT COUNT(*)
               FROM (SELECT a.product_id
                       FROM (SELECT k.product_id,
                                    CASE WHEN EXISTS (SELECT 1 FROM ${SOLD} AND d.date > :silent) THEN 1
                                         WHEN EXISTS (SELECT 1 FROM ${SOLD}) THEN 0
                                         WHEN EXISTS (SELECT 1
                                                        FROM inventory_log l FORCE INDEX (inventory_log_position)
                                                       WHERE l.product_id = k.product_id AND l.warehouse = k.location_id
                                                         AND l.date < DATE_ADD(:silent, INTERVAL 1 DAY)) THEN 0
                                         ELSE 1 END AS is_wanted
                               FROM stock k
                               JOIN products p ON p.product_id = k.product_id AND p.is_service = 0
                              WHERE k.stock_level > 0) AS a
                      GROUP BY a.product_id
                     HAVING MAX(a.is_wanted) = 0) AS dead)`;

const Status = z.object({
  total_products: z.int(),
  in_stock_count: z.coerce.number(),
  low_stock_count: z.coerce.number(),
  out_of_stock_count: z.coerce.number(),
  dead_stock_count: z.coerce.number(),
});

/** How many active goods are there, run low or are out, each in one of these; and how many goods on hand are dead. */
export async function readInventoryStatus(db: Statements): Promise<InventoryStatus> {
  const asOf = (await readBusinessDay(db)) ?? null;
  const day = asOf ?? '1970-01-01';
  const [row] = await db.select(
    Status,
    `SELECT COUNT(*) AS total_products,
            COALESCE(SUM(x.stock > 0 AND x.is_low = 0), 0) AS in_stock_count,
            COALESCE(SUM(x.stock > 0 AND x.is_low = 1), 0) AS low_stock_count,
            COALESCE(SUM(x.stock <= 0), 0) AS out_of_stock_count,
            ${DEAD_PRODUCTS} AS dead_stock_count
       FROM (SELECT ${STOCK} AS stock, ${LOW_STOCK} AS is_low
               FROM products p
              WHERE p.is_active = 1 AND p.is_service = 0) AS x`,
    { asOf: date(day), silent: date(addDays(day, -DEAD_DAYS)) },
  );
  return { as_of: asOf, ...row! };
}

export type Period = SalesTrends['period_type'];

/** First day of the period that holds the day. */
const START: Readonly<Record<Period, (day: string) => string>> = {
  daily: (day) => `DATE(${day})`,
  weekly: (day) => `DATE_SUB(DATE(${day}), INTERVAL WEEKDAY(${day}) DAY)`,
  monthly: (day) => `DATE_SUB(DATE(${day}), INTERVAL DAYOFMONTH(${day}) - 1 DAY)`,
};

const Trend = z.object({
  period: z.iso.date(),
  total_sales: moneyColumn,
  total_units: z.int(),
  total_orders: z.int(),
  avg_order_value: moneyColumn,
});

/**
 * Net sales of the days up to the business day, per day, Monday week or month; periods without any are left out. What
 * came back of an order counts against the period in which it came, not that of the sale.
 */
export async function readSalesTrends(db: Statements, period: Period, days: number): Promise<SalesTrends> {
  const asOf = await readBusinessDay(db);
  if (asOf === undefined) return { trends: [], period_type: period, days_covered: days };
  const trends = await db.select(
    Trend,
    `SELECT d.period, d.total_sales, d.total_units, COALESCE(o.total_orders, 0) AS total_orders,
            ROUND(CASE WHEN o.total_orders > 0 THEN d.total_sales / o.total_orders ELSE 0 END, 2) AS avg_order_value
       FROM (SELECT n.name AS period, ROUND(SUM(n.revenue), 2) AS total_sales, CAST(SUM(n.units) AS SIGNED) AS total_units
               FROM ${netSales(
                 ({ day }) => START[period](day),
                 (day) => `${day} BETWEEN :first AND :last`,
               )} AS n
              GROUP BY n.name) AS d
       LEFT JOIN (SELECT ${START[period]('order_date')} AS period, COUNT(*) AS total_orders
                    FROM orders
                   WHERE order_date >= :first AND order_date < DATE_ADD(:last, INTERVAL 1 DAY)
                     AND ${IS_SALE}
                   GROUP BY ${START[period]('order_date')}) AS o ON o.period = d.period
      ORDER BY d.period`,
    { first: date(addDays(asOf, 1 - days)), last: date(asOf) },
  );
  return { trends, period_type: period, days_covered: days };
}

/** Orders that sold something: neither taken back nor booked as a correction. */
const IS_SALE = `order_status NOT IN ('Cancelled', 'Returned', 'Adjustment')`;

/** Whether a day lies in the month of the business day, earlier in its year, or elsewhere. */
const SPAN = (day: string): string =>
  `CASE WHEN ${day} BETWEEN :month AND :day THEN 'month' WHEN ${day} BETWEEN :year AND :day THEN 'year' ELSE 'other' END`;

const Summary = z.object({
  total_orders: z.int(),
  total_revenue_mtd: moneyColumn,
  total_revenue_ytd: moneyColumn,
  avg_order_value: moneyColumn,
  low_stock_alerts: z.int(),
  open_suggestions: z.int(),
  draft_purchase_orders: z.int(),
  rejected_rows: z.coerce.number(),
  unexplained_shortages: z.coerce.number(),
});

const Run = z.object({
  run_id: z.string(),
  as_of: z.iso.date(),
  status: z.string(),
  series: z.int(),
  created_at: timeColumn,
});

/** The numbers at the top of the first page; month and year are those of the business day, sales net of refunds. */
export async function readDashboardSummary(db: Statements): Promise<DashboardSummary> {
  const asOf = (await readBusinessDay(db)) ?? null;
  const day = asOf ?? '1970-01-01';
  const [row] = await db.select(
    Summary,
    `SELECT c.total_orders,
            ROUND(d.revenue_mtd, 2) AS total_revenue_mtd,
            ROUND(d.revenue_ytd, 2) AS total_revenue_ytd,
            ROUND(CASE WHEN c.total_orders > 0 THEN d.revenue / c.total_orders ELSE 0 END, 2) AS avg_order_value,
            (SELECT COUNT(*) FROM products p WHERE ${LOW_STOCK}) AS low_stock_alerts,
            (SELECT COUNT(*) FROM suggestion WHERE status = 'open') AS open_suggestions,
            (SELECT COUNT(*) FROM purchase_order WHERE status = 'draft') AS draft_purchase_orders,
            i.rejected_rows, i.unexplained_shortages
       FROM (SELECT COUNT(*) AS total_orders FROM orders WHERE ${IS_SALE}) AS c
       JOIN (SELECT COALESCE(SUM(n.revenue), 0) AS revenue,
                    COALESCE(SUM(CASE WHEN n.name = 'month' THEN n.revenue END), 0) AS revenue_mtd,
                    COALESCE(SUM(CASE WHEN n.name IN ('month', 'year') THEN n.revenue END), 0) AS revenue_ytd
               FROM ${netSales(
                 ({ day }) => SPAN(day),
                 (day) => `${day} IS NOT NULL`,
               )} AS n) AS d
       JOIN (SELECT COALESCE(SUM(rejected_rows), 0) AS rejected_rows,
                    COALESCE(SUM(shortages), 0) AS unexplained_shortages
               FROM import_job) AS i`,
    { day: date(day), month: date(`${day.slice(0, 7)}-01`), year: date(`${day.slice(0, 4)}-01-01`) },
  );
  const [run] = await db.select(
    Run,
    `SELECT run_id, as_of, ${SHOWN_RUN_STATUS} AS status, series, created_at
       FROM forecast_run
      ORDER BY run_no DESC
      LIMIT 1`,
  );
  return { as_of: asOf, ...row!, ...(await readSuggestedCost(db)), newest_run: run ?? null };
}

const Suggested = z.object({
  currency: z.string(),
  is_own: flagColumn,
  suggestions: z.int(),
  cost: moneyColumn,
});

/** What open suggestions cost in the currency of the catalogue, and in those of other suppliers. */
async function readSuggestedCost(
  db: Statements,
): Promise<Pick<DashboardSummary, 'suggested_cost' | 'suggested_currency' | 'suggested_elsewhere'>> {
  const rows = await db.select(
    Suggested,
    `SELECT x.currency, x.currency = ${CATALOGUE_CURRENCY} AS is_own, COUNT(*) AS suggestions, ROUND(SUM(x.cost), 2) AS cost
       FROM (SELECT COALESCE(s.currency, ${CATALOGUE_CURRENCY}, '') AS currency, g.cost
               FROM suggestion g
               LEFT JOIN supplier s ON s.supplier_id = g.supplier_id
              WHERE g.status = 'open') AS x
      GROUP BY x.currency
      ORDER BY x.currency`,
  );
  const own = rows.find((row) => row.is_own);
  return {
    suggested_cost: own?.cost ?? '0.00',
    suggested_currency: own?.currency ?? null,
    suggested_elsewhere: rows
      .filter((row) => !row.is_own)
      .map(({ currency, suggestions, cost }) => ({ currency, suggestions, cost })),
  };
}
