import * as z from 'zod';
import { Fault, type FaultDetail } from '../../contracts/fault.ts';
import { mostToReceive } from '../../core/inventory/most-to-receive.ts';
import type { State } from '../audit/change-log.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { settlePurchases } from './purchase-line-store.ts';
import { readReceiptTolerance } from './purchase-receipt-store.ts';
import { holdOrder, keepStep, mustAllow } from './purchase-transition-store.ts';

/** What a supplier says about a line; what is left out is as ordered. */
export interface AcknowledgedLine {
  readonly productId: string;
  /** 0: it will not come. */
  readonly quantity?: number | undefined;
  /** As a decimal. */
  readonly unitCost?: string | undefined;
  /** YYYY-MM-DD */
  readonly promisedDate?: string | undefined;
}

export interface Acknowledgement {
  readonly supplierReference?: string | undefined;
  /** Of the lines that say none of their own. */
  readonly promisedDate?: string | undefined;
  readonly lines: readonly AcknowledgedLine[];
  readonly acceptOver: boolean;
  readonly reason?: string | undefined;
  readonly actor: string;
}

const Line = z
  .object({
    product_id: z.string(),
    quantity: z.int(),
    quantity_received: z.int(),
    ordered_quantity: z.int().nullable(),
    unit_cost: z.string(),
    expected_date: z.string().nullable(),
    promised_date: z.string().nullable(),
    revised_date: z.string().nullable(),
    line_status: z.enum(['open', 'closed', 'cancelled', 'undone']),
  })
  .transform((row) => ({
    productId: row.product_id,
    quantity: row.quantity,
    received: row.quantity_received,
    ordered: row.ordered_quantity ?? row.quantity,
    unitCost: row.unit_cost,
    expectedDate: row.expected_date,
    promisedDate: row.promised_date,
    revisedDate: row.revised_date,
    status: row.line_status,
  }));
type Line = z.infer<typeof Line>;
/** Lines of one answer of the database, and answers: more lines than an order can have. */
const PAGE = 2_500;
const MAX_PAGES = 100;

/**
 * Takes over what the supplier confirms of an order: quantity, price and day of each line, kept beside what was ordered.
 * What is confirmed is what is expected from then on; what is not will not come. It may be said again, with another day.
 * The same again changes nothing. Answers the status, and whether less will come than before.
 * Fault `missing` without the order or a line, `conflict` where the order expects nothing or more is confirmed than is
 * tolerated and nobody accepts that, `invalid` for less than has come already.
 */
export async function acknowledgeOrder(
  tx: Statements,
  id: number,
  said: Acknowledgement,
): Promise<{ readonly isNew: boolean; readonly isShort: boolean }> {
  const order = await holdOrder(tx, id);
  mustAllow(order, 'acknowledge');
  const before = await readLines(tx, id);
  const after = await confirmed(tx, id, before, said);
  const changed = after.filter((line, i) => !isSame(line, before[i]!));
  const isNamed = said.supplierReference !== undefined && said.supplierReference !== order.supplierReference;
  const isFirst = !order.isAcknowledged;
  if (changed.length === 0 && !isNamed && !isFirst) return { isNew: false, isShort: false };
  await saveConfirmed(tx, id, changed);
  await tx.write(
    `UPDATE purchase_order
        SET status = CASE WHEN status = 'partially_received' THEN status ELSE 'acknowledged' END,
            acknowledged_by = :actor, acknowledged_at = UTC_TIMESTAMP(3),
            supplier_reference = COALESCE(:name, supplier_reference)
      WHERE purchase_order_id = :id`,
    { id, actor: said.actor, name: said.supplierReference ?? null },
  );
  await settlePurchases(tx, [id], { actor: said.actor, reason: 'the supplier will not send the rest' });
  const { status } = await holdOrder(tx, id);
  await keepStep(tx, order, 'acknowledge', status, {
    actor: said.actor,
    reason: said.reason,
    before: differencesOf(before, after),
    after: {
      ...differencesOf(after, before),
      ...(isNamed && { supplier_reference: said.supplierReference }),
    },
  });
  return { isNew: true, isShort: after.some((line, i) => expectedOf(line) < expectedOf(before[i]!)) };
}

async function readLines(tx: Statements, id: number): Promise<Line[]> {
  const lines: Line[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const some = await tx.select(
      Line,
      `SELECT product_id, quantity, quantity_received, ordered_quantity, CAST(unit_cost AS CHAR) AS unit_cost,
              CAST(expected_date AS CHAR) AS expected_date, CAST(promised_date AS CHAR) AS promised_date,
              CAST(revised_date AS CHAR) AS revised_date, line_status
         FROM purchase_order_line
        WHERE purchase_order_id = :id AND product_id > :after
        ORDER BY product_id
        LIMIT ${PAGE}
          FOR UPDATE`,
      { id, after: lines.at(-1)?.productId ?? '' },
    );
    lines.push(...some);
    if (some.length < PAGE) return lines;
  }
  throw new RangeError(`purchase order ${id} has more than ${PAGE * MAX_PAGES} lines`);
}

async function confirmed(
  tx: Statements,
  id: number,
  before: readonly Line[],
  said: Acknowledgement,
): Promise<Line[]> {
  const tolerance = await readReceiptTolerance(tx);
  const about = new Map(said.lines.map((line) => [line.productId, line]));
  const faults: FaultDetail[] = [];
  for (const productId of about.keys())
    if (!before.some((line) => line.productId === productId))
      throw new Fault('missing', `Purchase order ${id} has no product ${productId}`);
  const after = before.map((line): Line => {
    const its = about.get(line.productId);
    // an ended line is only spoken of by name
    if (line.status !== 'open' && its === undefined) return line;
    // more may have come of a line than it expects: that is only wrong where its quantity is said again
    const wanted = its?.quantity ?? line.quantity;
    if (its?.quantity !== undefined && wanted < line.received) {
      const reason = `${line.received} have come already, ${wanted} are confirmed`;
      throw new Fault('invalid', 'What has come cannot be unsaid', {
        details: [{ field: line.productId, reason }],
      });
    }
    if (wanted > mostToReceive(line.ordered, tolerance) && wanted > line.quantity && !said.acceptOver)
      faults.push({ field: line.productId, reason: `${wanted} are confirmed, ${line.ordered} are ordered` });
    const isComplete = line.received >= wanted;
    const promised = its?.promisedDate ?? (isComplete ? undefined : said.promisedDate);
    const isNothing = wanted === 0;
    return {
      ...line,
      // no line has no units: it keeps what it had, and says that nothing comes of it
      quantity: isNothing ? line.quantity : wanted,
      status: isNothing ? 'cancelled' : its?.quantity === undefined ? line.status : 'open',
      unitCost: its?.unitCost ?? line.unitCost,
      ...(promised !== undefined && {
        expectedDate: promised,
        // what has come by then was not promised: a first promise afterwards would make late goods punctual
        promisedDate: line.promisedDate ?? (line.received > 0 ? null : promised),
        revisedDate: null,
      }),
    };
  });
  if (faults.length > 0)
    throw new Fault('conflict', 'More is confirmed than was ordered; accept_over takes it', {
      details: faults,
    });
  return after;
}

async function saveConfirmed(tx: Statements, id: number, lines: readonly Line[]): Promise<void> {
  const rows = lines.map((line) => [
    line.productId,
    line.quantity,
    line.unitCost,
    line.expectedDate,
    line.promisedDate,
    line.status,
  ]);
  // what imported lines ordered is kept before it is overwritten
  await tx.write(
    `UPDATE purchase_order_line
        SET ordered_quantity = quantity, ordered_unit_cost = unit_cost, ordered_date = expected_date
      WHERE purchase_order_id = :id AND ordered_quantity IS NULL`,
    { id },
  );
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `UPDATE purchase_order_line l
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id    VARCHAR(64)    PATH '$[0]',
                quantity      INT            PATH '$[1]',
                unit_cost     DECIMAL(12, 4) PATH '$[2]',
                expected_date DATE           PATH '$[3]',
                promised_date DATE           PATH '$[4]',
                line_status   VARCHAR(12)    PATH '$[5]')) AS j ON j.product_id = l.product_id
          SET l.quantity = j.quantity, l.unit_cost = j.unit_cost, l.expected_date = j.expected_date,
              l.promised_date = j.promised_date, l.line_status = j.line_status, l.revised_date = NULL
        WHERE l.purchase_order_id = :id`,
      { id, rows: chunk },
    );
}

const expectedOf = (line: Line): number => (line.status === 'open' ? line.quantity : line.received);
const isSame = (a: Line, b: Line): boolean =>
  a.quantity === b.quantity &&
  a.status === b.status &&
  Number(a.unitCost) === Number(b.unitCost) &&
  a.expectedDate === b.expectedDate &&
  a.promisedDate === b.promisedDate &&
  a.revisedDate === b.revisedDate;

/** Lines that the history names one by one. */
const MOST_IN_HISTORY = 80;

/** What `mine` says of the lines that differ from `theirs`, for the history. */
function differencesOf(mine: readonly Line[], theirs: readonly Line[]): State {
  const differing = mine.filter((line, i) => !isSame(line, theirs[i]!)).slice(0, MOST_IN_HISTORY);
  if (differing.length === 0) return {};
  return {
    lines: Object.fromEntries(
      differing.map((line) => [
        line.productId,
        `${expectedOf(line)} at ${Number(line.unitCost)}${line.expectedDate === null ? '' : ` on ${line.expectedDate}`}`,
      ]),
    ),
  };
}
