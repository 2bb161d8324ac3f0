import * as z from 'zod';
import { type ProductCounts, sumCounts } from '../../core/analytics/operations/product-counts.ts';
import {
  ratioAnswer,
  type SaleToRestockRatio,
} from '../../core/analytics/operations/sale-to-restock-ratio.ts';
import { type StockoutCounts, stockoutAnswer } from '../../core/analytics/operations/stockout-counts.ts';
import { ratio } from '../../core/analytics/ratio.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { readInParts } from '../ledger/read-in-parts.ts';
import { stockDayLevels } from '../ledger/stock-day-levels.ts';
import type { PageAsked } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';

/** An operation's answer, and how many rows it has in all. */
export interface Counted<T> {
  readonly answer: T;
  readonly total: number;
}

/** Categories of one answer. */
const MOST_CATEGORIES = 5_000;

const units = z.coerce.number();
const Category = z.object({
  category: z.string().nullable(),
  catalogue: z.int(),
  stocked: z.int(),
  in_stock: units,
  out_of_stock: units,
  units_on_hand: units,
});

/** What `productCounts` makes of all products and their movements. */
export async function readProductCounts(db: Statements, through: string): Promise<ProductCounts> {
  const categories = await db.select(
    Category,
    `SELECT p.category, COUNT(*) AS catalogue, COUNT(u.units) AS stocked,
            COALESCE(SUM(u.units > 0), 0) AS in_stock, COALESCE(SUM(u.units <= 0), 0) AS out_of_stock,
            COALESCE(SUM(u.units), 0) AS units_on_hand
       FROM products p
       LEFT JOIN (SELECT l.product_id, SUM(l.quantity_change) AS units
                    FROM inventory_log l FORCE INDEX (inventory_log_position)
                   WHERE l.date < :end
                   GROUP BY l.product_id) AS u ON u.product_id = p.product_id
      WHERE p.is_service = 0
      GROUP BY p.category
      LIMIT ${MOST_CATEGORIES}`,
    { end: date(addDays(through, 1)) },
  );
  return sumCounts(categories, through);
}

const Item = z.object({
  product_id: z.string(),
  location_id: z.string(),
  stockouts: units,
  days_out: units,
  days_active: units,
  out_since: z.string().nullable(),
});
const RUNS_OUT = 'v.level <= 0 AND (v.level_before IS NULL OR v.level_before > 0)';

/** What `stockoutCounts` makes of the ledger, a page of its rows. */
export async function readStockoutCounts(
  db: Statements,
  through: string,
  { skip, limit }: PageAsked,
): Promise<Counted<StockoutCounts>> {
  const parts = await readInParts(
    db,
    'l.date < :end',
    { end: date(addDays(through, 1)) },
    ({ condition, params }) =>
      db.select(
        Item,
        `SELECT k.product_id, k.location_id, i.stockouts, i.days_out, i.days_active,
              CAST(FROM_DAYS(i.out_since) AS CHAR) AS out_since
         FROM (SELECT v.item, SUM(${RUNS_OUT}) AS stockouts,
                      SUM(CASE WHEN v.level <= 0 THEN COALESCE(v.next_day, TO_DAYS(:end)) - v.day ELSE 0 END) AS days_out,
                      TO_DAYS(:end) - MIN(v.day) AS days_active,
                      CASE WHEN SUM(v.level <= 0 AND v.next_day IS NULL) = 1
                           THEN MAX(CASE WHEN ${RUNS_OUT} THEN v.day END) END AS out_since
                 FROM ${stockDayLevels(condition, ':end')} AS v
                GROUP BY v.item) AS i
         JOIN stock k ON k.status_id = i.item
        ORDER BY k.product_id, k.location_id`,
        params,
      ),
  );
  const items = parts.flat();
  const sum = (count: (item: z.infer<typeof Item>) => number) =>
    items.reduce((total, item) => total + count(item), 0);
  const out = items.filter(({ stockouts }) => stockouts > 0);
  const sums = {
    items: items.length,
    items_ever_out: out.length,
    items_out_now: sum(({ out_since }) => (out_since === null ? 0 : 1)),
    stockouts: sum(({ stockouts }) => stockouts),
    days_out: sum(({ days_out }) => days_out),
    days_active: sum(({ days_active }) => days_active),
  };
  // items come by product and location, and equal days leave that order
  const rows = out.sort((a, b) => b.days_out - a.days_out).slice(skip, skip + limit);
  return { answer: stockoutAnswer(sums, rows, through), total: out.length };
}

const RatioRow = z.object({ product_id: z.string(), units_sold: units, units_restocked: units });
const RatioSums = z.object({ products: z.int(), units_sold: units, units_restocked: units });

const soldAndRestocked = (type: string): string =>
  `COALESCE(-SUM(CASE WHEN ${type} = 'sale' THEN l.quantity_change END), 0) AS units_sold,
                      COALESCE(SUM(CASE WHEN ${type} = 'receipt' THEN l.quantity_change END), 0) AS units_restocked`;
// what a reversal takes back decides what it counts as
const BOUGHT_AND_SOLD = `(SELECT m.product_id, SUM(m.units_sold) AS units_sold, SUM(m.units_restocked) AS units_restocked
         FROM (SELECT l.product_id, ${soldAndRestocked('l.change_type')}
                 FROM inventory_log l FORCE INDEX (PRIMARY)
                WHERE l.date < :end AND l.change_type IN ('sale', 'receipt') AND l.reverses_log_id IS NULL
                GROUP BY l.product_id
                UNION ALL
               SELECT l.product_id, ${soldAndRestocked('o.change_type')}
                 FROM inventory_log l
                 JOIN inventory_log o ON o.log_id = l.reverses_log_id
                WHERE l.date < :end AND o.change_type IN ('sale', 'receipt') AND l.reverses_log_id IS NOT NULL
                GROUP BY l.product_id) AS m
        GROUP BY m.product_id)`;

/** What `saleToRestockRatio` makes of the ledger, a page of its rows. */
export async function readSaleToRestockRatio(
  db: Statements,
  through: string,
  { skip, limit }: PageAsked,
): Promise<Counted<SaleToRestockRatio>> {
  const end = date(addDays(through, 1));
  const [[sums], rows] = await Promise.all([
    db.select(
      RatioSums,
      `SELECT COUNT(*) AS products, COALESCE(SUM(b.units_sold), 0) AS units_sold,
              COALESCE(SUM(b.units_restocked), 0) AS units_restocked
         FROM ${BOUGHT_AND_SOLD} AS b`,
      { end },
    ),
    db.select(
      RatioRow,
      `SELECT b.product_id, b.units_sold, b.units_restocked
         FROM ${BOUGHT_AND_SOLD} AS b
        ORDER BY b.units_sold DESC, b.product_id
        LIMIT :limit OFFSET :skip`,
      { end, skip, limit },
    ),
  ]);
  const products = rows.map((row) => ({ ...row, ratio: ratio(row.units_sold, row.units_restocked) }));
  return {
    answer: ratioAnswer(sums!.units_sold, sums!.units_restocked, products, through),
    total: sums!.products,
  };
}
