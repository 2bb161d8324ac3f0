import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { openBytes } from '../../functions/ingest/open-bytes.ts';
import { RecordReader } from '../../functions/ingest/read-records.ts';
import { Fault } from '../../shared/contracts/fault.ts';

/** The cells of one row and the line it starts on, from 1. */
export type TakeRow = (cells: readonly string[], line: number) => void;

/** Refuses a file because of one place in it. */
export function badInput(file: string, line: number, column: string | null, reason: string): Fault {
  const place = `${basename(file)} line ${line}${column === null ? '' : `, column ${column}`}`;
  return new Fault('invalid', `${place}: ${reason}`);
}

/**
 * Streams the rows of a CSV file, gzip or not, to what `start` makes of its header. Throws Fault `invalid` for a file
 * that cannot be read as CSV.
 */
export async function readCsv(file: string, start: (header: readonly string[]) => TakeRow): Promise<void> {
  await assertReadable(file);
  const reader = new RecordReader(',');
  const decoder = new TextDecoder('utf-8');
  let take: TakeRow | undefined;
  const consume = (records: ReturnType<RecordReader['push']>): void => {
    for (const record of records) {
      if ('broken' in record) throw badInput(file, record.line, null, record.broken);
      if (take) take(record.fields, record.line);
      else take = start(record.fields.map((name) => name.trim()));
    }
  };
  for await (const bytes of openBytes(createReadStream(file))) {
    consume(reader.push(decoder.decode(bytes, { stream: true })));
  }
  consume(reader.push(decoder.decode()));
  consume(reader.end());
  if (!take) throw badInput(file, 1, null, 'the file is empty');
}

async function assertReadable(file: string): Promise<void> {
  try {
    const handle = await open(file);
    const isFile = !(await handle.stat()).isDirectory();
    await handle.close();
    if (!isFile) throw new Error('it is a folder');
  } catch (error) {
    throw new Fault('invalid', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
