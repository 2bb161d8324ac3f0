import { dayNumber, periodOf } from '../../shared/core/calendar/period-grid.ts';
import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import { readCsv } from '../accuracy/read-csv.ts';
import type { Setting } from './settings.ts';

interface Row {
  readonly day: number;
  readonly quantity: number;
  /** By name; NaN where the cell is empty. */
  readonly columns: Readonly<Record<string, number>>;
}

/**
 * Histories with prices and what was known ahead, all up to the last date of the file; a missing row is no demand, or
 * unknown.
 */
export function readCases(
  file: string,
  { frequency, missing, known = [] }: Pick<Setting, 'frequency' | 'missing' | 'known'>,
): CaseInput[] {
  const rows = new Map<string, Row[]>();
  const names = new Set(['price', ...known]);
  let last = Number.NEGATIVE_INFINITY;
  for (const { cells, header } of readCsv(file)) {
    const cell = (name: string): string => cells[header.indexOf(name)] ?? '';
    const number = (text: string): number => (text === '' ? Number.NaN : Number(text));
    const series = rows.get(cell('series_id')) ?? [];
    if (series.length === 0) rows.set(cell('series_id'), series);
    const day = dayNumber(cell('date'));
    if (day > last) last = day;
    const columns = Object.fromEntries([...names].map((name) => [name, number(cell(name))]));
    series.push({ day, quantity: Number(cell('quantity')), columns });
  }
  return [...rows].map(([id, series]) => {
    const anchor = series.reduce((least, { day }) => Math.min(least, day), Number.POSITIVE_INFINITY);
    const length = periodOf(frequency, anchor, last) + 1;
    const filled = (empty: number, value: (row: Row) => number): Float64Array => {
      const found = new Float64Array(length).fill(empty);
      for (const row of series) found[periodOf(frequency, anchor, row.day)] = value(row);
      return found;
    };
    const column = (name: string): Float64Array => filled(Number.NaN, ({ columns }) => columns[name]!);
    return {
      id,
      quantities: filled(missing === 'nan' ? Number.NaN : 0, ({ quantity }) => quantity),
      prices: column('price'),
      regressors: Object.fromEntries(known.map((name) => [name, column(name)])),
    };
  });
}
