import * as z from 'zod';
import { isOfCategory, NO_CATEGORY } from '../forecasts/group-members-store.ts';
import { isExpecting } from '../ledger/position-store.ts';
import { json, type Statements } from '../sql/database.ts';

/** What is there of a category's active goods, and what is to be ordered of them. */
export interface CategoryStock {
  readonly products: number;
  /** Products that an active supplier offers. */
  readonly supplied: number;
  readonly stock: number;
  /** On approved orders, and not yet received. */
  readonly coming: number;
  /** Mean over the supplied products; null where there is none. */
  readonly leadTimeDays: number | null;
}

const Row = z
  .object({
    products: z.int(),
    supplied: z.coerce.number(),
    stock: z.coerce.number(),
    coming: z.coerce.number(),
    lead_time_days: z.coerce.number().nullable(),
  })
  .transform(({ lead_time_days, ...row }) => ({ ...row, leadTimeDays: lead_time_days }));

const FIGURES = `COUNT(x.product_id) AS products, COUNT(x.lead_time_days) AS supplied,
            COALESCE(SUM(x.stock), 0) AS stock, COALESCE(SUM(x.coming), 0) AS coming,
            AVG(x.lead_time_days) AS lead_time_days`;
const OF_PRODUCT = `p.product_id,
                    (SELECT SUM(s.stock_level - s.committed) FROM stock s WHERE s.product_id = p.product_id) AS stock,
                    (SELECT SUM(GREATEST(l.quantity - l.quantity_received, 0))
                       FROM purchase_order_line l
                       JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id
                      WHERE l.product_id = p.product_id AND l.line_status = 'open'
                        AND ${isExpecting('o')}) AS coming,
                    (SELECT i.lead_time_days
                       FROM supplier_item i
                       JOIN supplier u ON u.supplier_id = i.supplier_id AND u.is_active = 1
                      WHERE i.product_id = p.product_id
                      ORDER BY i.priority, i.supplier_id
                      LIMIT 1) AS lead_time_days`;

/** The stock of one category, named as products write it. */
export async function readCategoryStock(db: Statements, category: string): Promise<CategoryStock> {
  const [row] = await db.select(
    Row,
    `SELECT ${FIGURES}
       FROM (SELECT ${OF_PRODUCT}
               FROM products p
              WHERE ${isOfCategory(category)} AND p.is_active = 1 AND p.is_service = 0) AS x`,
    { category },
  );
  return row!;
}

const Needed = z.object({ category: z.string(), suggestions: z.int(), units: z.coerce.number() });

/** What is suggested of a category, over all its products and locations. */
export interface CategoryNeed {
  readonly suggestions: number;
  readonly units: number;
}

/** Open suggestions summed over each of the categories; those without any are left out. */
export async function readCategoryNeeds(
  db: Statements,
  categories: readonly string[],
): Promise<Map<string, CategoryNeed>> {
  const rows = await db.select(
    Needed,
    `SELECT j.category, COUNT(*) AS suggestions, SUM(x.quantity) AS units
       FROM (SELECT COALESCE(NULLIF(p.category, ''), '${NO_CATEGORY}') AS category, g.quantity
               FROM suggestion g
               JOIN products p ON p.product_id = g.product_id
              WHERE g.status = 'open') AS x
       JOIN JSON_TABLE(:categories, '$[*]' COLUMNS (category VARCHAR(100) PATH '$')) AS j ON j.category = x.category
      GROUP BY j.category`,
    { categories: json(categories) },
  );
  return new Map(rows.map(({ category, ...need }) => [category, need]));
}
