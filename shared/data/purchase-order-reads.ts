import type { PurchaseOrder } from '../contracts/api/page.ts';
import { PurchaseOrderDetail, PurchaseOrderLine } from '../contracts/api/planning.ts';
import { PurchaseReceipt } from '../contracts/api/receipt.ts';
import {
  flagColumn,
  jsonColumn,
  moneyColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
  where,
} from './columns.ts';
import type { Statements } from './database.ts';

const Row = PurchaseOrderDetail.omit({ lines: true, receipts: true }).extend({
  total_cost: moneyColumn,
  created_at: timeColumn,
  approved_at: timeColumn.nullable(),
  closed_at: timeColumn.nullable(),
});

const SELECT = `SELECT o.purchase_order_id, o.reference, o.supplier_id, s.supplier_name, o.location_id, o.status,
       (SELECT COUNT(*) FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS line_count,
       (SELECT CAST(COALESCE(SUM(l.quantity), 0) AS SIGNED)
          FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS units,
       (SELECT ROUND(COALESCE(SUM(l.quantity * l.unit_cost), 0), 2)
          FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS total_cost,
       s.currency, o.expected_date, o.created_at, o.approved_by, o.approved_at, o.closed_by, o.closed_at,
       o.close_reason
  FROM purchase_order o
  JOIN supplier s ON s.supplier_id = o.supplier_id`;

export interface PurchaseOrderFilter {
  readonly status?: string | undefined;
  readonly supplierId?: string | undefined;
}

/** Purchase orders, newest first. */
export async function listPurchaseOrders(
  db: Statements,
  { status, supplierId }: PurchaseOrderFilter,
  { skip, limit }: PageAsked,
): Promise<Page<PurchaseOrder>> {
  const conditions = where([
    status !== undefined && 'o.status = :status',
    supplierId !== undefined && 'o.supplier_id = :supplierId',
  ]);
  const params = {
    ...(status !== undefined && { status }),
    ...(supplierId !== undefined && { supplierId }),
  };
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM purchase_order o ${conditions}`,
    params,
  );
  const data = await db.select(
    Row,
    `${SELECT}
      ${conditions}
      ORDER BY o.purchase_order_id DESC
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Line = PurchaseOrderLine.extend({ unit_cost: moneyColumn, cost: moneyColumn });
/** An order of more lines shows its first ones. */
const MAX_LINES = 3_000;

/** One purchase order with its lines. */
export async function findPurchaseOrder(
  db: Statements,
  id: number,
): Promise<PurchaseOrderDetail | undefined> {
  const [order] = await db.select(Row, `${SELECT} WHERE o.purchase_order_id = :id`, { id });
  if (!order) return undefined;
  const lines = await db.select(
    Line,
    `SELECT l.product_id, p.product_name, l.quantity, l.quantity_received, l.line_status AS status, l.unit_cost,
            (SELECT CAST(COALESCE(SUM(r.damaged), 0) AS SIGNED)
               FROM purchase_receipt_line r
              WHERE r.purchase_order_id = l.purchase_order_id AND r.product_id = l.product_id) AS quantity_damaged,
            ROUND(l.quantity * l.unit_cost, 2) AS cost,
            (SELECT MAX(g.suggestion_id)
               FROM suggestion g
              WHERE g.purchase_order_id = l.purchase_order_id AND g.product_id = l.product_id) AS suggestion_id
       FROM purchase_order_line l
       JOIN products p ON p.product_id = l.product_id
      WHERE l.purchase_order_id = :id
      ORDER BY l.product_id
      LIMIT ${MAX_LINES}`,
    { id },
  );
  return { ...order, lines, receipts: await receiptsOf(db, id) };
}

const ReceiptRow = PurchaseReceipt.extend({
  received_at: timeColumn,
  accept_over: flagColumn,
  lines: jsonColumn(PurchaseReceipt.shape.lines),
});
/** Deliveries that are shown of one order, newest first. */
const MAX_RECEIPTS = 200;

async function receiptsOf(db: Statements, id: number): Promise<PurchaseReceipt[]> {
  return await db.select(
    ReceiptRow,
    `SELECT r.receipt_id, r.received_at, r.actor, r.accept_over,
            (SELECT JSON_ARRAYAGG(JSON_OBJECT('product_id', l.product_id, 'quantity', l.quantity, 'damaged', l.damaged))
               FROM purchase_receipt_line l
              WHERE l.receipt_id = r.receipt_id) AS \`lines\`
       FROM purchase_receipt r
      WHERE r.purchase_order_id = :id
      ORDER BY r.received_at DESC, r.receipt_id
      LIMIT ${MAX_RECEIPTS}`,
    { id },
  );
}
