import { setImmediate } from 'node:timers/promises';
import { Fault } from '../../shared/contracts/fault.ts';
import { type BrokenRecord, type CsvRecord, RecordReader } from './read-records.ts';
import type { ReadRow, RowReader } from './read-row.ts';
import type { Recognised } from './recognise-format.ts';

/** Rows of a file; identities of its lines are counted in memory. */
export const MAX_ROWS = 16_000_000;
/** Rows read at a stretch: beside it the chunk before is written, and no answer of the database shall wait longer. */
const STRETCH_ROWS = 64;

/** A row that is not recorded, and why. */
export interface Reject {
  readonly line: number;
  readonly field: string;
  readonly reason: string;
  readonly raw: string;
}

/** Rows that are committed together. Its boundaries depend on the file alone. */
export interface Chunk<Prepared = unknown> {
  readonly no: number;
  readonly total: number;
  readonly rows: readonly Prepared[];
  readonly rejects: readonly Reject[];
  /** Rows that say nothing worth recording, by why. */
  readonly excluded: Readonly<Record<string, number>>;
  /** Original text of each prepared row, by line. */
  readonly raws: ReadonlyMap<number, string>;
}

/** Cuts the text after the header into chunks of `chunkRows` records, each row read once, in the order of the file. */
export async function* cutChunks<Prepared>(
  text: AsyncIterable<string>,
  firstLine: number,
  { delimiter, columns, isQuoted }: Pick<Recognised, 'delimiter' | 'columns' | 'isQuoted'>,
  read: RowReader<Prepared>,
  chunkRows: number,
): AsyncGenerator<Chunk<Prepared>> {
  const reader = new RecordReader(delimiter, firstLine, isQuoted);
  let no = 0;
  let open = emptyChunk<Prepared>();

  const take = (record: CsvRecord | BrokenRecord): void => {
    open.total++;
    const { line, raw } = record;
    const result = 'broken' in record ? refuse('', record.broken) : readCells(record);
    if ('refusal' in result) {
      open.rejects.push({ line, raw, ...result.refusal });
    } else if ('excluded' in result) {
      open.excluded[result.excluded] = (open.excluded[result.excluded] ?? 0) + 1;
    } else {
      open.rows.push(result.row);
      open.raws.set(line, raw);
    }
  };

  const readCells = ({ line, fields }: CsvRecord): ReadRow<Prepared> => {
    if (fields.length !== columns.length) {
      return refuse('', `has ${fields.length} cells instead of ${columns.length}`);
    }
    const cells: Record<string, string> = {};
    // Of a header that stands there twice, the first column counts.
    for (let i = columns.length - 1; i >= 0; i--) cells[columns[i]!] = fields[i]!;
    return read(cells, line);
  };

  for await (const records of recordsOf(text, reader)) {
    for (const record of records) {
      take(record);
      if (open.total % STRETCH_ROWS === 0) await setImmediate();
      if (open.total < chunkRows) continue;
      if ((no + 1) * chunkRows > MAX_ROWS) {
        throw new Fault('invalid', `The file has more than ${MAX_ROWS} rows: split it.`);
      }
      yield { no: no++, ...open };
      open = emptyChunk<Prepared>();
    }
  }
  if (open.total > 0) yield { no, ...open };
}

async function* recordsOf(text: AsyncIterable<string>, reader: RecordReader) {
  for await (const piece of text) yield reader.push(piece);
  yield reader.end();
}

const emptyChunk = <Prepared>() => ({
  total: 0,
  rows: [] as Prepared[],
  rejects: [] as Reject[],
  excluded: {} as Record<string, number>,
  raws: new Map<number, string>(),
});

const refuse = (field: string, reason: string) => ({ refusal: { field, reason } });
