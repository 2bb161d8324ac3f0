import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import type { Statements } from '../sql/database.ts';

/** As a value in SQL: the setting `as_of`, else the last day with demand, else null. */
export const BUSINESS_DAY = `COALESCE((SELECT value FROM setting WHERE name = 'as_of'),
            (SELECT CAST(date AS CHAR) FROM demand WHERE quantity > 0 ORDER BY date DESC LIMIT 1))`;

const Row = z.object({ day: z.string().nullable() });

/** The day that counts as today: the setting `as_of`, else the last day with demand; undefined without either. */
export async function readBusinessDay(db: Statements): Promise<string | undefined> {
  // Not MAX(date): with its condition on the quantity that would read the whole table.
  const [row] = await db.select(Row, `SELECT ${BUSINESS_DAY} AS day`);
  return row?.day ?? undefined;
}

const DAY_MS = 86_400_000;
/** Data that ended longer ago than this is history, in which nothing happens today. */
const LIVE_DAYS = 31;

/**
 * When something happens that names no time: now where the data is live, at noon of the business day where it ended
 * long ago. Otherwise one order of today would move the end of a demonstration's data by years.
 */
export function momentOf(businessDay: string | undefined, now: Date): string {
  return isHistory(businessDay, now) ? `${businessDay}T12:00:00.000Z` : now.toISOString();
}

/** Whether the data ended so long ago that nothing happens in them by itself. */
export const isHistory = (businessDay: string | undefined, now: Date): boolean =>
  businessDay !== undefined && now.getTime() - Date.parse(businessDay) > LIVE_DAYS * DAY_MS;

/**
 * The first day on which people can act on what is known up to the business day: today where the data is live, the day
 * after where it ended long ago or is ahead of the clock.
 */
export function actionDay(businessDay: string, now: Date): string {
  const today = now.toISOString().slice(0, 10);
  const isLive = !isHistory(businessDay, now) && businessDay <= today;
  return isLive ? today : addDays(businessDay, 1);
}

/** The same for what the database knows; today where it knows nothing. */
export async function readActionDay(db: Statements, now: Date): Promise<string> {
  const businessDay = await readBusinessDay(db);
  return businessDay === undefined ? now.toISOString().slice(0, 10) : actionDay(businessDay, now);
}

/**
 * The last day that something may be dated that is happening: tomorrow, because the caller's clock may be ahead of ours
 * by its zone; where the data itself is ahead of the clock, as after a simulation, its last day. What is dated later
 * would carry the business day away with it, and every plan and age of stock along.
 */
export function lastDayAllowed(businessDay: string | undefined, now: Date): string {
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  return businessDay !== undefined && businessDay > tomorrow ? businessDay : tomorrow;
}

/** The day on which something that happens now is dated: see `momentOf`. */
export const orderDay = async (db: Statements, now: Date): Promise<string> =>
  momentOf(await readBusinessDay(db), now).slice(0, 10);
