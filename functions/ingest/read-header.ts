import { Fault } from '../../shared/contracts/fault.ts';

/** No header of ours comes near; a longer first line is no header. */
const MAX_HEADER_CHARS = 64 * 1024;

/** The first line that is not blank, and what follows it. */
export interface Header {
  readonly text: string;
  /** Physical line on which the rows start. */
  readonly nextLine: number;
  readonly rest: AsyncGenerator<string>;
}

/** Reads up to the end of the header. Throws Fault `invalid` when there is none. */
export async function readHeader(pieces: AsyncGenerator<string>): Promise<Header> {
  let buffer = '';
  let line = 1;
  for (;;) {
    const newline = buffer.indexOf('\n');
    if (newline !== -1) {
      const text = buffer.slice(0, newline);
      buffer = buffer.slice(newline + 1);
      line++;
      if (text.trim() !== '') return { text, nextLine: line, rest: prepend(buffer, pieces) };
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
      return { text: buffer, nextLine: line + 1, rest: prepend('', pieces) };
    }
  }
}

async function* prepend(start: string, pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  if (start !== '') yield start;
  yield* pieces;
}
