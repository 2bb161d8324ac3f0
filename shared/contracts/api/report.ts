import * as z from 'zod';
import { idInput, priceInput, timeInput, unitsInput } from './inputs.ts';
import { Day, Money } from './page.ts';
import { InventoryStatus } from './planning.ts';

/** A line of an order as a list of sales shows it. */
export const Sale = z.object({
  id: z.string(),
  order_id: z.string(),
  order_date: z.string(),
  customer_id: z.string().nullable(),
  product_id: z.string(),
  location_id: z.string(),
  /** sale, return, cancelled, service, adjustment. */
  kind: z.string(),
  quantity: z.int(),
  unit_price: Money,
  total_amount: Money,
});
export type Sale = z.infer<typeof Sale>;

/** POST /sales: goods that were handed over; one order of one line, delivered. */
export const NewSale = z.object({
  /** Of the order; made from the request when left out. */
  id: idInput().optional(),
  product_id: idInput(),
  quantity: unitsInput.refine((units) => units > 0, 'must be above zero'),
  /** The product's price when left out. */
  unit_price: priceInput.optional(),
  order_date: timeInput.optional(),
  customer_id: idInput().nullable().default(null),
  location_id: idInput(50).optional(),
});
export type NewSale = z.infer<typeof NewSale>;

/** GET /reports/inventory-summary: active goods that are stocked, counted and valued. */
export const InventorySummary = InventoryStatus.extend({
  total_units: z.int(),
  /** At cost, and at the price, where the product has one. */
  value_at_cost: Money,
  value_at_price: Money,
  /** Products in stock without a cost: they are not in `value_at_cost`. */
  products_without_cost: z.int(),
  /** The largest by value, at most 1,000; null is no category. */
  categories: z.array(
    z.object({
      category: z.string().nullable(),
      products: z.int(),
      units: z.int(),
      value_at_cost: Money,
      value_at_price: Money,
    }),
  ),
});
export type InventorySummary = z.infer<typeof InventorySummary>;

/** GET /reports/sales-report */
export const SalesReport = z.object({
  start_date: Day,
  end_date: Day,
  group_by: z.enum(['product', 'category', 'location', 'day']),
  total_units: z.int(),
  total_revenue: Money,
  total_lines: z.int(),
  /** The largest by revenue, days in their order, at most 1,000; null is no category. */
  rows: z.array(
    z.object({
      name: z.string().nullable(),
      units: z.int(),
      revenue: Money,
      lines: z.int(),
    }),
  ),
});
export type SalesReport = z.infer<typeof SalesReport>;
