import { dayNumber, type Frequency, firstDayOf } from '../../calendar/period-grid.ts';

/** Consecutive periods of a series, past and future ones. */
export interface PeriodSpan {
  readonly frequency: Frequency;
  /** First day of the first period, `YYYY-MM-DD`. */
  readonly start: string;
  /** Number of periods, those ahead included. */
  readonly periods: number;
}

/** Most periods of one span: three centuries of days. */
const MOST_PERIODS = 110_000;

/** First day of each period as day numbers, and at the end the day after the last period. */
export function periodEdges({ frequency, start, periods }: PeriodSpan): Int32Array {
  const anchor = dayNumber(start);
  if (Number.isNaN(anchor)) throw new RangeError(`no day of the calendar: ${start}`);
  if (!Number.isInteger(periods) || periods < 0 || periods > MOST_PERIODS)
    throw new RangeError(`${periods} periods are not a whole number from 0 to ${MOST_PERIODS}`);
  return Int32Array.from({ length: periods + 1 }, (_, p) => firstDayOf(frequency, anchor, p));
}

/** The period that a day falls into: -1 before the first, `periods` after the last. */
export function periodAt(edges: Int32Array, day: number): number {
  if (day < edges[0]!) return -1;
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= day) low = middle;
    else high = middle - 1;
  }
  return low;
}
