import type { PurchaseOrder } from '../contracts/api/page.ts';
import { PurchaseOrderDetail, PurchaseOrderLine } from '../contracts/api/planning.ts';
import { moneyColumn, type Page, type PageAsked, Total, timeColumn, where } from './columns.ts';
import type { Statements } from './database.ts';

const Row = PurchaseOrderDetail.omit({ lines: true }).extend({
  total_cost: moneyColumn,
  created_at: timeColumn,
  approved_at: timeColumn.nullable(),
});

const SELECT = `SELECT o.purchase_order_id, o.supplier_id, s.supplier_name, o.location_id, o.status,
       (SELECT COUNT(*) FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS line_count,
       (SELECT CAST(COALESCE(SUM(l.quantity), 0) AS SIGNED)
          FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS units,
       (SELECT ROUND(COALESCE(SUM(l.quantity * l.unit_cost), 0), 2)
          FROM purchase_order_line l WHERE l.purchase_order_id = o.purchase_order_id) AS total_cost,
       s.currency, o.expected_date, o.created_at, o.approved_by, o.approved_at
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
    `SELECT l.product_id, p.product_name, l.quantity, l.quantity_received, l.unit_cost,
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
  return { ...order, lines };
}
