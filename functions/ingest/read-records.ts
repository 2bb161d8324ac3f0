/** A record longer than this is rejected: one endless line must not fill the memory. */
export const MAX_RECORD_CHARS = 256 * 1024;
/** How much of a rejected record is kept as its original text. */
const MAX_RAW_CHARS = 1_000;

/** One row of a file. `line` is the physical line it starts on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly raw: string;
  readonly fields: readonly string[];
}

/** A stretch of the file that is no row, and why. */
export interface BrokenRecord {
  readonly line: number;
  readonly raw: string;
  readonly broken: string;
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

type Scan =
  | { readonly kind: 'record'; readonly fields: string[]; readonly end: number }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'open' };

/**
 * RFC 4180 records of a text that comes in pieces: quoted delimiters and line breaks, doubled quotes, CRLF.
 * Unlike a general parser it never gives up: a broken record costs its first line, and reading goes on after it.
 * Empty lines are no records.
 */
export class RecordReader {
  readonly #delimiter: string;
  readonly #isQuoted: boolean;
  #buffer = '';
  #position = 0;
  #line: number;
  #skipsToNewline = false;

  /** `isQuoted` false: quotes are letters, every line is a record; only what wraps a whole cell is taken off. */
  constructor(delimiter: string, firstLine = 1, isQuoted = true) {
    this.#delimiter = delimiter;
    this.#isQuoted = isQuoted;
    this.#line = firstLine;
  }

  /** The records that this piece completes. */
  push(piece: string): (CsvRecord | BrokenRecord)[] {
    this.#buffer = this.#buffer.slice(this.#position) + piece;
    this.#position = 0;
    return this.#drain(false);
  }

  /** The records that the end of the file completes. */
  end(): (CsvRecord | BrokenRecord)[] {
    return this.#drain(true);
  }

  #drain(isEnd: boolean): (CsvRecord | BrokenRecord)[] {
    const records: (CsvRecord | BrokenRecord)[] = [];
    while (this.#position < this.#buffer.length) {
      const record = this.#next(isEnd);
      if (record === undefined) break;
      if (record !== 'nothing') records.push(record);
    }
    return records;
  }

  /** The next record, `nothing` for an empty or skipped line, undefined when more text is needed. */
  #next(isEnd: boolean): CsvRecord | BrokenRecord | 'nothing' | undefined {
    const start = this.#position;
    const newline = this.#buffer.indexOf('\n', start);
    const lineEnd = newline === -1 ? this.#buffer.length : newline;
    const isLineOpen = newline === -1 && !isEnd;
    if (this.#skipsToNewline) {
      this.#skipsToNewline = isLineOpen;
      this.#moveTo(isLineOpen ? lineEnd : lineEnd + 1, isLineOpen ? 0 : 1);
      return 'nothing';
    }
    if (lineEnd - start > MAX_RECORD_CHARS) {
      const raw = this.#buffer.slice(start, start + MAX_RAW_CHARS);
      const broken = { line: this.#line, raw, broken: `line is longer than ${MAX_RECORD_CHARS} characters` };
      this.#skipsToNewline = isLineOpen;
      this.#moveTo(isLineOpen ? lineEnd : lineEnd + 1, isLineOpen ? 0 : 1);
      return broken;
    }
    if (isLineOpen) return undefined;

    const text = withoutReturn(this.#buffer.slice(start, lineEnd));
    if (!text.includes('"')) {
      const line = this.#line;
      this.#moveTo(lineEnd + 1, 1);
      return text.trim() === '' ? 'nothing' : { line, raw: text, fields: text.split(this.#delimiter) };
    }
    if (!this.#isQuoted) {
      const line = this.#line;
      this.#moveTo(lineEnd + 1, 1);
      return { line, raw: text, fields: text.split(this.#delimiter).map(unwrapped) };
    }
    return this.#nextQuoted(start, lineEnd, text, isEnd);
  }

  #nextQuoted(start: number, lineEnd: number, text: string, isEnd: boolean) {
    const line = this.#line;
    let scan = this.#scan(start, isEnd);
    if (scan.kind === 'open') {
      const isTooLong = this.#buffer.length - start > MAX_RECORD_CHARS;
      if (!isEnd && !isTooLong) return undefined;
      scan = { kind: 'broken', reason: 'a quoted field is not closed' };
    }
    if (scan.kind === 'broken') {
      this.#moveTo(lineEnd + 1, 1);
      return { line, raw: text.slice(0, MAX_RAW_CHARS), broken: scan.reason };
    }
    const raw = withoutReturn(this.#buffer.slice(start, scan.end));
    this.#moveTo(scan.end + 1, newlinesIn(raw) + 1);
    return { line, raw, fields: scan.fields };
  }

  #moveTo(position: number, lines: number): void {
    this.#position = position;
    this.#line += lines;
  }

  #scan(start: number, isEnd: boolean): Scan {
    const text = this.#buffer;
    const delimiter = this.#delimiter.charCodeAt(0);
    const fields: string[] = [];
    for (let at = start; ; ) {
      if (text.charCodeAt(at) === QUOTE) {
        const field = closeQuote(text, at + 1, isEnd);
        if (field === undefined) return { kind: 'open' };
        fields.push(field.value);
        at = field.end;
        if (text.startsWith('\r\n', at) || (isEnd && at === text.length - 1 && text[at] === '\r')) at++;
      } else {
        const from = at;
        while (at < text.length && text.charCodeAt(at) !== delimiter && text.charCodeAt(at) !== NEWLINE) at++;
        const ends = at >= text.length || text.charCodeAt(at) === NEWLINE;
        fields.push(ends ? withoutReturn(text.slice(from, at)) : text.slice(from, at));
      }
      if (at >= text.length) return isEnd ? { kind: 'record', fields, end: at } : { kind: 'open' };
      const next = text.charCodeAt(at);
      if (next === NEWLINE) return { kind: 'record', fields, end: at };
      if (next !== delimiter) {
        // a return at the end of this piece may be half of a line break
        const isCut = text[at] === '\r' && at === text.length - 1;
        return isCut ? { kind: 'open' } : { kind: 'broken', reason: 'text follows a closing quote' };
      }
      at++;
    }
  }
}

function closeQuote(text: string, from: number, isEnd: boolean): { value: string; end: number } | undefined {
  let value = '';
  for (let at = from; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return undefined;
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      // the next piece may begin with the second half of a doubled quote
      if (quote + 1 === text.length && !isEnd) return undefined;
      return { value: value + text.slice(at, quote), end: quote + 1 };
    }
    value += text.slice(at, quote + 1);
    at = quote + 2;
  }
}

/** A cell that a spreadsheet quoted when the file was saved again. */
function unwrapped(cell: string): string {
  const inner = /^"((?:[^"]|"")*)"$/.exec(cell)?.[1];
  return inner === undefined ? cell : inner.replaceAll('""', '"');
}

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
