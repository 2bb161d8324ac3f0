import * as z from 'zod';
import type { Statements } from './database.ts';

const Row = z.object({ as_of: z.string().nullable(), last_day: z.string().nullable() });

/** The day that counts as today: the setting `as_of`, else the last day with demand; undefined without either. */
export async function readBusinessDay(db: Statements): Promise<string | undefined> {
  const [row] = await db.select(
    Row,
    // Not MAX(date): with its condition on the quantity that would read the whole table.
    `SELECT (SELECT value FROM setting WHERE name = 'as_of') AS as_of,
            (SELECT date FROM demand WHERE quantity > 0 ORDER BY date DESC LIMIT 1) AS last_day`,
  );
  return row?.as_of ?? row?.last_day ?? undefined;
}

const DAY_MS = 86_400_000;
/** Data that ended longer ago than this is history, in which nothing happens today. */
const LIVE_DAYS = 31;

/**
 * When something happens that names no time: now where the data is live, at noon of the business day where it ended
 * long ago. Otherwise one order of today would move the end of a demonstration's data by years.
 */
export function momentOf(businessDay: string | undefined, now: Date): string {
  const isLive = businessDay === undefined || now.getTime() - Date.parse(businessDay) <= LIVE_DAYS * DAY_MS;
  return isLive ? now.toISOString() : `${businessDay}T12:00:00.000Z`;
}
