import * as z from 'zod';
import { Customer, type CustomerDetail, Seller, Supplier, SupplierItem } from '../../contracts/api/party.ts';
import { listOrders } from '../orders/order-reads.ts';
import { readBusinessDay } from '../planning/business-day.ts';
import { PriceBreaks } from '../purchasing/supplier-item-store.ts';
import { flagColumn, moneyColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

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

/** Orders in a year from which on a customer is a VIP. */
const VIP_ORDERS = 10;
const BOUGHT = `order_status NOT IN ('Cancelled', 'Returned', 'Adjustment')`;

/** What a customer is by the orders until the business day; see the contract. */
const customerType = (lastDay: string) => `
 CASE WHEN (SELECT COUNT(*)
              FROM orders o
             WHERE o.customer_id = customer.customer_id AND o.${BOUGHT}
               AND o.order_date > DATE_SUB('${lastDay}', INTERVAL 1 YEAR)) >= ${VIP_ORDERS} THEN 'VIP'
      WHEN (SELECT COUNT(*)
              FROM orders o
             WHERE o.customer_id = customer.customer_id AND o.${BOUGHT}) >= 2 THEN 'Returning'
      ELSE 'New' END`;

const CustomerRow = Customer.extend({ ...kept, erased_at: timeColumn.nullable() });

async function customerReads(db: Statements) {
  const lastDay = (await readBusinessDay(db)) ?? '1970-01-01';
  return readsOf(
    CustomerRow,
    'customer',
    'customer_id',
    `customer_id AS id, name, ${customerType(lastDay)} AS customer_type, city, state, country, is_active, erased_at,
     created_at`,
  );
}

/** Orders of one customer that are shown. */
const MOST_ORDERS = 100;
const Sums = z.object({ order_count: z.int(), total_spent: moneyColumn });

/** Who buys, by id. */
export const customers = {
  list: async (db: Statements, asked: PageAsked): Promise<Page<Customer>> =>
    (await customerReads(db)).list(db, asked),

  find: async (db: Statements, id: string): Promise<Customer | undefined> =>
    (await customerReads(db)).find(db, id),

  /** With the newest orders. */
  async findDetail(db: Statements, id: string): Promise<CustomerDetail | undefined> {
    const customer = await customers.find(db, id);
    if (!customer) return undefined;
    const [sums] = await db.select(
      Sums,
      `SELECT COUNT(DISTINCT o.order_id) AS order_count, COALESCE(SUM(s.total_amount), 0) AS total_spent
         FROM orders o
         LEFT JOIN sales s ON s.order_id = o.order_id
        WHERE o.customer_id = :id AND o.${BOUGHT}`,
      { id },
    );
    const { data } = await listOrders(db, { customerId: id }, { skip: 0, limit: MOST_ORDERS });
    return { ...customer, ...sums!, orders: data };
  },
};

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
  price_breaks: z
    .string()
    .nullable()
    .transform((text) =>
      (text === null ? [] : PriceBreaks.parse(JSON.parse(text))).map(([quantity, unitCost]) => ({
        quantity,
        unit_cost: moneyColumn.parse(unitCost),
      })),
    ),
  order_cost: moneyColumn,
});
const ITEMS = `
SELECT i.product_id, p.product_name, i.unit_cost, i.lead_time_days, i.lead_time_deviation, i.minimum_quantity,
       i.order_multiple, i.maximum_quantity, i.price_breaks, i.order_cost, i.priority
  FROM supplier_item i
  JOIN products p ON p.product_id = i.product_id
 WHERE i.supplier_id = :supplierId`;

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
  const data = await db.select(ItemRow, `${ITEMS} ORDER BY i.product_id LIMIT :limit OFFSET :skip`, {
    supplierId,
    skip,
    limit,
  });
  return { data, pagination: { skip, limit, total: count!.total } };
}

/** On which terms a supplier sells us one product. */
export async function findSupplierItem(
  db: Statements,
  supplierId: string,
  productId: string,
): Promise<SupplierItem | undefined> {
  const [item] = await db.select(ItemRow, `${ITEMS} AND i.product_id = :productId`, {
    supplierId,
    productId,
  });
  return item;
}
