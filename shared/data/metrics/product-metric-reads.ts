import * as z from 'zod';
import type { ProductMetrics } from '../../contracts/api/metrics.ts';
import { moneyText } from '../../core/analytics/money-text.ts';
import { productFigures } from '../../core/analytics/product-figures.ts';
import { addDays, daysBetween } from '../../core/calendar/add-days.ts';
import { unitDays } from '../ledger/stock-day-levels.ts';
import { netSales } from '../orders/net-sales.ts';
import type { PageAsked } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import { type KpiScope, scopeSql } from './kpi-scope.ts';

const Row = z.object({
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  unit_days: sumColumn,
  units: sumColumn,
  revenue: amountColumn,
  has_cost: z.union([z.boolean(), z.int()]).transform(Boolean),
  margin: amountColumn,
  older: sumColumn,
  newer: sumColumn,
  last_sale: z.string().nullable(),
  total: z.int(),
  all_revenue: amountColumn,
  all_margin: amountColumn,
});

/** Turnover, shares, age of the last sale and trend of every product that was in stock or sold in the period. */
export async function readProductMetrics(
  db: Statements,
  asked: KpiScope,
  { skip, limit }: PageAsked,
): Promise<ProductMetrics> {
  const { from, to } = asked;
  const scope = scopeSql(asked);
  const days = daysBetween(from, to) + 1;
  const half = Math.floor(days / 2);
  const rows = await db.select(
    Row,
    `SELECT t.*, (SELECT CAST(d.date AS CHAR)
                    FROM demand d
                   WHERE d.product_id = t.product_id AND d.date <= :to AND d.quantity > 0
                     AND ${scope.location('d.location_id')}
                   ORDER BY d.date DESC
                   LIMIT 1) AS last_sale
       FROM (SELECT p.product_id, p.product_name, p.category, COALESCE(i.unit_days, 0) AS unit_days,
                    COALESCE(n.units, 0) AS units, CAST(COALESCE(n.revenue, 0) AS CHAR) AS revenue,
                    p.cost IS NOT NULL AS has_cost,
                    CAST(COALESCE(n.revenue - n.units * p.cost, 0) AS CHAR) AS margin,
                    COALESCE(h.older, 0) AS older, COALESCE(h.newer, 0) AS newer, COUNT(*) OVER () AS total,
                    CAST(SUM(n.revenue) OVER () AS CHAR) AS all_revenue,
                    CAST(SUM(n.revenue - n.units * p.cost) OVER () AS CHAR) AS all_margin,
                    COALESCE(n.revenue, 0) AS rank_by
               FROM products p
               LEFT JOIN (SELECT s.name, SUM(s.units) AS units, SUM(s.revenue) AS revenue
                            FROM ${netSales(
                              ({ product }) => product,
                              scope.day,
                              ({ product, location }) =>
                                `${scope.product(product)} AND ${scope.location(location)}`,
                            )} AS s
                           GROUP BY s.name) AS n ON n.name = p.product_id
               LEFT JOIN ${unitDays(
                 `${scope.product('s.product_id')} AND ${scope.location('s.location_id')}`,
               )} AS i ON i.product_id = p.product_id
               LEFT JOIN (SELECT d.product_id,
                                 SUM(CASE WHEN d.date <= :olderEnd THEN d.quantity ELSE 0 END) AS older,
                                 SUM(CASE WHEN d.date >= :newerStart THEN d.quantity ELSE 0 END) AS newer
                            FROM demand d
                           WHERE ${scope.day('d.date')} AND ${scope.product('d.product_id')}
                             AND ${scope.location('d.location_id')}
                           GROUP BY d.product_id) AS h ON h.product_id = p.product_id
              WHERE p.is_service = 0 AND (n.name IS NOT NULL OR i.unit_days <> 0)
              ORDER BY rank_by DESC, p.product_id
              LIMIT :limit OFFSET :skip) AS t
      ORDER BY t.rank_by DESC, t.product_id`,
    {
      ...scope.params,
      // a period of one day has no halves: nothing is before its first or after its last day
      olderEnd: date(addDays(from, half - 1)),
      newerStart: date(addDays(to, 1 - half)),
      skip,
      limit,
    },
  );
  const all = { revenue: rows[0]?.all_revenue ?? 0, margin: rows[0]?.all_margin ?? 0 };
  return {
    from,
    to,
    days,
    total_revenue: moneyText(all.revenue),
    total_margin: moneyText(all.margin),
    data: rows.map((row) => ({
      product_id: row.product_id,
      product_name: row.product_name,
      category: row.category,
      average_units: row.unit_days / days,
      units_sold: row.units,
      revenue: moneyText(row.revenue),
      margin: row.has_cost ? moneyText(row.margin) : null,
      ...productFigures(
        {
          unitDays: row.unit_days,
          soldUnits: row.units,
          revenue: row.revenue,
          margin: row.has_cost ? row.margin : null,
          olderUnits: row.older,
          newerUnits: row.newer,
          lastSale: row.last_sale,
        },
        all,
        { days, to },
      ),
    })),
    pagination: { skip, limit, total: rows[0]?.total ?? 0 },
  };
}
