import * as z from 'zod';
import { LostSale, LostSaleTotals } from '../../contracts/api/order.ts';
import { toDecimal } from '../../contracts/csv/cells.ts';
import { flagColumn, moneyColumn, type Page, type PageAsked, timeColumn, where } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** An order line that found too little. Money in ten-thousandths. */
export interface LostLine {
  readonly orderId: string;
  readonly lineNo: number;
  readonly productId: string;
  readonly locationId: string;
  /** YYYY-MM-DD */
  readonly day: string;
  readonly asked: number;
  /** Units that there were for all lines of the order with this product. */
  readonly available: number;
  readonly price: number;
}

/** Remembers lines that were refused. The same line of the same order is lost once, however often it is tried. */
export async function recordLostSales(
  tx: Statements,
  lines: readonly LostLine[],
  by: { readonly source: string; readonly actor: string },
): Promise<void> {
  const rows = lines.map((line) => [
    line.orderId,
    line.lineNo,
    line.productId,
    line.locationId,
    line.day,
    line.asked,
    line.available,
    toDecimal(line.price),
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT IGNORE INTO lost_sale
              (order_id, line_no, product_id, location_id, day, asked, available, price, source, actor)
       SELECT j.order_id, j.line_no, j.product_id, j.location_id, j.day, j.asked, j.available, j.price, :source, :actor
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                order_id    VARCHAR(64)    PATH '$[0]',
                line_no     INT            PATH '$[1]',
                product_id  VARCHAR(64)    PATH '$[2]',
                location_id VARCHAR(50)    PATH '$[3]',
                day         DATE           PATH '$[4]',
                asked       INT            PATH '$[5]',
                available   BIGINT         PATH '$[6]',
                price       DECIMAL(12, 4) PATH '$[7]')) AS j`,
      { rows: chunk, ...by },
    );
  }
}

export interface LostSaleFilter {
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
  /** First and last day, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const Row = LostSale.extend({
  unit_price: moneyColumn,
  amount: moneyColumn,
  sold_later: flagColumn,
  recorded_at: timeColumn,
});
const Totals = LostSaleTotals.extend({
  asked: z.coerce.number(),
  short: z.coerce.number(),
  amount: moneyColumn,
  open_asked: z.coerce.number(),
  open_amount: moneyColumn,
});

/** Lost sales, newest day first, with the sums over all pages. */
export async function listLostSales(
  db: Statements,
  { productId, locationId, from, to }: LostSaleFilter,
  { skip, limit }: PageAsked,
): Promise<Page<LostSale> & { readonly totals: LostSaleTotals }> {
  const conditions = where([
    productId !== undefined && 's.product_id = :productId',
    locationId !== undefined && 's.location_id = :locationId',
    from !== undefined && 's.day >= :from',
    to !== undefined && 's.day <= :to',
  ]);
  const params = {
    ...(productId !== undefined && { productId }),
    ...(locationId !== undefined && { locationId }),
    ...(from !== undefined && { from: date(from) }),
    ...(to !== undefined && { to: date(to) }),
  };
  const [totals] = await db.select(
    Totals,
    `SELECT COUNT(DISTINCT s.order_id) AS orders, COUNT(*) AS \`lines\`, COALESCE(SUM(s.asked), 0) AS asked,
            COALESCE(SUM(GREATEST(s.asked - GREATEST(s.available, 0), 0)), 0) AS short,
            COALESCE(SUM(s.asked * s.price), 0) AS amount,
            COALESCE(SUM(CASE WHEN o.order_id IS NULL THEN s.asked END), 0) AS open_asked,
            COALESCE(SUM(CASE WHEN o.order_id IS NULL THEN s.asked * s.price END), 0) AS open_amount
       FROM lost_sale s
       LEFT JOIN orders o ON o.order_id = s.order_id
      ${conditions}`,
    params,
  );
  const data = await db.select(
    Row,
    `SELECT s.order_id, s.line_no AS line, s.product_id, p.product_name, s.location_id, s.day, s.asked, s.available,
            s.price AS unit_price, s.asked * s.price AS amount, s.source, o.order_id IS NOT NULL AS sold_later,
            s.recorded_at
       FROM lost_sale s
       JOIN products p ON p.product_id = s.product_id
       LEFT JOIN orders o ON o.order_id = s.order_id
      ${conditions}
      ORDER BY s.day DESC, s.order_id DESC, s.line_no
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: totals!.lines }, totals: totals! };
}
