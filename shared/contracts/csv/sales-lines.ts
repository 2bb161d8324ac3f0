import * as z from 'zod';
import { id, money, movementId, optionalId, optionalMoney, quantity, text } from './cells.ts';
import { orderStatus } from './order-status.ts';
import { time } from './time-cell.ts';

/** Canonical template: sales, one row per order line. A negative quantity is a return. */
export const salesLines = {
  name: 'sales_lines',
  required: ['order_id', 'line', 'date', 'product_id', 'quantity', 'unit_price'],
  optional: [
    'location_id',
    'customer_id',
    'seller_id',
    'status',
    'discount',
    'tax',
    'shipping_cost',
    'product_name',
    'category',
    'reason',
    'country',
    'customer_name',
    'city',
    'state',
    'payment_method',
    'brand',
  ],
  row: z.object({
    order_id: id(),
    line: movementId(60),
    date: time,
    product_id: id(),
    quantity: quantity.refine((units) => units !== 0, 'is zero'),
    unit_price: money.refine((amount) => amount >= 0, 'is negative'),
    location_id: optionalId(50),
    customer_id: optionalId(),
    seller_id: optionalId(),
    status: orderStatus,
    discount: optionalMoney,
    tax: optionalMoney,
    shipping_cost: optionalMoney,
    product_name: text(255),
    category: text(100),
    reason: text(255),
    country: text(100),
    customer_name: text(255),
    city: text(100),
    state: text(100),
    payment_method: text(50),
    brand: text(100),
  }),
} as const;
