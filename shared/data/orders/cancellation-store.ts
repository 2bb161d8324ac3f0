import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** A cancellation line that looks for the sale it takes back. `rivals` = such lines of the same chunk, itself included. */
export interface CancellationLine {
  readonly saleId: string;
  readonly customerId: string;
  readonly productId: string;
  readonly locationId: string;
  /** Above zero. */
  readonly quantity: number;
  readonly date: string;
  readonly rivals: number;
}

const Candidate = z.object({
  n: z.int(),
  sale_id: z.string(),
  date: z.string(),
  revenue: z.string(),
  /** How often the sale was booked. */
  generation: z.int(),
});
export type CancellationCandidate = z.infer<typeof Candidate>;

/**
 * For the n-th line, the latest sales of the same customer, product and quantity that nothing took back yet:
 * as many as the line has rivals, latest first.
 */
export async function cancellableSales(
  tx: Statements,
  lines: readonly CancellationLine[],
): Promise<CancellationCandidate[]> {
  const rows = lines.map((line, n) => [
    n,
    line.customerId,
    line.productId,
    line.locationId,
    line.quantity,
    line.date,
    line.rivals,
  ]);
  return await tx.select(
    Candidate,
    `SELECT c.n, c.sale_id, c.date, c.revenue, c.generation
       FROM (SELECT STRAIGHT_JOIN
                    j.n, j.rivals, s.sale_id, s.generation, CAST(s.date AS CHAR) AS date,
                    CAST(s.quantity_sold * s.sale_price - s.discount AS CHAR) AS revenue,
                    ROW_NUMBER() OVER (PARTITION BY j.n ORDER BY s.date DESC, s.sale_id DESC) AS nth
               FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                      n           INT         PATH '$[0]',
                      customer_id VARCHAR(64) PATH '$[1]',
                      product_id  VARCHAR(64) PATH '$[2]',
                      location    VARCHAR(50) PATH '$[3]',
                      quantity    INT         PATH '$[4]',
                      date        DATETIME(3) PATH '$[5]',
                      rivals      INT         PATH '$[6]')) AS j
               JOIN sales s FORCE INDEX (sales_match)
                 ON s.customer_id = j.customer_id
                AND s.product_id = j.product_id
                AND s.quantity_sold = j.quantity
                AND s.date <= j.date
                AND s.location = j.location
                AND s.kind = 'sale'
                AND s.cancelled_by IS NULL) AS c
      WHERE c.nth <= c.rivals
      ORDER BY c.n, c.nth`,
    { rows: json(rows) },
  );
}

/** Notes on each sale which cancellation line took its demand back. */
export async function markCancelled(
  tx: Statements,
  pairs: readonly { readonly saleId: string; readonly cancelledBy: string }[],
): Promise<void> {
  for (const chunk of jsonChunks(pairs.map((pair) => [pair.saleId, pair.cancelledBy]))) {
    await tx.write(
      `UPDATE sales s
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                sale_id      VARCHAR(128) PATH '$[0]',
                cancelled_by VARCHAR(128) PATH '$[1]')) AS j
           ON s.sale_id = j.sale_id
          SET s.cancelled_by = j.cancelled_by, s.refunded = 1`,
      { rows: chunk },
    );
  }
}
