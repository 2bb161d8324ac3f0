import * as z from 'zod';
import type { SourcingOrder } from '../../contracts/api/sourcing.ts';
import { toDecimal } from '../../contracts/csv/cells.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** What became of one category. */
export interface CategoryOutcome {
  readonly status: 'done' | 'skipped';
  readonly reason: string | null;
  readonly results: number;
  readonly sponsored: number;
  readonly unusable: number;
  readonly known: number;
  readonly products: number;
  readonly stock: number;
  readonly heldBack: number;
}

/** A product beside what it was in its market. */
export interface SourcedRow {
  readonly productId: string;
  readonly sourceId: string;
  readonly title: string;
  readonly rating: number | null;
  readonly reviews: number | null;
  readonly locationId: string;
  readonly quantity: number;
}

/** Makes a sourcing with its categories, unless it is there. */
export async function openSourcing(
  tx: Statements,
  sourcingId: string,
  requestedBy: string,
  order: SourcingOrder,
): Promise<void> {
  await tx.write(
    `INSERT IGNORE INTO sourcing (sourcing_id, work, requested_by, most_searches)
     VALUES (:sourcingId, :work, :requestedBy, :mostSearches)`,
    { sourcingId, work: json(order), requestedBy, mostSearches: order.mostSearches },
  );
  await tx.write(
    `INSERT IGNORE INTO sourcing_category (sourcing_id, position, category, stock)
     SELECT :sourcingId, j.n - 1, j.category, j.stock
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              n        FOR ORDINALITY,
              category VARCHAR(100) PATH '$[0]',
              stock    INT          PATH '$[1]')) AS j`,
    { sourcingId, rows: json(order.categories.map((category, i) => [category, order.stock[i]!])) },
  );
}

const Status = z.object({ status: z.string() });

/** Whether nobody has dealt with the category yet. */
export async function isWaiting(db: Statements, sourcingId: string, position: number): Promise<boolean> {
  const [row] = await db.select(
    Status,
    `SELECT status FROM sourcing_category WHERE sourcing_id = :sourcingId AND position = :position`,
    { sourcingId, position },
  );
  return row?.status === 'waiting';
}

/** Counts one call of the search API; false when no more are allowed. */
export async function takeSearch(db: Statements, sourcingId: string): Promise<boolean> {
  const { updated } = await db.write(
    `UPDATE sourcing SET searches = searches + 1 WHERE sourcing_id = :sourcingId AND searches < most_searches`,
    { sourcingId },
  );
  return updated === 1;
}

/** Writes what became of a category. */
export async function closeCategory(
  tx: Statements,
  sourcingId: string,
  position: number,
  outcome: CategoryOutcome,
): Promise<void> {
  await tx.write(
    `UPDATE sourcing_category
        SET status = :status, reason = :reason, results = :results, sponsored = :sponsored, unusable = :unusable,
            known = :known, products = :products, stock = :stock, held_back = :heldBack
      WHERE sourcing_id = :sourcingId AND position = :position`,
    { sourcingId, position, ...outcome, reason: outcome.reason?.slice(0, 500) ?? null },
  );
}

/** Skips all categories that still wait. */
export async function skipWaiting(tx: Statements, sourcingId: string, reason: string): Promise<void> {
  await tx.write(
    `UPDATE sourcing_category SET status = 'skipped', reason = :reason, held_back = stock
      WHERE sourcing_id = :sourcingId AND status = 'waiting'`,
    { sourcingId, reason: reason.slice(0, 500) },
  );
}

const Sums = z.object({ waiting: z.int(), products: z.int(), skipped: z.int() });

/** Ends a sourcing of which no category waits any more: its sums when this call ended it, else undefined. */
export async function endSourcing(
  tx: Statements,
  sourcingId: string,
): Promise<{ readonly products: number; readonly skipped: number } | undefined> {
  const [sums] = await tx.select(
    Sums,
    `SELECT CAST(COALESCE(SUM(status = 'waiting'), 0) AS SIGNED) AS waiting,
            CAST(COALESCE(SUM(products), 0) AS SIGNED) AS products,
            CAST(COALESCE(SUM(status = 'skipped'), 0) AS SIGNED) AS skipped
       FROM sourcing_category
      WHERE sourcing_id = :sourcingId`,
    { sourcingId },
  );
  if (sums === undefined || sums.waiting > 0) return undefined;
  const { updated } = await tx.write(
    `UPDATE sourcing SET status = 'done', finished_at = CURRENT_TIMESTAMP(3)
      WHERE sourcing_id = :sourcingId AND status = 'running'`,
    { sourcingId },
  );
  return updated === 1 ? { products: sums.products, skipped: sums.skipped } : undefined;
}

const Known = z.object({ source_id: z.string() });

/** Those of the offers that are products already. */
export async function readKnownSources(
  db: Statements,
  engine: string,
  country: string,
  sourceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.select(
    Known,
    `SELECT s.source_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (source_id VARCHAR(100) PATH '$')) AS j
       JOIN sourced_product s ON s.source_id = j.source_id AND s.engine = :engine AND s.country = :country`,
    { ids: json(sourceIds), engine, country },
  );
  return new Set(rows.map(({ source_id }) => source_id));
}

/** A product as it was found, with an invented cost. Money in ten-thousandths. */
export interface FoundProduct {
  readonly productId: string;
  readonly productName: string;
  readonly category: string;
  readonly brand: string | null;
  readonly unitPrice: number;
  readonly cost: number;
}

/** Makes products and marks them as partly invented. It fails where one exists, and never changes it. */
export async function insertFound(tx: Statements, products: readonly FoundProduct[]): Promise<void> {
  const rows = products.map((one) => [
    one.productId,
    one.productName,
    one.category,
    one.brand,
    toDecimal(one.unitPrice),
    toDecimal(one.cost),
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO products (product_id, product_name, category, brand, unit_price, cost, is_synthetic)
       SELECT j.product_id, j.product_name, j.category, j.brand, j.unit_price, j.cost, 1
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id   VARCHAR(64)    PATH '$[0]',
                product_name VARCHAR(255)   PATH '$[1]',
                category     VARCHAR(100)   PATH '$[2]',
                brand        VARCHAR(100)   PATH '$[3]',
                unit_price   DECIMAL(12, 4) PATH '$[4]',
                cost         DECIMAL(12, 4) PATH '$[5]')) AS j`,
      { rows: chunk },
    );
  }
}

/** Keeps where products come from. */
export async function insertSourced(
  tx: Statements,
  of: {
    readonly sourcingId: string;
    readonly position: number;
    readonly engine: string;
    readonly country: string;
  },
  products: readonly SourcedRow[],
): Promise<void> {
  const rows = products.map((one) => [
    one.productId,
    one.sourceId,
    one.title,
    one.rating,
    one.reviews,
    one.locationId,
    one.quantity,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO sourced_product
              (product_id, sourcing_id, position, engine, country, source_id, title, rating, reviews, location_id,
               quantity)
       SELECT j.product_id, :sourcingId, :position, :engine, :country, j.source_id, j.title, j.rating, j.reviews,
              j.location_id, j.quantity
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id  VARCHAR(64)   PATH '$[0]',
                source_id   VARCHAR(100)  PATH '$[1]',
                title       VARCHAR(500)  PATH '$[2]',
                rating      DECIMAL(4, 2) PATH '$[3]',
                reviews     INT           PATH '$[4]',
                location_id VARCHAR(50)   PATH '$[5]',
                quantity    INT           PATH '$[6]')) AS j`,
      { rows: chunk, ...of },
    );
  }
}
