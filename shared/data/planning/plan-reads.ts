import { Alert, Plan } from '../../contracts/api/planning.ts';
import { type Page, type PageAsked, Total, timeColumn, where } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { SHOWN_RUN_STATUS } from './shown-status.ts';

const PlanRow = Plan.extend({ created_at: timeColumn, finished_at: timeColumn.nullable() });

/** Planning runs, newest first. */
export async function listPlans(db: Statements, { skip, limit }: PageAsked): Promise<Page<Plan>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM forecast_run`);
  const data = await db.select(
    PlanRow,
    `SELECT run_id, cause, as_of, ${SHOWN_RUN_STATUS} AS status, series, chunks, chunks_done, model_version, created_at,
            finished_at
       FROM forecast_run
      ORDER BY run_no DESC
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const AlertRow = Alert.extend({ created_at: timeColumn, closed_at: timeColumn.nullable() });

const ALERTS = `SELECT alert_id AS id, alert_key AS \`key\`, alert_type AS type, level, title, message, created_at, closed_at,
       closed_by
  FROM alert`;

/** Alerts, newest first: all of them, or those that are open or closed. */
export async function listAlerts(
  db: Statements,
  isOpen: boolean | undefined,
  { skip, limit }: PageAsked,
): Promise<Page<Alert>> {
  const conditions = where([isOpen !== undefined && `closed_at IS ${isOpen ? '' : 'NOT '}NULL`]);
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM alert ${conditions}`);
  const data = await db.select(
    AlertRow,
    `${ALERTS}
      ${conditions}
      ORDER BY created_at DESC, alert_id DESC
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

export async function findAlert(db: Statements, alertId: number): Promise<Alert | undefined> {
  const [alert] = await db.select(AlertRow, `${ALERTS} WHERE alert_id = :alertId`, { alertId });
  return alert;
}
