import * as z from 'zod';
import type { SupplyFacts } from '../../core/analytics/kpis/kpi-facts.ts';
import type { Statements } from '../sql/database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import type { ScopeSql } from './kpi-scope.ts';

/** The day that was promised for a line first, else the one that was expected when it was ordered. */
const PROMISED = `COALESCE(l.promised_date, l.ordered_date, l.expected_date, o.expected_date)`;
const ORDERED_ON = `COALESCE(o.ordered_on, DATE(o.approved_at))`;
const ORDERED = `COALESCE(l.ordered_quantity, l.quantity)`;

const Due = z.object({ lines: sumColumn, in_time: sumColumn, units: sumColumn, came: sumColumn });
const Came = z.object({
  units: sumColumn,
  days: sumColumn,
  squares: sumColumn,
  quoted_units: sumColumn,
  over_quoted: sumColumn,
  cost_ordered: amountColumn,
  cost_charged: amountColumn,
});

/**
 * How suppliers kept what they had promised for days of the period, and what came in it. The rules are those of
 * `scoreSupplier`, over the lines of one period.
 */
export async function readSupplyFacts(db: Statements, scope: ScopeSql): Promise<SupplyFacts> {
  const within = `${scope.product('l.product_id')} AND ${scope.location('o.location_id')}`;
  const [due, came] = await Promise.all([
    db.select(
      Due,
      `SELECT COUNT(*) AS \`lines\`, COALESCE(SUM(x.in_time >= x.ordered), 0) AS in_time,
              COALESCE(SUM(x.ordered), 0) AS units, COALESCE(SUM(LEAST(x.ordered, x.good)), 0) AS came
         FROM (SELECT MAX(${ORDERED}) AS ordered, COALESCE(SUM(g.quantity - g.damaged), 0) AS good,
                      COALESCE(SUM(CASE WHEN DATE(r.received_at) <= ${PROMISED}
                                        THEN g.quantity - g.damaged END), 0) AS in_time
                 FROM purchase_order_line l
                 JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id
                                      AND o.status NOT IN ('draft', 'submitted', 'cancelled', 'rejected')
                 LEFT JOIN purchase_receipt_line g
                   ON g.purchase_order_id = l.purchase_order_id AND g.product_id = l.product_id
                 LEFT JOIN purchase_receipt r ON r.receipt_id = g.receipt_id
                WHERE l.line_status NOT IN ('cancelled', 'undone') AND ${scope.day(PROMISED)} AND ${within}
                GROUP BY l.purchase_order_id, l.product_id) AS x`,
      scope.params,
    ),
    db.select(
      Came,
      `SELECT COALESCE(SUM(x.quantity), 0) AS units, COALESCE(SUM(x.quantity * x.days), 0) AS days,
              COALESCE(SUM(x.quantity * x.days * x.days), 0) AS squares,
              COALESCE(SUM(CASE WHEN x.quoted IS NOT NULL THEN x.quantity END), 0) AS quoted_units,
              COALESCE(SUM(x.quantity * (x.days - x.quoted)), 0) AS over_quoted,
              CAST(SUM(x.quantity * x.ordered_cost) AS CHAR) AS cost_ordered,
              CAST(SUM(x.quantity * x.charged_cost) AS CHAR) AS cost_charged
         FROM (SELECT g.quantity, DATEDIFF(DATE(r.received_at), ${ORDERED_ON}) AS days, i.lead_time_days AS quoted,
                      COALESCE(l.ordered_unit_cost, l.unit_cost) AS ordered_cost,
                      COALESCE(g.unit_cost, l.unit_cost) AS charged_cost
                 FROM purchase_receipt r
                 JOIN purchase_receipt_line g ON g.receipt_id = r.receipt_id
                 JOIN purchase_order o ON o.purchase_order_id = g.purchase_order_id
                 JOIN purchase_order_line l
                   ON l.purchase_order_id = g.purchase_order_id AND l.product_id = g.product_id
                 LEFT JOIN supplier_item i ON i.supplier_id = o.supplier_id AND i.product_id = g.product_id
                WHERE ${scope.time('r.received_at')} AND ${ORDERED_ON} IS NOT NULL AND ${within}) AS x`,
      scope.params,
    ),
  ]);
  return {
    linesDue: due[0]!.lines,
    linesInTime: due[0]!.in_time,
    unitsDue: due[0]!.units,
    unitsCame: due[0]!.came,
    leadUnits: came[0]!.units,
    leadDays: came[0]!.days,
    leadSquares: came[0]!.squares,
    quotedUnits: came[0]!.quoted_units,
    daysOverQuoted: came[0]!.over_quoted,
    costOrdered: came[0]!.cost_ordered,
    costCharged: came[0]!.cost_charged,
  };
}
