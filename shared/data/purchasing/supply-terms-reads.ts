import * as z from 'zod';
import { SUPPLIED_COST } from '../catalogue/catalogue-currency.ts';
import { flagColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';
import { storedBreaks, unitCostAt } from './supplier-item-store.ts';

const Row = z
  .object({
    product_id: z.string(),
    is_active: flagColumn,
    is_supplied: flagColumn,
    unit_cost: z.string().nullable(),
    price_breaks: storedBreaks,
    minimum_quantity: z.int().nullable(),
    order_multiple: z.int().nullable(),
    maximum_quantity: z.int().nullable(),
  })
  .transform((row) => ({
    productId: row.product_id,
    isActive: row.is_active,
    isSupplied: row.is_supplied,
    /** What so many cost each, by the terms, else by the catalogue; undefined where nobody has said in its currency. */
    unitCostAt: (quantity: number): string | undefined =>
      row.unit_cost === null
        ? undefined
        : unitCostAt({ unitCost: row.unit_cost, priceBreaks: row.price_breaks }, quantity),
    minimumQuantity: row.minimum_quantity ?? 1,
    orderMultiple: row.order_multiple ?? 1,
    maximumQuantity: row.maximum_quantity,
  }));
/** On which terms one supplier, active or not, sells a product. */
export type SupplyTerms = z.infer<typeof Row>;

/** Products of one answer of the database. */
const PRODUCTS_PER_READ = 500;

/** The terms of a supplier for each of these products; those that nobody knows are left out. */
export async function readSupplyTerms(
  db: Statements,
  supplierId: string,
  productIds: readonly string[],
): Promise<Map<string, SupplyTerms>> {
  const terms = new Map<string, SupplyTerms>();
  for (let at = 0; at < productIds.length; at += PRODUCTS_PER_READ) {
    const rows = await db.select(
      Row,
      `SELECT STRAIGHT_JOIN p.product_id, p.is_active, i.product_id IS NOT NULL AS is_supplied,
              CAST(${SUPPLIED_COST} AS CHAR) AS unit_cost, i.price_breaks, i.minimum_quantity,
              i.order_multiple, i.maximum_quantity
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
         JOIN products p ON p.product_id = j.id
         JOIN supplier s ON s.supplier_id = :supplierId
         LEFT JOIN supplier_item i ON i.supplier_id = :supplierId AND i.product_id = p.product_id`,
      { supplierId, ids: json(productIds.slice(at, at + PRODUCTS_PER_READ)) },
    );
    for (const row of rows) terms.set(row.productId, row);
  }
  return terms;
}
