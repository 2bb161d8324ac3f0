import * as z from 'zod';
import { flag, id, optionalId, quantity, text } from './cells.ts';
import { time } from './time-cell.ts';

/** Canonical template: signed stock movements. The same movement_id is the same movement. */
export const movements = {
  name: 'movements',
  required: ['movement_id', 'product_id', 'date', 'quantity_change', 'change_type'],
  optional: ['location_id', 'reason', 'reference_id', 'is_synthetic'],
  row: z
    .object({
      movement_id: id(100),
      product_id: id(),
      date: time,
      quantity_change: quantity.refine((units) => units !== 0, 'is zero'),
      change_type: z
        .string()
        .trim()
        .toLowerCase()
        .pipe(
          z.enum(['opening', 'receipt', 'return', 'adjustment'], {
            error: 'is none of opening, receipt, return, adjustment (sales come as sales_lines)',
          }),
        ),
      location_id: optionalId(50),
      reason: text(255),
      reference_id: optionalId(128),
      is_synthetic: flag,
    })
    .refine((row) => row.change_type !== 'adjustment' || row.reason !== null, {
      path: ['reason'],
      message: 'is empty: an adjustment needs a reason',
    })
    .refine((row) => row.change_type === 'adjustment' || row.quantity_change > 0, {
      path: ['quantity_change'],
      message: 'is negative: only an adjustment may be',
    }),
} as const;
