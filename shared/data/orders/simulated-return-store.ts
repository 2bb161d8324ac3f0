import { toDecimal } from '../../contracts/csv/cells.ts';
import type { SimulatedReturn } from '../../core/simulate/day-events.ts';
import { contentHashOf } from '../sql/content-hash.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/**
 * Writes returns of one line each that must not exist yet, and marks their sales; an order all of whose lines came back
 * is `Returned`. In a few statements for thousands of them.
 */
export async function insertSimulatedReturns(
  tx: Statements,
  actor: string,
  returns: readonly SimulatedReturn[],
): Promise<void> {
  const rows = returns.map((back) => [
    back.returnId,
    back.orderId,
    back.time,
    contentHashOf([back.saleId, back.quantity]),
    back.saleId,
    back.productId,
    back.locationId,
    back.quantity,
    back.reason,
    toDecimal(back.refund),
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO order_return (return_id, order_id, returned_at, actor, content_hash)
       SELECT j.return_id, j.order_id, j.returned_at, :actor, j.content_hash
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                return_id    VARCHAR(64) PATH '$[0]',
                order_id     VARCHAR(64) PATH '$[1]',
                returned_at  DATETIME(3) PATH '$[2]',
                content_hash VARCHAR(12) PATH '$[3]')) AS j`,
      { rows: chunk, actor },
    );
    await tx.write(
      `INSERT INTO order_return_line
              (return_id, line_no, sale_id, product_id, location_id, day, quantity, reason, item_condition,
               refund_amount)
       SELECT j.return_id, 1, j.sale_id, j.product_id, j.location_id, DATE(j.returned_at), j.quantity, j.reason,
              'resellable', j.refund_amount
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                return_id     VARCHAR(64)    PATH '$[0]',
                returned_at   DATETIME(3)    PATH '$[2]',
                sale_id       VARCHAR(128)   PATH '$[4]',
                product_id    VARCHAR(64)    PATH '$[5]',
                location_id   VARCHAR(50)    PATH '$[6]',
                quantity      INT            PATH '$[7]',
                reason        VARCHAR(24)    PATH '$[8]',
                refund_amount DECIMAL(14, 4) PATH '$[9]')) AS j`,
      { rows: chunk },
    );
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (
                sale_id VARCHAR(128) PATH '$[4]',
                reason  VARCHAR(24)  PATH '$[8]')) AS j
              STRAIGHT_JOIN sales s FORCE INDEX (PRIMARY) ON s.sale_id = j.sale_id
          SET s.refunded = 1, s.reason = j.reason`,
      { rows: chunk },
    );
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (order_id VARCHAR(64) PATH '$[1]')) AS j
              STRAIGHT_JOIN orders o FORCE INDEX (PRIMARY) ON o.order_id = j.order_id
          SET o.order_status = 'Returned'
        WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.order_id = o.order_id AND s.refunded = 0)`,
      { rows: chunk },
    );
  }
}
