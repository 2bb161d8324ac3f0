import * as z from 'zod';
import type { ExpediteOrder } from '../../contracts/api/purchase-order.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { isExpecting } from '../ledger/position-store.ts';
import { listAlertsOfType, openAlert, settleAlert } from '../planning/alert-store.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { readOrdersAtRisk } from './purchase-risk-reads.ts';

/** Types, and beginnings of the keys, of alerts about purchase orders: one of each for each order. */
export const LATE_ORDER = 'late_order';
export const SHORT_ORDER = 'short_order';

const keyOf = (type: string, id: number): string => `${type}:${id}`;
/** Orders that are alerted about at once, the most money at risk first. */
const MOST_ALERTS = 200;
/** Products that an alert names. */
const MOST_NAMED = 5;

const Late = z.object({ purchase_order_id: z.int() });

/**
 * Looks for orders that should have come: moves the day that is reckoned with to when they may come instead, and keeps one
 * alert for each, naming what runs out before that day. Alerts of orders that are late no more are settled, and those of
 * shortages when a plan that began after them has counted without what will not come.
 */
export async function checkPurchaseOrders(
  tx: Statements,
  { today, hasPlanned }: { readonly today: string; readonly hasPlanned: boolean },
): Promise<{ readonly late: number }> {
  await reviseDates(tx, today);
  const orders = await readOrdersAtRisk(tx, { today, lateOnly: true });
  const atRisk = new Map(orders.map((order) => [order.purchase_order_id, order]));
  const late = await tx.select(
    Late,
    `SELECT DISTINCT o.purchase_order_id
       FROM purchase_order o
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
        AND l.line_status = 'open' AND l.quantity_received < l.quantity
        AND COALESCE(l.expected_date, o.expected_date) < :today
      WHERE ${isExpecting('o')}
      ORDER BY o.purchase_order_id
      LIMIT 10000`,
    { today: date(today) },
  );
  const ids = late.map((row) => row.purchase_order_id);
  const ranked = [...ids].sort((a, b) => riskOf(atRisk.get(b)) - riskOf(atRisk.get(a)) || a - b);
  const standing = new Map((await listAlertsOfType(tx, LATE_ORDER)).map((alert) => [alert.key, alert]));
  for (const id of ranked.slice(0, MOST_ALERTS)) {
    const { promised, ...alert } = await lateAlert(tx, id, atRisk.get(id), today);
    const known = standing.get(alert.key);
    // whoever closed it has dealt with this promise
    if (known && !known.isOpen && known.closedBy !== null && known.reason === promised) continue;
    await openAlert(tx, alert, promised);
  }
  await settleOthers(tx, LATE_ORDER, ids);
  if (hasPlanned) await settleShort(tx);
  return { late: ids.length };
}

const riskOf = (order: ExpediteOrder | undefined): number => Number(order?.money_at_risk ?? 0);

/**
 * Gives lines whose day is over the day after which they are not unusually late: by the deviation of the lead time. The day
 * of the order stays: lines without one of their own are late by it.
 */
async function reviseDates(tx: Statements, today: string): Promise<void> {
  await tx.write(
    `UPDATE purchase_order_line l
       JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id AND ${isExpecting('o')}
       LEFT JOIN supplier_item i ON i.supplier_id = o.supplier_id AND i.product_id = l.product_id
        SET l.revised_date = DATE_ADD(CAST(:today AS DATE),
                                      INTERVAL LEAST(90, GREATEST(1, CEIL(COALESCE(i.lead_time_deviation, 1)))) DAY)
      WHERE l.line_status = 'open' AND l.quantity_received < l.quantity
        AND COALESCE(l.expected_date, o.expected_date) < :today
        AND (l.revised_date IS NULL OR l.revised_date <= :today)`,
    { today: date(today) },
  );
}

const Brief = z.object({
  supplier_name: z.string(),
  promised: z.string().nullable(),
  lines: z.int(),
  units: z.coerce.number(),
  due: z.string().nullable(),
});

async function lateAlert(tx: Statements, id: number, risk: ExpediteOrder | undefined, today: string) {
  const [order] = await tx.select(
    Brief,
    `SELECT s.supplier_name,
            CAST(MIN(COALESCE(l.expected_date, o.expected_date)) AS CHAR) AS promised,
            COUNT(*) AS \`lines\`, SUM(l.quantity - l.quantity_received) AS units,
            CAST(MAX(COALESCE(l.revised_date, l.expected_date, o.expected_date)) AS CHAR) AS due
       FROM purchase_order o
       JOIN supplier s ON s.supplier_id = o.supplier_id
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
        AND l.line_status = 'open' AND l.quantity_received < l.quantity
      WHERE o.purchase_order_id = :id
      GROUP BY s.supplier_name`,
    { id },
  );
  const products = risk?.products ?? [];
  const due = order!.due ?? addDays(today, 1);
  const unknown = risk?.unknown_products ?? order!.lines;
  const what =
    products.length > 0
      ? `Before ${due}, when it is reckoned with now, ${products.length === 1 ? 'one product runs' : `${products.length} products run`} out: ${named(products)}. Sales of ${risk!.money_at_risk} are at risk.`
      : unknown > 0
        ? `Whether anything of it runs out before ${due}, when it is reckoned with now, is not known: ${unknown === 1 ? 'one product has' : `${unknown} products have`} no forecast.`
        : `Nothing of it runs out before ${due}, when it is reckoned with now.`;
  return {
    promised: order!.promised,
    key: keyOf(LATE_ORDER, id),
    type: LATE_ORDER,
    level: products.length === 0 ? ('warning' as const) : ('critical' as const),
    title: `Purchase order ${id} of ${order!.supplier_name} is late`.slice(0, 200),
    message: `${order!.units} units should have come by ${order!.promised}. ${what}`.slice(0, 1000),
  };
}

const named = (products: ExpediteOrder['products']): string =>
  products
    .slice(0, MOST_NAMED)
    .map((one) => `${one.product_name} (${one.product_id}) on ${one.runs_out}`)
    .join(', ') + (products.length > MOST_NAMED ? ` and ${products.length - MOST_NAMED} more` : '');

const Short = z.object({
  supplier_name: z.string(),
  product_id: z.string(),
  product_name: z.string(),
  units: z.coerce.number(),
  available: z.coerce.number(),
});

/**
 * Tells that less comes of an order than was ordered, once it is known: after an acknowledgement or a short close. One alert
 * an order, until the next plan has counted without it.
 */
export async function alertShortOrder(tx: Statements, id: number): Promise<void> {
  const lines = await tx.select(
    Short,
    `SELECT s.supplier_name, l.product_id, p.product_name,
            COALESCE(l.ordered_quantity, l.quantity)
              - CASE WHEN o.status IN ('closed', 'received') OR l.line_status <> 'open' THEN l.quantity_received
                     ELSE GREATEST(l.quantity, l.quantity_received) END AS units,
            COALESCE(k.stock_level - k.committed, 0) AS available
       FROM purchase_order o
       JOIN supplier s ON s.supplier_id = o.supplier_id
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
       JOIN products p ON p.product_id = l.product_id
       LEFT JOIN stock k ON k.product_id = l.product_id AND k.location_id = o.location_id
      WHERE o.purchase_order_id = :id
     HAVING units > 0
      ORDER BY available, units DESC, l.product_id
      LIMIT 2000`,
    { id },
  );
  if (lines.length === 0) return settleAlert(tx, keyOf(SHORT_ORDER, id));
  const units = lines.reduce((sum, line) => sum + line.units, 0);
  const few = lines
    .slice(0, MOST_NAMED)
    .map((line) => `${line.units} of ${line.product_name} (${line.product_id}), ${line.available} there`)
    .join('; ');
  const more = lines.length > MOST_NAMED ? `; and ${lines.length - MOST_NAMED} more products` : '';
  await openAlert(tx, {
    key: keyOf(SHORT_ORDER, id),
    type: SHORT_ORDER,
    level: 'warning',
    title: `Purchase order ${id} of ${lines[0]!.supplier_name} comes short`.slice(0, 200),
    message: `${units} units will not come: ${few}${more}. The next plan reckons without them.`.slice(
      0,
      1000,
    ),
  });
}

/** Settles the alert of lateness of an order of which nothing is late any more. */
export async function settleIfInTime(tx: Statements, id: number, today: string): Promise<void> {
  const late = await tx.select(
    Late,
    `SELECT o.purchase_order_id
       FROM purchase_order o
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
        AND l.line_status = 'open' AND l.quantity_received < l.quantity
        AND COALESCE(l.expected_date, o.expected_date) < :today
      WHERE o.purchase_order_id = :id AND ${isExpecting('o')}
      LIMIT 1`,
    { id, today: date(today) },
  );
  if (late.length === 0) await settleAlert(tx, keyOf(LATE_ORDER, id));
}

/** Settles the alerts of an order that is over. */
export async function settlePurchaseAlerts(tx: Statements, id: number): Promise<void> {
  await settleAlert(tx, keyOf(LATE_ORDER, id));
  await settleAlert(tx, keyOf(SHORT_ORDER, id));
}

/** Settles the alerts of shortages that the newest plan knew of when it began. */
async function settleShort(tx: Statements): Promise<void> {
  await tx.write(
    `UPDATE alert
        SET closed_at = UTC_TIMESTAMP(3)
      WHERE alert_type = :type AND closed_at IS NULL
        AND created_at <= (SELECT r.created_at
                             FROM forecast_run r
                            WHERE r.status = 'done'
                            ORDER BY r.run_no DESC
                            LIMIT 1)`,
    { type: SHORT_ORDER },
  );
}

async function settleOthers(tx: Statements, type: string, but: readonly number[]): Promise<void> {
  await tx.write(
    `UPDATE alert a
       LEFT JOIN JSON_TABLE(:keys, '$[*]' COLUMNS (name VARCHAR(160) PATH '$')) AS j ON j.name = a.alert_key
        SET a.closed_at = UTC_TIMESTAMP(3)
      WHERE a.alert_type = :type AND a.closed_at IS NULL AND j.name IS NULL`,
    { type, keys: json(but.map((id) => keyOf(type, id))) },
  );
}
