import * as z from 'zod';
import type { RequestFacts, SalesFacts } from '../../core/analytics/kpis/kpi-facts.ts';
import { goodsBack, netSales } from '../orders/net-sales.ts';
import type { Statements } from '../sql/database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import type { ScopeSql } from './kpi-scope.ts';

const Gross = z.object({ sold_units: sumColumn, sold_lines: sumColumn, below_cost: amountColumn });
const Net = z.object({ costed_revenue: amountColumn, cogs: amountColumn, uncosted_units: sumColumn });
const Back = z.object({ units: sumColumn });

/** What was sold and came back in the period, at the cost of today. */
export async function readSalesFacts(db: Statements, scope: ScopeSql): Promise<SalesFacts> {
  const [gross, net, back] = await Promise.all([
    db.select(
      Gross,
      `SELECT COALESCE(SUM(d.quantity), 0) AS sold_units, COALESCE(SUM(d.sale_lines), 0) AS sold_lines,
              CAST(SUM(GREATEST(d.quantity * p.cost - d.revenue, 0)) AS CHAR) AS below_cost
         FROM demand d
         JOIN products p ON p.product_id = d.product_id
        WHERE ${scope.day('d.date')} AND ${scope.product('d.product_id')} AND ${scope.location('d.location_id')}`,
      scope.params,
    ),
    db.select(
      Net,
      `SELECT CAST(SUM(CASE WHEN p.cost IS NOT NULL THEN n.revenue END) AS CHAR) AS costed_revenue,
              CAST(SUM(n.units * p.cost) AS CHAR) AS cogs,
              COALESCE(SUM(CASE WHEN p.cost IS NULL THEN n.units END), 0) AS uncosted_units
         FROM ${netSales(
           ({ product }) => product,
           scope.day,
           ({ product, location }) => `${scope.product(product)} AND ${scope.location(location)}`,
         )} AS n
         JOIN products p ON p.product_id = n.name`,
      scope.params,
    ),
    db.select(
      Back,
      `SELECT COALESCE(SUM(b.units), 0) AS units
         FROM ${goodsBack(
           () => `'all'`,
           scope.day,
           ({ product, location }) => `${scope.product(product)} AND ${scope.location(location)}`,
         )} AS b`,
      scope.params,
    ),
  ]);
  return {
    soldUnits: gross[0]!.sold_units,
    soldLines: gross[0]!.sold_lines,
    soldBelowCost: gross[0]!.below_cost,
    returnedUnits: back[0]!.units,
    costedRevenue: net[0]!.costed_revenue,
    cogs: net[0]!.cogs,
    uncostedUnits: net[0]!.uncosted_units,
  };
}

const Lost = z.object({
  lost_units: sumColumn,
  lost_lines: sumColumn,
  lost_orders: sumColumn,
  lost_value: amountColumn,
});
const Late = z.object({ units: sumColumn, lines: sumColumn, backordered: sumColumn });
const Orders = z.object({ orders: sumColumn, incomplete: sumColumn, imperfect: sumColumn });

/**
 * Sales of the period that stock did not fill on first request, as a table `(order_id, product_id, sale_id, later, back)` for
 * FROM: `later` = units of the product that the order was refused before, no more than it sold in all; `back` = units of the line
 * that were sold before they were there. Both belong to the day of the sale, whenever it was that somebody was refused.
 */
function lateSales(scope: ScopeSql): string {
  const isSold = (sale: string) =>
    `${sale}.kind = 'sale' AND ${sale}.cancelled_by IS NULL AND ${scope.time(`${sale}.date`)}
          AND ${scope.product(`${sale}.product_id`)} AND ${scope.location(`${sale}.location`)}`;
  // The level stands in the ledger as it was recorded: what was there when the sale was booked. The few products that may be
  // sold without stock come first, whatever the statistics say.
  return `(SELECT STRAIGHT_JOIN a.order_id, a.product_id, a.sale_id,
              LEAST(r.asked, SUM(a.quantity_sold) OVER (PARTITION BY a.order_id, a.product_id)) AS later, 0 AS back
         FROM (SELECT s.order_id, s.product_id, SUM(s.asked) AS asked
                 FROM lost_sale s
                WHERE ${scope.product('s.product_id')}
                GROUP BY s.order_id, s.product_id) AS r
         JOIN sales a FORCE INDEX (sales_order_fk) ON a.order_id = r.order_id AND a.product_id = r.product_id
        WHERE ${isSold('a')}
        UNION ALL
       SELECT STRAIGHT_JOIN t.order_id, t.product_id, t.sale_id, 0,
              LEAST(t.quantity_sold, SUM(LEAST(-l.quantity_change, -l.stock_level)))
         FROM products b
         JOIN inventory_log l FORCE INDEX (inventory_log_position)
           ON l.product_id = b.product_id AND ${scope.location('l.warehouse')} AND ${scope.time('l.date')}
         JOIN sales t ON t.sale_id = l.reference_id AND t.product_id = l.product_id
        WHERE b.backorders_allowed = 1 AND l.change_type = 'sale' AND l.stock_level < 0
          AND ${scope.product('b.product_id')} AND ${isSold('t')}
          AND NOT EXISTS (SELECT 1 FROM inventory_log r WHERE r.reverses_log_id = l.log_id)
        GROUP BY t.order_id, t.product_id, t.sale_id, t.quantity_sold)`;
}

/** What customers asked for in the period, and what of it was there when they did. */
export async function readRequestFacts(db: Statements, scope: ScopeSql): Promise<RequestFacts> {
  const late = lateSales(scope);
  const [lost, notAtOnce, orders] = await Promise.all([
    db.select(
      Lost,
      `SELECT COALESCE(SUM(s.asked), 0) AS lost_units, COUNT(*) AS lost_lines,
              COUNT(DISTINCT s.order_id) AS lost_orders, CAST(SUM(s.asked * s.price) AS CHAR) AS lost_value
         FROM lost_sale s
         LEFT JOIN orders o ON o.order_id = s.order_id
        WHERE o.order_id IS NULL AND ${scope.day('s.day')}
          AND ${scope.product('s.product_id')} AND ${scope.location('s.location_id')}`,
      scope.params,
    ),
    db.select(
      Late,
      `SELECT COALESCE(SUM(GREATEST(n.later, n.back)), 0) AS units, COALESCE(SUM(n.\`lines\`), 0) AS \`lines\`,
              COALESCE(SUM(n.back), 0) AS backordered
         FROM (SELECT MAX(x.later) AS later, SUM(x.back) AS back, COUNT(DISTINCT x.sale_id) AS \`lines\`
                 FROM ${late} AS x
                GROUP BY x.order_id, x.product_id) AS n`,
      scope.params,
    ),
    db.select(
      Orders,
      `SELECT COUNT(DISTINCT a.order_id) AS orders,
              COUNT(DISTINCT CASE WHEN i.order_id IS NOT NULL THEN a.order_id END) AS incomplete,
              COUNT(DISTINCT CASE WHEN i.order_id IS NOT NULL OR a.refunded = 1 THEN a.order_id END) AS imperfect
         FROM sales a
         LEFT JOIN (SELECT DISTINCT x.order_id FROM ${late} AS x) AS i ON i.order_id = a.order_id
        WHERE a.kind = 'sale' AND a.cancelled_by IS NULL AND ${scope.time('a.date')}
          AND ${scope.product('a.product_id')} AND ${scope.location('a.location')}`,
      scope.params,
    ),
  ]);
  return {
    lostUnits: lost[0]!.lost_units,
    lostLines: lost[0]!.lost_lines,
    lostOrders: lost[0]!.lost_orders,
    lostValue: lost[0]!.lost_value,
    lateUnits: notAtOnce[0]!.units,
    lateLines: notAtOnce[0]!.lines,
    backorderedUnits: notAtOnce[0]!.backordered,
    orders: orders[0]!.orders,
    incompleteOrders: orders[0]!.incomplete,
    imperfectOrders: orders[0]!.imperfect,
  };
}
