import * as z from 'zod';
import { idInput, timeInput, unitsInput } from './inputs.ts';
import { Day } from './page.ts';

const MAX_LINES = 500;
const MAX_LOTS = 50;

const came = unitsInput.refine((units) => units > 0, 'must be above zero');
const spoilt = unitsInput.refine((units) => units >= 0, 'must not be negative').default(0);

/** Goods of a line that carry the same lot, or may be sold until the same day, or both. */
const NewLot = z
  .object({
    lot_code: idInput(64).nullable().default(null),
    expiry_date: z.iso.date().nullable().default(null),
    quantity: came,
    damaged: spoilt,
  })
  .refine(
    (lot) => lot.lot_code !== null || lot.expiry_date !== null,
    'names neither lot_code nor expiry_date',
  )
  .refine((lot) => lot.damaged <= lot.quantity, { path: ['damaged'], message: 'is more than came' });

/** POST /purchase-orders/{id}/receipts: goods that came, the damaged units among them. */
export const NewReceipt = z
  .object({
    /** The same id is the same receipt. */
    receipt_id: idInput(100).optional(),
    /** Now when left out. */
    received_at: timeInput.optional(),
    lines: z
      .array(
        z
          .object({
            product_id: idInput(),
            quantity: came,
            /** Of the quantity: booked in, and out again at once, so that nobody can sell them. */
            damaged: spoilt,
            /** Where all of the line are of one lot, or may be sold until one day. */
            lot_code: idInput(64).optional(),
            expiry_date: z.iso.date().optional(),
            /** Where they are of several. */
            lots: z.array(NewLot).max(MAX_LOTS).optional(),
          })
          .refine((line) => line.damaged <= line.quantity, {
            path: ['damaged'],
            message: 'is more than came',
          })
          .refine((line) => !line.lots || (line.lot_code === undefined && line.expiry_date === undefined), {
            path: ['lots'],
            message: 'say each its own lot_code and expiry_date',
          })
          .refine(lotsFit, { path: ['lots'], message: 'are more than came' }),
      )
      .min(1)
      .max(MAX_LINES)
      .refine(
        (lines) => new Set(lines.map((line) => line.product_id)).size === lines.length,
        'name a product twice',
      ),
    /** Take more than was ordered; says a reason. */
    accept_over: z.boolean().default(false),
    /** Why more is taken. */
    reason: z.string().trim().min(1, 'is empty').max(255).optional(),
  })
  .refine((receipt) => !receipt.accept_over || receipt.reason !== undefined, {
    path: ['reason'],
    message: 'is missing: say why more is taken than was ordered',
  });
export type NewReceipt = z.infer<typeof NewReceipt>;

interface Lots {
  readonly quantity: number;
  readonly damaged: number;
  readonly lots?: readonly { readonly quantity: number; readonly damaged: number }[] | undefined;
}

/** Whether the lots are a part of the line, good and damaged units alike. */
function lotsFit({ quantity, damaged, lots = [] }: Lots): boolean {
  const units = lots.reduce((sum, lot) => sum + lot.quantity, 0);
  const spoiltUnits = lots.reduce((sum, lot) => sum + lot.damaged, 0);
  return units <= quantity && spoiltUnits <= damaged && damaged - spoiltUnits <= quantity - units;
}

/** POST /purchase-orders/{id}/close */
export const ClosePurchaseOrder = z.object({ reason: z.string().trim().min(1, 'is empty').max(255) });

/** What came of one product with a delivery. */
export const ReceiptLine = z.object({
  product_id: z.string(),
  quantity: z.int(),
  damaged: z.int(),
  /** What a unit had cost when it was here, charges included, as far as they and weights were known. */
  landed_unit_cost: z.string().nullable(),
  lots: z
    .array(
      z.object({
        lot_code: z.string().nullable(),
        expiry_date: Day.nullable(),
        quantity: z.int(),
        damaged: z.int(),
      }),
    )
    .nullable(),
});

const receiptHead = {
  receipt_id: z.string(),
  received_at: z.string(),
  actor: z.string(),
  accept_over: z.boolean(),
  /** Why more was taken. */
  reason: z.string().nullable(),
  /** All lines that it has. */
  line_count: z.int(),
};

/** What came of one delivery; with an order its first lines, where it has very many. */
export const PurchaseReceipt = z.object({ ...receiptHead, lines: z.array(ReceiptLine) });
export type PurchaseReceipt = z.infer<typeof PurchaseReceipt>;

/** GET /purchase-orders/{id}/receipts: a line of a delivery. */
export const PurchaseReceiptLine = ReceiptLine.extend(receiptHead);
