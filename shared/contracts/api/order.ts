import * as z from 'zod';
import { idInput, priceInput, textInput, timeInput, unitsInput } from './inputs.ts';
import { Money } from './page.ts';

/** An order; product and price are those of its only line, null when there are several. */
export const Order = z.object({
  id: z.string(),
  order_date: z.string(),
  customer_id: z.string().nullable(),
  seller_id: z.string().nullable(),
  product_id: z.string().nullable(),
  quantity: z.int(),
  unit_price: Money.nullable(),
  discount: Money,
  tax: Money,
  shipping_cost: Money,
  total_amount: Money,
  line_count: z.int(),
  payment_method: z.string().nullable(),
  order_status: z.string(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  country: z.string().nullable(),
  created_at: z.string(),
});
export type Order = z.infer<typeof Order>;

/** A line of an order. */
export const OrderLine = z.object({
  id: z.string(),
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  kind: z.string(),
  quantity: z.int(),
  unit_price: Money,
  discount: Money,
  tax: Money,
  shipping_cost: Money,
  total_amount: Money,
  is_refunded: z.boolean(),
  reason: z.string().nullable(),
});

/** GET /orders/{id} */
export const OrderDetail = Order.extend({ lines: z.array(OrderLine) });
export type OrderDetail = z.infer<typeof OrderDetail>;

/** POST /orders: one line. Money in ten-thousandths after reading. */
export const NewOrder = z.object({
  id: idInput(),
  product_id: idInput(),
  quantity: unitsInput.refine((units) => units > 0, 'must be above zero'),
  /** The business day when left out. */
  order_date: timeInput.optional(),
  customer_id: idInput().nullable().default(null),
  seller_id: idInput().nullable().default(null),
  location_id: idInput(50).optional(),
  /** The product's price when left out. */
  unit_price: priceInput.optional(),
  discount: priceInput.default(0),
  tax: priceInput.default(0),
  shipping_cost: priceInput.default(0),
  /** Computed when left out. */
  total_amount: priceInput.optional(),
  payment_method: textInput(50).default(null),
  order_status: z.string().trim().min(1).max(20).default('Processing'),
  city: textInput(100).default(null),
  state: textInput(100).default(null),
  country: textInput(100).default(null),
});
export type NewOrder = z.infer<typeof NewOrder>;
