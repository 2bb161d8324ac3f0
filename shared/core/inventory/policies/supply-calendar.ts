import { dayNumber, dayText } from '../../calendar/period-grid.ts';

/** Days from the first to the last, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** What people state of a supplier and of the place that takes its goods. Everything left out is every day. */
export interface CalendarTerms {
  /** Weekdays on which the supplier takes orders, 1 = Monday to 7 = Sunday. */
  readonly orderWeekdays?: readonly number[];
  /** When the supplier neither takes orders nor works on them. */
  readonly shutdowns?: readonly DayRange[];
  /** Weekdays on which the location takes goods in. */
  readonly receivingWeekdays?: readonly number[];
  /** When the location takes nothing in. */
  readonly receivingClosed?: readonly DayRange[];
}

/** Those terms ready for questions; made once for each pair of supplier and location. */
export interface SupplyCalendar {
  readonly order: WorkDays;
  readonly work: WorkDays;
  readonly receive: WorkDays;
}

interface WorkDays {
  /** Bit w is set when weekday w (0 = Monday) counts. */
  readonly weekdays: number;
  /** Day numbers, ascending, apart from each other. */
  readonly closed: readonly { readonly from: number; readonly to: number }[];
}

const EVERY_DAY = 0b1111111;
/** A search looks at no more days than this, ten years. */
const MOST_DAYS = 3660;

/** Makes terms ready. RangeError on a weekday that is none, a range that ends before it begins, or no weekday at all. */
export function supplyCalendar(terms: CalendarTerms = {}): SupplyCalendar {
  const shutdowns = rangesOf(terms.shutdowns ?? []);
  return {
    order: { weekdays: weekdaysOf(terms.orderWeekdays), closed: shutdowns },
    work: { weekdays: EVERY_DAY, closed: shutdowns },
    receive: { weekdays: weekdaysOf(terms.receivingWeekdays), closed: rangesOf(terms.receivingClosed ?? []) },
  };
}

/** The first day, `date` or later, on which the supplier takes an order. */
export function nextOrderDate(date: string, calendar: SupplyCalendar): string {
  return dayText(openFrom(dayOf(date), calendar.order));
}

/**
 * When goods are on the shelf that are ordered on `orderDate`, or on the first order day after it: the lead time counts
 * days on which the supplier works, and what comes on a day without receiving waits for the next. Later orders never
 * arrive earlier. Ordered Thursday, 2 days, receiving Monday to Friday: Monday.
 */
export function arrivalDate(orderDate: string, leadTimeDays: number, calendar: SupplyCalendar): string {
  return dayText(arrivalOf(dayOf(orderDate), wholeDays(leadTimeDays), calendar));
}

/** The last order day whose goods are there by `needDate`; null when none of the ten years before it would do. */
export function orderByDate(needDate: string, leadTimeDays: number, calendar: SupplyCalendar): string | null {
  const need = dayOf(needDate);
  const days = wholeDays(leadTimeDays);
  // Arrivals never fall with the order day, so that halving finds the last one in time.
  let low = need - days - MOST_DAYS;
  let high = need - days + 1;
  if (arrivalOf(low, days, calendar) > need) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (arrivalOf(middle, days, calendar) <= need) low = middle;
    else high = middle;
  }
  return dayText(openFrom(low, calendar.order));
}

function arrivalOf(orderDay: number, days: number, { order, work, receive }: SupplyCalendar): number {
  let day = openFrom(orderDay, order) + days;
  // Each shutdown that lies on the way is added to it.
  const start = day - days;
  for (const { from, to } of work.closed) {
    if (from > start && from <= day) day += to - from + 1;
  }
  return openFrom(day, receive);
}

/** The first day from `day` on that counts. */
function openFrom(day: number, { weekdays, closed }: WorkDays): number {
  let at = day;
  for (let looked = 0; looked < MOST_DAYS; looked++) {
    const shut = closed.find(({ from, to }) => from <= at && at <= to);
    if (shut) at = shut.to + 1;
    else if (weekdays & (1 << weekdayOf(at))) return at;
    else at++;
  }
  throw new RangeError(`no open day within ${MOST_DAYS} days after ${dayText(day)}`);
}

/** 0 = Monday: day 0 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function weekdaysOf(names: readonly number[] | undefined): number {
  if (names === undefined) return EVERY_DAY;
  let mask = 0;
  for (const name of names) {
    if (!(Number.isInteger(name) && name >= 1 && name <= 7))
      throw new RangeError(`weekday ${name} is none of 1 to 7`);
    mask |= 1 << (name - 1);
  }
  if (mask === 0) throw new RangeError('a calendar has at least one weekday');
  return mask;
}

/** Ascending, those that touch or overlap made one. */
function rangesOf(ranges: readonly DayRange[]): { from: number; to: number }[] {
  const days = ranges.map(({ from, to }) => ({ from: dayOf(from), to: dayOf(to) }));
  if (days.some(({ from, to }) => !(from <= to)))
    throw new RangeError('a range of days ends before it begins');
  days.sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const range of days) {
    const last = joined.at(-1);
    if (last && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else joined.push(range);
  }
  return joined;
}

function dayOf(date: string): number {
  const day = dayNumber(date);
  if (Number.isNaN(day)) throw new RangeError(`no such day: ${date}`);
  return day;
}

function wholeDays(days: number): number {
  if (!(days >= 0 && days < MOST_DAYS)) throw new RangeError(`${days} days`);
  return Math.ceil(days - 1e-9);
}
