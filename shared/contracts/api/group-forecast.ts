import * as z from 'zod';
import { STOCKOUT_RISKS } from '../../core/inventory/stockout-risk.ts';
import { Day } from './page.ts';

const Interval = z.object({ lower: z.number(), upper: z.number() });
const Total = z.object({ mean: z.number(), low95: z.number(), high95: z.number() });

/** A category or the total in one line. */
export const GroupSummary = z.object({
  level: z.enum(['category', 'total']),
  /** The category; empty for the total. */
  key: z.string(),
  /** Product x location series that it holds. */
  series: z.int(),
  run_id: z.string(),
  as_of: Day,
  first_day: Day,
  period_days: z.int(),
  /** Periods that the total is of: those in which a mean is the sum of the products' means. */
  horizon: z.int(),
  /** Where its spread comes from. */
  model: z.string(),
  demand_class: z.string(),
  total: Total,
});
export type GroupSummary = z.infer<typeof GroupSummary>;

/** History and forecast of a group, for a chart. */
export const GroupDetail = GroupSummary.extend({
  history: z.array(z.object({ date: Day, quantity: z.number() })),
  forecast: z.array(
    z.object({
      date: Day,
      mean: z.number(),
      quantiles: z.record(z.string(), z.number()),
      /** Of the mean: the sum of the products' forecasts, or the group's own model beyond them. */
      basis: z.enum(['products', 'group']),
    }),
  ),
});
export type GroupDetail = z.infer<typeof GroupDetail>;

/** GET /forecast/forecast/{category}. Besides, `forecast_<horizon>_day` is the same as `total_forecast`. */
export const CategoryForecast = z.looseObject({
  category: z.string(),
  run_id: z.string(),
  as_of: Day,
  first_day: Day,
  horizon_days: z.int(),
  /** Units of the horizon: the sum of the buckets. */
  total_forecast: z.number(),
  /** 95 % interval of that sum. */
  confidence_interval: Interval,
  /** Units of 90 days, whatever the horizon. */
  forecast_90_day: z.number(),
  /** Days whose means are sums of the products' forecasts; those after come from the category's own model. */
  product_based_days: z.int(),
  model: z.string(),
  /** Exactly `horizon_days` of them, when asked for; their sum is `total_forecast`. */
  daily_forecast: z
    .array(z.object({ date: Day, forecast: z.number(), lower_ci: z.number(), upper_ci: z.number() }))
    .optional(),
  /** Of the category's products as if they were one stock; null where nobody supplies them. */
  lead_time_days: z.number().nullable(),
  /** Stock that covers lead time and review at the service level; less the mean of that time: the safety stock. */
  reorder_point: z.number().nullable(),
  safety_stock: z.number().nullable(),
  stock: z.int(),
  /** Chance that the lead time asks for more than is there and on order. */
  stockout_probability: z.number().nullable(),
  /** By the days that stock and orders last over the lead time, as of single items. */
  stockout_risk: z.enum(STOCKOUT_RISKS).nullable(),
});
export type CategoryForecast = z.infer<typeof CategoryForecast>;

/** GET /forecast/forecasts/all. Each category besides has its total as `forecast_<horizon>_day`. */
export const CategoryForecasts = z.object({
  /** When the run was made; null before the first. */
  generated_at: z.string().nullable(),
  run_id: z.string().nullable(),
  as_of: Day.nullable(),
  horizon_days: z.int(),
  total_forecast_all_categories: z.number(),
  /** Of all categories together: narrower than the sum of theirs. */
  confidence_interval: Interval,
  categories: z.array(
    z.looseObject({ category: z.string(), total_forecast: z.number(), confidence_interval: Interval }),
  ),
});
export type CategoryForecasts = z.infer<typeof CategoryForecasts>;
