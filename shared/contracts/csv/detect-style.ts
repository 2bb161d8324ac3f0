import type { CellStyle } from './cell-style.ts';

/** Some cells of one column, as they stand in the file. */
export interface SampleColumn {
  readonly name: string;
  /** Whether its numbers are whole units: to read them by the wrong mark is to book the wrong stock. */
  readonly isUnits?: boolean;
  readonly cells: readonly string[];
}

/** A cell and where it stands. */
export interface Example {
  readonly column: string;
  readonly text: string;
  readonly isUnits?: boolean;
}

/**
 * What the cells say about one trait of their style:
 * `found` with the cell that decides it; `absent`: no cell depends on it; `open`: there are such cells, all of which
 * come out the same, as 5/5/2024 does; `ambiguous`: some can be read both ways and none tells; `contradictory`: two cells cannot be of one style.
 */
export type Finding<T> =
  | { readonly status: 'found'; readonly value: T; readonly evidence: Example }
  | { readonly status: 'absent' }
  | { readonly status: 'open' }
  | { readonly status: 'ambiguous'; readonly example: Example }
  | { readonly status: 'contradictory'; readonly evidence: readonly [Example, Example] };

/** The style that cells show, trait by trait. Nothing is guessed: who asks decides what to do when it is undecided. */
export interface StyleFindings {
  readonly decimal: Finding<CellStyle['decimal']>;
  readonly dates: Finding<CellStyle['dates']>;
}

/** Reads the style off sample cells. Of numbers only columns count that mostly hold them; a date counts wherever it stands alone in a cell. */
export function detectStyle(columns: Iterable<SampleColumn>): StyleFindings {
  const decimal = new Tally<CellStyle['decimal']>();
  const dates = new Tally<CellStyle['dates']>();
  for (const { name, cells, isUnits } of columns) {
    const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
    if (filled.length === 0) continue;
    const parted = filled.filter((cell) => PARTED_DATE.test(cell));
    for (const text of parted) dates.add(dateOrderOf(text), { column: name, text });
    if (parted.length > 0) continue;
    // A stray word must not hide what the rest of the column shows.
    const numbers = filled.filter((cell) => NUMBER.test(cell));
    if (numbers.length * 2 <= filled.length) continue;
    const units = isUnits ? { isUnits } : {};
    for (const text of numbers) decimal.add(decimalOf(text), { column: name, text, ...units });
  }
  return { decimal: decimal.finding(), dates: dates.finding() };
}

const NUMBER =
  /^'?[(]?[+\-−]?\s*(?:[A-Z]{0,3}[$£€¥₹]\s*|[A-Z]{3}\s)?[+\-−]?[\d.,'’ \u00a0\u202f]*\d[.,]?\s*(?:[$£€¥₹]|[A-Z]{3})?[)-]?$/;
/** A date whose parts may be in either order, as far as its form goes. */
export const isPartedDate = (text: string): boolean => PARTED_DATE.test(text.trim());

const PARTED_DATE = /^\d{1,2}([-/.])\d{1,2}\1\d{4}(?:,?[T ].*)?$/;

type Verdict<T> = T | 'either' | 'same' | 'irrelevant';

/** `1.234,5` and `12,50` have a decimal comma; `1,234` may be a thousand and more, or one and a bit. */
function decimalOf(text: string): Verdict<'.' | ','> {
  const digits = text.replaceAll(/[^\d.,]/g, '');
  const [points, commas] = [digits.split('.').length - 1, digits.split(',').length - 1];
  if (points === 0 && commas === 0) return 'irrelevant';
  if (points > 0 && commas > 0) return digits.lastIndexOf('.') > digits.lastIndexOf(',') ? '.' : ',';
  // several of one mark are marks of thousands
  if (points > 1) return ',';
  if (commas > 1) return '.';
  const mark = points === 1 ? '.' : ',';
  const [whole, part] = digits.split(mark) as [string, string];
  const looksGrouped = part.length === 3 && whole.length >= 1 && whole.length <= 3 && !whole.startsWith('0');
  return looksGrouped ? 'either' : mark;
}

/** Whether digits such as `2.000` may be thousands or a fraction. */
export const mayBeGrouped = (text: string): boolean => decimalOf(text) === 'either';

/** The order that a date itself shows, if it does; `same` where both make one day. */
export const orderShownBy = (text: string): Verdict<CellStyle['dates']> => dateOrderOf(text);

/** A part above 12 is no month. Who writes points between the parts writes the day first. */
function dateOrderOf(text: string): Verdict<CellStyle['dates']> {
  const [first, second] = text.split(/[-/.]/, 2).map(Number) as [number, number];
  if (first > 12) return 'day-first';
  if (second > 12) return 'month-first';
  if (text.includes('.') && /^\d{1,2}\./.test(text)) return 'day-first';
  return first === second ? 'same' : 'either';
}

class Tally<T extends string> {
  readonly #found = new Map<T, Example>();
  #either: Example | undefined;
  #isOpen = false;

  add(verdict: Verdict<T>, example: Example): void {
    if (verdict === 'irrelevant') return;
    if (verdict === 'same') this.#isOpen = true;
    else if (verdict === 'either') {
      if (this.#either === undefined || (example.isUnits && !this.#either.isUnits)) this.#either = example;
    } else if (!this.#found.has(verdict as T)) this.#found.set(verdict as T, example);
  }

  finding(): Finding<T> {
    const [first, second] = [...this.#found];
    if (first !== undefined && second !== undefined) {
      return { status: 'contradictory', evidence: [first[1], second[1]] };
    }
    if (first !== undefined) return { status: 'found', value: first[0], evidence: first[1] };
    if (this.#either !== undefined) return { status: 'ambiguous', example: this.#either };
    return { status: this.#isOpen ? 'open' : 'absent' };
  }
}
