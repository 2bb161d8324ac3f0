import * as z from 'zod';
import { IS_OPEN_SUPPLY } from '../ledger/position-store.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import type { Delivery } from './lead-time-reads.ts';

/** What an order has shown of a supplier's lead time for one product. */
export interface SeenLeadTime {
  readonly supplierId: string;
  readonly productId: string;
  readonly purchaseOrderId: number;
  /** The day of the receipt; null while it is open. */
  readonly received: string | null;
  /** From the order to the goods, or to today. */
  readonly days: number;
  readonly ageDays: number;
  /** Share of the ordered units that came. */
  readonly weight: number;
}

const Row = z
  .object({
    supplier_id: z.string(),
    product_id: z.string(),
    purchase_order_id: z.int(),
    received: z.string().nullable(),
    days: z.int(),
    age_days: z.int(),
    weight: z.coerce.number(),
  })
  .transform(
    (row): SeenLeadTime => ({
      supplierId: row.supplier_id,
      productId: row.product_id,
      purchaseOrderId: row.purchase_order_id,
      received: row.received,
      days: row.days,
      ageDays: row.age_days,
      weight: row.weight,
    }),
  );

/** Deliveries of an item that count: older ones say little. */
export const MOST_OF_ITEM = 20;
const MOST_AGE_DAYS = 1095;
const MOST_DAYS = 730;
/** Rows of one answer, and answers of one plan. */
const PAGE = 5_000;
const MAX_PAGES = 200;

/**
 * The newest deliveries of each item up to a day, and the open orders that should have been there by then, by supplier
 * and product. What an order brings on one day is a delivery, which counts by its share of the order: few stragglers do not
 * make all of it late. An order counts from the business day of its approval. What came before it was ordered is no evidence.
 */
export async function readSeenLeadTimes(db: Statements, asOf: string): Promise<SeenLeadTime[]> {
  const all: SeenLeadTime[] = [];
  let last: ItemKey | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const items = await readOrderedItems(db, last);
    for (let at = 0; at < items.length; at += ITEMS_PER_READ)
      for (const one of await readSeenOf(db, items.slice(at, at + ITEMS_PER_READ), asOf)) all.push(one);
    if (items.length < PAGE) return all;
    last = items.at(-1);
  }
  throw new RangeError(`more than ${PAGE * MAX_PAGES} ordered items in one plan`);
}

/** Items whose deliveries fit into one answer. */
const ITEMS_PER_READ = PAGE / MOST_OF_ITEM;

const ItemKey = z.object({ supplier_id: z.string(), product_id: z.string() });
type ItemKey = z.infer<typeof ItemKey>;

/** What was ever ordered of a supplier, after that item. */
function readOrderedItems(db: Statements, last: ItemKey | undefined): Promise<ItemKey[]> {
  return db.select(
    ItemKey,
    `SELECT o.supplier_id, l.product_id
       FROM purchase_order o
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
      WHERE o.status <> 'draft'
        AND o.supplier_id >= :supplierId
        AND (o.supplier_id, l.product_id) > (:supplierId, :productId)
      GROUP BY o.supplier_id, l.product_id
      ORDER BY o.supplier_id, l.product_id
      LIMIT ${PAGE}`,
    { supplierId: last?.supplier_id ?? '', productId: last?.product_id ?? '' },
  );
}

const ITEMS = `JSON_TABLE(:items, '$[*]' COLUMNS (
                                supplier_id VARCHAR(64) PATH '$[0]', product_id VARCHAR(64) PATH '$[1]')) AS k
                         JOIN purchase_order_line l FORCE INDEX (purchase_order_line_product)
                           ON l.product_id = k.product_id
                         JOIN purchase_order p FORCE INDEX (PRIMARY) ON p.purchase_order_id = l.purchase_order_id
                                                                    AND p.supplier_id = k.supplier_id`;

function readSeenOf(db: Statements, items: readonly ItemKey[], asOf: string): Promise<SeenLeadTime[]> {
  return db.select(
    Row,
    `SELECT supplier_id, product_id, purchase_order_id, received, days, age_days, weight
       FROM (SELECT seen.*, ROW_NUMBER() OVER (PARTITION BY supplier_id, product_id
                                                   ORDER BY age_days, purchase_order_id DESC) AS choice
               FROM (SELECT STRAIGHT_JOIN p.supplier_id, l.product_id, p.purchase_order_id,
                            CAST(CAST(MAX(r.received_at) AS DATE) AS CHAR) AS received,
                            DATEDIFF(MAX(r.received_at), COALESCE(p.ordered_on, p.approved_at)) AS days,
                            DATEDIFF(:asOf, MAX(r.received_at)) AS age_days,
                            LEAST(1, SUM(x.quantity) / MAX(l.quantity)) AS weight
                         FROM ${ITEMS}
                         JOIN purchase_receipt_line x FORCE INDEX (purchase_receipt_line_order)
                           ON x.purchase_order_id = l.purchase_order_id AND x.product_id = l.product_id
                         JOIN purchase_receipt r FORCE INDEX (PRIMARY) ON r.receipt_id = x.receipt_id
                        WHERE r.received_at < DATE_ADD(:asOf, INTERVAL 1 DAY)
                          AND r.received_at >= DATE_SUB(:asOf, INTERVAL ${MOST_AGE_DAYS} DAY)
                        GROUP BY p.supplier_id, l.product_id, p.purchase_order_id, p.ordered_on, p.approved_at,
                                 CAST(r.received_at AS DATE)
                        UNION ALL
                       SELECT STRAIGHT_JOIN p.supplier_id, l.product_id, p.purchase_order_id, NULL,
                              DATEDIFF(:asOf, COALESCE(p.ordered_on, p.approved_at)), 0,
                              (l.quantity - l.quantity_received) / l.quantity
                         FROM ${ITEMS}
                        WHERE ${IS_OPEN_SUPPLY}
                          AND l.line_status = 'open'
                          AND l.quantity > l.quantity_received
                          AND COALESCE(l.ordered_date, l.expected_date, p.expected_date) < :asOf) AS seen
              WHERE days BETWEEN 0 AND ${MOST_DAYS}) AS ranked
      WHERE choice <= ${MOST_OF_ITEM}
      ORDER BY supplier_id, product_id, choice`,
    { items: json(items.map((item) => [item.supplier_id, item.product_id])), asOf: date(asOf) },
  );
}

const Terms = z
  .object({
    supplier_id: z.string(),
    product_id: z.string(),
    lead_time_days: z.coerce.number(),
    lead_time_deviation: z.coerce.number(),
  })
  .transform((row) => ({
    supplierId: row.supplier_id,
    productId: row.product_id,
    meanDays: row.lead_time_days,
    deviationDays: row.lead_time_deviation,
  }));
export type StatedLeadTime = z.infer<typeof Terms>;

/** What the suppliers state of all their items. */
export async function readStatedLeadTimes(
  db: Statements,
  supplierIds: readonly string[],
): Promise<StatedLeadTime[]> {
  const all: StatedLeadTime[] = [];
  for (const supplierId of supplierIds) {
    let last = '';
    for (let page = 0; page < MAX_PAGES; page++) {
      const rows = await db.select(
        Terms,
        `SELECT supplier_id, product_id, lead_time_days, lead_time_deviation
           FROM supplier_item
          WHERE supplier_id = :supplierId AND product_id > :last
          ORDER BY product_id
          LIMIT ${PAGE}`,
        { supplierId, last },
      );
      all.push(...rows);
      last = rows.at(-1)?.productId ?? last;
      if (rows.length < PAGE) break;
    }
  }
  return all;
}

/** What is learnt of one item. */
export interface LearntItem {
  readonly supplierId: string;
  readonly productId: string;
  readonly observations: number;
  readonly lateOpen: number;
  readonly meanDays: number;
  readonly deviationDays: number;
  readonly evidence: readonly Delivery[];
}

/** Keeps what is learnt and forgets all else; rows that say the same stay untouched. */
export async function replaceLearntLeadTimes(tx: Statements, items: readonly LearntItem[]): Promise<void> {
  const rows = items.map((item) => [
    item.supplierId,
    item.productId,
    item.observations,
    item.lateOpen,
    item.meanDays.toFixed(2),
    item.deviationDays.toFixed(2),
    JSON.stringify(item.evidence),
  ]);
  const COLUMNS = `supplier_id VARCHAR(64) PATH '$[0]', product_id VARCHAR(64) PATH '$[1]'`;
  if (rows.length === 0) {
    await tx.write(`DELETE FROM learnt_lead_time`);
    return;
  }
  for (const text of jsonChunks(rows))
    await tx.write(
      `INSERT INTO learnt_lead_time (supplier_id, product_id, observations, late_open, mean_days, deviation_days, evidence)
       SELECT j.supplier_id, j.product_id, j.observations, j.late_open, j.mean_days, j.deviation_days, j.evidence
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                ${COLUMNS},
                observations INT PATH '$[2]',
                late_open INT PATH '$[3]',
                mean_days DECIMAL(8, 2) PATH '$[4]',
                deviation_days DECIMAL(8, 2) PATH '$[5]',
                evidence TEXT PATH '$[6]')) AS j
           ON DUPLICATE KEY UPDATE observations = j.observations, late_open = j.late_open, mean_days = j.mean_days,
              deviation_days = j.deviation_days, evidence = j.evidence`,
      { rows: text },
    );
  // whose deliveries are too old by now, or taken back
  const suppliers = [...new Set(items.map((item) => item.supplierId))];
  await tx.write(
    `DELETE t
       FROM learnt_lead_time t
       LEFT JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j ON j.id = t.supplier_id
      WHERE j.id IS NULL`,
    { ids: json(suppliers) },
  );
}
