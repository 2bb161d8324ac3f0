import * as z from 'zod';
import { ALLOCATION_STRATEGIES } from '../../core/allocation/allocate.ts';
import { idInput, priceInput } from './inputs.ts';
import { Day, Money } from './page.ts';

const amount = z.coerce.number().min(0).max(1e9);
const units = z.coerce.number().int().min(0).max(1_000_000_000);
const share = z.coerce.number().min(0).max(10);

/** POST /allocations: what is limited, and how it is to be divided. Money in ten-thousandths after reading. */
export const NewAllocation = z
  .object({
    /** `suggestions`: how much of each open suggestion; `products`: parts of a total for all goods, whatever they need. */
    of: z.enum(['suggestions', 'products']).default('suggestions'),
    /** `value`: by expected gain; the others are proportions. */
    strategy: z.enum(ALLOCATION_STRATEGIES).default('value'),
    limit: z
      .object({
        /** Money, in the one currency of the suppliers. */
        budget: priceInput.optional(),
        units: units.optional(),
        /** In the measures of the products' `unit_volume` and `unit_weight`. */
        volume: amount.optional(),
        weight: amount.optional(),
      })
      .default({}),
    /** With `of: products`: units in proportion to what was sold, instead of `limit.units`: a range to draw from, or one proportion. */
    restock: z
      .object({
        lower: share.optional(),
        upper: share.optional(),
        uniform: share.optional(),
        seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
      })
      .optional(),
    supplier_id: idInput().optional(),
    /** Suppliers with this currency alone. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'is no currency of three capitals, such as GBP')
      .optional(),
    location_id: idInput(50).optional(),
    category: z.string().trim().min(1).max(100).optional(),
    /** What counts as sold: of so many days up to the business day (28 by default), or in so many of the newest rows of the log. */
    trend_days: z.coerce.number().int().min(1).max(3650).optional(),
    trend_rows: z.coerce.number().int().min(1).max(100_000).optional(),
    /** Cost of keeping a unit for a year as a share of its cost; by default the setting of that name. */
    holding_rate: z.coerce.number().min(0).max(5).optional(),
    /** A unit short counts for at least what makes this service level the cheapest: holding * level / (1 - level). Default: the margin alone. */
    service_level: z.coerce.number().min(0.5).max(0.999).optional(),
    /** Margin as a share of the price, where a product has no price. */
    assumed_margin: z.coerce.number().min(0).max(0.95).default(0.4),
    /** Makes it so at once; else POST /allocations/{id}/apply does. */
    apply: z.boolean().default(false),
  })
  .superRefine((asked, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (Object.values(asked.limit).every((limit) => limit === undefined) && !asked.restock)
      refuse('limit', 'names none of budget, units, volume, weight');
    if (asked.trend_days !== undefined && asked.trend_rows !== undefined)
      refuse('trend_rows', 'and trend_days exclude each other');
    if (asked.of === 'products') {
      if (asked.strategy === 'value') refuse('strategy', 'value is for suggestions, which have a need');
      if (asked.apply) refuse('apply', 'is for suggestions');
    }
    if (!asked.restock) return;
    if (asked.of === 'suggestions') refuse('restock', 'is for products');
    if (asked.limit.units !== undefined) refuse('restock', 'and limit.units exclude each other');
    const { lower, upper, uniform } = asked.restock;
    if (uniform !== undefined && (lower !== undefined || upper !== undefined))
      refuse('restock', 'uniform and the range lower, upper exclude each other');
    if ((lower ?? 0.8) > (upper ?? 1.2)) refuse('restock', 'lower is above upper');
  });
export type NewAllocation = z.infer<typeof NewAllocation>;

const perResource = <T extends z.ZodType>(of: T) =>
  z.object({ budget: of, units: of, volume: of, weight: of }).partial();

/** One item of an allocation, in the order in which it is worth its use of the limits. */
export const AllocationLine = z.object({
  rank: z.int(),
  suggestion_id: z.int().nullable(),
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  supplier_id: z.string().nullable(),
  /** Units that are suggested; null with `of: products`. */
  wanted: z.int().nullable(),
  quantity: z.int(),
  unit_cost: Money.nullable(),
  cost: Money.nullable(),
  /** Of cost and gains. */
  currency: z.string().nullable(),
  /** What the gains stand on: the forecast's simulated demand, or, without one, the suggested need as if it were certain. */
  basis: z.enum(['forecast', 'need']).nullable(),
  /** False where the product has no price in the currency of its supplier, and its margin is the assumed one. */
  is_margin_known: z.boolean(),
  /** Expected money: of the quantity, and what is lost by not having all that is worth having. */
  gain: Money.nullable(),
  lost: Money.nullable(),
  /** Of one unit: the last that was given, and the next that was not; below 0: that would lose money, whatever is left. */
  last_gain: Money.nullable(),
  next_gain: Money.nullable(),
  /** Gain of its first step for what that uses of the limits at their prices: 1 is at the cut. Null for shares. */
  worth: z.number().nullable(),
  /** What became of its suggestion when it was applied. */
  applied: z.enum(['edited', 'postponed', 'unchanged', 'skipped']).nullable(),
});
export type AllocationLine = z.infer<typeof AllocationLine>;

/** Sums of an allocation. */
export const AllocationOutcome = z.object({
  /**
   * What is used of everything, and what is left of what is limited; volume and weight as far as products have them, money
   * where there is one currency.
   */
  used: perResource(z.number()).extend({ budget: Money.nullable() }),
  left: perResource(z.number()).extend({ budget: Money.optional() }),
  /** What is used and gained in each currency; nobody knows what one is worth in the other. */
  by_currency: z
    .array(
      z.object({
        currency: z.string().nullable(),
        /** That got something. */
        lines: z.int(),
        /** Null where a product has no cost. */
        cost: Money.nullable(),
        gain: Money.nullable(),
      }),
    )
    // allocations of before have none
    .default([]),
  /** Units sold in the trend, where a strategy or `restock` asked for them. */
  sold: z.int().nullable(),
  /** With strategy `value`, in expected money of the one currency. */
  value: z
    .object({
      gain: Money,
      /** No division within the limits gains more than this. */
      most: Money,
      /** The search came to its end: `gain` is the most. */
      is_best: z.boolean(),
      /** Gain without any limit, and what the limits cost of it. */
      unlimited: Money,
      lost: Money,
      /** About what one more of each limit would gain (for the budget: money for money). */
      prices: perResource(z.number()),
    })
    .nullable(),
  /** Suppliers whose part is below the minimum of an order. */
  below_minimum: z.array(
    z.object({ supplier_id: z.string(), location_id: z.string(), cost: Money, minimum: Money }),
  ),
});
export type AllocationOutcome = z.infer<typeof AllocationOutcome>;

/** GET /allocations: without lines. */
export const AllocationSummary = AllocationOutcome.extend({
  allocation_id: z.string(),
  of: z.enum(['suggestions', 'products']),
  strategy: z.enum(ALLOCATION_STRATEGIES),
  status: z.enum(['proposed', 'applied']),
  limit: perResource(z.number()).extend({ budget: Money.optional() }),
  as_of: Day.nullable(),
  run_id: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
  applied_by: z.string().nullable(),
  applied_at: z.string().nullable(),
});
export type AllocationSummary = z.infer<typeof AllocationSummary>;

/** POST /allocations, GET /allocations/{id}: with a page of its lines. */
export const AllocationDetail = AllocationSummary.extend({
  lines: z.array(AllocationLine),
  pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }),
});
export type AllocationDetail = z.infer<typeof AllocationDetail>;
