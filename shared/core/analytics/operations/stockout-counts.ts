import { addDays, daysBetween } from '../../calendar/add-days.ts';
import { ratio } from '../ratio.ts';
import { byName, type LedgerRow } from './metric-data.ts';

/** When items, products at locations, were out of stock: on days that end without a unit, from their first movement on. */
export interface StockoutCounts {
  readonly operation: 'stockout_counts';
  readonly through: string | null;
  /** Items that ever moved, those that were ever out, and those that are at the end of the last day. */
  readonly items: number;
  readonly items_ever_out: number;
  readonly items_out_now: number;
  /** Times that an item ran out: days in a row are one. */
  readonly stockouts: number;
  readonly days_out: number;
  readonly days_active: number;
  /** Days out / days active; null before anything moved. */
  readonly stockout_rate: number | null;
  /** Items that were ever out, most days first. */
  readonly rows: readonly StockoutItem[];
}

export interface StockoutItem {
  readonly product_id: string;
  readonly location_id: string;
  readonly stockouts: number;
  readonly days_out: number;
  readonly days_active: number;
  /** First day of the stockout that has not ended; null while there is stock. */
  readonly out_since: string | null;
}

/** Stockouts of every item up to the end of a day. */
export function stockoutCounts(ledger: readonly LedgerRow[], through: string | null): StockoutCounts {
  const counted = ledger.filter((row) => through === null || row.date <= through);
  const items = Map.groupBy(counted, (row) => JSON.stringify([row.productId, row.locationId]));
  const last = through ?? counted.reduce((latest, { date }) => (date > latest ? date : latest), '');
  const rows = [...items.values()].map((moves) => stockoutsOf(moves, last));
  const sum = (count: (item: StockoutItem) => number) => rows.reduce((total, row) => total + count(row), 0);
  return stockoutAnswer(
    {
      items: rows.length,
      items_ever_out: sum((row) => (row.stockouts > 0 ? 1 : 0)),
      items_out_now: sum((row) => (row.out_since === null ? 0 : 1)),
      stockouts: sum((row) => row.stockouts),
      days_out: sum((row) => row.days_out),
      days_active: sum((row) => row.days_active),
    },
    rows
      .filter((row) => row.stockouts > 0)
      .sort(
        (a, b) =>
          b.days_out - a.days_out ||
          byName(a.product_id, b.product_id) ||
          byName(a.location_id, b.location_id),
      ),
    through,
  );
}

/** The answer, given the sums over all items and the rows to show. */
export function stockoutAnswer(
  sums: Pick<
    StockoutCounts,
    'items' | 'items_ever_out' | 'items_out_now' | 'stockouts' | 'days_out' | 'days_active'
  >,
  rows: readonly StockoutItem[],
  through: string | null,
): StockoutCounts {
  return {
    operation: 'stockout_counts',
    through,
    ...sums,
    stockout_rate: ratio(sums.days_out, sums.days_active),
    rows,
  };
}

/** Levels change on few days: from one of them to the next the closing level stays. */
function stockoutsOf(moves: readonly LedgerRow[], last: string): StockoutItem {
  const changes = new Map<string, number>();
  for (const { date, quantityChange } of moves) changes.set(date, (changes.get(date) ?? 0) + quantityChange);
  const days = [...changes.keys()].sort();
  let level = 0;
  let stockouts = 0;
  let daysOut = 0;
  let outSince: string | null = null;
  days.forEach((day, i) => {
    level += changes.get(day)!;
    if (level > 0) {
      outSince = null;
      return;
    }
    if (outSince === null) {
      stockouts += 1;
      outSince = day;
    }
    daysOut += daysBetween(day, days[i + 1] ?? addDays(last, 1));
  });
  return {
    product_id: moves[0]!.productId,
    location_id: moves[0]!.locationId,
    stockouts,
    days_out: daysOut,
    days_active: daysBetween(days[0]!, last) + 1,
    out_since: outSince,
  };
}
