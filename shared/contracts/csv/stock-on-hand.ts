import * as z from 'zod';
import { flag, id, optionalId, quantity } from './cells.ts';
import { time } from './time-cell.ts';

/** Canonical template: units counted at a time. It sets the level of that time; later movements stay. */
export const stockOnHand = {
  name: 'stock_on_hand',
  required: ['product_id', 'quantity', 'date'],
  optional: ['location_id', 'is_synthetic'],
  row: z.object({
    product_id: id(),
    quantity: quantity.refine((units) => units >= 0, 'is negative'),
    date: time,
    location_id: optionalId(50),
    is_synthetic: flag,
  }),
} as const;
