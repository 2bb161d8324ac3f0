import * as z from 'zod';
import { id, optionalId, text } from './cells.ts';
import { orderStatus } from './order-status.ts';
import { time } from './time-cell.ts';

/** Canonical template: what is true of a whole order whose lines come in another file, as order_items. */
export const orderHeaders = {
  name: 'order_headers',
  required: ['order_id', 'date'],
  optional: ['status', 'customer_id', 'seller_id', 'payment_method', 'city', 'state', 'country'],
  row: z.object({
    order_id: id(),
    date: time,
    status: orderStatus,
    customer_id: optionalId(),
    seller_id: optionalId(),
    payment_method: text(50),
    city: text(100),
    state: text(100),
    country: text(100),
  }),
} as const;
