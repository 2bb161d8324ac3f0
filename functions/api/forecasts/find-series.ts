import * as z from 'zod';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { findProductId, readProductDays } from '../../../shared/data/demand/product-demand-reads.ts';
import { readCategoryHistories } from '../../../shared/data/forecasts/ensemble-store.ts';
import { findNewestCompleteRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { findGroupRun } from '../../../shared/data/forecasts/group-forecast-reads.ts';
import { HISTORY_PERIODS, PERIOD_DAYS } from '../../../shared/data/forecasts/series-store.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';

const names = {
  category: z.string().min(1).max(100).optional(),
  product_id: z.string().min(1).max(64).optional(),
  location_id: z.string().min(1).max(50).optional(),
};
type Names = z.infer<z.ZodObject<typeof names>>;

const isNamedOnce = ({ category, product_id }: Names) =>
  (category === undefined) !== (product_id === undefined);
const NAMED_ONCE = { path: ['category'], message: 'or product_id must be given, not both' };
const isPlaced = ({ category, location_id }: Names) => category === undefined || location_id === undefined;
const PLACED = { path: ['location_id'], message: 'goes with product_id only' };

/** Names a series in a query: a category, or a product at one or all of its locations. */
export const SeriesNames = z.object(names).refine(isNamedOnce, NAMED_ONCE).refine(isPlaced, PLACED);

/** The same, by weeks or days; categories have weeks only. */
export const SeriesQuery = z
  .object({ ...names, bucket: z.enum(['week', 'day']).default('week') })
  .refine(isNamedOnce, NAMED_ONCE)
  .refine(isPlaced, PLACED)
  .refine(({ category, bucket }) => category === undefined || bucket === 'week', {
    path: ['bucket'],
    message: 'of a category is a week',
  });
export type SeriesQuery = z.infer<typeof SeriesQuery>;

/** Days of a daily series: a year of whole weeks. */
const MOST_DAYS = 364;

export interface FoundSeries {
  /** As answers show it. */
  readonly about: {
    readonly category?: string;
    readonly product_id?: string;
    readonly location_id?: string;
    readonly as_of: string | null;
    readonly period_days: number;
    readonly data_points: number;
  };
  /** Units per period, oldest first, from the first demand on. */
  readonly quantities: ArrayLike<number>;
  /** First day of a period by its place. */
  dayOf(index: number): string;
}

/** Up to three years of weeks, or a year of days, up to the newest plan. Fault `missing` for what does not exist. */
export async function findSeries(db: Statements, asked: SeriesQuery): Promise<FoundSeries> {
  if (asked.category !== undefined) {
    const run = await findGroupRun(db);
    const [one] = run ? await readCategoryHistories(db, run.runId, [asked.category]) : [];
    const { category, history } = found(one, 'category', asked.category);
    return seriesOf({ category }, history, run!.asOf, PERIOD_DAYS);
  }
  const productId = found(await findProductId(db, asked.product_id!), 'product', asked.product_id!);
  const locationId = asked.location_id;
  const run = await findNewestCompleteRun(db);
  const asOf = run?.asOf ?? (await readBusinessDay(db));
  const isDaily = asked.bucket === 'day';
  const most = isDaily ? MOST_DAYS : PERIOD_DAYS * HISTORY_PERIODS;
  const days = asOf
    ? await readProductDays(db, { productId, locationId, asOf, days: most })
    : new Float64Array(0);
  const name = { product_id: productId, ...(locationId !== undefined && { location_id: locationId }) };
  return isDaily ? seriesOf(name, days, asOf, 1) : seriesOf(name, weeksOf(days), asOf, PERIOD_DAYS);
}

/** Sums of seven days, the last of which is the last day. */
function weeksOf(days: Float64Array): Float64Array {
  const weeks = new Float64Array(Math.ceil(days.length / PERIOD_DAYS));
  for (let age = 0; age < days.length; age++)
    weeks[weeks.length - 1 - Math.floor(age / PERIOD_DAYS)]! += days[days.length - 1 - age]!;
  return weeks;
}

function seriesOf(
  name: Pick<FoundSeries['about'], 'category' | 'product_id' | 'location_id'>,
  quantities: ArrayLike<number>,
  asOf: string | undefined,
  periodDays: number,
): FoundSeries {
  return {
    about: { ...name, as_of: asOf ?? null, period_days: periodDays, data_points: quantities.length },
    quantities,
    dayOf: (index) => addDays(asOf!, 1 - (quantities.length - index) * periodDays),
  };
}
