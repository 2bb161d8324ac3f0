import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';

const Id = z.object({ product_id: z.string() });

/** Which of these products nobody made yet. */
export async function missingProducts(db: Statements, ids: readonly string[]): Promise<string[]> {
  const rows = await db.select(
    Id,
    `SELECT STRAIGHT_JOIN p.product_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       JOIN products p ON p.product_id = j.id`,
    { ids: json(ids) },
  );
  const known = new Set(rows.map((row) => row.product_id));
  return ids.filter((id) => !known.has(id));
}

/** Which of these products are services, which are never stocked. */
export async function serviceIds(db: Statements, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.select(
    Id,
    `SELECT STRAIGHT_JOIN p.product_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       JOIN products p ON p.product_id = j.id
      WHERE p.is_service = 1`,
    { ids: json(ids) },
  );
  return new Set(rows.map((row) => row.product_id));
}
