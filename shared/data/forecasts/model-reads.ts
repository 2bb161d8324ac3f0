import * as z from 'zod';
import type { StoredModel } from '../../contracts/api/planning.ts';
import { Model } from '../../contracts/api/planning.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

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

const Stored = z.object({
  kind: z.enum(['panel', 'ensemble']),
  category: z.string().nullable(),
  version: z.string().nullable(),
  status: z.string(),
  as_of: z.iso.date(),
  model_file: z.string().nullable(),
  last_modified: timeColumn.nullable(),
  size_bytes: z.coerce.number().nullable(),
});
const Ready = z.object({ total: z.int(), ready: z.coerce.number() });

/** Everything that was trained and is kept, the newest first, and how much of it can be used. */
export async function listStoredModels(
  db: Statements,
  now: Date,
  { skip, limit }: PageAsked,
): Promise<Page<StoredModel> & { readonly ready: number }> {
  const all = `(SELECT 'panel' AS kind, NULL AS category, version, status, as_of, object_key AS model_file,
               created_at AS last_modified, size_bytes
          FROM forecast_model
         UNION ALL
        SELECT 'ensemble', category, NULL, 'ready', as_of, NULL, trained_at, LENGTH(members) + LENGTH(left_out)
          FROM ensemble) AS m`;
  const [count] = await db.select(
    Ready,
    `SELECT COUNT(*) AS total, COALESCE(SUM(m.status = 'ready'), 0) AS ready FROM ${all}`,
  );
  const rows = await db.select(
    Stored,
    `SELECT m.* FROM ${all}
      ORDER BY m.last_modified DESC, m.kind, m.version, m.category
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  const data = rows.map((row) => ({ ...row, age_days: ageDays(row.last_modified, now) }));
  return { data, ready: count!.ready, pagination: { skip, limit, total: count!.total } };
}
