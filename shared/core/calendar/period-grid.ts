const DAY_MS = 86_400_000;

/** Length of the equally long periods of a series; a period is named by its first day. */
export type Frequency = 'daily' | 'weekly' | 'monthly';

/** Periods in the season that matters most. */
export const SEASON: Readonly<Record<Frequency, number>> = { daily: 7, weekly: 52, monthly: 12 };

/** Days since 1970-01-01, or NaN when the text is no day of the calendar written `YYYY-MM-DD`. */
export function dayNumber(text: string): number {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return Number.NaN;
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  // 2023-02-30 is read as a day of March by some.
  return dayText(day) === text ? day : Number.NaN;
}

/** `YYYY-MM-DD` of a day number; empty for NaN. */
export function dayText(day: number): string {
  return Number.isNaN(day) ? '' : new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Number of the period that a day falls into: neighbours differ by 1. `anchor` is the first day of any period of the
 * series; weeks start on its weekday, months on the first.
 */
export function periodOf(frequency: Frequency, anchor: number, day: number): number {
  if (frequency === 'daily') return day - anchor;
  if (frequency === 'weekly') return Math.floor((day - anchor) / 7);
  return months(day) - months(anchor);
}

/** First day of a period: the reverse of `periodOf`. */
export function firstDayOf(frequency: Frequency, anchor: number, period: number): number {
  if (frequency === 'daily') return anchor + period;
  if (frequency === 'weekly') return anchor + 7 * period;
  const month = months(anchor) + period;
  return Date.UTC(Math.floor(month / 12), ((month % 12) + 12) % 12, 1) / DAY_MS;
}

function months(day: number): number {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
