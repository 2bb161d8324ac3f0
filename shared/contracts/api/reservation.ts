import * as z from 'zod';
import { idInput, timeInput, unitsInput } from './inputs.ts';

export const RESERVATION_STATUSES = ['open', 'consumed', 'released', 'expired'] as const;

/** Units of one product at one location, promised to somebody. */
export const Reservation = z.object({
  reservation_id: z.string(),
  product_id: z.string(),
  location_id: z.string(),
  quantity: z.int(),
  /** Still held back; 0 once it has ended. */
  quantity_open: z.int(),
  /** Taken by orders. */
  quantity_taken: z.int(),
  status: z.enum(RESERVATION_STATUSES),
  reference: z.string().nullable(),
  expires_at: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
  ended_by: z.string().nullable(),
  ended_at: z.string().nullable(),
});
export type Reservation = z.infer<typeof Reservation>;

/** POST /reservations */
export const NewReservation = z.object({
  /** The client's name for it: the same id is the same reservation. */
  id: idInput(),
  product_id: idInput(),
  /** The default location when left out. */
  location_id: idInput(50).optional(),
  quantity: unitsInput.refine((units) => units > 0, 'must be above zero'),
  reference: idInput(128).nullable().default(null),
  /** When it ends of itself; never when left out. */
  expires_at: timeInput.nullable().default(null),
});
export type NewReservation = z.infer<typeof NewReservation>;

/** What is there of a product at a location, what of it is promised, and what is coming. */
export const StockPositionRow = z.object({
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  on_hand: z.int(),
  committed: z.int(),
  /** On hand and not promised. */
  available: z.int(),
  on_order: z.int(),
  in_transit: z.int(),
  /** on_hand + on_order + in_transit - committed */
  position: z.int(),
});
export type StockPositionRow = z.infer<typeof StockPositionRow>;
