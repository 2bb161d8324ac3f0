import * as z from 'zod';
import { Customer, Seller, Supplier, SupplierItem } from '../contracts/api/party.ts';
import { flagColumn, moneyColumn, type Page, type PageAsked, Total, timeColumn } from './columns.ts';
import type { Statements } from './database.ts';

/** One page of a table in the order of its key, and one row of it by that key. */
function readsOf<T>(row: z.ZodType<T>, table: string, key: string, columns: string) {
  return {
    async list(db: Statements, { skip, limit }: PageAsked): Promise<Page<T>> {
      const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM ${table}`);
      const data = await db.select(
        row,
        `SELECT ${columns} FROM ${table} ORDER BY ${key} LIMIT :limit OFFSET :skip`,
        { skip, limit },
      );
      return { data, pagination: { skip, limit, total: count!.total } };
    },
    async find(db: Statements, id: string): Promise<T | undefined> {
      const [found] = await db.select(row, `SELECT ${columns} FROM ${table} WHERE ${key} = :id`, { id });
      return found;
    },
  };
}

/** Columns that the database keeps in another form than answers show them. */
const kept = { is_active: flagColumn, created_at: timeColumn };

/** Who buys, by id. */
export const customers = readsOf(
  Customer.extend(kept),
  'customer',
  'customer_id',
  'customer_id AS id, name, customer_type, city, state, country, is_active, created_at',
);

/** Who sells on the marketplace, by id. */
export const sellers = readsOf(
  Seller.extend(kept),
  'seller',
  'seller_id',
  'seller_id AS id, name, is_active, created_at',
);

/** From whom we order, by id. */
export const suppliers = readsOf(
  Supplier.extend({ ...kept, minimum_order: moneyColumn, is_synthetic: flagColumn }),
  'supplier',
  'supplier_id',
  `supplier_id AS id, supplier_name AS name, currency, minimum_order,
   (SELECT COUNT(*) FROM supplier_item i WHERE i.supplier_id = supplier.supplier_id) AS item_count,
   is_active, is_synthetic, created_at`,
);

const ItemRow = SupplierItem.extend({
  unit_cost: moneyColumn,
  lead_time_days: z.coerce.number(),
  lead_time_deviation: z.coerce.number(),
});

/** What a supplier sells us, by product. */
export async function listSupplierItems(
  db: Statements,
  supplierId: string,
  { skip, limit }: PageAsked,
): Promise<Page<SupplierItem>> {
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM supplier_item WHERE supplier_id = :supplierId`,
    { supplierId },
  );
  const data = await db.select(
    ItemRow,
    `SELECT i.product_id, p.product_name, i.unit_cost, i.lead_time_days, i.lead_time_deviation,
            i.minimum_quantity, i.order_multiple, i.priority
       FROM supplier_item i
       JOIN products p ON p.product_id = i.product_id
      WHERE i.supplier_id = :supplierId
      ORDER BY i.product_id
      LIMIT :limit OFFSET :skip`,
    { supplierId, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}
