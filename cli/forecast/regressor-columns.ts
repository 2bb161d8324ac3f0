import type { Cells, SeriesRows } from './series-table.ts';

/** What the cells of a column are, judged by the rows up to the origin. */
export type ColumnKind =
  | { readonly type: 'numeric' }
  /** Often empty: nothing in a cell is a usual state, as on days without an event. */
  | { readonly type: 'category'; readonly isOftenEmpty: boolean };

/** A text column with more different texts than this names things and describes none. */
const MOST_CATEGORIES = 1000;

/** Kinds of the columns that can be used; each other one costs a line of warning. */
export function columnKinds(
  columns: readonly string[],
  series: readonly SeriesRows[],
  origin: number,
  warn: (line: string) => void,
): Map<string, ColumnKind> {
  const kinds = new Map<string, ColumnKind>();
  columns.forEach((name, column) => {
    const texts = new Set<string>();
    let numbers = 0;
    let empty = 0;
    for (const { days, cells } of series) {
      const { numbers: values, texts: words } = cells[column]!;
      for (let i = 0; i < days.length && days[i]! <= origin; i++) {
        const word = words.get(i);
        if (word !== undefined) texts.add(word);
        else if (Number.isNaN(values[i])) empty++;
        else numbers++;
      }
    }
    if (texts.size > MOST_CATEGORIES) warn(`column ${name} is ignored: it has too many different texts`);
    else if (texts.size > 0) kinds.set(name, { type: 'category', isOftenEmpty: empty > 0 });
    else if (numbers > 0) kinds.set(name, { type: 'numeric' });
    else warn(`column ${name} is ignored: it is empty`);
  });
  return kinds;
}

interface Past {
  /** Period of each row up to the origin. */
  readonly periods: readonly number[];
  readonly cells: Cells;
}

interface Next {
  /** Periods ahead to fill; 0 when the future is unknown. */
  readonly horizon: number;
  /** Period to row, for the periods that the future has a row of. */
  readonly rows: ReadonlyMap<number, number>;
  readonly cells: Cells | undefined;
}

/** Numbers by period; ahead, a missing one is the newest one before it. */
export function numbersOf(length: number, past: Past, next: Next): Float64Array {
  const values = new Float64Array(length + next.horizon).fill(Number.NaN);
  past.periods.forEach((period, i) => {
    values[period] = past.cells.numbers[i]!;
  });
  let newest = values.findLast((value) => !Number.isNaN(value)) ?? Number.NaN;
  for (let period = length; period < values.length; period++) {
    const row = next.rows.get(period);
    const value = row === undefined ? Number.NaN : (next.cells?.numbers[row] ?? Number.NaN);
    if (!Number.isNaN(value)) newest = value;
    values[period] = newest;
  }
  return values;
}

/**
 * Categories by period; ahead, a missing one is the newest one before it. Where empty cells are usual, an empty cell of
 * a row that is there means nothing, and so does a missing row: an event does not go on for ever.
 */
export function categoriesOf(
  length: number,
  past: Past,
  next: Next,
  isOftenEmpty: boolean,
): (string | null)[] {
  const values = new Array<string | null>(length + next.horizon).fill(null);
  past.periods.forEach((period, i) => {
    values[period] = categoryIn(past.cells, i);
  });
  let newest = isOftenEmpty ? null : (values.findLast((value) => value !== null) ?? null);
  for (let period = length; period < values.length; period++) {
    const row = next.rows.get(period);
    const value = row === undefined || !next.cells ? null : categoryIn(next.cells, row);
    if (value !== null && !isOftenEmpty) newest = value;
    values[period] = value ?? newest;
  }
  return values;
}

/** A number among texts is a text. */
function categoryIn({ numbers, texts }: Cells, row: number): string | null {
  const text = texts.get(row);
  if (text !== undefined) return text;
  return Number.isNaN(numbers[row]!) ? null : String(numbers[row]);
}
