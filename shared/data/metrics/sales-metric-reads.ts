import * as z from 'zod';
import { type Counted as CountedValue, describeValues } from '../../core/analytics/describe-values.ts';
import { moneyText } from '../../core/analytics/money-text.ts';
import { monthsOf, type SalesDescription } from '../../core/analytics/operations/describe-sales.ts';
import {
  type RefundData,
  type RefundSum,
  refundAnswer,
} from '../../core/analytics/operations/gather-refund-data.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { goodsBack } from '../orders/net-sales.ts';
import { type PageAsked, Total } from '../sql/columns.ts';
import { date, json, type Statements } from '../sql/database.ts';
import type { Counted } from './stock-metric-reads.ts';

/** Money in ten-thousandths. */
const amount = z.string().transform((text) => Math.round(Number(text) * 10_000));
const units = z.coerce.number();

const Value = z.object({ value: z.int(), n: z.int() });
/** Different quantities of a line that are read at once (a row is below 200 bytes), and at all. */
const VALUES_PER_READ = 5_000;
const MOST_VALUES = 500_000;
/** Months and reasons of one answer. */
const MOST_ROWS = 2_000;

/** The lines behind demand: sold, and not cancelled. */
const IS_SOLD = `s.kind = 'sale' AND s.cancelled_by IS NULL AND s.date < :end`;

const Month = z.object({
  // 201112, by which is grouped seven times as fast as by its text
  month: z.coerce.string().transform((text) => `${text.slice(0, -2)}-${text.slice(-2)}`),
  lines: units,
  units,
  amount,
});
const Product = z.object({ product_id: z.string(), units, amount });
const Quantity = Value.extend({ product_id: z.string() });

/** What `describeSales` makes of all sales, a page of its rows. */
export async function readSalesDescription(
  db: Statements,
  through: string,
  { skip, limit }: PageAsked,
): Promise<Counted<SalesDescription>> {
  const params = { through: date(through) };
  // by the primary key: by that of days every row would be looked up
  const sold = `demand d FORCE INDEX (PRIMARY) WHERE d.date <= :through AND d.sale_lines > 0`;
  const [months, products, [total], all] = await Promise.all([
    db.select(
      Month,
      `SELECT EXTRACT(YEAR_MONTH FROM d.date) AS month, SUM(d.sale_lines) AS \`lines\`, SUM(d.quantity) AS units,
              CAST(SUM(d.revenue) AS CHAR) AS amount
         FROM ${sold}
        GROUP BY month
        ORDER BY month
        LIMIT ${MOST_ROWS}`,
      params,
    ),
    db.select(
      Product,
      `SELECT d.product_id, SUM(d.quantity) AS units, CAST(SUM(d.revenue) AS CHAR) AS amount
         FROM ${sold}
        GROUP BY d.product_id
        ORDER BY units DESC, d.product_id
        LIMIT :limit OFFSET :skip`,
      { ...params, skip, limit },
    ),
    db.select(Total, `SELECT COUNT(DISTINCT d.product_id) AS total FROM ${sold}`, params),
    allQuantities(db, through),
  ]);
  const quantities = await quantitiesOf(
    db,
    products.map((product) => product.product_id),
    through,
  );
  const answer: SalesDescription = {
    operation: 'describe_sales',
    through,
    units: months.reduce((sum, month) => sum + month.units, 0),
    revenue: moneyText(months.reduce((sum, month) => sum + month.amount, 0)),
    quantity: describeValues(all),
    months: monthsOf(months),
    rows: products.map((product) => ({
      product_id: product.product_id,
      units: product.units,
      revenue: moneyText(product.amount),
      quantity: describeValues(quantities.get(product.product_id) ?? []),
    })),
  };
  return { answer, total: total!.total };
}

/** How often each quantity was sold in a line. */
async function allQuantities(db: Statements, through: string): Promise<CountedValue[]> {
  const values: CountedValue[] = [];
  let after = -2_147_483_648;
  while (values.length < MOST_VALUES) {
    const rows = await db.select(
      Value,
      `SELECT s.quantity_sold AS value, COUNT(*) AS n
         FROM sales s
        WHERE ${IS_SOLD} AND s.quantity_sold > :after
        GROUP BY s.quantity_sold
        ORDER BY s.quantity_sold
        LIMIT ${VALUES_PER_READ}`,
      { end: date(addDays(through, 1)), after },
    );
    for (const { value, n } of rows) values.push([value, n]);
    if (rows.length < VALUES_PER_READ) return values;
    after = rows.at(-1)!.value;
  }
  throw new RangeError(`lines of more than ${MOST_VALUES} different quantities`);
}

/** The same of single products, in reads of a limited size however many quantities they were sold in. */
async function quantitiesOf(
  db: Statements,
  productIds: readonly string[],
  through: string,
): Promise<Map<string, CountedValue[]>> {
  const found = new Map<string, CountedValue[]>(productIds.map((id) => [id, []]));
  let [product, value] = ['', 0];
  for (let read = 0; read < MOST_VALUES / VALUES_PER_READ && productIds.length > 0; read++) {
    const rows = await db.select(
      Quantity,
      `SELECT STRAIGHT_JOIN s.product_id, s.quantity_sold AS value, COUNT(*) AS n
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS j
         JOIN sales s FORCE INDEX (sales_product) ON s.product_id = j.product_id
        WHERE ${IS_SOLD} AND (s.product_id, s.quantity_sold) > (:product, :value)
        GROUP BY s.product_id, s.quantity_sold
        ORDER BY s.product_id, s.quantity_sold
        LIMIT ${VALUES_PER_READ}`,
      { ids: json(productIds.filter((id) => id >= product)), end: date(addDays(through, 1)), product, value },
    );
    for (const row of rows) found.get(row.product_id)!.push([row.value, row.n]);
    if (rows.length < VALUES_PER_READ) return found;
    ({ product_id: product, value } = rows.at(-1)!);
  }
  if (productIds.length === 0) return found;
  throw new RangeError(`lines of more than ${MOST_VALUES} different quantities`);
}

const Sold = z.object({ lines: units, units, amount });
const Sum = z.object({ name: z.string().nullable(), refunds: units, units, amount });
const ProductSum = Sum.extend({ name: z.string(), units_sold: units });

/** What `gatherRefundData` makes of all sales and what came back of them, a page of its rows. */
export async function readRefundData(
  db: Statements,
  through: string,
  { skip, limit }: PageAsked,
): Promise<Counted<RefundData>> {
  const params = { through: date(through) };
  const isCounted = (day: string) => `${day} <= :through`;
  const [sold] = await db.select(
    Sold,
    `SELECT COALESCE(SUM(d.sale_lines), 0) AS \`lines\`, COALESCE(SUM(d.quantity), 0) AS units,
            CAST(COALESCE(SUM(d.revenue), 0) AS CHAR) AS amount
       FROM demand d
      WHERE d.date <= :through`,
    params,
  );
  const reasons: RefundSum[] = await db.select(
    Sum,
    `SELECT b.name, SUM(b.refunds) AS refunds, SUM(b.units) AS units, CAST(SUM(b.amount) AS CHAR) AS amount
       FROM ${goodsBack(({ reason }) => reason, isCounted)} AS b
      GROUP BY b.name
      ORDER BY units DESC, b.name
      LIMIT ${MOST_ROWS}`,
    params,
  );
  const products = await db.select(
    ProductSum,
    `SELECT r.*, (SELECT COALESCE(SUM(d.quantity), 0)
                    FROM demand d
                   WHERE d.product_id = r.name AND d.date <= :through) AS units_sold
       FROM (SELECT b.name, SUM(b.refunds) AS refunds, SUM(b.units) AS units, CAST(SUM(b.amount) AS CHAR) AS amount
               FROM ${goodsBack(({ product }) => product, isCounted)} AS b
              GROUP BY b.name
              ORDER BY units DESC, b.name
              LIMIT :limit OFFSET :skip) AS r`,
    { ...params, skip, limit },
  );
  const [back] = await db.select(
    Total,
    `SELECT COUNT(DISTINCT b.name) AS total FROM ${goodsBack(({ product }) => product, isCounted)} AS b`,
    params,
  );
  const answer = refundAnswer(
    sold!,
    reasons,
    products.map(({ units_sold, ...sum }) => ({ ...sum, unitsSold: units_sold })),
    through,
  );
  return { answer, total: back!.total };
}
