import { dayNumber, type Frequency, periodOf } from '../../shared/core/calendar/period-grid.ts';
import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import { readCsv } from '../accuracy/read-csv.ts';

/** Histories with prices, all up to the last date of the file; a missing row is no demand, or unknown. */
export function readCases(file: string, frequency: Frequency, missing: 'zero' | 'nan'): CaseInput[] {
  const rows = new Map<string, { day: number; quantity: number; price: number }[]>();
  let last = Number.NEGATIVE_INFINITY;
  for (const { cells, header } of readCsv(file)) {
    const [id, date, quantity, price] = ['series_id', 'date', 'quantity', 'price'].map(
      (name) => cells[header.indexOf(name)] ?? '',
    );
    const series = rows.get(id!) ?? [];
    if (series.length === 0) rows.set(id!, series);
    const day = dayNumber(date!);
    if (day > last) last = day;
    series.push({ day, quantity: Number(quantity), price: price === '' ? Number.NaN : Number(price) });
  }
  return [...rows].map(([id, series]) => {
    const anchor = series.reduce((least, { day }) => Math.min(least, day), Number.POSITIVE_INFINITY);
    const length = periodOf(frequency, anchor, last) + 1;
    const quantities = new Float64Array(length).fill(missing === 'nan' ? Number.NaN : 0);
    const prices = new Float64Array(length).fill(Number.NaN);
    for (const { day, quantity, price } of series) {
      quantities[periodOf(frequency, anchor, day)] = quantity;
      prices[periodOf(frequency, anchor, day)] = price;
    }
    return { id, quantities, prices };
  });
}
