import * as z from 'zod';
import type { Transfer } from '../../contracts/api/transfer.ts';
import { TRANSFER_STATUSES } from '../../contracts/api/transfer.ts';
import { type Page, type PageAsked, Total, timeColumn, where } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';

const Head = z.object({
  transfer_id: z.string(),
  from_location: z.string(),
  to_location: z.string(),
  status: z.enum(TRANSFER_STATUSES),
  reason: z.string().nullable(),
  end_reason: z.string().nullable(),
  shipped_at: timeColumn,
  created_by: z.string(),
  created_at: timeColumn,
  ended_by: z.string().nullable(),
  ended_at: timeColumn.nullable(),
});
const HEAD = `SELECT t.transfer_id, t.from_location, t.to_location, t.status, t.reason, t.end_reason, t.shipped_at,
       t.created_by, t.created_at, t.ended_by, t.ended_at
  FROM transfer t`;

const Line = z.object({
  transfer_id: z.string(),
  product_id: z.string(),
  quantity: z.int(),
  in_transit: z.int(),
  received: z.int(),
  returned: z.int(),
  lost: z.int(),
});

export interface TransferFilter {
  readonly status?: string | undefined;
  readonly productId?: string | undefined;
  /** Where they come from or go to. */
  readonly locationId?: string | undefined;
}

/** Transfers with their lines, newest first. */
export async function listTransfers(
  db: Statements,
  { status, productId, locationId }: TransferFilter,
  { skip, limit }: PageAsked,
): Promise<Page<Transfer>> {
  const conditions = where([
    status !== undefined && 't.status = :status',
    productId !== undefined &&
      'EXISTS (SELECT 1 FROM transfer_line l WHERE l.transfer_id = t.transfer_id AND l.product_id = :productId)',
    locationId !== undefined && '(t.from_location = :locationId OR t.to_location = :locationId)',
  ]);
  const params = {
    ...(status !== undefined && { status }),
    ...(productId !== undefined && { productId }),
    ...(locationId !== undefined && { locationId }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM transfer t ${conditions}`, params);
  const heads = await db.select(
    Head,
    `${HEAD} ${conditions} ORDER BY t.created_at DESC, t.transfer_id DESC LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data: await withLines(db, heads), pagination: { skip, limit, total: count!.total } };
}

/** One transfer with its lines. */
export async function findTransfer(db: Statements, transferId: string): Promise<Transfer | undefined> {
  const heads = await db.select(Head, `${HEAD} WHERE t.transfer_id = :transferId`, { transferId });
  return (await withLines(db, heads))[0];
}

async function withLines(db: Statements, heads: readonly z.infer<typeof Head>[]): Promise<Transfer[]> {
  if (heads.length === 0) return [];
  const rows = await db.select(
    Line,
    `SELECT STRAIGHT_JOIN l.transfer_id, l.product_id, l.quantity,
            l.quantity - l.quantity_received - l.quantity_returned - l.quantity_lost AS in_transit,
            l.quantity_received AS received, l.quantity_returned AS returned, l.quantity_lost AS lost
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       JOIN transfer_line l ON l.transfer_id = j.id
      ORDER BY l.transfer_id, l.line`,
    { ids: json(heads.map((head) => head.transfer_id)) },
  );
  const lines = Map.groupBy(rows, (row) => row.transfer_id);
  return heads.map((head) => ({
    ...head,
    lines: (lines.get(head.transfer_id) ?? []).map(({ transfer_id: _, ...line }) => line),
  }));
}
