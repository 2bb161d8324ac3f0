import * as z from 'zod';
import { flag, id, optionalId, quantity } from './cells.ts';
import { time } from './time-cell.ts';

/** Canonical template: goods received. The same receipt_id is the same receipt line. */
export const receipts = {
  name: 'receipts',
  required: ['receipt_id', 'product_id', 'date', 'quantity'],
  optional: ['location_id', 'supplier_id', 'reference_id', 'is_synthetic'],
  row: z.object({
    receipt_id: id(100),
    product_id: id(),
    date: time,
    quantity: quantity.refine((units) => units > 0, 'is not above zero'),
    location_id: optionalId(50),
    supplier_id: optionalId(),
    reference_id: optionalId(128),
    is_synthetic: flag,
  }),
} as const;
