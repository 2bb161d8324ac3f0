import * as z from 'zod';
import { movementFault } from '../../core/inventory/movement-types.ts';
import { emptyOr, flag, id, movementId, optionalId, quantity, text } from './cells.ts';
import { time } from './time-cell.ts';

/** Canonical template: signed stock movements. The same movement_id is the same movement. */
export const movements = {
  name: 'movements',
  required: ['movement_id', 'product_id', 'date', 'quantity_change', 'change_type'],
  optional: ['location_id', 'reason', 'reference_id', 'lot_code', 'expiry_date', 'is_synthetic'],
  row: z
    .object({
      movement_id: movementId(100),
      product_id: id(),
      date: time,
      quantity_change: quantity.refine((units) => units !== 0, 'is zero'),
      change_type: z
        .string()
        .trim()
        .toLowerCase()
        .pipe(
          z.enum(['opening', 'receipt', 'return', 'damage', 'expiry', 'adjustment'], {
            error:
              'is none of opening, receipt, return, damage, expiry, adjustment (sales come as sales_lines)',
          }),
        ),
      location_id: optionalId(50),
      reason: text(255),
      reference_id: optionalId(128),
      /** The lot that the goods are of, and the last day on which they may be sold. */
      lot_code: optionalId(64),
      expiry_date: emptyOr(time),
      is_synthetic: flag,
    })
    .transform((row) =>
      // a return says why of itself
      row.change_type === 'return' ? { ...row, reason: row.reason ?? 'goods returned' } : row,
    )
    .superRefine((row, context) => {
      const fault = movementFault(row.change_type, row.quantity_change, row.reason);
      if (fault) context.addIssue({ code: 'custom', path: [fault.field], message: fault.reason });
    }),
} as const;
