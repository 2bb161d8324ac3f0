import * as z from 'zod';
import { idInput, timeInput, unitsInput } from './inputs.ts';

const MAX_LINES = 500;

/** POST /purchase-orders/{id}/receipts: goods that came, the damaged units among them. */
export const NewReceipt = z.object({
  /** The same id is the same receipt. */
  receipt_id: idInput(100).optional(),
  /** Now when left out. */
  received_at: timeInput.optional(),
  lines: z
    .array(
      z
        .object({
          product_id: idInput(),
          quantity: unitsInput.refine((units) => units > 0, 'must be above zero'),
          damaged: unitsInput.refine((units) => units >= 0, 'must not be negative').default(0),
        })
        .refine((line) => line.damaged <= line.quantity, {
          path: ['damaged'],
          message: 'is more than came',
        }),
    )
    .min(1)
    .max(MAX_LINES)
    .refine(
      (lines) => new Set(lines.map((line) => line.product_id)).size === lines.length,
      'name a product twice',
    ),
  /** Take more than was ordered. */
  accept_over: z.boolean().default(false),
});
export type NewReceipt = z.infer<typeof NewReceipt>;

/** POST /purchase-orders/{id}/close */
export const ClosePurchaseOrder = z.object({ reason: z.string().trim().min(1, 'is empty').max(255) });

/** What came of one delivery. */
export const PurchaseReceipt = z.object({
  receipt_id: z.string(),
  received_at: z.string(),
  actor: z.string(),
  accept_over: z.boolean(),
  lines: z.array(z.object({ product_id: z.string(), quantity: z.int(), damaged: z.int() })),
});
export type PurchaseReceipt = z.infer<typeof PurchaseReceipt>;
