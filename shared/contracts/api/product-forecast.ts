import * as z from 'zod';
import { Day } from './page.ts';

export const PLAIN_METHODS = ['moving_average', 'linear_regression', 'exponential_smoothing'] as const;

/** Too little is known: how many points there are, and how many it takes. */
export const TooLittle = z.object({
  error: z.literal('insufficient_data'),
  message: z.string(),
  points: z.int(),
  needed: z.int(),
});

/** GET /analytics/forecast/product/{id}?days=&method= : units a day of a product, all its locations together. */
export const ProductForecast = TooLittle.partial().extend({
  product_id: z.string(),
  /** What was asked for, and what answers: `plan` is the stored forecast of the newest plan. */
  asked_method: z.enum(['auto', ...PLAIN_METHODS]),
  method: z.enum(['plan', ...PLAIN_METHODS]),
  /** Last day that is known (null without any demand), and days from the first demand to it, of those that are looked at. */
  as_of: Day.nullable(),
  history_days: z.int(),
  /** Empty with an `error`. */
  forecast_dates: z.array(Day),
  forecast_values: z.array(z.number()),
  total_forecast: z.number().nullable(),
  /** Null below 14 known days. The slope is that of the least-squares line, units a day. */
  trend: z.enum(['Increasing', 'Declining', 'Stable']).nullable(),
  slope: z.number().nullable(),
  /** Of a moving average: its days, and its value. */
  window: z.int().optional(),
  daily_average: z.number().optional(),
  /** Of exponential smoothing. */
  alpha: z.number().optional(),
  /** Of the plan: the run, the models of the product's locations, and whether any is of low confidence. */
  run_id: z.string().optional(),
  models: z.array(z.string()).optional(),
  confidence: z.enum(['usual', 'low']).optional(),
});
export type ProductForecast = z.infer<typeof ProductForecast>;

/** GET /analytics/demand-forecast/{id}?days_ahead= */
export const DemandForecast = TooLittle.partial().extend({
  product_id: z.string(),
  /** Days ahead. */
  forecast_period: z.int(),
  predicted_demand: z.number().nullable(),
  method: z.string(),
  as_of: Day.nullable(),
});
export type DemandForecast = z.infer<typeof DemandForecast>;

/** GET /analytics/forecast/category/{category}?days= */
export const CategoryDays = z.object({
  category: z.string(),
  /** Active goods of the category. */
  products_count: z.int(),
  as_of: Day,
  run_id: z.string(),
  model: z.string(),
  forecast_dates: z.array(Day),
  forecast_values: z.array(z.number()),
  total_forecast: z.number(),
  confidence_interval: z.object({ lower: z.number(), upper: z.number() }),
});
export type CategoryDays = z.infer<typeof CategoryDays>;
