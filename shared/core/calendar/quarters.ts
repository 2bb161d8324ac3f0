import { addDays } from './add-days.ts';

/** Monday of the week of a day, both `YYYY-MM-DD`. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

/** The calendar quarter of a day: `2011-Q4`. */
export function quarterOf(day: string): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** First and last day of a quarter `2011-Q4`. */
export function daysOfQuarter(quarter: string): { readonly first: string; readonly last: string } {
  const parts = /^(\d{4})-Q([1-4])$/.exec(quarter);
  if (!parts) throw new RangeError(`no quarter: ${quarter}`);
  const year = Number(parts[1]);
  const month = 3 * Number(parts[2]) - 2;
  const firstOf = (y: number, m: number) => `${y}-${String(m).padStart(2, '0')}-01`;
  const next = month === 10 ? firstOf(year + 1, 1) : firstOf(year, month + 3);
  return { first: firstOf(year, month), last: addDays(next, -1) };
}

/** The quarter before: `2012-Q1` follows `2011-Q4`. */
export function quarterBefore(quarter: string): string {
  return quarterOf(addDays(daysOfQuarter(quarter).first, -1));
}
