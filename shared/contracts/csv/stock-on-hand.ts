import * as z from 'zod';
import { flag, id, optionalId, quantity } from './cells.ts';
import { time } from './time-cell.ts';

/** Canonical template: units counted at a time. It sets the level of that time; later movements stay. */
export const stockOnHand = {
  name: 'stock_on_hand',
  required: ['product_id', 'quantity', 'date'],
  optional: ['location_id', 'committed', 'is_synthetic'],
  row: z
    .object({
      product_id: id(),
      quantity: quantity.refine((units) => units >= 0, 'is negative'),
      date: time,
      location_id: optionalId(50),
      /** Units that lie there but are sold already: the ledger took them out when they were sold. */
      committed: z
        .string()
        .transform((value) => value.trim() || '0')
        .pipe(quantity.refine((units) => units >= 0, 'is negative'))
        .default(0),
      is_synthetic: flag,
    })
    .refine((row) => row.committed <= row.quantity, {
      path: ['committed'],
      message: 'is more than the quantity',
    }),
} as const;
