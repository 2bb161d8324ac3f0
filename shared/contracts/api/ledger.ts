import * as z from 'zod';
import { MOVEMENT_TYPES, type MovementType } from '../../core/inventory/movement-types.ts';
import { idInput, movementIdInput, textInput, timeInput, unitsInput } from './inputs.ts';

const types = Object.keys(MOVEMENT_TYPES) as [MovementType, ...MovementType[]];

/** A movement as the ledger keeps it for ever. */
export const LedgerMovement = z.object({
  log_id: z.int(),
  /** The same key is the same movement. */
  movement_key: z.string(),
  product_id: z.string(),
  location_id: z.string(),
  type: z.string(),
  quantity_change: z.int(),
  /** On hand right after it, in the order of recording. */
  level_after: z.int(),
  /** When it happened. */
  effective_at: z.string(),
  /** Since when the ledger knows. */
  recorded_at: z.string(),
  reason: z.string().nullable(),
  reference_id: z.string().nullable(),
  /** The movement that this one takes back. */
  reverses_log_id: z.int().nullable(),
  /** The movement that takes this one back. */
  reversed_by_log_id: z.int().nullable(),
  actor: z.string(),
  is_synthetic: z.boolean(),
});
export type LedgerMovement = z.infer<typeof LedgerMovement>;

/** GET /ledger: newest first. */
export const LedgerPage = z.object({
  data: z.array(LedgerMovement),
  /** `before` of the next page; null on the last one. */
  next_before: z.int().nullable(),
  /** Only with `count=true`. */
  total: z.int().nullable(),
});

/** A plain day in a question about a time means its end. */
export const untilInput = z
  .union([z.iso.datetime({ offset: true }), z.iso.date().transform((day) => `${day}T23:59:59.999Z`)])
  .transform((text) => new Date(text).toISOString());

export const LedgerQuery = z.object({
  product_id: z.string().optional(),
  location_id: z.string().optional(),
  include_children: z.stringbool().default(true),
  type: z.enum(types).optional(),
  reference_id: z.string().optional(),
  movement_id: z.string().optional(),
  /** Inclusive. */
  effective_from: timeInput.optional(),
  /** Exclusive. */
  effective_to: timeInput.optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  count: z.stringbool().default(false),
});

export const AsOfQuery = z.object({
  product_id: z.string(),
  /** The default location when left out. */
  location_id: z.string().optional(),
  include_children: z.stringbool().default(true),
  /** `known_at` when left out. */
  effective_at: untilInput.optional(),
  /** Now when left out. */
  known_at: untilInput.optional(),
});

/** GET /ledger/as-of: with the same `known_at`, each location the same for ever; which lie in the asked one may change. */
export const AsOf = z.object({
  product_id: z.string(),
  location_id: z.string(),
  include_children: z.boolean(),
  effective_at: z.string(),
  known_at: z.string(),
  on_hand: z.int(),
  /** Movements behind it, and the newest of them. */
  movements: z.int(),
  newest_log_id: z.int().nullable(),
  by_location: z.array(z.object({ location_id: z.string(), on_hand: z.int() })),
});
export type AsOf = z.infer<typeof AsOf>;

/** What people book themselves; everything else follows from an order, a transfer, a count or a file. */
export const BOOKABLE = ['opening', 'receipt', 'damage', 'expiry', 'adjustment'] as const;

/** POST /movements */
export const NewMovement = z.object({
  /** The client's name for it: the same id is the same movement. */
  id: movementIdInput(100),
  product_id: idInput(),
  /** The default location when left out. */
  location_id: idInput(50).optional(),
  type: z.enum(BOOKABLE),
  /** Signed: negative leaves. */
  quantity_change: unitsInput,
  reason: textInput(255).default(null),
  reference_id: idInput(128).nullable().default(null),
  /** Of goods that come: their lot and the last day on which they may be sold; of goods that leave: the lot they are of. */
  lot_code: idInput(64).nullable().default(null),
  expiry_date: z.iso.date().nullable().default(null),
  /** When it happened, at the latest now; the business day when left out. */
  effective_at: timeInput.optional(),
});
export type NewMovement = z.infer<typeof NewMovement>;

/** POST /movements/{id}/reverse */
export const NewReversal = z.object({ reason: z.string().trim().min(1).max(255) });

/** What a movement did: itself, and the adjustment for what the ledger did not know of. */
export const BookedMovements = z.object({
  data: z.array(LedgerMovement),
  /** Whether it had been booked before, and this call changed nothing. */
  is_repeated: z.boolean(),
});
export type BookedMovements = z.infer<typeof BookedMovements>;

/** One day of one product: opening + received - issued = closing. */
export const StockDay = z.object({
  date: z.iso.date(),
  opening: z.int(),
  received: z.int(),
  issued: z.int(),
  /** Net change by type of movement. */
  by_type: z.record(z.string(), z.int()),
  closing: z.int(),
  /** Least on hand at any time of the day. */
  lowest: z.int(),
  /** Nothing on hand at the end of the day. */
  is_stockout: z.boolean(),
});
export type StockDay = z.infer<typeof StockDay>;

/** The same day of one of many products. */
export const StockSnapshot = StockDay.omit({ lowest: true }).extend({
  product_id: z.string(),
  /** Null for all locations together. */
  location_id: z.string().nullable(),
});
export type StockSnapshot = z.infer<typeof StockSnapshot>;

/** GET /inventory/snapshots: the days of one product, or with `date` one day of all, page by page. */
export const SnapshotQuery = z
  .object({
    product_id: z.string().optional(),
    location_id: z.string().optional(),
    include_children: z.stringbool().default(true),
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    date: z.iso.date().optional(),
    skip: z.coerce.number().int().min(0).max(10_000_000).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  })
  .superRefine((query, context) => {
    const isOne = query.product_id !== undefined && query.from !== undefined && query.to !== undefined;
    if (isOne === (query.date !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['date'],
        message: 'is asked for alone, or a product_id with from and to',
      });
    if (isOne && query.from! > query.to!)
      context.addIssue({ code: 'custom', path: ['to'], message: 'is before from' });
  });

export const Snapshots = z.object({
  data: z.array(z.union([StockSnapshot.extend({ lowest: z.int() }), StockSnapshot])),
  pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }).nullable(),
});
