import * as z from 'zod';
import { idInput, timeInput, unitsInput } from './inputs.ts';
import { Day, Money } from './page.ts';

/** Products of one sheet, and lines of one request. */
export const MAX_SHEET_LINES = 2_000;

/** POST /counts: these products, or those of a category, or all that the location has. */
export const NewCount = z.object({
  location_id: idInput(50).optional(),
  product_ids: z.array(idInput()).min(1).max(MAX_SHEET_LINES).optional(),
  category: z.string().trim().min(1).max(100).optional(),
  /** Who counts does not see what should be there. */
  blind: z.boolean().default(true),
  /** A line that differs by at most this share of what should be there is accurate. */
  tolerance_percent: z.number().min(0).max(100).default(0),
});
export type NewCount = z.infer<typeof NewCount>;

/** POST /counts/{id}/lines: of a product counted again the later request holds. */
export const CountedLines = z.object({
  lines: z
    .array(
      z.object({
        product_id: idInput(),
        counted: unitsInput.refine((units) => units >= 0, 'must not be negative'),
        /** When it was counted; now when left out. */
        counted_at: timeInput.optional(),
      }),
    )
    .min(1)
    .max(MAX_SHEET_LINES),
});
export type CountedLines = z.infer<typeof CountedLines>;

/** POST /counts/{id}/cancel */
export const CancelCount = z.object({ reason: z.string().trim().min(1, 'is empty').max(255) });

/** A count; its results are null until it is closed. */
export const StockCount = z.object({
  count_id: z.int(),
  location_id: z.string(),
  is_blind: z.boolean(),
  status: z.string(),
  tolerance_percent: z.number(),
  products: z.int(),
  counted: z.int(),
  opened_by: z.string(),
  opened_at: z.string(),
  closed_by: z.string().nullable(),
  closed_at: z.string().nullable(),
  reason: z.string().nullable(),
  /** Lines within the tolerance / lines counted. */
  accuracy: z.number().nullable(),
  /** Units and money at cost that were missing, and that were too many. */
  lost_units: z.int().nullable(),
  lost_cost: Money.nullable(),
  gained_units: z.int().nullable(),
  gained_cost: Money.nullable(),
});
export type StockCount = z.infer<typeof StockCount>;

/** A line of a sheet. */
export const StockCountLine = z.object({
  product_id: z.string(),
  product_name: z.string(),
  /** What should be there: now while the count is open, then at the time of counting; null for who counts blind. */
  expected: z.int().nullable(),
  counted: z.int().nullable(),
  counted_at: z.string().nullable(),
  counted_by: z.string().nullable(),
  /** Counted - expected, once the count is closed. */
  variance: z.int().nullable(),
  variance_cost: Money.nullable(),
  is_accurate: z.boolean().nullable(),
});
export type StockCountLine = z.infer<typeof StockCountLine>;

/** GET /counts/{id} */
export const StockCountDetail = StockCount.extend({ lines: z.array(StockCountLine) });
export type StockCountDetail = z.infer<typeof StockCountDetail>;

/** What counts found missing, of one item, product, location or category, or of all. */
export const Shrinkage = z.object({
  product_id: z.string().nullable(),
  product_name: z.string().nullable(),
  location_id: z.string().nullable(),
  category: z.string().nullable(),
  lines_counted: z.int(),
  lines_accurate: z.int(),
  lost_units: z.int(),
  lost_cost: Money,
  gained_units: z.int(),
  gained_cost: Money,
  sold_units: z.int(),
  sold_cost: Money,
  /** Lost at cost / sold at cost in the period; null when nothing was sold. */
  rate: z.number().nullable(),
  /** How far the units lost are above those that the rate of all would make one expect, in standard deviations. */
  anomaly: z.number(),
});
export type Shrinkage = z.infer<typeof Shrinkage>;

/** GET /inventory/shrinkage */
export const ShrinkageReport = z.object({
  from: Day,
  to: Day,
  by: z.enum(['item', 'product', 'location', 'category']),
  total: Shrinkage,
  data: z.array(Shrinkage),
  pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }),
});
export type ShrinkageReport = z.infer<typeof ShrinkageReport>;
