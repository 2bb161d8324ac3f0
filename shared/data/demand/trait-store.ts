import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';

const Row = z.object({
  product_id: z.string(),
  category: z.string().nullable(),
  unit_price: z.coerce.number().nullable(),
});

/** What a product is like. */
export interface Traits {
  readonly category: string | null;
  readonly price: number | null;
}

/** Category and price of products, by product. */
export async function readTraits(
  db: Statements,
  productIds: readonly string[],
): Promise<Map<string, Traits>> {
  const rows = await db.select(
    Row,
    `SELECT p.product_id, p.category, p.unit_price
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS k
       JOIN products p ON p.product_id = k.product_id`,
    { ids: json([...new Set(productIds)]) },
  );
  return new Map(rows.map((row) => [row.product_id, { category: row.category, price: row.unit_price }]));
}
