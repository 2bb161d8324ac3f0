import { addDays } from '../calendar/add-days.ts';

/** What movements of one type did to stock on one day. */
export interface DayChange {
  readonly date: string;
  readonly type: string;
  readonly received: number;
  /** Not negative. */
  readonly issued: number;
  /** Least sum of all changes since the first day, at any moment right after one of these movements. */
  readonly lowest: number;
}

/** The stock of a day: opening + received - issued = closing. */
export interface DayOfStock {
  readonly date: string;
  readonly opening: number;
  readonly received: number;
  readonly issued: number;
  /** Net change by type of movement. */
  readonly byType: Readonly<Record<string, number>>;
  readonly closing: number;
  readonly lowest: number;
  readonly isStockout: boolean;
}

/**
 * Every day from the first to the last, each opening where the one before closed. A day without changes is one too.
 * `hasBegun` = whether anything moved before; until something does, nothing is out of stock.
 */
export function foldStockDays(
  opening: number,
  firstDay: string,
  lastDay: string,
  changes: readonly DayChange[],
  hasBegun = true,
): DayOfStock[] {
  const byDay = Map.groupBy(changes, (change) => change.date);
  const days: DayOfStock[] = [];
  let level = opening;
  let isKept = hasBegun;
  for (let date = firstDay; date <= lastDay; date = addDays(date, 1)) {
    const own = byDay.get(date) ?? [];
    isKept ||= own.length > 0;
    const received = own.reduce((sum, change) => sum + change.received, 0);
    const issued = own.reduce((sum, change) => sum + change.issued, 0);
    const closing = level + received - issued;
    days.push({
      date,
      opening: level,
      received,
      issued,
      byType: Object.fromEntries(own.map((change) => [change.type, change.received - change.issued])),
      closing,
      lowest: Math.min(level, ...own.map((change) => opening + change.lowest)),
      isStockout: isKept && closing <= 0,
    });
    level = closing;
  }
  return days;
}
