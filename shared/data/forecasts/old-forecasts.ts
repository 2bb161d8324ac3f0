import * as z from 'zod';
import type { Database } from '../sql/database.ts';

/** Complete runs whose forecasts are kept: a week of nightly plans. */
export const KEPT_RUNS = 7;
/** Rows of one transaction, up to 4 KB each, and transactions of one call. */
const ROWS_AT_ONCE = 1000;
const MAX_BATCHES = 2000;

const Id = z.object({ run_id: z.string() });

/**
 * Forgets the forecasts of runs older than the newest complete ones, in small transactions, while there is time;
 * what is left goes next time. The runs themselves stay, as the record of what was planned when, and so do the
 * forecasts behind open suggestions. Suggestions that were decided carry their reasons in themselves.
 */
export async function forgetOldForecasts(database: Database, hasTime: () => boolean): Promise<number> {
  let forgotten = 0;
  let runId = await oldestKept(database);
  for (let batch = 0; runId !== undefined && batch < MAX_BATCHES && hasTime(); batch++) {
    const rows = await forgetSome(database, runId);
    forgotten += rows;
    if (rows < ROWS_AT_ONCE) {
      await forgetGroups(database, runId);
      await forgetChunks(database, runId);
      runId = await oldestKept(database);
    }
  }
  return forgotten;
}

/** The oldest run that is to be forgotten: its chunks go last and tell that it is not yet. */
async function oldestKept(database: Database): Promise<string | undefined> {
  const [row] = await database.select(
    Id,
    `SELECT r.run_id
       FROM forecast_run r
      WHERE r.status IN ('done', 'superseded')
        AND r.run_no < (SELECT MIN(k.run_no)
                          FROM (SELECT run_no
                                  FROM forecast_run
                                 WHERE status = 'done'
                                 ORDER BY run_no DESC
                                 LIMIT ${KEPT_RUNS}) AS k)
        AND EXISTS (SELECT 1 FROM forecast_chunk c WHERE c.run_id = r.run_id)
        AND NOT EXISTS (SELECT 1 FROM suggestion g WHERE g.run_id = r.run_id AND g.status = 'open')
      ORDER BY r.run_no
      LIMIT 1`,
  );
  return row?.run_id;
}

// Transactions of one statement, because those are tried again after a deadlock with a run that stores forecasts.

async function forgetSome(database: Database, runId: string): Promise<number> {
  const { updated } = await database.transaction((tx) =>
    tx.write(`DELETE FROM forecast WHERE run_id = :runId LIMIT ${ROWS_AT_ONCE}`, { runId }),
  );
  return updated;
}

/** At most 5,000 rows. */
async function forgetGroups(database: Database, runId: string): Promise<void> {
  await database.transaction((tx) => tx.write(`DELETE FROM group_forecast WHERE run_id = :runId`, { runId }));
}

/** At most 10,000 short rows. */
async function forgetChunks(database: Database, runId: string): Promise<void> {
  await database.transaction((tx) => tx.write(`DELETE FROM forecast_chunk WHERE run_id = :runId`, { runId }));
}
