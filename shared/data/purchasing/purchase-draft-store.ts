import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { date, decimal, json, type Param, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { markSuggestions } from './purchase-order-store.ts';
import { type HeldOrder, holdOrder, keepStep, moveOrder, mustAllow } from './purchase-transition-store.ts';

/** A line as a person orders it. */
export interface DraftLine {
  readonly productId: string;
  readonly quantity: number;
  /** As a decimal. */
  readonly unitCost: string;
  /** YYYY-MM-DD; null: with the order. */
  readonly expectedDate: string | null;
}

export interface NewDraft {
  readonly supplierId: string;
  readonly locationId: string;
  readonly expectedDate: string | null;
  readonly note: string | null;
  readonly lines: readonly DraftLine[];
}

/** Makes a draft by hand, which no plan changes; its number. Supplier, location and products exist. */
export async function insertDraft(tx: Statements, draft: NewDraft, actor: string): Promise<number> {
  const { insertId } = await tx.write(
    `INSERT INTO purchase_order (supplier_id, location_id, status, is_own, expected_date, note, created_by)
     VALUES (:supplierId, :locationId, 'draft', 1, :expectedDate, :note, :actor)`,
    {
      supplierId: draft.supplierId,
      locationId: draft.locationId,
      expectedDate: draft.expectedDate === null ? null : date(draft.expectedDate),
      note: draft.note,
      actor,
    },
  );
  const id = insertId!;
  await saveLines(tx, id, draft.lines);
  const order = await holdOrder(tx, id);
  await keepStep(tx, order, 'create', 'draft', {
    actor,
    after: { supplier_id: draft.supplierId, location_id: draft.locationId, lines: brief(draft.lines) },
  });
  return id;
}

const Line = z
  .object({
    product_id: z.string(),
    quantity: z.int(),
    unit_cost: z.string(),
    expected_date: z.string().nullable(),
  })
  .transform((row) => ({
    productId: row.product_id,
    quantity: row.quantity,
    unitCost: row.unit_cost,
    expectedDate: row.expected_date,
  }));
/** Lines of one order that can be edited. */
export const MOST_LINES = 2_000;

async function readLines(tx: Statements, id: number): Promise<DraftLine[]> {
  const lines = await tx.select(
    Line,
    `SELECT product_id, quantity, CAST(unit_cost AS CHAR) AS unit_cost, CAST(expected_date AS CHAR) AS expected_date
       FROM purchase_order_line
      WHERE purchase_order_id = :id
      ORDER BY product_id
      LIMIT ${MOST_LINES + 1}
        FOR UPDATE`,
    { id },
  );
  if (lines.length > MOST_LINES)
    throw new Fault('conflict', `Purchase order ${id} has more than ${MOST_LINES} lines`);
  return lines;
}

/** What is changed of a draft; what is left out stays. */
export interface DraftChange {
  readonly lines?: readonly DraftLine[] | undefined;
  readonly expectedDate?: string | null | undefined;
  readonly note?: string | null | undefined;
}

/**
 * Changes a draft, which then is a person's own: it mirrors suggestions no more. Those behind lines that stay are dealt
 * with by it (`ordered`), those behind lines that go are dismissed. The same again changes nothing.
 * Fault `missing`, or `conflict` when it is no draft any more.
 */
export async function editDraft(
  tx: Statements,
  id: number,
  change: DraftChange,
  { actor, reason }: { readonly actor: string; readonly reason?: string | undefined },
): Promise<void> {
  const order = await holdOrder(tx, id);
  mustAllow(order, 'edit');
  const before = change.lines === undefined ? [] : await readLines(tx, id);
  const after = change.lines === undefined ? [] : sorted(change.lines);
  const isSameLines = sameLines(before, after);
  const head = headChanges(order, change);
  if (isSameLines && Object.keys(head.sets).length === 0) return;
  if (!order.isOwn) {
    if (!isSameLines) await releaseSuggestions(tx, id, after, { actor, reason });
    await markSuggestions(tx, id, 'ordered');
  }
  if (!isSameLines) {
    await tx.write(
      `DELETE l
         FROM purchase_order_line l
         LEFT JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j ON j.id = l.product_id
        WHERE l.purchase_order_id = :id AND j.id IS NULL`,
      { id, ids: json(after.map((line) => line.productId)) },
    );
    await saveLines(tx, id, after);
    await noteQuantities(tx, id, { actor, reason });
  }
  await moveOrder(tx, order, 'edit', {
    actor,
    reason,
    sets: { ...head.sets, is_own: 1 },
    before: { ...head.before, ...(!isSameLines && { lines: brief(before) }) },
    after: { ...head.after, ...(!isSameLines && { lines: brief(after) }) },
  });
}

function headChanges(order: HeldOrder, change: DraftChange) {
  const isDated = change.expectedDate !== undefined && change.expectedDate !== order.expectedDate;
  const isNoted = change.note !== undefined && change.note !== order.note;
  const expected = change.expectedDate ?? null;
  return {
    sets: {
      ...(isDated && { expected_date: expected === null ? null : date(expected) }),
      ...(isNoted && { note: change.note ?? null }),
    } as Record<string, Param>,
    before: { ...(isDated && { expected_date: order.expectedDate }), ...(isNoted && { note: order.note }) },
    after: { ...(isDated && { expected_date: expected }), ...(isNoted && { note: change.note ?? null }) },
  };
}

/** Dismisses the suggestions behind lines that are taken out. */
async function releaseSuggestions(
  tx: Statements,
  id: number,
  kept: readonly DraftLine[],
  { actor, reason }: { readonly actor: string; readonly reason?: string | undefined },
): Promise<void> {
  await tx.write(
    `UPDATE suggestion s
       LEFT JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j ON j.id = s.product_id
        SET s.status = 'dismissed', s.purchase_order_id = NULL, s.decided_by = :actor,
            s.decided_by_allocation = NULL, s.decided_at = UTC_TIMESTAMP(3), s.decided_why = :why
      WHERE s.purchase_order_id = :id AND s.status = 'open' AND j.id IS NULL`,
    {
      id,
      ids: json(kept.map((line) => line.productId)),
      actor,
      why: (reason ?? `taken out of purchase order ${id}`).slice(0, 255),
    },
  );
}

/** Gives the suggestions behind a draft of one's own the quantities of its lines: an edit, as if it had been made there. */
async function noteQuantities(
  tx: Statements,
  id: number,
  { actor, reason }: { readonly actor: string; readonly reason?: string | undefined },
): Promise<void> {
  const edited = (value: string): string =>
    `CASE WHEN l.quantity <> COALESCE(s.need_quantity, s.quantity) THEN ${value} END`;
  await tx.write(
    `UPDATE suggestion s
       JOIN purchase_order_line l ON l.purchase_order_id = s.purchase_order_id AND l.product_id = s.product_id
        SET s.edited_by = ${edited(':actor')}, s.edited_why = ${edited(':why')},
            s.edited_until = ${edited(`CAST(JSON_VALUE(s.explanation, '$.renewed_on') AS DATE)`)},
            s.edited_need = ${edited('COALESCE(s.need_quantity, s.quantity)')},
            s.top_up = 0, s.unit_cost = l.unit_cost,
            s.need_quantity = COALESCE(s.need_quantity, s.quantity), s.quantity = l.quantity
      WHERE s.purchase_order_id = :id AND s.status = 'ordered' AND s.quantity <> l.quantity`,
    { id, actor, why: reason?.slice(0, 255) ?? null },
  );
}

async function saveLines(tx: Statements, id: number, lines: readonly DraftLine[]): Promise<void> {
  const rows = lines.map((line) => [line.productId, line.quantity, line.unitCost, line.expectedDate]);
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost, expected_date)
       SELECT :id, j.product_id, j.quantity, j.unit_cost, j.expected_date
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id    VARCHAR(64)    PATH '$[0]',
                quantity      INT            PATH '$[1]',
                unit_cost     DECIMAL(12, 4) PATH '$[2]',
                expected_date DATE           PATH '$[3]')) AS j
           ON DUPLICATE KEY UPDATE quantity = j.quantity, unit_cost = j.unit_cost, expected_date = j.expected_date`,
      { id, rows: chunk },
    );
}

const sorted = (lines: readonly DraftLine[]): DraftLine[] =>
  [...lines].sort((a, b) => (a.productId < b.productId ? -1 : 1));

function sameLines(a: readonly DraftLine[], b: readonly DraftLine[]): boolean {
  const byId = new Map(b.map((line) => [line.productId, line]));
  return (
    a.length === b.length &&
    a.every((line) => {
      const other = byId.get(line.productId);
      return (
        other !== undefined &&
        other.quantity === line.quantity &&
        Number(other.unitCost) === Number(line.unitCost) &&
        other.expectedDate === line.expectedDate
      );
    })
  );
}

/** Lines that the history names: an entry, before and after together, is a row of the Data API. */
const MOST_IN_HISTORY = 80;
const brief = (lines: readonly DraftLine[]): unknown => ({
  ...Object.fromEntries(
    sorted(lines)
      .slice(0, MOST_IN_HISTORY)
      .map((line) => [line.productId, `${line.quantity} at ${decimalText(line.unitCost)}`]),
  ),
  ...(lines.length > MOST_IN_HISTORY && { '...': `${lines.length} lines` }),
});
/** `2.5000` and `2.5` are the same amount. */
const decimalText = (amount: string): string => decimal(String(Number(amount))).text;
