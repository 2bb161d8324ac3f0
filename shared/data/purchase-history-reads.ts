import * as z from 'zod';
import type { PurchaseOrderStep } from '../contracts/api/purchase-order.ts';
import { type Page, type PageAsked, Total, timeColumn } from './columns.ts';
import type { Statements } from './database.ts';

const StateColumn = z
  .string()
  .nullable()
  .transform((text) => (text === null ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text))));
const Row = z
  .object({
    entry_id: z.int(),
    recorded_at: timeColumn,
    actor: z.string(),
    reason: z.string().nullable(),
    before_state: StateColumn,
    after_state: StateColumn,
  })
  .transform(({ entry_id, recorded_at, actor, reason, before_state, after_state }): PurchaseOrderStep => {
    const { status: from, command: _, ...before } = before_state;
    const { status, command, ...after } = after_state;
    return {
      entry_id,
      at: recorded_at,
      actor,
      command: String(command ?? 'change'),
      from: from === undefined ? null : String(from),
      // an entry names the status where it changed
      to: String(status ?? from ?? ''),
      reason,
      before: withoutNulls(before),
      after,
    };
  });

/** Of fields that there was nothing of before, the log says null. */
const withoutNulls = (state: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));

/** What was done to an order, oldest first: of the append-only log of changes. */
export async function listPurchaseOrderSteps(
  db: Statements,
  id: number,
  { skip, limit }: PageAsked,
): Promise<Page<PurchaseOrderStep>> {
  const OF_ORDER = `FROM audit_log WHERE subject = 'purchase_order' AND subject_id = :id`;
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${OF_ORDER}`, { id: String(id) });
  const data = await db.select(
    Row,
    `SELECT entry_id, recorded_at, actor, reason, before_state, after_state
       ${OF_ORDER}
      ORDER BY entry_id
      LIMIT :limit OFFSET :skip`,
    { id: String(id), skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Found = z.object({ found: z.int() });

/** Whether a receipt of an order was taken back before. */
export async function isReceiptReversed(db: Statements, id: number, receiptId: string): Promise<boolean> {
  const rows = await db.select(
    Found,
    `SELECT 1 AS found
       FROM audit_log
      WHERE subject = 'purchase_order' AND subject_id = :id
        AND JSON_VALUE(after_state, '$.command') = 'reverse_receipt'
        AND JSON_VALUE(after_state, '$.receipt_id') = :receiptId
      LIMIT 1`,
    { id: String(id), receiptId },
  );
  return rows.length > 0;
}
