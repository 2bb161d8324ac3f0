import type { CategoryForecast, CategoryForecasts } from '../../contracts/api/group-forecast.ts';
import type { CategoryDays } from '../../contracts/api/product-forecast.ts';
import { daysOfCover } from '../../core/analytics/kpis/days-of-cover.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import {
  chanceAbove,
  type GroupOutlook,
  meanOfDay,
  meanOfDays,
  quantileOfDays,
} from '../../core/forecast/hierarchy/group-days.ts';
import { type RiskLimits, stockoutRisk } from '../../core/inventory/stockout-risk.ts';
import { readRiskLimits } from '../planning/risk-settings.ts';
import type { Statements } from '../sql/database.ts';
import { type CategoryStock, readCategoryStock } from '../suggestions/category-stock-reads.ts';
import { findGroupRun, findOutlook, type GroupRun, readGroupSums } from './group-forecast-reads.ts';

export interface HorizonAsked {
  readonly horizon: number;
  readonly includeDaily: boolean;
}

/** Days of the sum that has its own name, whatever is asked for. */
const USUAL_DAYS = 90;

/** The forecast of a category over so many days, and what that means for its stock. Undefined for an unknown one. */
export async function findCategoryForecast(
  db: Statements,
  category: string,
  { horizon, includeDaily }: HorizonAsked,
): Promise<CategoryForecast | undefined> {
  const run = await findGroupRun(db);
  const outlook = run && (await findOutlook(db, run.runId, { level: 'category', key: category }));
  if (!run || !outlook) return undefined;
  const total = meanOfDays(outlook, horizon);
  return {
    category: outlook.key,
    run_id: run.runId,
    as_of: run.asOf,
    first_day: outlook.first_day,
    horizon_days: horizon,
    total_forecast: shown(total),
    [`forecast_${horizon}_day`]: shown(total),
    confidence_interval: intervalOf(outlook, horizon),
    forecast_90_day: shown(meanOfDays(outlook, USUAL_DAYS)),
    product_based_days: outlook.summed_periods * outlook.period_days,
    model: outlook.model,
    ...(includeDaily && {
      daily_forecast: Array.from({ length: horizon }, (_, day) => ({
        date: addDays(outlook.first_day, day),
        forecast: shown(meanOfDay(outlook, day)),
        lower_ci: outlook.low95[day]!,
        upper_ci: outlook.high95[day]!,
      })),
    }),
    ...stockFigures(run, outlook, await readCategoryStock(db, outlook.key), await readRiskLimits(db)),
  };
}

/** The forecast of a category day by day, and how many products it has. Undefined for an unknown one. */
export async function readCategoryDays(
  db: Statements,
  category: string,
  days: number,
): Promise<CategoryDays | undefined> {
  const run = await findGroupRun(db);
  const outlook = run && (await findOutlook(db, run.runId, { level: 'category', key: category }));
  if (!run || !outlook) return undefined;
  return {
    category: outlook.key,
    products_count: (await readCategoryStock(db, outlook.key)).products,
    as_of: run.asOf,
    run_id: run.runId,
    model: outlook.model,
    forecast_dates: Array.from({ length: days }, (_, day) => addDays(outlook.first_day, day)),
    forecast_values: Array.from({ length: days }, (_, day) => shown(meanOfDay(outlook, day))),
    total_forecast: shown(meanOfDays(outlook, days)),
    confidence_interval: intervalOf(outlook, days),
  };
}

/** The sums of all categories over so many days, and that of all together. */
export async function readCategoryForecasts(db: Statements, horizon: number): Promise<CategoryForecasts> {
  const run = await findGroupRun(db);
  const groups = run ? await readGroupSums(db, run.runId) : [];
  const total = groups.find(({ level }) => level === 'total');
  const categories = groups
    .filter(({ level }) => level === 'category')
    .map((group) => {
      const mean = shown(meanOfDays(group, horizon));
      return {
        category: group.key,
        total_forecast: mean,
        [`forecast_${horizon}_day`]: mean,
        confidence_interval: intervalOf(group, horizon),
      };
    });
  return {
    generated_at: run?.createdAt ?? null,
    run_id: run?.runId ?? null,
    as_of: run?.asOf ?? null,
    horizon_days: horizon,
    // not the total's own: part of a week is a matter of weekdays, which are the categories' own
    total_forecast_all_categories: shown(categories.reduce((sum, one) => sum + one.total_forecast, 0)),
    confidence_interval: total ? intervalOf(total, horizon) : { lower: 0, upper: 0 },
    categories,
  };
}

/** The 95 % interval of the sum of so many days. */
export const intervalOf = (outlook: GroupOutlook, days: number) => ({
  lower: shown(quantileOfDays(outlook, days, 0.025)),
  upper: shown(quantileOfDays(outlook, days, 0.975)),
});

/** Without the noise of adding up. */
export const shown = (value: number): number => Number(value.toPrecision(9));

type StockFigures = Pick<
  CategoryForecast,
  'lead_time_days' | 'reorder_point' | 'safety_stock' | 'stock' | 'stockout_probability' | 'stockout_risk'
>;

/** The category as if it were one article: the mean lead time of its products, all stock in one place. */
export function stockFigures(
  run: GroupRun,
  outlook: GroupOutlook & { readonly period_days: number },
  { stock, coming, leadTimeDays: leadTime }: CategoryStock,
  limits: RiskLimits,
): StockFigures {
  const days = daysOfCover(stock + coming, outlook.mean, outlook.period_days);
  if (leadTime === null) {
    return {
      stock,
      lead_time_days: null,
      reorder_point: null,
      safety_stock: null,
      stockout_probability: null,
      stockout_risk: stockoutRisk(days, null, limits),
    };
  }
  const longest = outlook.mean.length * outlook.period_days;
  const wait = Math.min(longest, Math.ceil(leadTime));
  const protection = Math.min(longest, wait + run.reviewDays);
  const needed = quantileOfDays(outlook, protection, run.serviceLevel);
  const chance = wait === 0 ? 0 : chanceAbove(outlook, wait, stock + coming);
  return {
    stock,
    lead_time_days: leadTime,
    reorder_point: Math.ceil(needed),
    safety_stock: Math.max(0, Math.ceil(needed - meanOfDays(outlook, protection))),
    stockout_probability: shown(chance),
    stockout_risk: stockoutRisk(days, leadTime, limits),
  };
}
