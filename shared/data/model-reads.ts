import * as z from 'zod';
import { Model } from '../contracts/api/planning.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn } from './columns.ts';
import type { Statements } from './database.ts';

const ModelRow = Model.omit({ age_days: true }).extend({
  created_at: timeColumn.nullable(),
  weights: jsonColumn(z.record(z.string(), z.unknown())).nullable(),
});

/** Models of many series, the newest first. */
export async function listModels(
  db: Statements,
  now: Date,
  { skip, limit }: PageAsked,
): Promise<Page<Model>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM forecast_model`);
  const rows = await db.select(
    ModelRow,
    `SELECT version, status, as_of, series, series_weeks, horizon, size_bytes, created_at, weights
       FROM forecast_model
      ORDER BY model_no DESC
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  const data = rows.map((row) => ({ ...row, age_days: ageDays(row.created_at, now) }));
  return { data, pagination: { skip, limit, total: count!.total } };
}

function ageDays(createdAt: string | null, now: Date): number | null {
  return createdAt === null
    ? null
    : Math.max(0, Math.floor((now.getTime() - Date.parse(createdAt)) / 86_400_000));
}
