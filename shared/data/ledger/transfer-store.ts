import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';

export interface TransferRow {
  readonly transferId: string;
  readonly fromLocation: string;
  readonly toLocation: string;
  readonly reason: string | null;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC */
  readonly shippedAt: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}

/** What is left to do of a transfer. */
export interface OpenTransfer {
  readonly transferId: string;
  readonly fromLocation: string;
  readonly toLocation: string;
  readonly status: string;
  readonly shippedAt: string;
  readonly arrivals: number;
  readonly lines: readonly OpenLine[];
}

export interface OpenLine {
  readonly line: number;
  readonly productId: string;
  /** Units in transit. */
  readonly open: number;
}

/** Makes a transfer whose goods are all in transit; false when the id is taken. */
export async function insertTransfer(tx: Statements, transfer: TransferRow, actor: string): Promise<boolean> {
  const { transferId, fromLocation, toLocation, reason, shippedAt, lines } = transfer;
  const { updated } = await tx.write(
    `INSERT IGNORE INTO transfer (transfer_id, from_location, to_location, status, reason, shipped_at, created_by)
     VALUES (:transferId, :fromLocation, :toLocation, 'in_transit', :reason, :shippedAt, :actor)`,
    { transferId, fromLocation, toLocation, reason, shippedAt, actor },
  );
  if (updated === 0) return false;
  await tx.write(
    `INSERT INTO transfer_line (transfer_id, product_id, line, quantity)
     SELECT :transferId, j.product_id, j.line, j.quantity
       FROM JSON_TABLE(:lines, '$[*]' COLUMNS (
              line       FOR ORDINALITY,
              product_id VARCHAR(64) PATH '$[0]',
              quantity   INT         PATH '$[1]')) AS j`,
    { transferId, lines: json(lines.map(({ productId, quantity }) => [productId, quantity])) },
  );
  return true;
}

const Head = z.object({
  from_location: z.string(),
  to_location: z.string(),
  status: z.string(),
  shipped_at: z.string(),
  arrivals: z.int(),
});
const Line = z.object({ line: z.int(), product_id: z.string(), open: z.int() });

/**
 * A transfer as it is; held until the transaction ends with `lock`, in which case what it says is of now even if the
 * transaction read before. Stock is to be locked first.
 */
export async function readOpenTransfer(
  tx: Statements,
  transferId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<OpenTransfer | undefined> {
  const [head] = await tx.select(
    Head,
    `SELECT from_location, to_location, status, CAST(shipped_at AS CHAR) AS shipped_at, arrivals
       FROM transfer
      WHERE transfer_id = :transferId
      ${lock}`,
    { transferId },
  );
  if (!head) return undefined;
  const lines = await tx.select(
    Line,
    `SELECT line, product_id, quantity - quantity_received - quantity_returned - quantity_lost AS open
       FROM transfer_line
      WHERE transfer_id = :transferId
      ORDER BY line
      ${lock}`,
    { transferId },
  );
  return {
    transferId,
    fromLocation: head.from_location,
    toLocation: head.to_location,
    status: head.status,
    shippedAt: head.shipped_at,
    arrivals: head.arrivals,
    lines: lines.map((row) => ({ line: row.line, productId: row.product_id, open: row.open })),
  };
}

const SETTLED = {
  received: 'quantity_received',
  returned: 'quantity_returned',
  lost: 'quantity_lost',
} as const;

/** What became of units in transit. */
export async function settleLines(
  tx: Statements,
  transferId: string,
  outcome: keyof typeof SETTLED,
  lines: readonly { readonly line: number; readonly units: number }[],
): Promise<void> {
  const column = SETTLED[outcome];
  await tx.write(
    `UPDATE transfer_line l
       JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (line INT PATH '$[0]', units INT PATH '$[1]')) AS j ON l.line = j.line
        SET l.${column} = l.${column} + j.units
      WHERE l.transfer_id = :transferId`,
    { transferId, rows: json(lines.map(({ line, units }) => [line, units])) },
  );
}

export interface TransferStep {
  readonly status: 'in_transit' | 'received' | 'cancelled' | 'closed';
  readonly actor: string;
  readonly reason?: string;
}

/** Notes an arrival, or the end. */
export async function noteStep(
  tx: Statements,
  transferId: string,
  { status, actor, reason }: TransferStep,
): Promise<void> {
  await tx.write(
    `UPDATE transfer
        SET status = :status, arrivals = arrivals + 1, end_reason = :reason,
            ended_by = CASE WHEN :status = 'in_transit' THEN NULL ELSE :actor END,
            ended_at = CASE WHEN :status = 'in_transit' THEN NULL ELSE UTC_TIMESTAMP(3) END
      WHERE transfer_id = :transferId`,
    { transferId, status, actor, reason: reason ?? null },
  );
}
