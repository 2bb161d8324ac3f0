import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Fault } from '../../shared/contracts/fault.ts';

/** Lines that go to the disk at once. */
const LINES_A_PIECE = 2000;

/** Writes a file, gzip when its name ends so, that appears under its name only when it is complete. */
export async function writeWhole(file: string, lines: Iterable<string>): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  const text = Readable.from(pieces(lines), { objectMode: false });
  const target = createWriteStream(part);
  try {
    await (file.endsWith('.gz') ? pipeline(text, createGzip(), target) : pipeline(text, target));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Fault('invalid', `${file} cannot be written: ${message}`, { cause: error });
  }
}

/** One row of CSV. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map((cell) => (typeof cell === 'number' ? numberCell(cell) : textCell(cell))).join(',');
}

/** Ten significant digits; empty for what cannot be computed. */
function numberCell(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(10)) + 0) : '';
}

function textCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function* pieces(lines: Iterable<string>): Generator<string> {
  let some: string[] = [];
  for (const line of lines) {
    some.push(line, '\n');
    if (some.length < 2 * LINES_A_PIECE) continue;
    yield some.join('');
    some = [];
  }
  if (some.length > 0) yield some.join('');
}
