import * as z from 'zod';
import type { SupplierScorecard } from '../../contracts/api/purchase-order.ts';
import { scoreSupplier } from '../../core/inventory/supplier-scorecard.ts';
import { isExpecting } from '../ledger/position-store.ts';
import { date, type Statements } from '../sql/database.ts';

const Row = z.object({
  purchase_order_id: z.int(),
  product_id: z.string(),
  ordered_on: z.string(),
  promised: z.string().nullable(),
  ordered: z.int(),
  is_open: z.coerce.number(),
  quoted: z.coerce.number().nullable(),
  ordered_cost: z.coerce.number(),
  charged_cost: z.coerce.number(),
});
const Receipt = z.object({
  purchase_order_id: z.int(),
  product_id: z.string(),
  day: z.string(),
  quantity: z.int(),
  damaged: z.int(),
});
/** Lines of one answer, and of one scorecard. */
const PAGE = 2_000;
const MOST_LINES = 40_000;

/** The day an order was placed: of ours the business day of its approval, of imported ones what the file said. */
const ORDERED_ON = `COALESCE(o.ordered_on, CAST(o.approved_at AS DATE), CAST(o.created_at AS DATE))`;
/** The supplier sends nothing of it: every line was declined by an acknowledgement. An order that we cancelled keeps its lines open. */
const DECLINED = `(o.status = 'cancelled' AND o.acknowledged_at IS NOT NULL
             AND NOT EXISTS (SELECT 1
                               FROM purchase_order_line d
                              WHERE d.purchase_order_id = o.purchase_order_id
                                AND d.line_status NOT IN ('cancelled', 'undone')))`;
const LINES = `purchase_order o
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id AND l.line_status <> 'undone'
      WHERE o.supplier_id = :supplierId
        AND (${isExpecting('o')} OR o.status IN ('received', 'closed') OR ${DECLINED})
        AND ${ORDERED_ON} BETWEEN :from AND :to
        AND (o.purchase_order_id > :afterOrder OR (o.purchase_order_id = :afterOrder AND l.product_id > :afterProduct))
      ORDER BY o.purchase_order_id, l.product_id
      LIMIT ${PAGE}`;

export interface ScorecardAsked {
  readonly supplierId: string;
  readonly supplierName: string;
  /** Days of ordering, both included. */
  readonly from: string;
  readonly to: string;
  /** YYYY-MM-DD */
  readonly today: string;
}

/** How well a supplier supplied what was ordered within these days, as of today. Orders that we cancelled do not count. */
export async function readSupplierScorecard(
  db: Statements,
  { supplierId, supplierName, from, to, today }: ScorecardAsked,
): Promise<SupplierScorecard> {
  const lines: Parameters<typeof scoreSupplier>[0][number][] = [];
  const orders = new Set<number>();
  let [afterOrder, afterProduct] = [0, ''];
  while (lines.length < MOST_LINES) {
    const params = { supplierId, from: date(from), to: date(to), afterOrder, afterProduct };
    const page = await db.select(
      Row,
      `SELECT o.purchase_order_id, l.product_id, CAST(${ORDERED_ON} AS CHAR) AS ordered_on,
              CAST(COALESCE(l.promised_date, l.ordered_date, l.expected_date, o.expected_date) AS CHAR) AS promised,
              COALESCE(l.ordered_quantity, l.quantity) AS ordered,
              l.line_status = 'open' AND ${isExpecting('o')} AS is_open,
              (SELECT i.lead_time_days
                 FROM supplier_item i
                WHERE i.supplier_id = o.supplier_id AND i.product_id = l.product_id) AS quoted,
              COALESCE(l.ordered_unit_cost, l.unit_cost) AS ordered_cost, l.unit_cost AS charged_cost
         FROM ${LINES}`,
      params,
    );
    const receipts = await receiptsOf(db, params, page);
    for (const row of page) {
      orders.add(row.purchase_order_id);
      lines.push({
        orderedDay: dayOf(row.ordered_on),
        promisedDay: row.promised === null ? undefined : dayOf(row.promised),
        ordered: row.ordered,
        receipts: receipts.get(`${row.purchase_order_id}|${row.product_id}`) ?? [],
        isOpen: row.is_open === 1,
        quotedDays: row.quoted ?? undefined,
        orderedCost: row.ordered_cost,
        chargedCost: row.charged_cost,
      });
    }
    if (page.length < PAGE) break;
    afterOrder = page.at(-1)!.purchase_order_id;
    afterProduct = page.at(-1)!.product_id;
  }
  const score = scoreSupplier(lines, dayOf(today));
  return {
    supplier_id: supplierId,
    supplier_name: supplierName,
    from,
    to,
    orders: orders.size,
    lines: lines.length,
    judged_lines: score.lines,
    otif: score.otif,
    on_time: score.onTime,
    in_full: score.inFull,
    fill_rate: score.fillRate,
    damage_rate: score.damageRate,
    lead_time_mean: score.leadTimeMean,
    lead_time_deviation: score.leadTimeDeviation,
    lead_time_cv: score.leadTimeVariation,
    lead_time_bias: score.leadTimeBias,
    lateness: score.lateness,
    price_variance: score.priceVariance,
  };
}

/** What came of the lines of a page, by order and product. */
async function receiptsOf(
  db: Statements,
  params: Parameters<Statements['select']>[2],
  page: readonly z.infer<typeof Row>[],
): Promise<Map<string, { day: number; quantity: number; damaged: number }[]>> {
  const found = new Map<string, { day: number; quantity: number; damaged: number }[]>();
  if (page.length === 0) return found;
  for (let skip = 0; ; skip += PAGE) {
    const rows = await db.select(
      Receipt,
      `SELECT r.purchase_order_id, r.product_id, CAST(DATE(t.received_at) AS CHAR) AS day, r.quantity, r.damaged
         FROM (SELECT o.purchase_order_id, l.product_id FROM ${LINES}) AS x
         JOIN purchase_receipt_line r ON r.purchase_order_id = x.purchase_order_id AND r.product_id = x.product_id
         JOIN purchase_receipt t ON t.receipt_id = r.receipt_id
        ORDER BY r.purchase_order_id, r.product_id, t.received_at, r.receipt_id
        LIMIT ${PAGE} OFFSET ${skip}`,
      params,
    );
    for (const row of rows) {
      const key = `${row.purchase_order_id}|${row.product_id}`;
      const list = found.get(key) ?? [];
      list.push({ day: dayOf(row.day), quantity: row.quantity, damaged: row.damaged });
      found.set(key, list);
    }
    if (rows.length < PAGE) return found;
  }
}

const dayOf = (day: string): number => Math.round(Date.parse(day) / 86_400_000);
