import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';
import { toSqlTime } from '../sql/sql-time.ts';

/** A caller and the window in which its requests are counted together. */
export interface RequestWindow {
  readonly subject: string;
  readonly start: Date;
}

/** Rows of windows that are over, forgotten with each new window. */
const FORGOTTEN_AT_ONCE = 100;

/** Counts a request in each of the windows; answers the counts in their order. */
export async function countRequest(db: Statements, windows: readonly RequestWindow[]): Promise<number[]> {
  const rows = json(windows.map(({ subject, start }) => [subject, toSqlTime(start)]));
  const COLUMNS = `subject VARCHAR(160) PATH '$[0]', window_start DATETIME(3) PATH '$[1]'`;
  await db.write(
    `INSERT INTO request_window (subject, window_start, requests)
     SELECT j.subject, j.window_start, 1
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${COLUMNS})) AS j
         ON DUPLICATE KEY UPDATE requests = request_window.requests + 1`,
    { rows },
  );
  const counts = await db.select(
    z.object({ subject: z.string(), requests: z.int() }),
    `SELECT w.subject, w.requests
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${COLUMNS})) AS j
       JOIN request_window w ON w.subject = j.subject AND w.window_start = j.window_start`,
    { rows },
  );
  if (counts.some(({ requests }) => requests === 1)) await forgetBefore(db, windows);
  return windows.map(({ subject }) => counts.find((row) => row.subject === subject)?.requests ?? 1);
}

async function forgetBefore(db: Statements, windows: readonly RequestWindow[]): Promise<void> {
  const oldest = new Date(Math.min(...windows.map(({ start }) => start.getTime())));
  await db.write(
    `DELETE FROM request_window
      WHERE window_start < DATE_SUB(:oldest, INTERVAL 1 HOUR)
      ORDER BY window_start
      LIMIT ${FORGOTTEN_AT_ONCE}`,
    { oldest },
  );
}
