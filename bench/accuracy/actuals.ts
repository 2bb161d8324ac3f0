import { dayNumber, type Frequency, periodOf } from '../../shared/core/calendar/period-grid.ts';
import { readCsv } from './read-csv.ts';

/** What was sold, by period since the first row; NaN where there is no row. */
export interface Actual {
  readonly anchor: number;
  readonly quantities: Float64Array;
}

/** The whole histories of a file, forecast part included. */
export function readActuals(file: string, frequency: Frequency): ReadonlyMap<string, Actual> {
  const rows = new Map<string, { day: number; quantity: number }[]>();
  for (const { cells, header } of readCsv(file)) {
    const [id, date, quantity] = ['series_id', 'date', 'quantity'].map(
      (name) => cells[header.indexOf(name)]!,
    );
    const series = rows.get(id!) ?? [];
    if (series.length === 0) rows.set(id!, series);
    series.push({ day: dayNumber(date!), quantity: quantity === '' ? Number.NaN : Number(quantity) });
  }
  return new Map(
    [...rows].map(([id, series]) => {
      const days = series.map(({ day }) => day);
      const anchor = days.reduce((least, day) => Math.min(least, day));
      const last = days.reduce((most, day) => Math.max(most, day));
      const quantities = new Float64Array(periodOf(frequency, anchor, last) + 1).fill(Number.NaN);
      for (const { day, quantity } of series) quantities[periodOf(frequency, anchor, day)] = quantity;
      return [id, { anchor, quantities }];
    }),
  );
}
