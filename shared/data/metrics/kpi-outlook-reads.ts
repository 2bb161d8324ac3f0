import * as z from 'zod';
import type { AccuracyFacts, OutlookFacts } from '../../core/analytics/kpis/kpi-facts.ts';
import { NO_CATEGORY } from '../forecasts/group-members-store.ts';
import type { Statements } from '../sql/database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import type { KpiScope, ScopeSql } from './kpi-scope.ts';

const Run = z.object({ run_id: z.string() });
const Available = z.object({ units: sumColumn });
const Mean = z.object({ period_days: z.int(), mean: z.number() });
const Excess = z.object({ cost: amountColumn, days: z.coerce.number().nullable() });

/** Stock of now beside what the newest complete plan forecasts. */
export async function readOutlookFacts(db: Statements, scope: ScopeSql): Promise<OutlookFacts> {
  const isHere = `p.is_active = 1 AND p.is_service = 0 AND ${scope.product('s.product_id')}
              AND ${scope.location('s.location_id')}`;
  const [available] = await db.select(
    Available,
    `SELECT COALESCE(SUM(GREATEST(s.stock_level - s.committed, 0)), 0) AS units
       FROM stock s
       JOIN products p ON p.product_id = s.product_id
      WHERE ${isHere}`,
    scope.placeParams,
  );
  const [run] = await db.select(
    Run,
    `SELECT run_id FROM forecast_run WHERE status IN ('restocking', 'done') ORDER BY run_no DESC LIMIT 1`,
  );
  if (!run) {
    return {
      availableUnits: available!.units,
      means: [],
      periodDays: 7,
      excessCost: null,
      excessDays: 0,
    };
  }
  const params = { ...scope.placeParams, runId: run.run_id };
  const means = await db.select(
    Mean,
    `SELECT MIN(f.period_days) AS period_days, SUM(j.mean) AS mean
       FROM forecast f
       JOIN JSON_TABLE(f.path, '$.mean[*]' COLUMNS (period FOR ORDINALITY, mean DOUBLE PATH '$')) AS j
      WHERE f.run_id = :runId AND ${scope.product('f.product_id')} AND ${scope.location('f.location_id')}
      GROUP BY j.period
      ORDER BY j.period`,
    params,
  );
  const [excess] = await db.select(
    Excess,
    `SELECT CAST(SUM(GREATEST(s.stock_level - s.committed - COALESCE(f.forecast_qty, 0), 0) * p.cost) AS CHAR) AS cost,
            MAX(f.period_days * f.horizon) AS days
       FROM stock s
       JOIN products p ON p.product_id = s.product_id
       LEFT JOIN forecast f
         ON f.run_id = :runId AND f.product_id = s.product_id AND f.location_id = s.location_id
      WHERE ${isHere}`,
    params,
  );
  return {
    availableUnits: available!.units,
    means: means.map((row) => row.mean),
    periodDays: means[0]?.period_days ?? 7,
    excessCost: excess!.cost,
    excessDays: excess!.days ?? 0,
  };
}

const Weeks = z.object({
  weeks: z.int(),
  error: sumColumn,
  actual: sumColumn,
  absolute_error: sumColumn,
});

/** Errors one week ahead in the closed weeks of the period, or why they cannot be told. */
export async function readAccuracyFacts(
  db: Statements,
  { category, locationIds }: KpiScope,
  scope: ScopeSql,
): Promise<AccuracyFacts | string> {
  if (locationIds !== undefined) return 'accuracy is kept by category, not by location';
  const { from, to } = scope.params;
  const name = category === NO_CATEGORY ? '' : category;
  const [row] = await db.select(
    Weeks,
    `SELECT COUNT(*) AS weeks, COALESCE(SUM(x.error), 0) AS error, COALESCE(SUM(x.actual), 0) AS actual,
            COALESCE(SUM(ABS(x.error)), 0) AS absolute_error
       FROM (SELECT SUM(c.error) AS error, SUM(c.actual) AS actual
               FROM accuracy_cell c
              WHERE c.kind = 'category' AND c.lag = 1 AND c.bucket_end BETWEEN :from AND :to
                ${name === undefined ? '' : 'AND c.name = :name'}
              GROUP BY c.bucket_end) AS x`,
    { from: from!, to: to!, ...(name !== undefined && { name }) },
  );
  return {
    weeks: row!.weeks,
    error: row!.error,
    actual: row!.actual,
    absoluteWeekError: row!.absolute_error,
  };
}
