import * as z from 'zod';
import { CURRENCY_OF, Sourcing, SourcingOrder } from '../../contracts/api/sourcing.ts';
import { jsonColumn, moneyColumn, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const Row = z.object({
  sourcing_id: z.string(),
  work: jsonColumn(SourcingOrder),
  requested_by: z.string(),
  status: Sourcing.shape.status,
  searches: z.int(),
  most_searches: z.int(),
  created_at: timeColumn,
  finished_at: timeColumn.nullable(),
});
const Category = Sourcing.shape.categories.element;
const Product = Sourcing.shape.products.element.extend({
  rating: z.coerce.number().nullable(),
  unit_price: moneyColumn.nullable(),
  cost: moneyColumn.nullable(),
});
/** Products of one read, each up to 3 KB: an answer of the database holds 1 MiB. 100 categories of 50 are the most. */
const PAGE = 250;
const MOST_PAGES = 20;

/** How a sourcing went so far, with what it found. */
export async function findSourcing(db: Statements, sourcingId: string): Promise<Sourcing | undefined> {
  const [row] = await db.select(
    Row,
    `SELECT sourcing_id, work, requested_by, status, searches, most_searches, created_at, finished_at
       FROM sourcing
      WHERE sourcing_id = :sourcingId`,
    { sourcingId },
  );
  if (row === undefined) return undefined;
  const { work, ...kept } = row;
  const categories = await db.select(
    Category,
    `SELECT category, status, reason, results, sponsored, unusable, known, products, stock, held_back
       FROM sourcing_category
      WHERE sourcing_id = :sourcingId
      ORDER BY position`,
    { sourcingId },
  );
  return {
    ...kept,
    engine: work.engine,
    country: work.country,
    currency: CURRENCY_OF[work.country],
    seed: work.seed,
    is_synthetic: true,
    categories,
    products: await readProducts(db, sourcingId),
  };
}

async function readProducts(db: Statements, sourcingId: string): Promise<Sourcing['products']> {
  const products: Sourcing['products'] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const rows = await db.select(
      Product,
      `SELECT s.product_id, p.product_name, s.source_id, s.title, s.rating, s.reviews, p.unit_price, p.cost,
              s.location_id, s.quantity
         FROM sourced_product s
         JOIN products p ON p.product_id = s.product_id
        WHERE s.sourcing_id = :sourcingId
        ORDER BY s.position, s.product_id
        LIMIT ${PAGE} OFFSET :skip`,
      { sourcingId, skip: page * PAGE },
    );
    products.push(...rows);
    if (rows.length < PAGE) break;
  }
  return products;
}
