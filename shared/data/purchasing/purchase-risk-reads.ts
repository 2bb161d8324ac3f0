import * as z from 'zod';
import type { ExpediteOrder } from '../../contracts/api/purchase-order.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { runsOut } from '../../core/inventory/runs-out.ts';
import { findForecastRun } from '../demand/expected-demand-store.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { isExpecting } from '../ledger/position-store.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';

/** A line of which something is to come, and what there is of its product meanwhile. */
const Row = z.object({
  purchase_order_id: z.int(),
  reference: z.string().nullable(),
  supplier_id: z.string(),
  supplier_name: z.string(),
  status: z.string(),
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  due: z.string(),
  promised: z.string(),
  available: z.int(),
  price: z.coerce.number(),
  /** Null where no plan has forecast the product there. */
  first_day: z.string().nullable(),
  period_days: z.int().nullable(),
  mean: jsonColumn(z.array(z.number())).nullable(),
});
type Row = z.infer<typeof Row>;

/** Lines that are looked at, those first that should come first; of one answer. */
const MOST_LINES = 5_000;
const PAGE = 500;
/** A product with so many times what it sells on average until the order comes does not run out, whatever the season. */
const AMPLE = 4;

const OPEN_LINES = `FROM purchase_order o
  JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
   AND l.line_status = 'open' AND l.quantity_received < l.quantity
  JOIN supplier s ON s.supplier_id = o.supplier_id
  JOIN products p ON p.product_id = l.product_id
  LEFT JOIN forecast f FORCE INDEX (forecast_series)
    ON f.run_id = :runId AND f.product_id = l.product_id AND f.location_id = o.location_id
  LEFT JOIN stock k ON k.product_id = l.product_id AND k.location_id = o.location_id
 WHERE ${isExpecting('o')}`;
/** The day that a line is reckoned with: what is late cannot come before tomorrow. */
const DUE = `GREATEST(COALESCE(l.revised_date, l.expected_date, o.expected_date, :tomorrow),
                      CASE WHEN COALESCE(l.expected_date, o.expected_date) < :today THEN :tomorrow ELSE :today END)`;

export interface RiskAsked {
  /** YYYY-MM-DD */
  readonly today: string;
  /** Only lines that should have come by now. */
  readonly lateOnly?: boolean;
  readonly purchaseOrderId?: number;
}

/**
 * Open orders whose products run out, by the mean of the newest forecast, before the order comes: the most money first. What
 * else is to come until then is counted in. Of late orders also those that put nothing at risk, when asked for these only;
 * `unknown_products` of them have no forecast that would say.
 */
export async function readOrdersAtRisk(
  db: Statements,
  { today, lateOnly = false, purchaseOrderId }: RiskAsked,
): Promise<ExpediteOrder[]> {
  const rows = await readLines(db, { today, lateOnly, ...(purchaseOrderId && { purchaseOrderId }) });
  const arrivals = await readArrivals(
    db,
    rows.map((row) => ({ productId: row.product_id, locationId: row.location_id })),
    today,
  );
  const orders = new Map<number, ExpediteOrder & { risk: number }>();
  for (const row of rows) {
    const order = orders.get(row.purchase_order_id) ?? {
      purchase_order_id: row.purchase_order_id,
      reference: row.reference,
      supplier_id: row.supplier_id,
      supplier_name: row.supplier_name,
      location_id: row.location_id,
      status: row.status,
      late_days: null,
      expected_date: row.due,
      money_at_risk: '0.00',
      products: [],
      unknown_products: 0,
      risk: 0,
    };
    const late = daysFrom(row.promised, today);
    if (late > 0) order.late_days = Math.max(order.late_days ?? 0, late);
    if (row.due > order.expected_date) order.expected_date = row.due;
    orders.set(row.purchase_order_id, order);
    if (row.mean === null || row.first_day === null || row.period_days === null) {
      order.unknown_products += 1;
      continue;
    }
    const key = seriesName({ productId: row.product_id, locationId: row.location_id });
    const { day, short } = runsOut(
      {
        available: row.available,
        demand: row.mean,
        periodDays: row.period_days,
        offset: daysFrom(today, row.first_day),
        arrivals: (arrivals.get(key) ?? []).filter((one) => one.purchaseOrderId !== row.purchase_order_id),
      },
      Math.max(0, daysFrom(today, row.due)),
    );
    if (day === undefined) continue;
    order.risk += short * row.price;
    order.products.push({
      product_id: row.product_id,
      product_name: row.product_name,
      runs_out: addDays(today, day),
      units_at_risk: Math.round(short * 100) / 100,
      money_at_risk: (short * row.price).toFixed(2),
    });
  }
  return [...orders.values()]
    .filter((order) => order.products.length > 0 || lateOnly)
    .sort((a, b) => b.risk - a.risk || a.purchase_order_id - b.purchase_order_id)
    .map(({ risk, ...order }) => ({
      ...order,
      money_at_risk: risk.toFixed(2),
      products: order.products.sort((a, b) => Number(b.money_at_risk) - Number(a.money_at_risk)),
    }));
}

async function readLines(db: Statements, { today, lateOnly, purchaseOrderId }: RiskAsked): Promise<Row[]> {
  const rows: Row[] = [];
  const runId = await findForecastRun(db, today);
  for (let skip = 0; skip < MOST_LINES; skip += PAGE) {
    const page = await db.select(
      Row,
      `SELECT o.purchase_order_id, o.reference, o.supplier_id, s.supplier_name, o.status, l.product_id, p.product_name,
              o.location_id, CAST(${DUE} AS CHAR) AS due,
              CAST(COALESCE(l.expected_date, o.expected_date, :tomorrow) AS CHAR) AS promised,
              CAST(COALESCE(k.stock_level - k.committed, 0) AS SIGNED) AS available,
              COALESCE(p.unit_price, p.cost, 0) AS price, CAST(f.forecast_date AS CHAR) AS first_day, f.period_days,
              JSON_EXTRACT(f.path, '$.mean') AS mean
         ${OPEN_LINES}
          ${
            lateOnly
              ? `AND COALESCE(l.expected_date, o.expected_date) < :today`
              : `AND COALESCE(k.stock_level - k.committed, 0)
                   < ${AMPLE} * f.forecast_qty * (DATEDIFF(${DUE}, :today) + 1) / (f.horizon * f.period_days)`
          }
          ${purchaseOrderId === undefined ? '' : 'AND o.purchase_order_id = :id'}
        ORDER BY o.expected_date, o.purchase_order_id, l.product_id
        LIMIT ${PAGE} OFFSET ${skip}`,
      {
        runId: runId ?? '',
        today: date(today),
        tomorrow: date(addDays(today, 1)),
        ...(purchaseOrderId !== undefined && { id: purchaseOrderId }),
      },
    );
    rows.push(...page);
    if (page.length < PAGE) break;
  }
  return rows;
}

const Arrival = z.object({
  product_id: z.string(),
  location_id: z.string(),
  purchase_order_id: z.int(),
  due: z.string(),
  quantity: z.coerce.number(),
});

interface Coming {
  readonly purchaseOrderId: number;
  readonly day: number;
  readonly quantity: number;
}

/** What is to come of the series, by `seriesName`, with days from today. Transfers that are under way count as tomorrow's. */
async function readArrivals(
  db: Statements,
  keys: readonly SeriesKey[],
  today: string,
): Promise<Map<string, Coming[]>> {
  const found = new Map<string, Coming[]>();
  const once = [...new Map(keys.map((key) => [seriesName(key), key])).values()];
  for (let at = 0; at < once.length; at += PAGE) {
    const rows = await db.select(
      Arrival,
      `SELECT STRAIGHT_JOIN k.product_id, k.location_id, o.purchase_order_id, CAST(${DUE} AS CHAR) AS due,
              l.quantity - l.quantity_received AS quantity
         FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
         JOIN purchase_order_line l FORCE INDEX (purchase_order_line_product) ON l.product_id = k.product_id
          AND l.line_status = 'open' AND l.quantity_received < l.quantity
         JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id AND o.location_id = k.location_id
          AND ${isExpecting('o')}
        UNION ALL
       SELECT k.product_id, k.location_id, 0, CAST(:tomorrow AS CHAR),
              SUM(t.quantity - t.quantity_received - t.quantity_returned - t.quantity_lost)
         FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
         JOIN transfer_line t ON t.product_id = k.product_id
         JOIN transfer r ON r.transfer_id = t.transfer_id AND r.to_location = k.location_id
          AND r.status = 'in_transit'
        GROUP BY k.product_id, k.location_id`,
      {
        keys: keysJson(once.slice(at, at + PAGE)),
        today: date(today),
        tomorrow: date(addDays(today, 1)),
      },
    );
    for (const row of rows) {
      const key = seriesName({ productId: row.product_id, locationId: row.location_id });
      const list = found.get(key) ?? [];
      list.push({
        purchaseOrderId: row.purchase_order_id,
        day: Math.max(0, daysFrom(today, row.due)),
        quantity: row.quantity,
      });
      found.set(key, list);
    }
  }
  return found;
}

const DAY_MS = 86_400_000;
/** Whole days from one day to another. */
const daysFrom = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
