import * as z from 'zod';
import type { RequestFacts, SalesFacts } from '../core/analytics/kpis/kpi-facts.ts';
import type { Statements } from './database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import type { ScopeSql } from './kpi-scope.ts';
import { goodsBack, netSales } from './net-sales.ts';

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
  later_units: sumColumn,
  later_lines: sumColumn,
});
const Backordered = z.object({ units: sumColumn, lines: sumColumn });
const Orders = z.object({ orders: sumColumn, incomplete: sumColumn, imperfect: sumColumn });

/** What customers asked for in the period, and what of it was there when they did. */
export async function readRequestFacts(db: Statements, scope: ScopeSql): Promise<RequestFacts> {
  const isLost = `${scope.day('s.day')} AND ${scope.product('s.product_id')} AND ${scope.location('s.location_id')}`;
  // The level stands in the ledger as it was recorded: what was there when the sale was booked. The few products that may be
  // sold without stock come first, whatever the statistics say.
  const backordered = (select: string) => `
       SELECT STRAIGHT_JOIN ${select}
         FROM products b
         JOIN inventory_log l FORCE INDEX (inventory_log_position)
           ON l.product_id = b.product_id AND ${scope.location('l.warehouse')} AND ${scope.time('l.date')}
        WHERE b.backorders_allowed = 1 AND l.change_type = 'sale' AND l.stock_level < 0
          AND ${scope.product('b.product_id')}
          AND NOT EXISTS (SELECT 1 FROM inventory_log r WHERE r.reverses_log_id = l.log_id)`;
  const [lost, later, orders] = await Promise.all([
    db.select(
      Lost,
      `SELECT COALESCE(SUM(CASE WHEN o.order_id IS NULL THEN s.asked END), 0) AS lost_units,
              COALESCE(SUM(o.order_id IS NULL), 0) AS lost_lines,
              COUNT(DISTINCT CASE WHEN o.order_id IS NULL THEN s.order_id END) AS lost_orders,
              CAST(SUM(CASE WHEN o.order_id IS NULL THEN s.asked * s.price END) AS CHAR) AS lost_value,
              COALESCE(SUM(CASE WHEN o.order_id IS NOT NULL THEN s.asked END), 0) AS later_units,
              COALESCE(SUM(o.order_id IS NOT NULL), 0) AS later_lines
         FROM lost_sale s
         LEFT JOIN orders o ON o.order_id = s.order_id
        WHERE ${isLost}`,
      scope.params,
    ),
    db.select(
      Backordered,
      backordered(
        'COALESCE(SUM(LEAST(-l.quantity_change, -l.stock_level)), 0) AS units, COUNT(*) AS `lines`',
      ),
      scope.params,
    ),
    db.select(
      Orders,
      `SELECT COUNT(DISTINCT a.order_id) AS orders,
              COUNT(DISTINCT CASE WHEN i.order_id IS NOT NULL THEN a.order_id END) AS incomplete,
              COUNT(DISTINCT CASE WHEN i.order_id IS NOT NULL OR a.refunded = 1 THEN a.order_id END) AS imperfect
         FROM sales a
         LEFT JOIN (SELECT s.order_id FROM lost_sale s WHERE ${isLost}
                     UNION
                    SELECT t.order_id
                      FROM (${backordered('l.reference_id')}) AS n
                      JOIN sales t ON t.sale_id = n.reference_id) AS i ON i.order_id = a.order_id
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
    laterUnits: lost[0]!.later_units,
    laterLines: lost[0]!.later_lines,
    backorderedUnits: later[0]!.units,
    backorderedLines: later[0]!.lines,
    orders: orders[0]!.orders,
    incompleteOrders: orders[0]!.incomplete,
    imperfectOrders: orders[0]!.imperfect,
  };
}
