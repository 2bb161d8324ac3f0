import * as z from 'zod';
import { id, money, optionalId, optionalMoney, quantity, text } from './cells.ts';

/** Canonical template: lines of orders that order_headers described before; the date and the status are theirs. */
export const orderItems = {
  name: 'order_items',
  required: ['order_id', 'product_id', 'quantity', 'unit_price'],
  optional: ['line', 'location_id', 'discount', 'tax', 'shipping_cost', 'product_name', 'category'],
  row: z.object({
    order_id: id(),
    product_id: id(),
    quantity: quantity.refine((units) => units > 0, 'is not above zero'),
    unit_price: money.refine((amount) => amount >= 0, 'is negative'),
    line: optionalId(60),
    location_id: optionalId(50),
    discount: optionalMoney,
    tax: optionalMoney,
    shipping_cost: optionalMoney,
    product_name: text(255),
    category: text(100),
  }),
} as const;
