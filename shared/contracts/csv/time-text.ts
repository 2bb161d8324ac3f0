import type { CellStyle } from './cell-style.ts';
import { orderShownBy } from './detect-style.ts';
import { readNumber } from './number-text.ts';
import { instantOf } from './zone-time.ts';

/** What most files hold needs no calendar: every month has 28 days. */
const PLAIN =
  /^(?:19[7-9]|20\d|21\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])(?: (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)?$/;
const ISO =
  /^(\d{4})([-/.]?)(\d\d)\2(\d\d)(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?\s*(Z|UTC|[+-]\d\d:?\d\d|[A-Z]{3,4})?)?$/;
/** `2/13/2024`, `13.02.2024 10:15`, `02-13-2024 1:05 PM`. A year of two digits is no year. */
const PARTED =
  /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:,?[T ](\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d\d:?\d\d|[A-Z]{3,4})?)?$/;
/** `Jan 4, 2024 3:05:06 PM PST`, `4 January 2024`, `04-Jan-2024 10:15`. */
const NAMED =
  /^(?:([A-Za-z]{3,9})\.?\s+(\d{1,2}),?|(\d{1,2})[\s-]([A-Za-z]{3,9})\.?)[\s,-]+(\d{4})(?:,?\s+(?:at\s+)?(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d\d:?\d\d|[A-Z]{3,4})?)?$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
/** Hours that the abbreviations of reports stand for. Those that name several zones (IST, BST) are not read. */
const ABBREVIATIONS: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  PST: -8,
  PDT: -7,
  MST: -7,
  MDT: -6,
  CST: -6,
  CDT: -5,
  EST: -5,
  EDT: -4,
  CET: 1,
  CEST: 2,
  JST: 9,
};
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;
const DAY_MS = 86_400_000;
/**
 * Day 0 of Excel's calendar from March 1900 on: it believes in a 29 February 1900, so its day 1 is one day later than
 * counting back says. Earlier days are outside what is read.
 */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
const EXCEL_SERIAL = /^\d{5}([.,]\d{1,15})?$/;

/**
 * A time as `YYYY-MM-DD HH:MM:SS.mmm` in UTC, or undefined. Without a zone it is local time of the style's zone; a
 * date without a time is that calendar day whatever the zone.
 */
export function readTime(text: string, style: CellStyle): string | undefined {
  const value = text.trim();
  if (style.timeZone === 'UTC' && PLAIN.test(value)) {
    return value.length === 10 ? `${value} 00:00:00.000` : `${value}.000`;
  }
  const iso = ISO.exec(value);
  if (iso) return written(style, iso[1], iso[3], iso[4], iso[5], iso[6], iso[7], iso[9], undefined, iso[8]);
  const parted = PARTED.exec(value);
  if (parted) {
    const order = style.isDateOrderOpen ? orderShownBy(value) : style.dates;
    if (order === 'either') return undefined;
    const [month, day] = order === 'day-first' ? [parted[3], parted[1]] : [parted[1], parted[3]];
    return written(style, parted[4], month, day, parted[5], parted[6], parted[7], parted[9], parted[8]);
  }
  const named = NAMED.exec(value.replace(/^'/, ''));
  if (named) {
    const month = monthOf(named[1] ?? named[4]!);
    if (month === undefined) return undefined;
    return written(
      style,
      named[5],
      month,
      named[2] ?? named[3],
      named[6],
      named[7],
      named[8],
      named[10],
      named[9],
    );
  }
  return EXCEL_SERIAL.test(value) ? ofSerial(value, style) : undefined;
}

/** What is wrong with a text that `readTime` did not read. */
export const timeFault = (text: string, style: CellStyle): string =>
  style.isDateOrderOpen && PARTED.test(text.trim()) && orderShownBy(text.trim()) === 'either'
    ? 'may have the day or the month first: retry the import with a style that says which'
    : 'is not a date (YYYY-MM-DD HH:MM:SS)';

function written(
  style: CellStyle,
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  hour: string | undefined,
  minute = '0',
  second = '0',
  zone: string | undefined = undefined,
  half: string | undefined = undefined,
  fraction = '',
): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const h = hourOf(hour ?? '0', half);
  if (y < FIRST_YEAR || y > LAST_YEAR) return undefined;
  if (h > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const local = Date.UTC(y, m - 1, d, h, Number(minute), Number(second), Number(fraction.padEnd(3, '0')));
  // 30 February would roll over into March.
  const check = new Date(local);
  if (check.getUTCMonth() + 1 !== m || check.getUTCDate() !== d) return undefined;
  if (hour === undefined) return utc(local);
  if (zone === undefined) return utc(instantOf(local, style.timeZone));
  const offset = offsetMs(zone);
  return offset === undefined ? undefined : utc(local - offset);
}

const utc = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);

/** 12 AM is midnight. Beyond 23 for an hour that does not exist. */
function hourOf(hour: string, half: string | undefined): number {
  const number = Number(hour);
  if (half === undefined) return number;
  if (number < 1 || number > 12) return 24;
  return (number % 12) + (/^p/i.test(half) ? 12 : 0);
}

function offsetMs(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = ABBREVIATIONS[zone];
  if (hours !== undefined) return hours * 3_600_000;
  if (!/^[+-]/.test(zone)) return undefined;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  if (minutes > 14 * 60 || Number(zone.slice(-2)) > 59) return undefined;
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function monthOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  const month = lower === 'sept' ? 9 : Math.max(MONTHS.indexOf(lower), MONTH_NAMES.indexOf(lower)) + 1;
  return month === 0 ? undefined : String(month);
}

function ofSerial(value: string, style: CellStyle): string | undefined {
  const serial = readNumber(value, style);
  if (serial === undefined) return undefined;
  // To the millisecond: fifteen digits of Excel are coarser than that.
  const local = EXCEL_EPOCH + Math.round(serial * DAY_MS);
  const year = new Date(local).getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  return utc(Number.isInteger(serial) ? local : instantOf(local, style.timeZone));
}
