import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { date, type Statements } from '../sql/database.ts';
import { HISTORY_PERIODS, PERIOD_DAYS } from './series-store.ts';

/** What products without a category are shown as. */
export const NO_CATEGORY = 'Uncategorised';

/** Days whose units are read one by one: a year of whole weeks. */
export const DAYS_READ = 364;

/** Most categories of one run. */
export const MOST_CATEGORIES = 5000;
/** Products of one read, and most reads of one category, or of all. */
const PRODUCTS_PER_READ = 2000;
const MOST_READS = 1000;

const Category = z.object({ category: z.string(), series: z.int() });
export type Category = z.infer<typeof Category>;

/** The categories of a run's forecasts, by name, with their numbers of series. */
export async function readCategories(db: Statements, runId: string): Promise<Category[]> {
  const rows = await db.select(
    Category,
    // names that the column holds to be the same are one category; which spelling is shown must not be chance
    `SELECT MIN(x.category COLLATE utf8mb4_bin) AS category, COUNT(*) AS series
       FROM (SELECT COALESCE(NULLIF(p.category, ''), '${NO_CATEGORY}') AS category
               FROM forecast f
               JOIN products p ON p.product_id = f.product_id
              WHERE f.run_id = :runId) AS x
      GROUP BY x.category
      ORDER BY category
      LIMIT ${MOST_CATEGORIES + 1}`,
    { runId },
  );
  if (rows.length > MOST_CATEGORIES)
    throw new RangeError(`more than ${MOST_CATEGORIES} categories in one run`);
  return rows;
}

/** What the members of a group ask for and are forecast to. */
export interface Members {
  /** Units per week, oldest first; the first has demand, the last ends on `as_of`. */
  readonly weeks: Float64Array;
  /** Units of the newest 364 days. */
  readonly days: Float64Array;
  /** Sums of the members' means, per period ahead. */
  readonly means: readonly number[];
}

const Page = z.object({ last: z.string().nullable(), products: z.int() });
const Bucket = z.object({ bucket: z.int(), units: z.coerce.number() });
const Mean = z.object({ period: z.int(), mean: z.number() });

/**
 * The demand of a category's products that the run forecasts, and the sums of those forecasts: one pass over its demand,
 * a bounded number of products at a time.
 */
export async function readMembers(
  db: Statements,
  runId: string,
  category: string,
  asOf: string,
): Promise<Members> {
  const means: number[] = [];
  const demand = await readDemand(db, { runId, category }, asOf, async (range) => {
    for (const { period, mean } of await readMeans(db, range)) {
      means[period - 1] = (means[period - 1] ?? 0) + mean;
    }
  });
  return { ...demand, means };
}

/** The demand of all products that the run forecasts, read as that of a category. */
export function readDemandOfAll(
  db: Statements,
  runId: string,
  asOf: string,
): Promise<Omit<Members, 'means'>> {
  return readDemand(db, { runId }, asOf);
}

/** Of a category, or of all products. `visit` sees each range of products that is read. */
async function readDemand(
  db: Statements,
  whose: Whose,
  asOf: string,
  visit?: (range: Range) => Promise<void>,
): Promise<Omit<Members, 'means'>> {
  const weeks = new Float64Array(HISTORY_PERIODS);
  const days = new Float64Array(DAYS_READ);
  let after = '';
  for (let read = 0; ; read++) {
    if (read === MOST_READS)
      throw new RangeError(
        `more than ${MOST_READS * PRODUCTS_PER_READ} products in ${whose.category ?? 'one run'}`,
      );
    const { last, products } = await readPage(db, whose, after);
    if (last === null) break;
    const range = { ...whose, after, last };
    for (const { bucket, units } of await readBuckets(db, range, asOf)) {
      const isDay = bucket < DAYS_READ;
      if (isDay) days[DAYS_READ - 1 - bucket]! += units;
      const age = isDay ? Math.floor(bucket / PERIOD_DAYS) : bucket - DAYS_READ;
      weeks[HISTORY_PERIODS - 1 - age]! += units;
    }
    await visit?.(range);
    if (products < PRODUCTS_PER_READ) break;
    after = last;
  }
  const first = weeks.findIndex((units) => units > 0);
  return { weeks: weeks.slice(Math.max(0, first)), days };
}

/** The condition for products `p` of `:category`, which finds them by their index. */
export function isOfCategory(category: string): string {
  const none = category.toLowerCase() === NO_CATEGORY.toLowerCase();
  return none
    ? `(p.category = :category OR p.category IS NULL OR p.category = '')`
    : 'p.category = :category';
}

const isOf = ({ category }: Whose): string => (category === undefined ? 'TRUE' : isOfCategory(category));

async function readPage(db: Statements, whose: Whose, after: string): Promise<z.infer<typeof Page>> {
  const [page] = await db.select(
    Page,
    `SELECT MAX(x.product_id) AS last, COUNT(*) AS products
       FROM (SELECT DISTINCT p.product_id
               FROM products p
               JOIN forecast f ON f.product_id = p.product_id AND f.run_id = :runId
              WHERE ${isOf(whose)} AND p.product_id > :after
              ORDER BY p.product_id
              LIMIT ${PRODUCTS_PER_READ}) AS x`,
    { ...whose, after },
  );
  return page!;
}

/** The products of a category of a run, or all of the run's. */
type Whose = { readonly runId: string; readonly category?: string };
type Range = Whose & { readonly after: string; readonly last: string };

/** Units by age in days, and beyond a year by age in weeks, numbered on from there. */
function readBuckets(db: Statements, range: Range, asOf: string): Promise<z.infer<typeof Bucket>[]> {
  return db.select(
    Bucket,
    `SELECT b.bucket, CAST(SUM(b.quantity) AS SIGNED) AS units
       FROM (SELECT STRAIGHT_JOIN CASE WHEN DATEDIFF(:asOf, d.date) < ${DAYS_READ} THEN DATEDIFF(:asOf, d.date)
                         ELSE ${DAYS_READ} + DATEDIFF(:asOf, d.date) DIV ${PERIOD_DAYS} END AS bucket, d.quantity
               FROM products p
               JOIN forecast f ON f.product_id = p.product_id AND f.run_id = :runId
               JOIN demand d ON d.product_id = f.product_id AND d.location_id = f.location_id
              WHERE ${isOf(range)}
                AND p.product_id > :after AND p.product_id <= :last
                AND d.date > :from AND d.date <= :asOf
                AND d.quantity > 0) AS b
      GROUP BY b.bucket`,
    { ...range, asOf: date(asOf), from: date(addDays(asOf, -PERIOD_DAYS * HISTORY_PERIODS)) },
  );
}

function readMeans(db: Statements, range: Range): Promise<z.infer<typeof Mean>[]> {
  return db.select(
    Mean,
    `SELECT j.period, SUM(j.mean) AS mean
       FROM products p
       JOIN forecast f ON f.product_id = p.product_id AND f.run_id = :runId
       JOIN JSON_TABLE(f.path, '$.mean[*]' COLUMNS (period FOR ORDINALITY, mean DOUBLE PATH '$')) AS j
      WHERE ${isOf(range)} AND p.product_id > :after AND p.product_id <= :last
      GROUP BY j.period
      ORDER BY j.period`,
    range,
  );
}
