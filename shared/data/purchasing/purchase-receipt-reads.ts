import * as z from 'zod';
import { PurchaseReceipt, ReceiptLine } from '../../contracts/api/receipt.ts';
import { flagColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const { lines: _, ...Head } = PurchaseReceipt.shape;
const Row = ReceiptLine.extend({
  ...Head,
  received_at: timeColumn,
  accept_over: flagColumn,
  lots: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : ReceiptLine.shape.lots.parse(JSON.parse(text)))),
});
type Row = z.infer<typeof Row>;

/** Lines of one answer of the database: each may name 50 lots of long names, and an answer has 1 MiB. */
const READ_AT_ONCE = 50;
/** Lines, newest receipts first, that are shown with an order. */
const MOST_SHOWN = 500;
/** Characters of lots that are shown with an order, about: the answer has its lines too. */
const MOST_CHARACTERS = 1_000_000;
/** What a line without lots takes, about. */
const CHARACTERS_OF_LINE = 150;

/**
 * What came of an order last: its newest receipts until their lines are 500 or about a megabyte together. A receipt that
 * shows fewer lines than its `line_count` goes on in `listReceiptLines`, and so do older ones.
 */
export async function newestReceipts(db: Statements, id: number): Promise<PurchaseReceipt[]> {
  const receipts: PurchaseReceipt[] = [];
  let characters = 0;
  for (let skip = 0; skip < MOST_SHOWN && characters < MOST_CHARACTERS; skip += READ_AT_ONCE) {
    const rows = await rowsAfter(db, id, skip, READ_AT_ONCE);
    for (const { receipt_id, received_at, actor, accept_over, reason, line_count, ...line } of rows) {
      if (receipts.at(-1)?.receipt_id !== receipt_id)
        receipts.push({ receipt_id, received_at, actor, accept_over, reason, line_count, lines: [] });
      receipts.at(-1)!.lines.push(line);
      characters += CHARACTERS_OF_LINE + JSON.stringify(line.lots).length;
    }
    if (rows.length < READ_AT_ONCE) break;
  }
  return receipts;
}

/** All that came of an order, line by line, newest receipts first. */
export async function listReceiptLines(
  db: Statements,
  id: number,
  { skip, limit }: PageAsked,
): Promise<Page<Row>> {
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM purchase_receipt_line WHERE purchase_order_id = :id`,
    { id },
  );
  const data: Row[] = [];
  while (data.length < limit) {
    const most = Math.min(READ_AT_ONCE, limit - data.length);
    const rows = await rowsAfter(db, id, skip + data.length, most);
    data.push(...rows);
    if (rows.length < most) break;
  }
  return { data, pagination: { skip, limit, total: count!.total } };
}

const rowsAfter = (db: Statements, id: number, skip: number, limit: number): Promise<Row[]> =>
  db.select(
    Row,
    `SELECT r.receipt_id, r.received_at, r.actor, r.accept_over, r.accept_reason AS reason,
            (SELECT COUNT(*) FROM purchase_receipt_line n WHERE n.receipt_id = r.receipt_id) AS line_count,
            l.product_id, l.quantity, l.damaged, CAST(l.landed_unit_cost AS CHAR) AS landed_unit_cost, l.lots
       FROM purchase_receipt r
       JOIN purchase_receipt_line l ON l.receipt_id = r.receipt_id
      WHERE r.purchase_order_id = :id
      ORDER BY r.received_at DESC, r.receipt_id, l.product_id
      LIMIT :limit OFFSET :skip`,
    { id, skip, limit },
  );
