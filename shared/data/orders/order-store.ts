import { toDecimal } from '../../contracts/csv/cells.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

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

/** Makes orders that do not exist yet; the first line that names an order describes it. Answers how many it made. */
export async function insertOrders(
  tx: Statements,
  source: string,
  orders: readonly OrderRow[],
): Promise<number> {
  let made = 0;
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
    const { updated } = await tx.write(
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
    made += updated;
  }
  return made;
}

/** What made an order: an import or a call, the hash of the request, and when. */
export interface OrderOrigin {
  readonly source: string;
  readonly contentHash: string;
  readonly createdAt: string;
}

/** Makes one order; false when there is one of that id. */
export async function insertOrder(tx: Statements, order: OrderRow, origin: OrderOrigin): Promise<boolean> {
  const { updated } = await tx.write(
    `INSERT IGNORE INTO orders
            (order_id, customer_id, seller_id, order_date, order_status, payment_method, city, state, country, source,
             content_hash, created_at)
     VALUES (:orderId, :customerId, :sellerId, :date, :status, :paymentMethod, :city, :state, :country, :source,
             :contentHash, :createdAt)`,
    { ...order, ...origin },
  );
  return updated === 1;
}

/** Writes order lines that must not exist yet; `importNo` = of the import that brings them. */
export async function insertSales(
  tx: Statements,
  sales: readonly SaleRow[],
  importNo: number | null = null,
): Promise<void> {
  // Every column of JSON_TABLE costs: most lines need only those of the plain statement.
  const plain = sales.filter(isPlain);
  for (const rows of jsonChunks(plain.map(plainCells))) await tx.write(INSERT_PLAIN, { rows, importNo });
  if (plain.length === sales.length) return;
  const full = sales.filter((sale) => !isPlain(sale));
  for (const rows of jsonChunks(full.map(fullCells))) await tx.write(INSERT_FULL, { rows, importNo });
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

/** Everything of a line but what imports add, in the order of `FULL_COLUMNS`. */
export const fullCells = (sale: SaleRow): readonly unknown[] => [
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

/** Columns of JSON_TABLE for `fullCells`. */
export const FULL_COLUMNS = `${PLAIN_COLUMNS},
                discount      DECIMAL(12, 4) PATH '$[11]',
                tax           DECIMAL(12, 4) PATH '$[12]',
                shipping_cost DECIMAL(12, 4) PATH '$[13]',
                total_amount  DECIMAL(14, 4) PATH '$[14]',
                refunded      INT            PATH '$[15]'`;

const INSERT_PLAIN = `
      INSERT INTO sales
              (sale_id, order_id, customer_id, product_id, location, date, kind, quantity_sold, sale_price,
               reason, content_hash, import_no, total_amount)
       SELECT j.sale_id, j.order_id, j.customer_id, j.product_id, j.location, j.date, j.kind, j.quantity_sold,
              j.sale_price, j.reason, j.content_hash, :importNo, j.quantity_sold * j.sale_price
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${PLAIN_COLUMNS})) AS j`;

const INSERT_FULL = `
      INSERT INTO sales
              (sale_id, order_id, customer_id, product_id, location, date, kind, quantity_sold, sale_price,
               reason, content_hash, import_no, discount, tax, shipping_cost, total_amount, refunded)
       SELECT j.sale_id, j.order_id, j.customer_id, j.product_id, j.location, j.date, j.kind, j.quantity_sold,
              j.sale_price, j.reason, j.content_hash, :importNo, j.discount, j.tax, j.shipping_cost, j.total_amount,
              j.refunded
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${FULL_COLUMNS})) AS j`;
