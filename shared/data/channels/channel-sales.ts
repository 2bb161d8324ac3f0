import { toDecimal } from '../../contracts/csv/cells.ts';
import { insertCustomerStubs } from '../catalogue/party-store.ts';
import { insertOrders, type OrderRow, type SaleRow } from '../orders/order-store.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** Makes an order, or brings it to what its shop says of it now. The customer is known by an opaque id only. */
export async function saveOrder(tx: Statements, source: string, order: OrderRow): Promise<void> {
  const { customerId } = order;
  if (customerId !== null)
    await insertCustomerStubs(tx, [
      { customerId, name: customerId, city: null, state: null, country: order.country },
    ]);
  await insertOrders(tx, source, [order]);
  await tx.write(
    `UPDATE orders
        SET customer_id = :customerId, order_date = :date, order_status = :status, country = :country
      WHERE order_id = :orderId`,
    { orderId: order.orderId, customerId, date: order.date, status: order.status, country: order.country },
  );
}

/** A line with the values that it has now. */
export type Revision = Pick<
  SaleRow,
  | 'saleId'
  | 'productId'
  | 'locationId'
  | 'date'
  | 'kind'
  | 'quantity'
  | 'price'
  | 'discount'
  | 'tax'
  | 'total'
  | 'refunded'
  | 'reason'
  | 'contentHash'
>;

/** Gives lines that are recorded other values; their movements are corrected beside it. */
export async function reviseSales(tx: Statements, lines: readonly Revision[]): Promise<void> {
  const rows = lines.map((line) => [
    line.saleId,
    line.productId,
    line.locationId,
    line.date,
    line.kind,
    line.quantity,
    toDecimal(line.price),
    toDecimal(line.discount),
    toDecimal(line.tax),
    toDecimal(line.total),
    line.refunded ? 1 : 0,
    line.reason,
    line.contentHash,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `UPDATE sales s
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                sale_id       VARCHAR(128)   PATH '$[0]',
                product_id    VARCHAR(64)    PATH '$[1]',
                location      VARCHAR(50)    PATH '$[2]',
                date          DATETIME(3)    PATH '$[3]',
                kind          VARCHAR(12)    PATH '$[4]',
                quantity_sold INT            PATH '$[5]',
                sale_price    DECIMAL(12, 4) PATH '$[6]',
                discount      DECIMAL(12, 4) PATH '$[7]',
                tax           DECIMAL(12, 4) PATH '$[8]',
                total_amount  DECIMAL(14, 4) PATH '$[9]',
                refunded      INT            PATH '$[10]',
                reason        VARCHAR(255)   PATH '$[11]',
                content_hash  VARCHAR(12)    PATH '$[12]')) AS j
           ON s.sale_id = j.sale_id
          SET s.product_id = j.product_id, s.location = j.location, s.date = j.date, s.kind = j.kind,
              s.quantity_sold = j.quantity_sold, s.sale_price = j.sale_price, s.discount = j.discount,
              s.tax = j.tax, s.total_amount = j.total_amount, s.refunded = j.refunded, s.reason = j.reason,
              s.content_hash = j.content_hash`,
      { rows: chunk },
    );
  }
}
