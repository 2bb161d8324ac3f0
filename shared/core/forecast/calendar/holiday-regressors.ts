import { dayNumber } from '../../calendar/period-grid.ts';
import type { Regressor } from '../panel.ts';
import { type PeriodSpan, periodAt, periodEdges } from './period-span.ts';

/** A day, or several in a row, that people shop differently on: from a library, a list or an own calendar. */
export interface Holiday {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly name: string;
  /** Days it lasts. Default 1. */
  readonly days?: number;
}

/** Columns that `holidayRegressors` makes. */
export const HOLIDAY_COLUMNS = ['holiday', 'holiday days', 'days to holiday', 'days since holiday'] as const;

/** How far ahead and back a holiday is felt; further away all days are alike. */
const REACH_DAYS = 14;
const MOST_DAYS = 60;

/**
 * What the periods of a span have to do with holidays, for models that find interactions themselves (trees):
 * `holiday` the names in the period, sorted and joined by `|`, or null; `holiday days` how many of its days are one;
 * `days to holiday` and `days since holiday` from its nearest day to the next one after and the last one before it,
 * 0 with one inside, at most 14. All are known in the future; give holidays a fortnight beyond both ends of the span.
 */
export function holidayRegressors(span: PeriodSpan, holidays: readonly Holiday[]): Record<string, Regressor> {
  const edges = periodEdges(span);
  const { periods } = span;
  const names = Array.from({ length: periods }, () => new Set<string>());
  const days = [...daysOf(holidays)].sort(([a], [b]) => a - b);
  const count = new Float64Array(periods);
  for (const [day, here] of days) {
    const period = periodAt(edges, day);
    if (period < 0 || period >= periods) continue;
    count[period]! += 1;
    for (const name of here) names[period]!.add(name);
  }
  const to = new Float64Array(periods).fill(REACH_DAYS);
  const since = new Float64Array(periods).fill(REACH_DAYS);
  for (let p = 0; p < periods; p++) {
    for (const [day] of days) {
      if (day >= edges[p]!) to[p] = Math.min(to[p]!, Math.max(0, day - edges[p + 1]! + 1));
      if (day < edges[p + 1]!) since[p] = Math.min(since[p]!, Math.max(0, edges[p]! - day));
    }
  }
  return {
    holiday: names.map((set) => (set.size === 0 ? null : [...set].sort().join('|'))),
    'holiday days': count,
    'days to holiday': to,
    'days since holiday': since,
  };
}

export interface HolidayCountOptions {
  /** Periods up to the origin: only holidays seen in them can have an effect that is known. */
  readonly training: number;
  /** Periods of training with a holiday of that name, at least. Default 2. */
  readonly fewest?: number;
  /** Days before and after, each a regressor of its own. Default none. */
  readonly before?: number;
  readonly after?: number;
}

/**
 * One column of counts for each holiday's name, and with `before` and `after` for the days around it (`Easter -1`), for
 * linear models: days of the period that are that day. Names seen in too few periods of training are left out.
 */
export function holidayCounts(
  span: PeriodSpan,
  holidays: readonly Holiday[],
  { training, fewest = 2, before = 0, after = 0 }: HolidayCountOptions,
): Record<string, Float64Array> {
  const edges = periodEdges(span);
  const columns = new Map<string, Float64Array>();
  for (const [day, names] of daysOf(holidays)) {
    for (const name of names) {
      for (let shift = -before; shift <= after; shift++) {
        const period = periodAt(edges, day + shift);
        if (period < 0 || period >= span.periods) continue;
        const label = shift === 0 ? name : `${name} ${shift > 0 ? '+' : ''}${shift}`;
        const column = columns.get(label) ?? new Float64Array(span.periods);
        column[period]! += 1;
        columns.set(label, column);
      }
    }
  }
  const seen = (column: Float64Array): number =>
    column.subarray(0, training).reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  return Object.fromEntries(
    [...columns].filter(([, column]) => seen(column) >= fewest).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Names of the holidays of each day. */
function daysOf(holidays: readonly Holiday[]): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>();
  for (const { day, name, days = 1 } of holidays) {
    const first = dayNumber(day);
    if (Number.isNaN(first)) throw new RangeError(`${name} is on no day of the calendar: ${day}`);
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
      throw new RangeError(`${name} lasts ${days} days, not 1 to ${MOST_DAYS}`);
    for (let d = first; d < first + days; d++) found.set(d, (found.get(d) ?? new Set()).add(name));
  }
  return found;
}
