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

const RatioRow = z.object({
  product_id: z.string(),
  units_sold: units,
  units_restocked: units,
  products: z.int(),
  all_sold: units,
  all_restocked: units,
});

// what a reversal takes back decides what it counts as
const BOUGHT_AND_SOLD = `(SELECT m.product_id, SUM(m.units_sold) AS units_sold, SUM(m.units_restocked) AS units_restocked
         FROM (SELECT d.product_id, SUM(d.quantity) AS units_sold, 0 AS units_restocked
                 FROM demand d FORCE INDEX (PRIMARY)
                WHERE d.date < :end AND d.sale_lines > 0
                GROUP BY d.product_id
                UNION ALL
               SELECT l.product_id, 0, SUM(l.quantity_change)
                 FROM inventory_log l FORCE INDEX (inventory_log_position)
                WHERE l.date < :end AND l.change_type = 'receipt'
                GROUP BY l.product_id
                UNION ALL
               SELECT l.product_id, 0, SUM(l.quantity_change)
                 FROM inventory_log l
                 JOIN inventory_log o ON o.log_id = l.reverses_log_id
                WHERE l.date < :end AND o.change_type = 'receipt' AND l.reverses_log_id IS NOT NULL
                GROUP BY l.product_id) AS m
        GROUP BY m.product_id)`;

/** What `saleToRestockRatio` makes of the ledger and the demand, from which cancelled sales are gone, a page of its rows. */
export async function readSaleToRestockRatio(
  db: Statements,
  through: string,
  { skip, limit }: PageAsked,
): Promise<Counted<SaleToRestockRatio>> {
  const read = (from: number, most: number) =>
    db.select(
      RatioRow,
      `SELECT b.product_id, b.units_sold, b.units_restocked, COUNT(*) OVER () AS products,
              SUM(b.units_sold) OVER () AS all_sold, SUM(b.units_restocked) OVER () AS all_restocked
         FROM ${BOUGHT_AND_SOLD} AS b
        ORDER BY b.units_sold DESC, b.product_id
        LIMIT :most OFFSET :from`,
      { end: date(addDays(through, 1)), from, most },
    );
  const rows = await read(skip, limit);
  // a page behind the last has no row that tells the sums
  const [sums] = rows.length > 0 ? rows : await read(0, 1);
  const products = rows.map(({ product_id, units_sold, units_restocked }) => ({
    ...{ product_id, units_sold, units_restocked },
    ratio: ratio(units_sold, units_restocked),
  }));
  return {
    answer: ratioAnswer(sums?.all_sold ?? 0, sums?.all_restocked ?? 0, products, through),
    total: sums?.products ?? 0,
  };
}
