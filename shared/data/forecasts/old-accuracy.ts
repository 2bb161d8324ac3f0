import * as z from 'zod';
import { type Database, date } from '../sql/database.ts';

/** Weeks whose forecasts are kept, series by series, after they were closed: a quarter. */
export const KEPT_SHEET_WEEKS = 13;
/** Weeks whose sums are kept: two years and the quarter that runs. */
export const KEPT_CELL_WEEKS = 117;
/** Rows of one transaction (a sheet has up to 160 KB), and transactions of one call. */
const SHEETS_AT_ONCE = 50;
const CELLS_AT_ONCE = 5000;
const MOST_BATCHES = 500;
/** Weeks whose sheets go in one call. */
const MOST_WEEKS = 200;

const Boundary = z.object({ week: z.iso.date() });

/**
 * Forgets the sheets and then the sums of weeks that are over for long, in small transactions; what is left goes next
 * time. Weeks are counted, not days: a day far ahead that came in by mistake pushes out thirteen weeks at most.
 */
export async function forgetOldAccuracy(database: Database, hasTime: () => boolean): Promise<void> {
  const sheets = await oldestKept(database, KEPT_SHEET_WEEKS);
  if (sheets !== undefined) {
    // first the mark: from now on nothing of these weeks is closed again or kept
    await database.transaction((tx) =>
      tx.write(`UPDATE accuracy_bucket SET is_settled = 1 WHERE week < :week AND is_settled = 0`, {
        week: date(sheets),
      }),
    );
    // week by week: a delete by a list of weeks would read and lock every sheet there is
    for (const bucketEnd of await settledWithSheets(database)) {
      await inBatches(
        database,
        `DELETE FROM accuracy_sheet WHERE bucket_end = :bucketEnd LIMIT ${SHEETS_AT_ONCE}`,
        SHEETS_AT_ONCE,
        hasTime,
        { bucketEnd: date(bucketEnd) },
      );
    }
    // parts go with their last sheet; the origin stays, so that its week has no second one
    await database.transaction((tx) =>
      tx.write(
        `DELETE FROM accuracy_part
          WHERE NOT EXISTS (SELECT 1 FROM accuracy_sheet s WHERE s.as_of = accuracy_part.as_of AND s.part = accuracy_part.part)`,
      ),
    );
  }
  const cells = await oldestKept(database, KEPT_CELL_WEEKS);
  if (cells === undefined) return;
  const params = { week: date(cells) };
  await inBatches(
    database,
    `DELETE FROM accuracy_cell WHERE bucket_end < :week LIMIT ${CELLS_AT_ONCE}`,
    CELLS_AT_ONCE,
    hasTime,
    params,
  );
}

/** Last days of the weeks whose sheets have served, the oldest first. */
async function settledWithSheets(database: Database): Promise<string[]> {
  const rows = await database.select(
    z.object({ bucket_end: z.iso.date() }),
    `SELECT b.bucket_end
       FROM accuracy_bucket b
      WHERE b.is_settled = 1
        AND EXISTS (SELECT 1 FROM accuracy_sheet s WHERE s.bucket_end = b.bucket_end)
      ORDER BY b.bucket_end
      LIMIT ${MOST_WEEKS}`,
  );
  return rows.map((row) => row.bucket_end);
}

/** Monday of the oldest of the newest closed weeks; undefined while there are fewer. */
async function oldestKept(database: Database, weeks: number): Promise<string | undefined> {
  const [row] = await database.select(
    Boundary,
    `SELECT DISTINCT week
       FROM accuracy_bucket
      WHERE digest IS NOT NULL
      ORDER BY week DESC
      LIMIT 1 OFFSET ${weeks - 1}`,
  );
  return row?.week;
}

async function inBatches(
  database: Database,
  sql: string,
  size: number,
  hasTime: () => boolean,
  params: Parameters<Database['write']>[1] = {},
): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES && hasTime(); batch++) {
    const { updated } = await database.transaction((tx) => tx.write(sql, params));
    if (updated < size) return;
  }
}
