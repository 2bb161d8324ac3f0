import * as z from 'zod';
import { Day } from './page.ts';
import { TooLittle } from './product-forecast.ts';

/** Null where the number is not defined for this series. */
const Figure = z.number().nullable();
const Test = z.object({ statistic: Figure, p_value: Figure });

const Residuals = z.object({
  count: z.int(),
  mean: Figure,
  deviation: Figure,
  skewness: Figure,
  kurtosis: Figure,
  first_autocorrelation: Figure,
});

/** Which series an answer is about: a category, or a product at one or all of its locations. */
const About = TooLittle.partial().extend({
  category: z.string().optional(),
  product_id: z.string().optional(),
  location_id: z.string().optional(),
  as_of: Day.nullable(),
  period_days: z.int(),
  data_points: z.int(),
});

/** GET /forecast/diagnostics/{category}, GET /forecast/diagnostics?product_id=&location_id=&category= : weekly demand. */
export const Diagnostics = About.extend({
  /** `constant`: nothing varies, so there is nothing to test. */
  status: z.enum(['tested', 'constant', 'insufficient_data']),
  /** The numbers in words. */
  findings: z.array(z.string()),
  mean: Figure,
  deviation: Figure,
  /** Share of weeks with demand. */
  active_share: Figure,
  adf: Test.extend({ lags: z.int(), critical_5_percent: Figure, is_stationary: z.boolean() }).nullable(),
  kpss: Test.extend({ lags: z.int(), is_stationary: z.boolean() }).nullable(),
  /** 0 to 1; of the season null below two years. */
  seasonality_strength: Figure,
  trend_strength: Figure,
  trend: z.enum(['Increasing', 'Declining', 'Stable']).nullable(),
  /** Least squares on a constant, a line, the week before, and from two years on a wave of the year. */
  baseline_regression: z
    .object({
      observations: z.int(),
      r_squared: Figure,
      terms: z.array(
        z.object({ name: z.string(), coefficient: Figure, standard_error: Figure, vif: Figure }),
      ),
      durbin_watson: Figure,
      breusch_pagan: Test,
      jarque_bera: Test,
      ljung_box: Test.extend({ lags: z.int() }),
      residuals: Residuals.nullable(),
    })
    .nullable(),
  /** SARIMA on log(1 + y); errors are standardised. */
  sarima: z
    .object({
      order: z.string(),
      aic: Figure,
      aicc: Figure,
      log_likelihood: Figure,
      sigma2: Figure,
      ljung_box: Test.extend({ lags: z.int() }).nullable(),
      no_autocorrelation: z.boolean().nullable(),
      residuals: Residuals.nullable(),
    })
    .nullable(),
});
export type Diagnostics = z.infer<typeof Diagnostics>;

/** GET /analytics/outliers?product_id=|category=&bucket= : flags only, nothing is changed. */
export const Outliers = About.extend({
  rules: z.object({ iqr: z.string(), z: z.string(), 'modified-z': z.string() }),
  outliers: z.array(
    z.object({
      /** First day of the period. */
      date: Day,
      value: z.number(),
      rules: z.array(z.enum(['iqr', 'z', 'modified-z'])),
    }),
  ),
});
export type Outliers = z.infer<typeof Outliers>;

/** GET /forecast/spikes?weeks=&min_lift=&limit= */
export const Spikes = z.object({
  run_id: z.string().nullable(),
  as_of: Day.nullable(),
  horizon_weeks: z.int(),
  /** What a spike is compared with. */
  usual: z.literal('mean of the newest 13 weeks'),
  /** Probability that an interval holds. */
  coverage: z.number(),
  min_lift: z.number(),
  /** The largest categories are looked at. */
  categories_total: z.int(),
  categories_looked_at: z.int(),
  /** Most lift first; more than asked for are left out. */
  spikes_found: z.int(),
  spikes: z.array(
    z.object({
      category: z.string(),
      week_start: Day,
      /** Weeks ahead, from 1. */
      week: z.int(),
      usual_units: z.number(),
      expected_units: z.number(),
      /** expected / usual - 1, and its interval. */
      lift: z.number(),
      lift_interval: z.object({ lower: z.number(), upper: z.number() }),
    }),
  ),
});
export type Spikes = z.infer<typeof Spikes>;
