import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** What a line of a purchase order expects; all but `open` say why it expects nothing more. */
export type PurchaseLineStatus = 'open' | 'closed' | 'cancelled' | 'undone';

/** A purchase order that is held. */
export interface HeldPurchase {
  readonly id: number;
  /** Its name in the other system; null for orders of ours. */
  readonly reference: string | null;
  readonly supplierId: string;
  readonly locationId: string;
  readonly status: string;
  readonly closedBy: string | null;
  /** Made here, and named by `nameOfOurs`: files tell nothing new of it. */
  readonly isOurs: boolean;
}

/** What files call an order of ours, which has no name in another system. */
export const nameOfOurs = (id: number): string => `SI-${id}`;
const OURS = /^SI-([1-9]\d{0,14})$/;

/** A line of it. */
export interface HeldPurchaseLine {
  readonly purchaseOrderId: number;
  readonly productId: string;
  readonly quantity: number;
  readonly received: number;
  /** Units beyond the quantity that were allowed to come. */
  readonly over: number;
  /** As a decimal. */
  readonly unitCost: string;
  /** YYYY-MM-DD */
  readonly expectedDate: string | null;
  readonly status: PurchaseLineStatus;
  readonly importNo: number | null;
}

const Order = z
  .object({
    purchase_order_id: z.int(),
    reference: z.string().nullable(),
    supplier_id: z.string(),
    location_id: z.string(),
    status: z.string(),
    closed_by: z.string().nullable(),
  })
  .transform(
    (row): HeldPurchase => ({
      id: row.purchase_order_id,
      reference: row.reference,
      supplierId: row.supplier_id,
      locationId: row.location_id,
      status: row.status,
      closedBy: row.closed_by,
      isOurs: row.reference === null,
    }),
  );
const COLUMNS = `o.purchase_order_id, o.reference, o.supplier_id, o.location_id, o.status, o.closed_by`;

/** Holds purchase orders until the transaction ends, by id and by reference, always in the same order. */
export async function holdPurchases(
  tx: Statements,
  {
    ids = [],
    references = [],
  }: { readonly ids?: readonly number[]; readonly references?: readonly string[] },
): Promise<HeldPurchase[]> {
  const held = new Map<number, HeldPurchase>();
  const add = (orders: readonly HeldPurchase[]) => {
    for (const order of orders) held.set(order.id, order);
  };
  if (ids.length > 0)
    add(
      await tx.select(
        Order,
        `SELECT STRAIGHT_JOIN ${COLUMNS}
           FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j
           JOIN purchase_order o ON o.purchase_order_id = j.id
            FOR UPDATE`,
        { ids: json([...new Set(ids)].sort((a, b) => a - b)) },
      ),
    );
  if (references.length > 0)
    add(
      await tx.select(
        Order,
        `SELECT STRAIGHT_JOIN ${COLUMNS}
           FROM JSON_TABLE(:names, '$[*]' COLUMNS (name VARCHAR(100) PATH '$')) AS j
           JOIN purchase_order o ON o.reference = j.name
            FOR UPDATE`,
        { names: json([...new Set(references)].sort()) },
      ),
    );
  const names = new Set([...held.values()].map((order) => order.reference));
  const ours = references.flatMap((name) => (names.has(name) ? [] : (OURS.exec(name)?.[1] ?? [])));
  if (ours.length > 0)
    for (const order of await holdPurchases(tx, { ids: ours.map(Number) }))
      if (order.isOurs) held.set(order.id, { ...order, reference: nameOfOurs(order.id) });
  return [...held.values()];
}

const Line = z
  .object({
    purchase_order_id: z.int(),
    product_id: z.string(),
    quantity: z.int(),
    quantity_received: z.int(),
    quantity_over: z.int(),
    unit_cost: z.string(),
    expected_date: z.string().nullable(),
    line_status: z.enum(['open', 'closed', 'cancelled', 'undone']),
    import_no: z.int().nullable(),
  })
  .transform(
    (row): HeldPurchaseLine => ({
      purchaseOrderId: row.purchase_order_id,
      productId: row.product_id,
      quantity: row.quantity,
      received: row.quantity_received,
      over: row.quantity_over,
      unitCost: row.unit_cost,
      expectedDate: row.expected_date,
      status: row.line_status,
      importNo: row.import_no,
    }),
  );
/** Lines of one answer: it stays below the Data API's 1 MiB. */
const PAGE = 3_000;
/** Pages of one call: more lines than orders of one file part can have. */
const MAX_PAGES = 100;

/** All lines of held purchase orders. */
export async function linesOfPurchases(tx: Statements, ids: readonly number[]): Promise<HeldPurchaseLine[]> {
  const lines: HeldPurchaseLine[] = [];
  if (ids.length === 0) return lines;
  const sorted = json([...new Set(ids)].sort((a, b) => a - b));
  let [order, product] = [0, ''];
  for (let page = 0; ; page++) {
    if (page === MAX_PAGES) throw new RangeError(`more than ${PAGE * MAX_PAGES} lines at once`);
    const some = await tx.select(
      Line,
      `SELECT l.purchase_order_id, l.product_id, l.quantity, l.quantity_received, l.quantity_over,
              CAST(l.unit_cost AS CHAR) AS unit_cost, CAST(l.expected_date AS CHAR) AS expected_date, l.line_status,
              l.import_no
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j
         JOIN purchase_order_line l ON l.purchase_order_id = j.id
        WHERE l.purchase_order_id > :afterOrder OR (l.purchase_order_id = :afterOrder AND l.product_id > :afterProduct)
        ORDER BY l.purchase_order_id, l.product_id
        LIMIT ${PAGE}
          FOR UPDATE`,
      { ids: sorted, afterOrder: order, afterProduct: product },
    );
    lines.push(...some);
    if (some.length < PAGE) return lines;
    order = some.at(-1)!.purchaseOrderId;
    product = some.at(-1)!.productId;
  }
}

/** Whom an import closes an order as; what a person closed stays closed. */
export const isClosedByImport = (closedBy: string | null): boolean =>
  closedBy !== null && /^(import|undo):/.test(closedBy);
const isClosedByFile = (column: string): string => `(${column} LIKE 'import:%' OR ${column} LIKE 'undo:%')`;

/**
 * Brings the status of held purchase orders to what their lines say: as far as it was while a line expects something, received
 * when all came, closed or cancelled when the rest will not; what a person closed stays closed. The order is expected with the last of its lines.
 */
export async function settlePurchases(
  tx: Statements,
  ids: readonly number[],
  by: { readonly actor: string; readonly reason: string },
): Promise<void> {
  if (ids.length === 0) return;
  for (const chunk of jsonChunks([...new Set(ids)].sort((a, b) => a - b).map((id) => [id])))
    await tx.write(
      `UPDATE purchase_order o
         JOIN (SELECT y.purchase_order_id, y.day,
                      CASE WHEN y.expected > 0 THEN CASE WHEN y.received > 0 THEN 'partially_received' ELSE 'approved' END
                           WHEN y.ended = 0 THEN 'received'
                           WHEN y.received = 0 AND y.closed = 0 THEN 'cancelled'
                           ELSE 'closed' END AS status
                 FROM (SELECT l.purchase_order_id,
                              SUM(l.line_status = 'open' AND l.quantity_received < l.quantity) AS expected,
                              SUM(l.line_status <> 'open' AND l.quantity_received < l.quantity) AS ended,
                              SUM(l.line_status = 'closed' AND l.quantity_received < l.quantity) AS closed,
                              SUM(l.quantity_received) AS received,
                              MAX(l.expected_date) AS day
                         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$[0]')) AS j
                         JOIN purchase_order_line l ON l.purchase_order_id = j.id
                        GROUP BY l.purchase_order_id) AS y) AS x
           ON x.purchase_order_id = o.purchase_order_id
          SET o.expected_date = COALESCE(x.day, o.expected_date),
              o.closed_by     = CASE WHEN x.status IN ('closed', 'cancelled') THEN COALESCE(o.closed_by, :actor) END,
              o.close_reason  = CASE WHEN x.status IN ('closed', 'cancelled') THEN COALESCE(o.close_reason, :reason) END,
              o.closed_at     = CASE WHEN x.status IN ('closed', 'cancelled')
                                     THEN COALESCE(o.closed_at, UTC_TIMESTAMP(3)) END,
              o.status        = CASE WHEN x.status <> 'approved' THEN x.status
                                     WHEN o.acknowledged_at IS NOT NULL THEN 'acknowledged'
                                     WHEN o.sent_at IS NOT NULL THEN 'sent'
                                     ELSE x.status END
        WHERE o.status IN ('approved', 'sent', 'acknowledged', 'partially_received', 'received') OR ${isClosedByFile('o.closed_by')}`,
      { ids: chunk, actor: by.actor, reason: by.reason.slice(0, 255) },
    );
}
