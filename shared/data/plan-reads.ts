import * as z from 'zod';
import type { Alert, Plan } from '../contracts/api/planning.ts';
import { type Page, type PageAsked, Total, timeColumn } from './columns.ts';
import type { Statements } from './database.ts';

const PlanRow = z.object({
  run_id: z.string(),
  cause: z.string(),
  as_of: z.iso.date(),
  status: z.string(),
  series: z.int(),
  chunks: z.int(),
  chunks_done: z.int(),
  created_at: timeColumn,
  finished_at: timeColumn.nullable(),
});

/** Planning runs, newest first. */
export async function listPlans(db: Statements, { skip, limit }: PageAsked): Promise<Page<Plan>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM forecast_run`);
  const data = await db.select(
    PlanRow,
    `SELECT run_id, cause, as_of, status, series, chunks, chunks_done, created_at, finished_at
       FROM forecast_run
      ORDER BY run_no DESC
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const AlertRow = z.object({
  id: z.int(),
  key: z.string(),
  type: z.string(),
  level: z.string(),
  title: z.string(),
  message: z.string(),
  created_at: timeColumn,
});

/** Alerts, newest first. */
export async function listAlerts(db: Statements, { skip, limit }: PageAsked): Promise<Page<Alert>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM alert`);
  const data = await db.select(
    AlertRow,
    `SELECT alert_id AS id, alert_key AS \`key\`, alert_type AS type, level, title, message, created_at
       FROM alert
      ORDER BY alert_id DESC
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}
