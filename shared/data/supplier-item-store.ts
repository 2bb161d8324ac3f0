import * as z from 'zod';
import { json, type Statements } from './database.ts';

const Row = z
  .object({
    product_id: z.string(),
    supplier_id: z.string(),
    unit_cost: z.string(),
    lead_time_days: z.coerce.number(),
    lead_time_deviation: z.coerce.number(),
    minimum_quantity: z.int(),
    order_multiple: z.int(),
  })
  .transform((row) => ({
    productId: row.product_id,
    supplierId: row.supplier_id,
    unitCost: row.unit_cost,
    leadTimeDays: row.lead_time_days,
    leadTimeDeviationDays: row.lead_time_deviation,
    minimumQuantity: row.minimum_quantity,
    orderMultiple: row.order_multiple,
  }));
export type SupplierItem = z.infer<typeof Row>;

/** Who supplies each product: of the active suppliers the one with the lowest priority number. */
export async function readPreferredItems(
  db: Statements,
  productIds: readonly string[],
): Promise<Map<string, SupplierItem>> {
  const rows = await db.select(
    Row,
    `SELECT c.product_id, c.supplier_id, c.unit_cost, c.lead_time_days, c.lead_time_deviation,
            c.minimum_quantity, c.order_multiple
       FROM (SELECT STRAIGHT_JOIN i.product_id, i.supplier_id, i.unit_cost, i.lead_time_days, i.lead_time_deviation,
                    i.minimum_quantity, i.order_multiple,
                    ROW_NUMBER() OVER (PARTITION BY i.product_id ORDER BY i.priority, i.supplier_id) AS choice
               FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS k
               JOIN supplier_item i ON i.product_id = k.product_id
               JOIN supplier s ON s.supplier_id = i.supplier_id AND s.is_active = 1) AS c
      WHERE c.choice = 1`,
    { ids: json([...new Set(productIds)]) },
  );
  return new Map(rows.map((item) => [item.productId, item]));
}
