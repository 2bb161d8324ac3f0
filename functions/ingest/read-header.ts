import { Fault } from '../../shared/contracts/fault.ts';

/** No header of ours comes near; a longer first line is no header. */
const MAX_HEADER_CHARS = 64 * 1024;

/** Excel writes and reads a first line that names the delimiter. */
const SEPARATOR = /^sep=([,;|\t])\r?$/i;

/** The first line that is not blank, and what follows it. */
export interface Header {
  readonly text: string;
  /** What a line `sep=;` before it said. */
  readonly delimiter?: string;
  /** Physical line on which the rows start. */
  readonly nextLine: number;
  readonly rest: AsyncGenerator<string>;
}

/** Reads up to the end of the header. Throws Fault `invalid` when there is none. */
export async function readHeader(pieces: AsyncGenerator<string>): Promise<Header> {
  let buffer = '';
  let line = 1;
  let delimiter: string | undefined;
  const named = () => (delimiter === undefined ? {} : { delimiter });
  for (;;) {
    const newline = endOfRecord(buffer);
    if (newline !== -1) {
      const text = buffer.slice(0, newline);
      buffer = buffer.slice(newline + 1);
      line += text.split('\n').length;
      const separator = delimiter === undefined ? SEPARATOR.exec(text) : null;
      if (separator) delimiter = separator[1];
      else if (text.trim() !== '') {
        return { text, nextLine: line, rest: prepend(buffer, pieces), ...named() };
      }
      continue;
    }
    if (buffer.length > MAX_HEADER_CHARS) {
      throw new Fault(
        'invalid',
        `The first line is longer than ${MAX_HEADER_CHARS} characters: this is no CSV file.`,
      );
    }
    const { value, done } = await pieces.next();
    if (!done) {
      buffer += value;
    } else if (buffer.trim() === '') {
      throw new Fault('invalid', 'The file is empty.');
    } else {
      return { text: buffer, nextLine: line + 1, rest: prepend('', pieces), ...named() };
    }
  }
}

/** Where the first line ends, line breaks within quotes being part of it; -1 when more text is needed. */
function endOfRecord(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === '\n' && !isQuoted) return at;
  }
  // A quote that is never closed must not swallow the file.
  return isQuoted && text.length > MAX_HEADER_CHARS ? text.indexOf('\n') : -1;
}

async function* prepend(start: string, pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  if (start !== '') yield start;
  yield* pieces;
}
