import * as z from 'zod';
import { toDecimal } from '../contracts/csv/cells.ts';
import { json, type Statements } from './database.ts';
import { jsonChunks } from './json-chunks.ts';

/** What a line does: see the table `sales`. */
export type SaleKind = 'sale' | 'return' | 'cancelled' | 'service' | 'adjustment';

export interface OrderRow {
  readonly orderId: string;
  readonly customerId: string | null;
  readonly sellerId: string | null;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC */
  readonly date: string;
  readonly status: string;
  readonly paymentMethod: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly country: string | null;
}

/** An order line. Money in ten-thousandths. */
export interface SaleRow {
  readonly saleId: string;
  readonly orderId: string;
  readonly customerId: string | null;
  readonly productId: string;
  readonly locationId: string;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC */
  readonly date: string;
  readonly kind: SaleKind;
  readonly quantity: number;
  readonly price: number;
  readonly discount: number;
  readonly tax: number;
  readonly shippingCost: number;
  readonly total: number;
  readonly refunded: boolean;
  readonly reason: string | null;
  readonly contentHash: string;
}

/** Makes orders that do not exist yet; the first line that names an order describes it. */
export async function insertOrders(
  tx: Statements,
  source: string,
  orders: readonly OrderRow[],
): Promise<void> {
  const rows = orders.map((order) => [
    order.orderId,
    order.customerId,
    order.sellerId,
    order.date,
    order.status,
    order.paymentMethod,
    order.city,
    order.state,
    order.country,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT IGNORE INTO orders
              (order_id, customer_id, seller_id, order_date, order_status, payment_method, city, state, country,
               source)
       SELECT j.order_id, j.customer_id, j.seller_id, j.order_date, j.order_status, j.payment_method, j.city,
              j.state, j.country, :source
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                order_id       VARCHAR(64)  PATH '$[0]',
                customer_id    VARCHAR(64)  PATH '$[1]',
                seller_id      VARCHAR(64)  PATH '$[2]',
                order_date     DATETIME(3)  PATH '$[3]',
                order_status   VARCHAR(20)  PATH '$[4]',
                payment_method VARCHAR(50)  PATH '$[5]',
                city           VARCHAR(100) PATH '$[6]',
                state          VARCHAR(100) PATH '$[7]',
                country        VARCHAR(100) PATH '$[8]')) AS j`,
      { rows: chunk, source },
    );
  }
}

/** Writes order lines that must not exist yet. */
export async function insertSales(tx: Statements, sales: readonly SaleRow[]): Promise<void> {
  // Every column of JSON_TABLE costs: most lines need only those of the plain statement.
  const plain = sales.filter(isPlain);
  for (const rows of jsonChunks(plain.map(plainCells))) await tx.write(INSERT_PLAIN, { rows });
  if (plain.length === sales.length) return;
  const full = sales.filter((sale) => !isPlain(sale));
  for (const rows of jsonChunks(full.map(fullCells))) await tx.write(INSERT_FULL, { rows });
}

/** Nothing but quantity times price. */
const isPlain = (sale: SaleRow): boolean =>
  sale.discount === 0 &&
  sale.tax === 0 &&
  sale.shippingCost === 0 &&
  !sale.refunded &&
  sale.total === sale.quantity * sale.price;

const plainCells = (sale: SaleRow): readonly unknown[] => [
  sale.saleId,
  sale.orderId,
  sale.customerId,
  sale.productId,
  sale.locationId,
  sale.date,
  sale.kind,
  sale.quantity,
  toDecimal(sale.price),
  sale.reason,
  sale.contentHash,
];

const fullCells = (sale: SaleRow): readonly unknown[] => [
  ...plainCells(sale),
  toDecimal(sale.discount),
  toDecimal(sale.tax),
  toDecimal(sale.shippingCost),
  toDecimal(sale.total),
  sale.refunded ? 1 : 0,
];

const PLAIN_COLUMNS = `
                sale_id       VARCHAR(128)   PATH '$[0]',
                order_id      VARCHAR(64)    PATH '$[1]',
                customer_id   VARCHAR(64)    PATH '$[2]',
                product_id    VARCHAR(64)    PATH '$[3]',
                location      VARCHAR(50)    PATH '$[4]',
                date          DATETIME(3)    PATH '$[5]',
                kind          VARCHAR(12)    PATH '$[6]',
                quantity_sold INT            PATH '$[7]',
                sale_price    DECIMAL(12, 4) PATH '$[8]',
                reason        VARCHAR(255)   PATH '$[9]',
                content_hash  VARCHAR(12)    PATH '$[10]'`;

const INSERT_PLAIN = `
      INSERT INTO sales
              (sale_id, order_id, customer_id, product_id, location, date, kind, quantity_sold, sale_price,
               reason, content_hash, total_amount)
       SELECT j.sale_id, j.order_id, j.customer_id, j.product_id, j.location, j.date, j.kind, j.quantity_sold,
              j.sale_price, j.reason, j.content_hash, j.quantity_sold * j.sale_price
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${PLAIN_COLUMNS})) AS j`;

const INSERT_FULL = `
      INSERT INTO sales
              (sale_id, order_id, customer_id, product_id, location, date, kind, quantity_sold, sale_price,
               reason, content_hash, discount, tax, shipping_cost, total_amount, refunded)
       SELECT j.sale_id, j.order_id, j.customer_id, j.product_id, j.location, j.date, j.kind, j.quantity_sold,
              j.sale_price, j.reason, j.content_hash, j.discount, j.tax, j.shipping_cost, j.total_amount,
              j.refunded
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${PLAIN_COLUMNS},
                discount      DECIMAL(12, 4) PATH '$[11]',
                tax           DECIMAL(12, 4) PATH '$[12]',
                shipping_cost DECIMAL(12, 4) PATH '$[13]',
                total_amount  DECIMAL(14, 4) PATH '$[14]',
                refunded      INT            PATH '$[15]')) AS j`;

const Existing = z.object({ sale_id: z.string(), content_hash: z.string() });

/** The content hash of each of these lines that is already recorded. At most 4,000 ids at once. */
export async function recordedSales(
  tx: Statements,
  saleIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.select(
    Existing,
    `SELECT STRAIGHT_JOIN s.sale_id, s.content_hash
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
       JOIN sales s ON s.sale_id = j.id`,
    { ids: json(saleIds) },
  );
  return new Map(rows.map((row) => [row.sale_id, row.content_hash]));
}

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
    `SELECT c.n, c.sale_id, c.date, c.revenue
       FROM (SELECT STRAIGHT_JOIN
                    j.n, j.rivals, s.sale_id, CAST(s.date AS CHAR) AS date,
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
