const DAY_MS = 86_400_000;

/** The calendar day `days` after `day`: `addDays('2011-12-09', 1)` is `2011-12-10`. Days have no zone. */
export function addDays(day: string, days: number): string {
  const start = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(start) || !Number.isInteger(days)) throw new RangeError(`no such day: ${day} + ${days}`);
  return new Date(start + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from `from` to `to`, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
  if (!Number.isInteger(days)) throw new RangeError(`no such days: ${from}, ${to}`);
  return days;
}
