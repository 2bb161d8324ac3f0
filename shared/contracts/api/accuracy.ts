import * as z from 'zod';

/** `YYYY-MM-DD`. */
const Day = z.iso.date();

/** Figures are fractions of what was sold; null where nothing was judged or sold. */
const Figure = z.number().nullable();

/** What every figure is about; each answer states it. */
const About = z.object({
  /** Forecasts are judged week by week, a week being seven days that end on the `as_of` of a plan or whole weeks later. */
  bucket: z.literal('week'),
  /** Errors are those of single series, a product at a location, summed up: not errors of totals. */
  level: z.literal('product x location'),
  /** Weeks from the forecast's last known day to the end of the week, both bounds included. */
  lag: z.object({ from: z.int(), to: z.int() }),
  bias: z.literal('sum of (forecast - actual) over sum of actual: positive is over-forecast'),
  naive: z.literal('the week 52 weeks before, for a series younger than a year the last known week'),
});

const Figures = z.object({
  /** Forecasts of one series for one week that were judged. */
  forecasts: z.int(),
  /** Those that were not: the series was out of stock on a whole day of the week. */
  out_of_stock: z.int(),
  /** Units sold in the judged weeks. */
  actual: z.number(),
  wape: Figure,
  bias: Figure,
  naive_wape: Figure,
  /** Forecast value added: naive WAPE less WAPE, positive is better than naive. */
  value_added: Figure,
  /** Absolute error over that of naive on the same weeks: below 1 is better than naive. */
  relative_error: Figure,
  /** Weighted quantile loss over the levels 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975. */
  wql: Figure,
  coverage80: Figure,
  coverage95: Figure,
});
export type AccuracyFigureColumns = z.infer<typeof Figures>;

/** GET /analytics/forecast-accuracy?by=&lag=&from=&to=&quarter= */
export const ForecastAccuracy = About.extend({
  by: z.enum(['total', 'category', 'class', 'model', 'lag']),
  /** Weeks that were closed, and the last day of the first and the last of them; null before one was. */
  weeks: z.int(),
  first_week_end: Day.nullable(),
  last_week_end: Day.nullable(),
  rows: z.array(Figures.extend({ group: z.string() })),
});
export type ForecastAccuracy = z.infer<typeof ForecastAccuracy>;

/** GET /analytics/forecast-accuracy/quarters?lag= */
export const AccuracyQuarters = About.extend({
  rows: z.array(
    Figures.extend({
      /** Empty for all categories together, else one of the catalogue's; `Uncategorised` for products without. */
      category: z.string(),
      /** Calendar quarter of the last day of the weeks: `2011-Q4`. */
      quarter: z.string(),
      weeks: z.int(),
      /** WAPE less that of the category's quarter before: positive is worse. */
      wape_change: Figure,
      /** Relative error less that of the quarter before: a change of the forecasts, not of how hard the quarter was. */
      relative_error_change: Figure,
    }),
  ),
});
export type AccuracyQuarters = z.infer<typeof AccuracyQuarters>;

/** Part of GET /forecasts/{product_id}: how earlier forecasts of the series did. */
export const SeriesAccuracy = About.omit({ lag: true }).extend({
  /** Lag by lag, over the closed weeks of about the last quarter. */
  lags: z.array(Figures.extend({ lag: z.int() })),
  /** The weeks as they were forecast one week ahead, oldest first; no actual where it was out of stock. */
  weeks: z.array(
    z.object({
      week_end: Day,
      forecast: z.number(),
      low80: z.number(),
      high80: z.number(),
      naive: z.number(),
      actual: z.number().nullable(),
    }),
  ),
});
export type SeriesAccuracy = z.infer<typeof SeriesAccuracy>;

/** The words of `About`, once. */
export const ABOUT_ACCURACY = {
  bucket: 'week',
  level: 'product x location',
  bias: 'sum of (forecast - actual) over sum of actual: positive is over-forecast',
  naive: 'the week 52 weeks before, for a series younger than a year the last known week',
} as const;
