import * as z from 'zod';
import { idInput, textInput, timeInput, unitsInput } from './inputs.ts';

const units = unitsInput.refine((value) => value > 0, 'must be above zero');
const line = z.object({ product_id: idInput(), quantity: units });
const reason = z.string().trim().min(1).max(255);
const MAX_LINES = 200;

export const TRANSFER_STATUSES = ['in_transit', 'received', 'cancelled', 'closed'] as const;

/** A product of a transfer: quantity = in_transit + received + returned + lost. */
export const TransferLine = z.object({
  product_id: z.string(),
  quantity: z.int(),
  in_transit: z.int(),
  received: z.int(),
  returned: z.int(),
  lost: z.int(),
});

/** Goods moved from one location to another. */
export const Transfer = z.object({
  transfer_id: z.string(),
  from_location: z.string(),
  to_location: z.string(),
  status: z.enum(TRANSFER_STATUSES),
  reason: z.string().nullable(),
  end_reason: z.string().nullable(),
  shipped_at: z.string(),
  created_by: z.string(),
  created_at: z.string(),
  ended_by: z.string().nullable(),
  ended_at: z.string().nullable(),
  lines: z.array(TransferLine),
});
export type Transfer = z.infer<typeof Transfer>;

/** POST /transfers */
export const NewTransfer = z.object({
  /** The client's name for it: the same id is the same transfer. A new one when left out. */
  id: idInput().optional(),
  from_location: idInput(50),
  to_location: idInput(50),
  lines: z.array(line).min(1).max(MAX_LINES),
  reason: textInput(255).default(null),
  /** Whether the goods are there at once; else they are in transit until they are received. */
  arrives: z.boolean().default(false),
  /** When they left, at the latest now; the business day when left out. */
  effective_at: timeInput.optional(),
});
export type NewTransfer = z.infer<typeof NewTransfer>;

/** POST /transfers/{id}/receive: all that is in transit when no lines are given. */
export const TransferArrival = z.object({
  lines: z.array(line).min(1).max(MAX_LINES).optional(),
  effective_at: timeInput.optional(),
});
export type TransferArrival = z.infer<typeof TransferArrival>;

/** POST /transfers/{id}/cancel and /close */
export const TransferEnd = z.object({ reason, effective_at: timeInput.optional() });
export type TransferEnd = z.infer<typeof TransferEnd>;
