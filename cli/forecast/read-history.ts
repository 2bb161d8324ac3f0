import { dayNumber, dayText, type Frequency } from '../../shared/core/calendar/period-grid.ts';
import { badInput, readCsv, type TakeRow } from './csv-rows.ts';
import { GrowingSeries, numberIn, type SeriesRows, type SeriesTable } from './series-table.ts';

export interface HistoryOptions {
  readonly frequency: Frequency;
  /** Rows after this day are skipped unread. */
  readonly origin?: number | undefined;
  /** Whether there is a column `quantity`, and an error if not. A file of known futures has none that counts. */
  readonly hasQuantity?: boolean;
  /** Told about each column that cannot be used. */
  readonly warn: (line: string) => void;
}

const KEYS = ['series_id', 'date', 'quantity'];
/** A file with more columns than this is some other file. */
const MOST_COLUMNS = 200;

/**
 * Reads `series_id,date,quantity` and further columns, rows in any order. Throws Fault `invalid` naming line and column
 * of the first row that cannot be used.
 */
export async function readHistory(file: string, options: HistoryOptions): Promise<SeriesTable> {
  const { frequency, origin = Number.POSITIVE_INFINITY, hasQuantity = true, warn } = options;
  const growing = new Map<string, GrowingSeries>();
  const days = new Map<string, number>();
  let columns: string[] = [];
  let lastDay = Number.NEGATIVE_INFINITY;
  await readCsv(file, (header) => {
    const [idAt, dateAt, quantityAt] = KEYS.slice(0, hasQuantity ? 3 : 2).map((name) => {
      const at = header.indexOf(name);
      if (at < 0) throw badInput(file, 1, name, 'the file has no such column');
      return at;
    }) as [number, number, number?];
    const used = usableColumns(file, header, warn);
    columns = used.map((at) => header[at]!);
    let isTooWide = false;
    const take: TakeRow = (cells, line) => {
      const id = cells[idAt] ?? '';
      if (id.trim() === '') throw badInput(file, line, 'series_id', 'it is empty');
      const text = (cells[dateAt] ?? '').trim();
      let day = days.get(text);
      if (day === undefined) {
        day = dayNumber(text);
        if (Number.isNaN(day))
          throw badInput(file, line, 'date', `"${text}" is not a day such as 2024-12-31`);
        days.set(text, day);
      }
      if (day > origin) return;
      let quantity = 0;
      if (quantityAt !== undefined) {
        quantity = numberIn(cells[quantityAt] ?? '');
        if (Number.isNaN(quantity)) {
          throw badInput(file, line, 'quantity', `"${cells[quantityAt] ?? ''}" is not a number`);
        }
      }
      let series = growing.get(id);
      if (!series) {
        series = new GrowingSeries(id, used.length);
        growing.set(series.id, series);
      }
      series.add(day, quantity, line);
      const wrong = offGrid(frequency, series.firstDay, day);
      if (wrong) throw badInput(file, line, 'date', `${text} ${wrong}`);
      for (let i = 0; i < used.length; i++) series.addCell(i, cells[used[i]!] ?? '');
      if (day > lastDay) lastDay = day;
      if (cells.length > header.length && !isTooWide) {
        isTooWide = true;
        warn(`${file} line ${line}: cells beyond the last named column are ignored`);
      }
    };
    return take;
  });
  return { columns, series: sortedSeries(file, growing), lastDay };
}

/** Why a date is not the first day of a period, or null. */
function offGrid(frequency: Frequency, firstDay: number, day: number): string | null {
  if (frequency === 'weekly' && (day - firstDay) % 7 !== 0) {
    return `is another weekday than ${dayText(firstDay)}, the first row of the series`;
  }
  if (frequency === 'monthly' && !dayText(day).endsWith('-01')) return 'is not the first of a month';
  return null;
}

function usableColumns(file: string, header: readonly string[], warn: (line: string) => void): number[] {
  if (header.length > MOST_COLUMNS)
    throw badInput(file, 1, null, `more than ${MOST_COLUMNS} columns: this is some other file`);
  const used: number[] = [];
  header.forEach((name, at) => {
    if (KEYS.includes(name) && header.indexOf(name) === at) return;
    if (name === '') warn(`${file}: column ${at + 1} has no name and is ignored`);
    else if (header.indexOf(name) !== at) warn(`${file}: a second column ${name} is ignored`);
    else used.push(at);
  });
  return used;
}

function sortedSeries(file: string, growing: ReadonlyMap<string, GrowingSeries>): SeriesRows[] {
  const found: SeriesRows[] = [];
  let first: { readonly line: number; readonly reason: string } | undefined;
  for (const series of growing.values()) {
    const rows = series.sorted();
    if (!('before' in rows)) {
      found.push(rows);
    } else if (!first || rows.line < first.line) {
      const reason = `${series.id} has ${dayText(rows.day)} twice, first in line ${rows.before}`;
      first = { line: rows.line, reason };
    }
  }
  if (first) throw badInput(file, first.line, 'date', first.reason);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
