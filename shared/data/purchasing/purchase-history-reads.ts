import * as z from 'zod';
import type { PurchaseOrderStep } from '../../contracts/api/purchase-order.ts';
import { type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const StateColumn = z
  .string()
  .nullable()
  .transform((text) => (text === null ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text))));
const Row = z
  .object({
    entry_id: z.int(),
    recorded_at: timeColumn,
    actor: z.string(),
    action: z.string(),
    reason: z.string().nullable(),
    before_state: StateColumn,
    after_state: StateColumn,
  })
  .transform(({ entry_id, recorded_at, actor, action, reason, before_state, after_state }) => {
    const { status: from, command: _, ...before } = before_state;
    const { status: to, command, ...after } = after_state;
    const step = { entry_id, at: recorded_at, actor, command: String(command ?? 'change'), reason };
    return {
      step: { ...step, before: withoutNulls(before), after },
      isFirst: action === 'create',
      // an entry names the status where it changed
      from: typeof from === 'string' ? from : undefined,
      to: typeof to === 'string' ? to : undefined,
    };
  });
type Row = z.infer<typeof Row>;

/** The steps, each with the status that stood; `standing` is that before the first of them. */
function stepsOf(rows: readonly Row[], standing: string): PurchaseOrderStep[] {
  let stood = standing;
  return rows.map(({ step, isFirst, from = stood, to = from }) => {
    stood = to;
    return { ...step, from: isFirst ? null : from, to };
  });
}

/** Of fields that there was nothing of before, the log says null. */
const withoutNulls = (state: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));

const Size = z.object({ entry_id: z.int(), bytes: z.coerce.number() });
/** Bytes of one answer of the database, which has 1 MiB; and of what one page says of before and after. */
const READ_AT_ONCE = 800_000;
const MOST_SHOWN = 3_000_000;
/** An entry of more does not fit into a row of the Data API. */
const MOST_OF_ENTRY = 60_000;

/**
 * What was done to an order, oldest first: of the append-only log of changes. Entries that are too long to show, and those
 * after 3 MB of a page, say who did what and when, and nothing of before and after.
 */
export async function listPurchaseOrderSteps(
  db: Statements,
  id: number,
  { skip, limit }: PageAsked,
): Promise<Page<PurchaseOrderStep>> {
  const OF_ORDER = `FROM audit_log WHERE subject = 'purchase_order' AND subject_id = :id`;
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${OF_ORDER}`, { id: String(id) });
  const sizes = await db.select(
    Size,
    `SELECT entry_id, COALESCE(LENGTH(before_state), 0) + COALESCE(LENGTH(after_state), 0) AS bytes
       ${OF_ORDER}
      ORDER BY entry_id
      LIMIT :limit OFFSET :skip`,
    { id: String(id), skip, limit },
  );
  const rows: Row[] = [];
  for (const { from, to, isShort } of piecesOf(sizes))
    rows.push(
      ...(await db.select(
        Row,
        `SELECT entry_id, recorded_at, actor, action, reason,
                ${isShort ? STATUS_ONLY : 'before_state, after_state'}
           ${OF_ORDER} AND entry_id BETWEEN :from AND :to
          ORDER BY entry_id`,
        { id: String(id), from, to },
      )),
    );
  const standing = rows[0] && (await statusBefore(db, id, rows[0].step.entry_id));
  return { data: stepsOf(rows, standing ?? ''), pagination: { skip, limit, total: count!.total } };
}

const Standing = z.object({ status: z.string().nullable() });

/** The status of an order before an entry: as the last one before it says, else what the next one found, else that of now. */
async function statusBefore(db: Statements, id: number, entryId: number): Promise<string | undefined> {
  const statusOf = (state: string, condition: string, order: string) =>
    `(SELECT JSON_VALUE(${state}, '$.status')
                      FROM audit_log
                     WHERE subject = 'purchase_order' AND subject_id = :subjectId AND entry_id ${condition}
                       AND JSON_VALUE(${state}, '$.status') IS NOT NULL
                     ORDER BY entry_id ${order}
                     LIMIT 1)`;
  const [row] = await db.select(
    Standing,
    `SELECT COALESCE(${statusOf('after_state', '< :entryId', 'DESC')},
                    ${statusOf('before_state', '>= :entryId', 'ASC')},
                    (SELECT status FROM purchase_order WHERE purchase_order_id = :id)) AS status`,
    { id, subjectId: String(id), entryId },
  );
  return row?.status ?? undefined;
}

const STATUS_ONLY = `JSON_OBJECT('status', JSON_VALUE(before_state, '$.status')) AS before_state,
                JSON_OBJECT('status', JSON_VALUE(after_state, '$.status'),
                            'command', JSON_VALUE(after_state, '$.command')) AS after_state`;

/** Neighbours that fit into one answer together; `isShort` where only their status does. */
function piecesOf(sizes: readonly z.infer<typeof Size>[]) {
  const pieces: { from: number; to: number; bytes: number; isShort: boolean }[] = [];
  let shown = 0;
  for (const { entry_id, bytes } of sizes) {
    const isShort = bytes > MOST_OF_ENTRY || shown + bytes > MOST_SHOWN;
    const size = isShort ? 0 : bytes;
    shown += size;
    const last = pieces.at(-1);
    if (last && last.isShort === isShort && last.bytes + size <= READ_AT_ONCE) {
      last.to = entry_id;
      last.bytes += size;
    } else pieces.push({ from: entry_id, to: entry_id, bytes: size, isShort });
  }
  return pieces;
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
