import * as z from 'zod';
import { toDecimal } from '../../contracts/csv/cells.ts';
import type { ReturnCondition, ReturnReason } from '../../core/inventory/return-reasons.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** Goods of one order line that came back. Money in ten-thousandths. */
export interface ReturnLine {
  readonly saleId: string;
  readonly productId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly reason: ReturnReason;
  readonly condition: ReturnCondition;
  readonly refund: number;
}

/** Goods of one order that came back together. */
export interface OrderReturn {
  readonly returnId: string;
  readonly orderId: string;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC */
  readonly date: string;
  readonly actor: string;
  readonly contentHash: string;
}

/** Makes a return; false when there is one of that id. */
export async function insertReturn(tx: Statements, made: OrderReturn): Promise<boolean> {
  const { updated } = await tx.write(
    `INSERT IGNORE INTO order_return (return_id, order_id, returned_at, actor, content_hash)
     VALUES (:returnId, :orderId, :date, :actor, :contentHash)`,
    { ...made },
  );
  return updated === 1;
}

export async function insertReturnLines(
  tx: Statements,
  { returnId, date }: OrderReturn,
  lines: readonly ReturnLine[],
): Promise<void> {
  const rows = lines.map((line, i) => [
    i + 1,
    line.saleId,
    line.productId,
    line.locationId,
    line.quantity,
    line.reason,
    line.condition,
    toDecimal(line.refund),
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO order_return_line
              (return_id, line_no, sale_id, product_id, location_id, day, quantity, reason, item_condition,
               refund_amount)
       SELECT :returnId, j.line_no, j.sale_id, j.product_id, j.location_id, DATE(:date), j.quantity, j.reason,
              j.item_condition, j.refund_amount
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                line_no        INT            PATH '$[0]',
                sale_id        VARCHAR(128)   PATH '$[1]',
                product_id     VARCHAR(64)    PATH '$[2]',
                location_id    VARCHAR(50)    PATH '$[3]',
                quantity       INT            PATH '$[4]',
                reason         VARCHAR(24)    PATH '$[5]',
                item_condition VARCHAR(12)    PATH '$[6]',
                refund_amount  DECIMAL(14, 4) PATH '$[7]')) AS j`,
      { rows: chunk, returnId, date },
    );
  }
}

const Known = z.object({ order_id: z.string(), content_hash: z.string() });

/** The order and the content of a return that was made already. */
export async function findReturn(
  tx: Statements,
  returnId: string,
): Promise<{ readonly orderId: string; readonly contentHash: string } | undefined> {
  const [row] = await tx.select(
    Known,
    `SELECT order_id, content_hash FROM order_return WHERE return_id = :returnId LOCK IN SHARE MODE`,
    { returnId },
  );
  return row && { orderId: row.order_id, contentHash: row.content_hash };
}

const Count = z.object({ n: z.int() });

/** Whether something of an order came back by a return with this content. */
export async function hasReturnOf(tx: Statements, orderId: string, contentHash: string): Promise<boolean> {
  const [returns] = await tx.select(
    Count,
    `SELECT COUNT(*) AS n FROM order_return WHERE order_id = :orderId AND content_hash = :contentHash LOCK IN SHARE MODE`,
    { orderId, contentHash },
  );
  return returns!.n > 0;
}
