/** The rows of one series, by date. */
export interface SeriesRows {
  readonly id: string;
  readonly days: readonly number[];
  readonly quantities: readonly number[];
  /** By column: its cells, in the order of the days. */
  readonly cells: readonly Cells[];
}

/** A number, a text, or nothing known, for each row. */
export interface Cells {
  /** NaN where the cell holds no number. */
  readonly numbers: readonly number[];
  readonly texts: ReadonlyMap<number, string>;
}

/** What a history file holds. */
export interface SeriesTable {
  /** Names of the further columns. */
  readonly columns: readonly string[];
  /** By id. */
  readonly series: readonly SeriesRows[];
  /** Last date of the file. */
  readonly lastDay: number;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The number that a cell holds, else NaN: no hexadecimal, no infinity, nothing beside the number but blanks. */
export function numberIn(cell: string): number {
  const text = cell.trim();
  if (!NUMBER.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Rows of one series while they are read, in any order. */
export class GrowingSeries {
  readonly id: string;
  readonly #days: number[] = [];
  readonly #lines: number[] = [];
  readonly #quantities: number[] = [];
  readonly #cells: readonly { readonly numbers: number[]; readonly texts: Map<number, string> }[];

  constructor(id: string, columns: number) {
    // A slice of the text of the file would keep all of that text in memory.
    this.id = Buffer.from(id).toString();
    this.#cells = Array.from({ length: columns }, () => ({ numbers: [], texts: new Map() }));
  }

  get firstDay(): number {
    return this.#days[0]!;
  }

  add(day: number, quantity: number, line: number): void {
    this.#days.push(day);
    this.#quantities.push(quantity);
    this.#lines.push(line);
  }

  /** The cell of a further column in the row added last. */
  addCell(column: number, cell: string): void {
    const { numbers, texts } = this.#cells[column]!;
    const value = numberIn(cell);
    if (Number.isNaN(value)) {
      const text = cell.trim();
      if (text !== '' && text.toLowerCase() !== 'nan') texts.set(numbers.length, text);
    }
    numbers.push(value);
  }

  /** The rows by date, or the lines of two rows with the same date. */
  sorted(): SeriesRows | { readonly line: number; readonly day: number; readonly before: number } {
    const order = this.#days.map((_, i) => i);
    const isSorted = this.#days.every((day, i) => i === 0 || this.#days[i - 1]! < day);
    if (!isSorted) order.sort((a, b) => this.#days[a]! - this.#days[b]! || this.#lines[a]! - this.#lines[b]!);
    const twice = order.find((row, i) => i > 0 && this.#days[row] === this.#days[order[i - 1]!]);
    if (twice !== undefined) {
      const before = order[order.indexOf(twice) - 1]!;
      return { line: this.#lines[twice]!, day: this.#days[twice]!, before: this.#lines[before]! };
    }
    const pick = <T>(values: readonly T[]): readonly T[] =>
      isSorted ? values : order.map((row) => values[row]!);
    return {
      id: this.id,
      days: pick(this.#days),
      quantities: pick(this.#quantities),
      cells: this.#cells.map(({ numbers, texts }) => ({
        numbers: pick(numbers),
        texts: isSorted ? texts : moved(texts, order),
      })),
    };
  }
}

function moved(texts: ReadonlyMap<number, string>, order: readonly number[]): ReadonlyMap<number, string> {
  if (texts.size === 0) return texts;
  const found = new Map<number, string>();
  order.forEach((row, i) => {
    const text = texts.get(row);
    if (text !== undefined) found.set(i, text);
  });
  return found;
}
