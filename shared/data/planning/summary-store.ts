import * as z from 'zod';
import type { Statements } from '../sql/database.ts';
import { SHOWN_IMPORT_STATUS, SHOWN_RUN_STATUS } from './shown-status.ts';

/** What the database holds, in numbers a person can check. */
const Summary = z.object({
  orders: z.int(),
  products: z.int(),
  /** Product x location with demand or stock. */
  series: z.int(),
  /** Series with a forecast of the newest complete run. */
  forecasts: z.int(),
  /** Open suggestions. */
  suggestions: z.int(),
  purchaseOrders: z.int(),
  /** Over all imports. */
  rejectedRows: z.coerce.number(),
});
export type Summary = z.infer<typeof Summary>;

/** Counts everything that the main job produces. */
export async function readSummary(database: Statements): Promise<Summary> {
  const [summary] = await database.select(
    Summary,
    `SELECT (SELECT COUNT(*) FROM orders) AS orders,
            (SELECT COUNT(*) FROM products) AS products,
            (SELECT COUNT(*)
               FROM (SELECT product_id, location_id FROM demand UNION SELECT product_id, location_id FROM stock) AS s
            ) AS series,
            (SELECT COUNT(*) FROM forecast WHERE run_id = newest.run_id) AS forecasts,
            (SELECT COUNT(*) FROM suggestion WHERE status = 'open') AS suggestions,
            (SELECT COUNT(*) FROM purchase_order) AS purchaseOrders,
            (SELECT COALESCE(SUM(rejected_rows), 0) FROM import_job) AS rejectedRows
       FROM (SELECT MAX(CASE WHEN run_no = last_no THEN run_id END) AS run_id
               FROM forecast_run
               JOIN (SELECT MAX(run_no) AS last_no FROM forecast_run WHERE status = 'done') AS last
                 ON run_no = last_no) AS newest`,
  );
  return summary!;
}

const MainJob = z.object({ running: z.int(), stalled: z.int(), failed: z.int(), planned: z.int() });

export type MainJobState = 'none' | 'running' | 'done' | 'failed';

/**
 * How far the main job (import -> forecast -> restock) has come, as the database tells it.
 * An import or a run that has stood still for hours does not run any more: it has failed, until it is redriven.
 */
export async function readMainJobState(database: Statements): Promise<MainJobState> {
  const [row] = await database.select(
    MainJob,
    `SELECT COUNT(CASE WHEN j.status IN ('running', 'forecasting', 'restocking') THEN 1 END) AS running,
            COUNT(CASE WHEN j.status = 'stalled' THEN 1 END) AS stalled,
            COUNT(CASE WHEN j.status = 'failed' THEN 1 END) AS failed,
            COUNT(CASE WHEN j.status = 'done' AND j.is_run = 1 THEN 1 END) AS planned
       FROM (SELECT ${SHOWN_RUN_STATUS} AS status, 1 AS is_run
               FROM forecast_run
              UNION ALL
             SELECT ${SHOWN_IMPORT_STATUS}, 0
               FROM import_job) AS j`,
  );
  if (row!.running > 0) return 'running';
  if (row!.stalled > 0) return 'failed';
  if (row!.planned > 0) return 'done';
  return row!.failed > 0 ? 'failed' : 'none';
}
