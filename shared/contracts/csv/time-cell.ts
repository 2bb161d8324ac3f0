import * as z from 'zod';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,3})?\d*)?\s*(Z|[+-]\d\d:?\d\d)?)?$/;
const MONTH_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?$/;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** Neighbouring lines of an order file share their time: the last answer is worth keeping. */
let last: { readonly text: string; readonly time: string | undefined } = { text: '', time: undefined };

/** A time as `YYYY-MM-DD HH:MM:SS.mmm` in UTC; without a zone it is taken as it stands. `12/1/2010 8:26` is 1 December. */
export const time = z.string().transform((value, context) => {
  if (value !== last.text) last = { text: value, time: parseTime(value.trim()) };
  if (last.time !== undefined) return last.time;
  context.addIssue({ code: 'custom', message: 'is not a date (YYYY-MM-DD HH:MM:SS)' });
  return z.NEVER;
});

function parseTime(value: string): string | undefined {
  const iso = ISO.exec(value);
  if (iso) return format(iso[1], iso[2], iso[3], iso[4], iso[5], iso[6], iso[7], iso[8]);
  const american = MONTH_FIRST.exec(value);
  if (american) return format(american[3], american[1], american[2], american[4], american[5], american[6]);
  return undefined;
}

function format(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '',
  zone = 'Z',
): string | undefined {
  const parts = [Number(year), Number(month), Number(day)] as const;
  const ms = Math.round(Number(fraction || 0) * 1000);
  if (parts[0] < FIRST_YEAR || parts[0] > LAST_YEAR) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const local = Date.UTC(parts[0], parts[1] - 1, parts[2], Number(hour), Number(minute), Number(second), ms);
  // 30 February would roll over into March.
  const check = new Date(local);
  if (check.getUTCMonth() + 1 !== parts[1] || check.getUTCDate() !== parts[2]) return undefined;
  return new Date(local - offsetMs(zone)).toISOString().replace('T', ' ').slice(0, 23);
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
