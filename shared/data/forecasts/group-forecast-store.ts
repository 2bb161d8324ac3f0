import * as z from 'zod';
import type { GroupForecast } from '../../core/forecast/hierarchy/forecast-group.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { rounded, STATE_LIMIT_BYTES } from './forecast-store.ts';
import { MOST_CATEGORIES } from './group-members-store.ts';

/** A category, or all products of a run; the total's key is empty. */
export interface GroupKey {
  readonly level: 'category' | 'total';
  readonly key: string;
}

/** The forecast of a group as it is stored: one row. */
export interface StoredGroup extends GroupKey {
  readonly series: number;
  /** First day of the first period. */
  readonly firstDay: string;
  readonly periodDays: number;
  /** Periods in which means are sums of the members' means. */
  readonly summedPeriods: number;
  /** Of the sum over those periods. */
  readonly total: { readonly mean: number; readonly low95: number; readonly high95: number };
  /** Units per period up to the forecast, oldest first. */
  readonly history: readonly number[];
  readonly forecast: GroupForecast;
}

const Levels = z.record(z.string(), z.array(z.number()).readonly()).readonly();
/** Per period: mean, quantiles, and quantiles of the sum from the first period on. */
export const GroupPath = z.object({
  mean: z.array(z.number()).readonly(),
  quantiles: Levels,
  sums: Levels,
});
export type GroupPath = z.infer<typeof GroupPath>;

/** What each day of a period has of its mean, and the 95 % interval of each day. */
export const GroupDays = z.object({
  shares: z.array(z.number()).readonly(),
  low95: z.array(z.number()).readonly(),
  high95: z.array(z.number()).readonly(),
});
export type GroupDays = z.infer<typeof GroupDays>;

const Found = z.object({ n: z.int() });

/** Whether the groups of a run are stored: the total is the last of them. */
export async function hasGroupForecasts(db: Statements, runId: string): Promise<boolean> {
  const [row] = await db.select(
    Found,
    `SELECT COUNT(*) AS n FROM group_forecast WHERE run_id = :runId AND group_level = 'total'`,
    { runId },
  );
  return row!.n > 0;
}

const Key = z.object({ group_key: z.string() });

/** The categories of a run that are stored. */
export async function readStoredCategories(db: Statements, runId: string): Promise<ReadonlySet<string>> {
  const rows = await db.select(
    Key,
    `SELECT group_key FROM group_forecast WHERE run_id = :runId AND group_level = 'category'
      LIMIT ${MOST_CATEGORIES}`,
    { runId },
  );
  return new Set(rows.map((row) => row.group_key));
}

const Mean = z.object({ period: z.int(), mean: z.number() });

/** Sums of the means of a run's stored categories, per period ahead. */
export async function readCategoryMeans(db: Statements, runId: string): Promise<number[]> {
  const rows = await db.select(
    Mean,
    `SELECT j.period, SUM(j.mean) AS mean
       FROM group_forecast g
       JOIN JSON_TABLE(g.path, '$.mean[*]' COLUMNS (period FOR ORDINALITY, mean DOUBLE PATH '$')) AS j
      WHERE g.run_id = :runId AND g.group_level = 'category'
      GROUP BY j.period
      ORDER BY j.period`,
    { runId },
  );
  return rows.map((row) => row.mean);
}

/** Stores forecasts of groups; storing them again changes nothing but what differs. */
export async function saveGroupForecasts(
  tx: Statements,
  runId: string,
  groups: readonly StoredGroup[],
): Promise<void> {
  for (const text of jsonChunks(groups.map(toRow))) {
    await tx.write(
      `INSERT INTO group_forecast (run_id, group_level, group_key, series, forecast_date, period_days, horizon,
                                   summed_periods, forecast_qty, confidence_low, confidence_high, model_used,
                                   demand_class, history, path, days, state, mae, rmse)
       SELECT :runId, j.group_level, j.group_key, j.series, j.first_day, j.period_days, j.horizon, j.summed_periods,
              j.total_mean, j.total_low, j.total_high, j.model, j.demand_class, j.history, j.path, j.days, j.state,
              j.mae, j.rmse
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                group_level VARCHAR(12) PATH '$[0]',
                group_key VARCHAR(100) PATH '$[1]',
                series INT PATH '$[2]',
                first_day DATE PATH '$[3]',
                period_days INT PATH '$[4]',
                horizon INT PATH '$[5]',
                summed_periods INT PATH '$[6]',
                total_mean DOUBLE PATH '$[7]',
                total_low DOUBLE PATH '$[8]',
                total_high DOUBLE PATH '$[9]',
                model VARCHAR(40) PATH '$[10]',
                demand_class VARCHAR(16) PATH '$[11]',
                history LONGTEXT PATH '$[12]',
                path LONGTEXT PATH '$[13]',
                days LONGTEXT PATH '$[14]',
                state LONGTEXT PATH '$[15]',
                mae DOUBLE PATH '$[16]',
                rmse DOUBLE PATH '$[17]')) AS j
           ON DUPLICATE KEY UPDATE series = j.series, forecast_date = j.first_day, period_days = j.period_days,
              horizon = j.horizon, summed_periods = j.summed_periods, forecast_qty = j.total_mean,
              confidence_low = j.total_low, confidence_high = j.total_high, model_used = j.model,
              demand_class = j.demand_class, history = j.history, path = j.path, days = j.days, state = j.state,
              mae = j.mae, rmse = j.rmse`,
      { runId, rows: text },
    );
  }
}

const MODEL_LENGTH = 40;

function toRow({ forecast, total, ...group }: StoredGroup): unknown[] {
  const state = JSON.stringify(forecast.state);
  if (Buffer.byteLength(state) > STATE_LIMIT_BYTES)
    throw new RangeError(`the state of a ${forecast.model} has ${Buffer.byteLength(state)} bytes`);
  const { mean, quantiles, sums, shares, days } = forecast;
  return [
    group.level,
    group.key,
    group.series,
    group.firstDay,
    group.periodDays,
    mean.length,
    group.summedPeriods,
    exact(total.mean),
    rounded(total.low95),
    rounded(total.high95),
    forecast.model.slice(0, MODEL_LENGTH),
    forecast.demandClass,
    JSON.stringify(group.history),
    JSON.stringify({ mean: mean.map(exact), quantiles: brief(quantiles), sums: brief(sums) }),
    JSON.stringify({ shares, low95: days.low95.map(rounded), high95: days.high95.map(rounded) }),
    state,
    forecast.mae === null ? null : rounded(forecast.mae),
    forecast.rmse === null ? null : rounded(forecast.rmse),
  ];
}

/** Means add up, so they keep ten digits; bounds do not. */
function exact(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`a forecast of ${value}`);
  return Number(value.toPrecision(10));
}

const brief = (levels: GroupForecast['quantiles']) =>
  Object.fromEntries(Object.entries(levels).map(([level, values]) => [level, values.map(rounded)]));
