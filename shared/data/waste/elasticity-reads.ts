import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import {
  type Elasticity,
  type ElasticityPool,
  type PriceWeek,
  poolElasticities,
  priceElasticity,
  type ShrunkElasticity,
  shrinkElasticity,
} from '../../core/inventory/waste/elasticity.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, json, type Statements } from '../sql/database.ts';

/** What the prices of products did to their demand, as far as anybody can tell. */
export interface PriceHistory {
  /** Undefined: unknown. */
  readonly elasticity: ShrunkElasticity | undefined;
  /** Of the product alone. */
  readonly own: Elasticity | undefined;
  /** Lowest, highest and newest price of a week; null without a sale in two years. */
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly newest: number | null;
}

const WEEKS = 104;
/** Products of a category that tell of the others, those that sold on most days of a year. */
const OF_A_CATEGORY = 40;
const MOST_CATEGORIES = 100;
/** Products of one statement: two years of weeks each fit into its answer. */
const PRODUCTS_PER_READ = 250;

const Member = z.object({ product_id: z.string(), category: z.string() });
const WeeksRow = z.object({
  product_id: z.string(),
  weeks: jsonColumn(z.array(z.tuple([z.int(), z.coerce.number(), z.coerce.number()]))),
});

/** What is known of the prices of these products and of others of their categories, by product. */
export async function readPriceHistories(
  db: Statements,
  products: readonly { readonly productId: string; readonly category: string | null }[],
  asOf: string,
): Promise<Map<string, PriceHistory>> {
  const asked = new Map(products.map(({ productId, category }) => [productId, category]));
  const categories = [...new Set(asked.values())].filter((one) => one !== null).slice(0, MOST_CATEGORIES);
  const members = categories.length === 0 ? [] : await readMembers(db, categories, asOf);
  const categoryOf = new Map<string, string | null>(members.map((row) => [row.product_id, row.category]));
  for (const [productId, category] of asked) categoryOf.set(productId, category);
  const sold = await readWeeks(db, [...categoryOf.keys()], asOf);
  const totals = categoryTotals(sold, categoryOf);
  const own = new Map<string, Elasticity | undefined>();
  for (const [productId, weeks] of sold) {
    const total = totals.get(categoryOf.get(productId) ?? null)!;
    own.set(productId, priceElasticity(priceWeeks(weeks, total)));
  }
  const pools = new Map<string | null, ElasticityPool | undefined>();
  for (const category of categories) {
    const some = [...own].filter(([productId, one]) => one && categoryOf.get(productId) === category);
    pools.set(category, poolElasticities(some.map(([, one]) => one!)));
  }
  return new Map(
    [...asked].map(([productId, category]) => {
      const prices = (sold.get(productId) ?? []).map(({ price }) => price);
      return [
        productId,
        {
          own: own.get(productId),
          elasticity: shrinkElasticity(own.get(productId), pools.get(category)),
          lowest: prices.length > 0 ? Math.min(...prices) : null,
          highest: prices.length > 0 ? Math.max(...prices) : null,
          newest: prices.at(-1) ?? null,
        },
      ];
    }),
  );
}

interface SoldWeek {
  /** Weeks before today; the list begins with the oldest. */
  readonly age: number;
  readonly units: number;
  readonly price: number;
}

async function readMembers(
  db: Statements,
  categories: readonly string[],
  asOf: string,
): Promise<z.infer<typeof Member>[]> {
  return await db.select(
    Member,
    `SELECT x.product_id, x.category
       FROM (SELECT p.product_id, p.category, ROW_NUMBER() OVER (PARTITION BY p.category
                                                                     ORDER BY COUNT(*) DESC, p.product_id) AS place
               FROM JSON_TABLE(:categories, '$[*]' COLUMNS (category VARCHAR(100) PATH '$')) AS j
               JOIN products p ON p.category = j.category AND p.is_service = 0
               JOIN demand d ON d.product_id = p.product_id AND d.date > :after AND d.date <= :asOf AND d.quantity > 0
              GROUP BY p.product_id, p.category) AS x
      WHERE x.place <= ${OF_A_CATEGORY}`,
    { categories: json(categories), after: date(addDays(asOf, -365)), asOf: date(asOf) },
  );
}

async function readWeeks(
  db: Statements,
  productIds: readonly string[],
  asOf: string,
): Promise<Map<string, SoldWeek[]>> {
  const sold = new Map<string, SoldWeek[]>();
  for (let at = 0; at < productIds.length; at += PRODUCTS_PER_READ) {
    const rows = await db.select(
      WeeksRow,
      // The mean over days, not over units: a large order at a special price is one day of a week.
      `SELECT x.product_id, JSON_ARRAYAGG(JSON_ARRAY(x.age, x.units, x.price)) AS weeks
         FROM (SELECT STRAIGHT_JOIN d.product_id, FLOOR(DATEDIFF(:asOf, d.date) / 7) AS age,
                      SUM(d.quantity) AS units, ROUND(AVG(d.revenue / d.quantity), 4) AS price
                 FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
                 JOIN demand d ON d.product_id = j.id
                WHERE d.date > :after AND d.date <= :asOf AND d.quantity > 0 AND d.revenue > 0
                GROUP BY d.product_id, age) AS x
        GROUP BY x.product_id`,
      {
        ids: json(productIds.slice(at, at + PRODUCTS_PER_READ)),
        after: date(addDays(asOf, -7 * WEEKS)),
        asOf: date(asOf),
      },
    );
    for (const row of rows) {
      const weeks = row.weeks.map(([age, units, price]) => ({ age, units, price }));
      sold.set(
        row.product_id,
        weeks.sort((a, b) => b.age - a.age),
      );
    }
  }
  return sold;
}

/** Units of each week by category: its season, and what is in fashion. */
function categoryTotals(
  sold: ReadonlyMap<string, readonly SoldWeek[]>,
  categoryOf: ReadonlyMap<string, string | null>,
): Map<string | null, Float64Array> {
  const totals = new Map<string | null, Float64Array>();
  for (const [productId, weeks] of sold) {
    const category = categoryOf.get(productId) ?? null;
    const total = totals.get(category) ?? new Float64Array(WEEKS);
    for (const { age, units } of weeks) if (age < WEEKS) total[age]! += units;
    totals.set(category, total);
  }
  return totals;
}

/**
 * Weeks from the first sale to the last: in one without a sale the price of before holds. What is to be expected of a
 * week is what the others of the category sold, a tenth of their mean at least.
 */
function priceWeeks(weeks: readonly SoldWeek[], total: Float64Array): PriceWeek[] {
  const first = weeks[0]?.age ?? 0;
  const last = weeks.at(-1)?.age ?? 0;
  const byAge = new Map(weeks.map((week) => [week.age, week]));
  const others = (age: number) => (total[age] ?? 0) - (byAge.get(age)?.units ?? 0);
  let mean = 0;
  for (let age = last; age <= first; age++) mean += others(age) / (first - last + 1);
  const rows: PriceWeek[] = [];
  let price = weeks[0]?.price ?? 0;
  for (let age = first; age >= last; age--) {
    const week = byAge.get(age);
    price = week?.price ?? price;
    rows.push({ units: week?.units ?? 0, price, base: mean > 0 ? Math.max(0.1 * mean, others(age)) : 1 });
  }
  return rows;
}
