import * as z from 'zod';
import { Money } from './page.ts';

/** Who buys. */
export const Customer = z.object({
  id: z.string(),
  name: z.string(),
  customer_type: z.string(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  country: z.string().nullable(),
  is_active: z.boolean(),
  created_at: z.string(),
});
export type Customer = z.infer<typeof Customer>;

/** Who sells on the marketplace. */
export const Seller = z.object({
  id: z.string(),
  name: z.string(),
  is_active: z.boolean(),
  created_at: z.string(),
});
export type Seller = z.infer<typeof Seller>;

/** From whom we order. */
export const Supplier = z.object({
  id: z.string(),
  name: z.string(),
  currency: z.string(),
  minimum_order: Money,
  item_count: z.int(),
  is_active: z.boolean(),
  is_synthetic: z.boolean(),
  created_at: z.string(),
});
export type Supplier = z.infer<typeof Supplier>;

/** What a supplier sells us, and on which terms. */
export const SupplierItem = z.object({
  product_id: z.string(),
  product_name: z.string(),
  unit_cost: Money,
  lead_time_days: z.number(),
  lead_time_deviation: z.number(),
  minimum_quantity: z.int(),
  order_multiple: z.int(),
  priority: z.int(),
});
export type SupplierItem = z.infer<typeof SupplierItem>;
