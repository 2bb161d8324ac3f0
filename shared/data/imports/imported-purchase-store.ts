import * as z from 'zod';
import { SUPPLIED_COST } from '../catalogue/catalogue-currency.ts';
import type { HeldPurchaseLine } from '../purchasing/purchase-line-store.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** An order of another system that we did not know. */
export interface NewPurchase {
  readonly reference: string;
  readonly supplierId: string;
  readonly locationId: string;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC; null: now */
  readonly orderedAt: string | null;
}

/** Makes orders of other systems that do not exist yet, as approved ones. */
export async function insertPurchases(
  tx: Statements,
  orders: readonly NewPurchase[],
  actor: string,
): Promise<void> {
  const sorted = [...orders].sort((a, b) => (a.reference < b.reference ? -1 : 1));
  const rows = sorted.map((order) => [order.reference, order.supplierId, order.locationId, order.orderedAt]);
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `INSERT IGNORE INTO purchase_order (reference, supplier_id, location_id, status, approved_by, approved_at)
       SELECT j.reference, j.supplier_id, j.location_id, 'approved', :actor, COALESCE(j.ordered_at, UTC_TIMESTAMP(3))
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                reference   VARCHAR(100) PATH '$[0]',
                supplier_id VARCHAR(64)  PATH '$[1]',
                location_id VARCHAR(50)  PATH '$[2]',
                ordered_at  DATETIME(3)  PATH '$[3]')) AS j`,
      { rows: chunk, actor },
    );
}

/** Describes orders anew of which an undo left nothing, and nothing came. */
export async function renewPurchases(
  tx: Statements,
  orders: readonly NewPurchase[],
  actor: string,
): Promise<void> {
  const rows = orders.map((order) => [order.reference, order.supplierId, order.locationId, order.orderedAt]);
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `UPDATE purchase_order o
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                reference   VARCHAR(100) PATH '$[0]',
                supplier_id VARCHAR(64)  PATH '$[1]',
                location_id VARCHAR(50)  PATH '$[2]',
                ordered_at  DATETIME(3)  PATH '$[3]')) AS j ON j.reference = o.reference
          SET o.supplier_id = j.supplier_id,
              o.location_id = j.location_id,
              o.approved_by = :actor,
              o.approved_at = COALESCE(j.ordered_at, UTC_TIMESTAMP(3))
        WHERE NOT EXISTS (SELECT 1
                            FROM purchase_order_line l
                           WHERE l.purchase_order_id = o.purchase_order_id
                             AND (l.line_status <> 'undone' OR l.quantity_received > 0))`,
      { rows: chunk, actor },
    );
}

const Cost = z.object({ supplier_id: z.string(), product_id: z.string(), cost: z.string().nullable() });

/**
 * What a unit costs by the terms of supply, else by the catalogue; null where that has another currency than the supplier,
 * undefined where nobody has said anything.
 */
export async function unitCosts(
  tx: Statements,
  items: readonly { readonly supplierId: string; readonly productId: string }[],
): Promise<(supplierId: string, productId: string) => string | null | undefined> {
  const costs = new Map<string, string | null>();
  const keyOf = (supplierId: string, productId: string) => JSON.stringify([supplierId, productId]);
  if (items.length > 0) {
    const rows = await tx.select(
      Cost,
      `SELECT STRAIGHT_JOIN j.supplier_id, j.product_id, CAST(${SUPPLIED_COST} AS CHAR) AS cost
         FROM JSON_TABLE(:items, '$[*]' COLUMNS (
                supplier_id VARCHAR(64) PATH '$[0]',
                product_id  VARCHAR(64) PATH '$[1]')) AS j
         JOIN products p ON p.product_id = j.product_id
         JOIN supplier s ON s.supplier_id = j.supplier_id
         LEFT JOIN supplier_item i ON i.supplier_id = j.supplier_id AND i.product_id = j.product_id
        WHERE COALESCE(i.unit_cost, p.cost) IS NOT NULL`,
      { items: json(items.map((item) => [item.supplierId, item.productId])) },
    );
    for (const row of rows) costs.set(keyOf(row.supplier_id, row.product_id), row.cost);
  }
  return (supplierId, productId) => costs.get(keyOf(supplierId, productId));
}

/** Makes or replaces lines of held orders; what was received of them stays. */
export async function savePurchaseLines(tx: Statements, lines: readonly HeldPurchaseLine[]): Promise<void> {
  const rows = lines.map((line) => [
    line.purchaseOrderId,
    line.productId,
    line.quantity,
    line.unitCost,
    line.expectedDate,
    line.status,
    line.importNo,
  ]);
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `INSERT INTO purchase_order_line
              (purchase_order_id, product_id, quantity, unit_cost, expected_date, line_status, import_no)
       SELECT j.purchase_order_id, j.product_id, j.quantity, j.unit_cost, j.expected_date, j.line_status, j.import_no
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                purchase_order_id BIGINT         PATH '$[0]',
                product_id        VARCHAR(64)    PATH '$[1]',
                quantity          INT            PATH '$[2]',
                unit_cost         DECIMAL(12, 4) PATH '$[3]',
                expected_date     DATE           PATH '$[4]',
                line_status       VARCHAR(12)    PATH '$[5]',
                import_no         INT            PATH '$[6]')) AS j
           ON DUPLICATE KEY UPDATE
              quantity      = j.quantity,
              unit_cost     = j.unit_cost,
              expected_date = j.expected_date,
              line_status   = j.line_status,
              import_no     = j.import_no`,
      { rows: chunk },
    );
}

/** Keeps what lines said before an import replaced it. */
export async function keepRevisions(
  tx: Statements,
  before: readonly HeldPurchaseLine[],
  replacedBy: number,
): Promise<void> {
  const rows = before.map((line) => [
    line.purchaseOrderId,
    line.productId,
    line.importNo,
    line.quantity,
    line.unitCost,
    line.expectedDate,
    line.status,
  ]);
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `INSERT INTO purchase_order_revision
              (purchase_order_id, product_id, import_no, quantity, unit_cost, expected_date, line_status, replaced_by)
       SELECT j.purchase_order_id, j.product_id, j.import_no, j.quantity, j.unit_cost, j.expected_date, j.line_status,
              :replacedBy
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                purchase_order_id BIGINT         PATH '$[0]',
                product_id        VARCHAR(64)    PATH '$[1]',
                import_no         INT            PATH '$[2]',
                quantity          INT            PATH '$[3]',
                unit_cost         DECIMAL(12, 4) PATH '$[4]',
                expected_date     DATE           PATH '$[5]',
                line_status       VARCHAR(12)    PATH '$[6]')) AS j`,
      { rows: chunk, replacedBy },
    );
}

const Order = z.object({ purchase_order_id: z.int() });

/** Orders with lines that still say what this import said. */
export async function purchasesOfImport(db: Statements, importNo: number, limit: number): Promise<number[]> {
  const rows = await db.select(
    Order,
    `SELECT DISTINCT purchase_order_id
       FROM purchase_order_line
      WHERE import_no = :importNo AND line_status <> 'undone'
      ORDER BY purchase_order_id
      LIMIT :limit`,
    { importNo, limit },
  );
  return rows.map((row) => row.purchase_order_id);
}

/**
 * Gives the lines of an import back what they said before it, by the newest import of them that was not undone; those
 * that it brought expect nothing more. Their orders are held.
 */
export async function undoPurchaseLines(
  tx: Statements,
  importNo: number,
  orders: readonly number[],
): Promise<void> {
  const params = { importNo, ids: json(orders) };
  const LINES = `purchase_order_line l
       JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j ON j.id = l.purchase_order_id`;
  const ITS = `l.import_no = :importNo AND l.line_status <> 'undone'`;
  await tx.write(
    `UPDATE ${LINES}
       JOIN (SELECT v.purchase_order_id, v.product_id, MAX(v.revision_no) AS revision_no
               FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS o
               JOIN purchase_order_revision v ON v.purchase_order_id = o.id
               JOIN import_job b ON b.import_no = v.import_no AND b.status NOT IN ('undoing', 'undone')
              GROUP BY v.purchase_order_id, v.product_id) AS n
         ON n.purchase_order_id = l.purchase_order_id AND n.product_id = l.product_id
       JOIN purchase_order_revision r ON r.revision_no = n.revision_no
        SET l.quantity      = GREATEST(r.quantity, l.quantity_received - l.quantity_over),
            l.unit_cost     = r.unit_cost,
            l.expected_date = r.expected_date,
            l.line_status   = r.line_status,
            l.import_no     = r.import_no
      WHERE ${ITS}`,
    params,
  );
  await tx.write(`UPDATE ${LINES} SET l.line_status = 'undone' WHERE ${ITS}`, params);
}
