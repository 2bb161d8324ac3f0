import * as z from 'zod';
import { emptyOr, flag, id, movementId, optionalId, quantity } from './cells.ts';
import { time } from './time-cell.ts';

/**
 * Canonical template: goods received. The same receipt_id is the same receipt line. With an order of ours or the
 * reference of an imported one, it is a receipt for that order.
 */
export const receipts = {
  name: 'receipts',
  required: ['receipt_id', 'product_id', 'date', 'quantity'],
  optional: [
    'location_id',
    'supplier_id',
    'reference_id',
    'purchase_order_id',
    'order_reference',
    'lot_code',
    'expiry_date',
    'is_synthetic',
  ],
  row: z
    .object({
      receipt_id: movementId(100),
      product_id: id(),
      date: time,
      quantity: quantity.refine((units) => units > 0, 'is not above zero'),
      location_id: optionalId(50),
      supplier_id: optionalId(),
      reference_id: optionalId(128),
      purchase_order_id: emptyOr(quantity.refine((no) => no > 0, 'is not above zero')),
      order_reference: optionalId(100),
      /** The lot that the goods are of, and the last day on which they may be sold. */
      lot_code: optionalId(64),
      expiry_date: emptyOr(time),
      is_synthetic: flag,
    })
    .refine((row) => row.purchase_order_id === null || row.order_reference === null, {
      path: ['order_reference'],
      message: 'names the order a second time',
    }),
} as const;
