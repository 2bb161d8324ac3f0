import * as z from 'zod';
import { centsInput, idInput, priceInput, textInput, unitsInput } from './inputs.ts';
import { Order } from './order.ts';
import { Money } from './page.ts';

const name = z.string().trim().min(1).max(255);

/** Who buys. */
export const Customer = z.object({
  id: z.string(),
  name: z.string(),
  /** `VIP`: ten orders or more in the year up to the business day; `Returning`: two orders or more; else `New`. */
  customer_type: z.enum(['New', 'Returning', 'VIP']),
  city: z.string().nullable(),
  state: z.string().nullable(),
  country: z.string().nullable(),
  is_active: z.boolean(),
  /** When what names the person was taken out. */
  erased_at: z.string().nullable(),
  created_at: z.string(),
});
export type Customer = z.infer<typeof Customer>;

/** GET /customers/{id} */
export const CustomerDetail = Customer.extend({
  /** Those that were neither cancelled nor returned as a whole. */
  order_count: z.int(),
  total_spent: Money,
  /** The newest of all, at most 100. */
  orders: z.array(Order),
});
export type CustomerDetail = z.infer<typeof CustomerDetail>;

const place = { city: textInput(100), state: textInput(100), country: textInput(100) };

/** POST /customers */
export const NewCustomer = z.object({
  id: idInput(),
  name,
  city: place.city.default(null),
  state: place.state.default(null),
  country: place.country.default(null),
  is_active: z.boolean().default(true),
});
/** PUT /customers/{id}: what is left out stays. */
export const CustomerChange = z.object({ name, ...place, is_active: z.boolean() }).partial();

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
  /** Units of one order at most; null: as many as wanted. */
  maximum_quantity: z.int().nullable(),
  /** From so many units on all of them cost that. */
  price_breaks: z.array(z.object({ quantity: z.int(), unit_cost: Money })),
  /** Money that an order costs, however many units. */
  order_cost: Money,
  priority: z.int(),
});
export type SupplierItem = z.infer<typeof SupplierItem>;

/** POST /sellers, and PUT /sellers/{id}, where what is left out stays. */
export const NewSeller = z.object({ id: idInput(), name, is_active: z.boolean().default(true) });
export const SellerChange = z.object({ name, is_active: z.boolean() }).partial();

const currency = z
  .string()
  .trim()
  .regex(/^[A-Z]{3}$/, 'is no currency of three capitals, such as GBP');

/** POST /suppliers. Money in ten-thousandths after reading. */
export const NewSupplier = z.object({
  id: idInput(),
  name,
  currency: currency.default('GBP'),
  minimum_order: centsInput.default(0),
  is_active: z.boolean().default(true),
});
/** PUT /suppliers/{id}: what is left out stays. */
export const SupplierChange = z
  .object({ name, currency, minimum_order: centsInput, is_active: z.boolean() })
  .partial();

const days = z.number().min(0).max(9_999);
const terms = {
  unit_cost: priceInput,
  lead_time_days: days,
  lead_time_deviation: days,
  minimum_quantity: unitsInput.refine((units) => units >= 0, 'must not be negative'),
  order_multiple: unitsInput.refine((units) => units >= 1, 'must be 1 or more'),
  maximum_quantity: unitsInput.refine((units) => units >= 1, 'must be 1 or more').nullable(),
  price_breaks: z
    .array(
      z.object({
        quantity: unitsInput.refine((units) => units >= 2, 'must be 2 or more'),
        unit_cost: priceInput,
      }),
    )
    .max(20)
    .refine(
      (breaks) => breaks.every(({ quantity }, i) => i === 0 || quantity > breaks[i - 1]!.quantity),
      'must rise in quantity',
    ),
  order_cost: priceInput,
  /** The supplier with the lowest number supplies; of equal ones the one whose units cost least, orders and keeping included. */
  priority: z.int().min(1).max(1_000),
};

/** POST /suppliers/{id}/items */
export const NewSupplierItem = z.object({
  product_id: idInput(),
  unit_cost: terms.unit_cost,
  lead_time_days: terms.lead_time_days,
  lead_time_deviation: terms.lead_time_deviation.default(0),
  minimum_quantity: terms.minimum_quantity.default(1),
  order_multiple: terms.order_multiple.default(1),
  maximum_quantity: terms.maximum_quantity.default(null),
  price_breaks: terms.price_breaks.default([]),
  order_cost: terms.order_cost.default(0),
  priority: terms.priority.default(1),
});
/** PUT /suppliers/{id}/items/{product_id}: what is left out stays. */
export const SupplierItemChange = z.object(terms).partial();
