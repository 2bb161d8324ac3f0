import * as z from 'zod';
import { readSettings } from '../planning/read-settings.ts';
import type { Statements } from '../sql/database.ts';

const share = (usual: number) => z.coerce.number().min(0).max(1).default(usual);

/** What counts as waste, and how far prices may go. Each is a row of `setting`; its default holds without one. */
export const WasteSettings = z.object({
  /** Share of items whose life ends in a year, before anything is known of them. */
  dead_stock_yearly_rate: z.coerce.number().min(0.001).max(0.9).default(0.1),
  /** From this probability on an item counts as dead: of those named, at most the rest is wrong. */
  dead_stock_probability: z.coerce.number().min(0.5).max(0.999).default(0.95),
  /** Units a day below which an item moves slowly. */
  slow_units_per_day: z.coerce.number().min(0).max(1000).default(0.1),
  /** Days of demand that are no excess. */
  excess_cover_days: z.coerce.number().int().min(7).max(730).default(91),
  /** Cost of keeping stock for a year, as a share of its cost. */
  holding_rate: z.coerce.number().min(0).max(5).default(0.25),
  /** Days in which stock that does not expire should be cleared. */
  clearance_days: z.coerce.number().int().min(7).max(365).default(90),
  /** Least price of a clearance, as a share of the cost. */
  clearance_floor: z.coerce.number().min(0).max(5).default(0.5),
  /** What a unit brings that nobody bought, as a share of its cost. */
  salvage_share: share(0),
  /** Days of a promotion, and largest change of a suggested price at once. */
  promotion_days: z.coerce.number().int().min(1).max(91).default(28),
  price_most_change: share(0.1),
  /** `on`: what is past its day leaves stock by night. */
  expire_lots: z.enum(['on', 'off']).default('off'),
});
export type WasteSettings = z.infer<typeof WasteSettings>;

/** The settings of waste; a value that makes no sense is a Fault `invalid` that names it. */
export const readWasteSettings = (db: Statements): Promise<WasteSettings> =>
  readSettings(db, WasteSettings, 'waste');

const Value = z.object({ value: z.string() });

/** Whether what is past its day leaves stock by night; asked alone, so that no other setting can stop the night's work. */
export async function readExpireLots(db: Statements): Promise<boolean> {
  const [row] = await db.select(Value, `SELECT value FROM setting WHERE name = 'expire_lots'`);
  return row?.value === 'on';
}
