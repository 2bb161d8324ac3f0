import * as z from 'zod';
import { Day } from './page.ts';
import { TooLittle } from './product-forecast.ts';

/** Name of a member to its share; shares sum to 1. */
const Weights = z.record(z.string(), z.number());
const Figure = z.number().nullable();

/** Errors over the same weeks; null where nothing was sold in them. */
export const EnsembleErrors = z.object({
  mae: Figure,
  rmse: Figure,
  wape: Figure,
  /** Percent. */
  smape: Figure,
  bias: Figure,
});

/** The ensemble of one category as it was trained. */
export const Ensemble = z.object({
  category: z.string(),
  weights: Weights,
  /** Of each member over the judged forecasts. */
  errors: z.record(z.string(), EnsembleErrors),
  left_out: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** Weeks of history, the newest of them that members were judged by, and forecasts that each was judged by. */
  data_points: z.int(),
  validation_weeks: z.int(),
  judged: z.int(),
  /** Last day that the training knew. */
  as_of: Day,
  trained_at: z.string(),
  trained_by: z.string(),
});
export type Ensemble = z.infer<typeof Ensemble>;

const Counts = { categories_trained: z.int(), categories_outdated: z.int(), categories_total: z.int() };

/** GET /forecast/ensemble/status */
export const EnsembleStatus = z.object({
  ensemble_available: z.boolean(),
  models: z.array(z.object({ name: z.string(), description: z.string() })),
  message: z.string(),
  as_of: Day.nullable(),
  ...Counts,
});
export type EnsembleStatus = z.infer<typeof EnsembleStatus>;

/** POST /forecast/ensemble/train?validation_weeks=&category= */
export const EnsembleTraining = z.object({
  success: z.boolean(),
  message: z.string(),
  categories_trained: z.int(),
  /** Categories with enough history that have no ensemble of these data yet: ask again for them. */
  categories_remaining: z.int(),
  results: z.array(
    z.object({
      category: z.string(),
      status: z.enum(['trained', 'insufficient_data']),
      weights: Weights,
      errors: z.record(z.string(), EnsembleErrors),
      left_out: z.array(z.object({ name: z.string(), reason: z.string() })),
      data_points: z.int(),
      /** Weeks that it takes. */
      needed: z.int(),
    }),
  ),
});
export type EnsembleTraining = z.infer<typeof EnsembleTraining>;

/** GET /forecast/ensemble/forecast/{category}?weeks= : by the trained weights, from all that is known now. */
export const EnsembleForecast = z.object({
  category: z.string(),
  model_type: z.literal('weighted ensemble'),
  horizon_weeks: z.int(),
  run_id: z.string(),
  as_of: Day,
  /** Last day that the weights knew. */
  weights_as_of: Day,
  /** First day of each week. */
  forecast_dates: z.array(Day),
  forecast: z.array(z.number()),
  /** The 95 % interval of each week. */
  lower_bound: z.array(z.number()),
  upper_bound: z.array(z.number()),
  forecast_total: z.number(),
  /** Of the sum: narrower than the sums of the bounds. */
  total_interval: z.object({ lower: z.number(), upper: z.number() }),
  weights: Weights,
  /** What each member expects by itself. */
  members: z.record(z.string(), z.array(z.number())),
});
export type EnsembleForecast = z.infer<typeof EnsembleForecast>;

/** GET /forecast/ensemble/forecasts/all?weeks=&skip=&limit= */
export const EnsembleForecasts = z.object({
  generated_at: z.string(),
  horizon_weeks: z.int(),
  run_id: z.string().nullable(),
  as_of: Day.nullable(),
  categories: z.array(
    z.object({
      category: z.string(),
      forecast_total: z.number(),
      weekly_forecast: z.array(z.number()),
      lower_bound: z.array(z.number()),
      upper_bound: z.array(z.number()),
      weights: Weights,
    }),
  ),
  pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }),
});
export type EnsembleForecasts = z.infer<typeof EnsembleForecasts>;

/** GET /forecast/ensemble/weights */
export const EnsembleWeights = z.object({
  categories: z.array(Ensemble),
  /** Over all trained categories; a member that was left out counts as 0. */
  average_weights: Weights,
  pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }),
});
export type EnsembleWeights = z.infer<typeof EnsembleWeights>;

const Judged = z.object({
  model: z.string(),
  /** Of the coming weeks. */
  total_forecast: z.number(),
  backtest: z.object({ total_forecast: z.number(), errors: EnsembleErrors }),
});

/** GET /forecast/ensemble/compare/{category}?weeks= */
export const EnsembleCompared = TooLittle.partial().extend({
  category: z.string(),
  horizon_weeks: z.int(),
  run_id: z.string(),
  as_of: Day,
  /** What both knew, and the weeks that they were then judged by; null with an `error`. */
  data_cut: z
    .object({ weeks: z.int(), as_of: Day, judged_weeks: z.int(), actual_total: z.number() })
    .nullable(),
  sarima: Judged.nullable(),
  ensemble: Judged.extend({ weights: Weights, backtest_weights: Weights }).nullable(),
  /** The same weeks a year before; with less than a year of history the last week known. */
  seasonal_naive: EnsembleErrors.nullable(),
});
export type EnsembleCompared = z.infer<typeof EnsembleCompared>;
