import * as z from 'zod';
import { PurchaseOrder } from '../../contracts/api/page.ts';
import { PurchaseOrderDetail, PurchaseOrderLine } from '../../contracts/api/planning.ts';
import { Fault } from '../../contracts/fault.ts';
import { commandsFrom, PURCHASE_ORDER_STATES } from '../../core/inventory/purchase-order-states.ts';
import { isExpecting } from '../ledger/position-store.ts';
import { orderDay } from '../planning/business-day.ts';
import {
  flagColumn,
  moneyColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
  where,
} from '../sql/columns.ts';
import { date, type Param, type Statements } from '../sql/database.ts';
import { readCharges } from './purchase-charge-store.ts';
import { newestReceipts } from './purchase-receipt-reads.ts';
import { ORDER_VALUE } from './purchase-transition-store.ts';
import { readWarnings } from './purchase-warning-reads.ts';

const Brief = PurchaseOrder.extend({
  total_cost: moneyColumn,
  created_at: timeColumn,
  approved_at: timeColumn.nullable(),
  is_own: flagColumn,
});
const Row = PurchaseOrderDetail.omit({
  lines: true,
  receipts: true,
  commands: true,
  charges: true,
  warnings: true,
}).extend({
  ...Brief.shape,
  status: z.enum(PURCHASE_ORDER_STATES),
  submitted_at: timeColumn.nullable(),
  sent_at: timeColumn.nullable(),
  acknowledged_at: timeColumn.nullable(),
  closed_at: timeColumn.nullable(),
});

/** A line `l` of an order `o` of which something should be here by now. */
const LATE_LINE = `l.line_status = 'open' AND l.quantity_received < l.quantity
          AND COALESCE(l.expected_date, o.expected_date) < :today`;
const IS_LATE = `${isExpecting('o')} AND EXISTS (SELECT 1
         FROM purchase_order_line l
        WHERE l.purchase_order_id = o.purchase_order_id AND ${LATE_LINE})`;

/** What a line `l` of an order `o` expects: what is stored of it says only what was said of the line itself. */
const LINE_STATUS = `CASE WHEN l.line_status IN ('open', 'closed') AND l.quantity_received >= l.quantity THEN 'received'
                 WHEN l.line_status <> 'open' THEN l.line_status
                 WHEN o.status IN ('cancelled', 'rejected') THEN 'cancelled'
                 WHEN o.status = 'closed' THEN 'closed'
                 WHEN l.quantity_received > 0 THEN 'partially_received'
                 ELSE 'open' END`;

const COLUMNS = `o.purchase_order_id, o.reference, o.supplier_id, s.supplier_name, o.location_id, o.status,
       (SELECT COUNT(*) FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS line_count,
       (SELECT CAST(COALESCE(SUM(l.quantity), 0) AS SIGNED)
          FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS units,
       (SELECT ${ORDER_VALUE} FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS total_cost,
       s.currency, o.expected_date, o.created_at, o.approved_by, o.approved_at, o.is_own,
       CASE WHEN ${isExpecting('o')}
            THEN (SELECT DATEDIFF(:today, MIN(COALESCE(l.expected_date, o.expected_date)))
                    FROM purchase_order_line l
                   WHERE l.purchase_order_id = o.purchase_order_id AND ${LATE_LINE})
            END AS late_days`;
const FROM = `FROM purchase_order o
  JOIN supplier s ON s.supplier_id = o.supplier_id`;

export interface PurchaseOrderFilter {
  readonly status?: string | undefined;
  readonly supplierId?: string | undefined;
  /** Those of which something should be here by now, or the others. */
  readonly isLate?: boolean | undefined;
}

/** Purchase orders, newest first; late ones with those first that should have come first. */
export async function listPurchaseOrders(
  db: Statements,
  { status, supplierId, isLate }: PurchaseOrderFilter,
  { skip, limit }: PageAsked,
  now = new Date(),
): Promise<Page<PurchaseOrder>> {
  const conditions = where([
    status !== undefined && 'o.status = :status',
    supplierId !== undefined && 'o.supplier_id = :supplierId',
    isLate !== undefined && (isLate ? IS_LATE : `NOT (${IS_LATE})`),
  ]);
  const today = { today: date(await orderDay(db, now)) };
  const params = {
    ...(status !== undefined && { status }),
    ...(supplierId !== undefined && { supplierId }),
  };
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM purchase_order o ${conditions}`,
    isLate === undefined ? params : { ...params, ...today },
  );
  const data = await db.select(
    Brief,
    `SELECT ${COLUMNS}
       ${FROM}
      ${conditions}
      ORDER BY ${isLate === true ? 'late_days DESC, ' : ''}o.purchase_order_id DESC
      LIMIT :limit OFFSET :skip`,
    { ...params, ...today, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Line = PurchaseOrderLine.extend({
  unit_cost: moneyColumn,
  cost: moneyColumn,
  ordered_unit_cost: moneyColumn.nullable(),
  is_late: flagColumn,
});
type Line = z.infer<typeof Line>;
/** An order of more lines shows its first ones. */
const MOST_SHOWN = 2_500;
/** An order of more lines is not printed. */
const MOST_PRINTED = 20_000;
/** Lines of one answer of the database: names may be long. */
const LINES_READ = 500;

/** One purchase order with its first lines and its newest receipts. */
export async function findPurchaseOrder(
  db: Statements,
  id: number,
  now = new Date(),
): Promise<PurchaseOrderDetail | undefined> {
  const order = await findOrderHead(db, id, now);
  if (!order) return undefined;
  const lines = await readLines(db, id, now, { skip: 0, limit: MOST_SHOWN });
  return {
    ...order,
    lines,
    warnings: await readWarnings(db, { ...order, lines }),
    receipts: order.receipt_count === 0 ? [] : await newestReceipts(db, id),
  };
}

/** An order as documents need it: with all of its lines. Fault `conflict` where these are too many to print. */
export async function findWholeOrder(
  db: Statements,
  id: number,
  now = new Date(),
): Promise<PurchaseOrderDetail | undefined> {
  const order = await findOrderHead(db, id, now);
  if (!order) return undefined;
  if (order.line_count > MOST_PRINTED)
    throw new Fault('conflict', `Purchase order ${id} has ${order.line_count} lines, too many to print`);
  const lines = await readLines(db, id, now, { skip: 0, limit: MOST_PRINTED });
  return { ...order, lines, warnings: [], receipts: [] };
}

/** The lines of an order by product, however many it has. */
export async function listOrderLines(
  db: Statements,
  id: number,
  page: PageAsked,
  now = new Date(),
): Promise<Page<Line>> {
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM purchase_order_line WHERE purchase_order_id = :id`,
    { id },
  );
  const data = await readLines(db, id, now, page);
  return { data, pagination: { ...page, total: count!.total } };
}

/** An order without its lines and receipts. */
export async function findOrderHead(db: Statements, id: number, now = new Date()) {
  const today = date(await orderDay(db, now));
  const [order] = await db.select(
    Row,
    `SELECT ${COLUMNS}, o.created_by, o.note, o.ordered_on, o.submitted_by, o.submitted_at, o.sent_by, o.sent_at,
            o.acknowledged_by, o.acknowledged_at, o.supplier_reference, o.closed_by, o.closed_at, o.close_reason,
            (SELECT COUNT(*) FROM purchase_receipt r WHERE r.purchase_order_id = o.purchase_order_id) AS receipt_count
       ${FROM}
      WHERE o.purchase_order_id = :id`,
    { id, today },
  );
  if (!order) return undefined;
  const charges = (await readCharges(db, id)).map(({ cents, ...charge }) => ({
    ...charge,
    amount: (cents / 100).toFixed(2),
  }));
  return { ...order, commands: commandsFrom(order.status), charges };
}

async function readLines(db: Statements, id: number, now: Date, { skip, limit }: PageAsked): Promise<Line[]> {
  const today = date(await orderDay(db, now));
  const lines: Line[] = [];
  while (lines.length < limit) {
    const most = Math.min(LINES_READ, limit - lines.length);
    const some = await linesAfter(db, id, today, { skip: skip + lines.length, limit: most });
    lines.push(...some);
    if (some.length < most) break;
  }
  return lines;
}

async function linesAfter(db: Statements, id: number, today: Param, { skip, limit }: PageAsked) {
  return await db.select(
    Line,
    `SELECT l.product_id, p.product_name, l.quantity, l.quantity_received, ${LINE_STATUS} AS status, l.unit_cost,
            (SELECT CAST(COALESCE(SUM(r.damaged), 0) AS SIGNED)
               FROM purchase_receipt_line r
              WHERE r.purchase_order_id = l.purchase_order_id AND r.product_id = l.product_id) AS quantity_damaged,
            ROUND(l.quantity * l.unit_cost, 2) AS cost,
            (SELECT MAX(g.suggestion_id)
               FROM suggestion g
              WHERE g.purchase_order_id = l.purchase_order_id AND g.product_id = l.product_id) AS suggestion_id,
            l.ordered_quantity, l.ordered_unit_cost, l.ordered_date,
            COALESCE(l.expected_date, o.expected_date) AS expected_date, l.revised_date, l.promised_date,
            COALESCE(${isExpecting('o')} AND ${LATE_LINE}, 0) AS is_late,
            CAST(l.unit_weight AS CHAR) AS unit_weight
       FROM purchase_order_line l
       JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id
       JOIN products p ON p.product_id = l.product_id
      WHERE l.purchase_order_id = :id
      ORDER BY l.product_id
      LIMIT :limit OFFSET :skip`,
    { id, today, skip, limit },
  );
}
