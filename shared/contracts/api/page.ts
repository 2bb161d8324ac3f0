import * as z from 'zod';
import { Explanation } from '../explanation.ts';
import { LowConfidence } from '../low-confidence.ts';
import { SeriesAccuracy } from './accuracy.ts';

/** The answers that the dashboard's first page reads. The API's routes answer with these schemas. */

/** Exact amount as text, such as "12.50". */
export const Money = z.string().regex(/^-?\d+(\.\d+)?$/);
/** `YYYY-MM-DD`. */
export const Day = z.iso.date();

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item),
    pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }),
  });

/** GET /analytics/dashboard/summary: a superset of the original's keys. */
export const DashboardSummary = z.object({
  /** Last day that the plan knows; null while there is no data. */
  as_of: Day.nullable(),
  total_orders: z.int(),
  total_revenue_mtd: Money,
  total_revenue_ytd: Money,
  avg_order_value: Money,
  low_stock_alerts: z.int(),
  open_suggestions: z.int(),
  /** Of those in the currency of most suppliers, which is that of the catalogue; null while nothing in it is open. */
  suggested_cost: Money,
  suggested_currency: z.string().nullable(),
  /** The others, which nobody can add to them. */
  suggested_elsewhere: z.array(z.object({ currency: z.string(), suggestions: z.int(), cost: Money })),
  draft_purchase_orders: z.int(),
  rejected_rows: z.int(),
  unexplained_shortages: z.int(),
  newest_run: z
    .object({ run_id: z.string(), as_of: Day, status: z.string(), series: z.int(), created_at: z.string() })
    .nullable(),
});
export type DashboardSummary = z.infer<typeof DashboardSummary>;

/** GET /analytics/sales-trends?period=daily|weekly|monthly&days= */
export const SalesTrends = z.object({
  trends: z.array(
    z.object({
      /** First day of the period. */
      period: z.string(),
      total_sales: Money,
      total_units: z.int(),
      total_orders: z.int(),
      avg_order_value: Money,
    }),
  ),
  period_type: z.enum(['daily', 'weekly', 'monthly']),
  days_covered: z.int(),
});
export type SalesTrends = z.infer<typeof SalesTrends>;

/** GET /suggestions, GET /suggestions/{id} */
export const Suggestion = z.object({
  suggestion_id: z.int(),
  /** open, ordered, snoozed, dismissed (a person said no), withdrawn (the need went away) */
  status: z.string(),
  /** A purchase from a supplier, or a transfer from another location. */
  kind: z.enum(['purchase', 'transfer']),
  run_id: z.string(),
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  /** Value A to C, certainty X to Z; null for what has not sold for a year. */
  class: z.string().nullable(),
  location_id: z.string(),
  /** Of a transfer: where the goods are. */
  from_location: z.string().nullable(),
  /** Null for a transfer. */
  supplier_id: z.string().nullable(),
  supplier_name: z.string().nullable(),
  /** What counts: the planner's quantity, or what a person made of it. */
  quantity: z.int(),
  need_quantity: z.int(),
  /** Units added so that the order comes to its supplier's minimum, part of the quantity. */
  top_up: z.int(),
  edited_by: z.string().nullable(),
  edited_why: z.string().nullable(),
  /** First day on which a person's quantity does not bind any more. */
  edited_until: Day.nullable(),
  unit_cost: Money,
  cost: Money,
  /** Expected sales that an order averts losing; of one need, shared by its suggestions. What is lost before it can come, the explanation tells. */
  money_at_risk: Money,
  /** Days for which stock, supply and the quantity last by the forecast's mean; null where nothing is expected to be sold. */
  cover_days: z.number().nullable(),
  /** Before an order placed now is there. */
  stockout_probability: z.number().nullable(),
  stockout_date: Day.nullable(),
  order_by: Day,
  snoozed_until: Day.nullable(),
  /** Who edited, snoozed, dismissed or reopened it last, and why. */
  decided_by: z.string().nullable(),
  decided_at: z.string().nullable(),
  decided_why: z.string().nullable(),
  purchase_order_id: z.int().nullable(),
  updated_at: z.string(),
  explanation: Explanation,
});
export type Suggestion = z.infer<typeof Suggestion>;

/** What is learnt of a series since the newest plan, from one day's sales to the next. */
export const LiveForecast = z.object({
  /** Last day that it has learnt; the one after it is still open. */
  learnt_through: Day,
  updated_at: z.string(),
  /** Which forecast speaks: the model learning online, or that of the newest plan; for how many days already (28 at most). */
  speaks: z.enum(['online', 'nightly']),
  held_days: z.int(),
  why: z.string(),
  /** Errors of both in sums over a week, over the same closed days (root mean square, units); null before there are any. */
  score: z.object({ weeks: z.int(), online: z.number(), nightly: z.number() }).nullable(),
  /** The day on which the level was last found to have shifted, if that was within 28 days. */
  level_shift: Day.nullable(),
  /** The coming days; `mean` is that of the forecast that speaks, `sold` what is known of the open day. */
  days: z.array(
    z.object({
      date: Day,
      mean: z.number(),
      online: z.number(),
      nightly: z.number().nullable(),
      sold: z.number(),
    }),
  ),
});
export type LiveForecast = z.infer<typeof LiveForecast>;

/** GET /forecasts/{product_id}?location_id= : history and newest forecast of one series, for a chart. */
export const ForecastDetail = z.object({
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  run_id: z.string(),
  as_of: Day,
  model: z.string(),
  demand_class: z.string(),
  /** `low` where people should look at it: see the reason, and it in a sentence. */
  confidence: z.enum(['usual', 'low']),
  low_confidence: LowConfidence.extend({ words: z.string() }).nullable(),
  period_days: z.int(),
  /** Units sold, and days of the period without stock and without sales: demand then is no zero, but unknown. */
  history: z.array(z.object({ date: Day, quantity: z.number(), days_out_of_stock: z.int() })),
  /**
   * `mean` is the forecast of the least absolute error, by which forecasts are judged. Where demand is rare that lies below
   * `expected`, the mean of all futures, which suggestions go by.
   */
  forecast: z.array(
    z.object({
      date: Day,
      mean: z.number(),
      expected: z.number(),
      quantiles: z.record(z.string(), z.number()),
    }),
  ),
  total: z.object({ mean: z.number(), expected: z.number(), low95: z.number(), high95: z.number() }),
  /** How earlier forecasts of the series did. */
  accuracy: SeriesAccuracy,
  /** Null for a series without a movement of its own since there are plans. */
  live: LiveForecast.nullable(),
});
export type ForecastDetail = z.infer<typeof ForecastDetail>;

/** GET /purchase-orders, GET /purchase-orders/{id} (with lines) */
export const PurchaseOrder = z.object({
  purchase_order_id: z.int(),
  /** Its name in the system that it was imported from; null for orders of ours. */
  reference: z.string().nullable(),
  supplier_id: z.string(),
  supplier_name: z.string(),
  location_id: z.string(),
  status: z.string(),
  line_count: z.int(),
  units: z.int(),
  total_cost: Money,
  currency: z.string(),
  created_at: z.string(),
  approved_by: z.string().nullable(),
  approved_at: z.string().nullable(),
  /** Whether a person made or changed it: a draft that nobody did mirrors the open suggestions. */
  is_own: z.boolean(),
  expected_date: Day.nullable(),
  /** Days since something of it should have come; null where nothing is late. */
  late_days: z.int().nullable(),
});
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;
