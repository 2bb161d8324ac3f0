import { Fault } from '../../shared/contracts/fault.ts';
import { type BrokenRecord, type CsvRecord, RecordReader } from './read-records.ts';
import type { Recognised } from './recognise-format.ts';

/** Rows of a file; identities of its lines are counted in memory. */
export const MAX_ROWS = 16_000_000;

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
  /** Original text of each prepared row, by line. */
  readonly raws: ReadonlyMap<number, string>;
}

/** Cuts the text after the header into chunks of `chunkRows` records, each row checked and prepared. */
export async function* cutChunks<Prepared>(
  text: AsyncIterable<string>,
  firstLine: number,
  { format, delimiter, columns }: Recognised,
  /** What a row means, or why it cannot be recorded; called for every valid row, in the order of the file. */
  interpret: (row: unknown, line: number) => Prepared | Refusal,
  chunkRows: number,
): AsyncGenerator<Chunk<Prepared>> {
  const reader = new RecordReader(delimiter, firstLine);
  let no = 0;
  let open = emptyChunk<Prepared>();

  const take = (record: CsvRecord | BrokenRecord): void => {
    open.total++;
    const { line, raw } = record;
    const result = 'broken' in record ? refuse('', record.broken) : prepare(record);
    if ('refusal' in result) {
      open.rejects.push({ line, raw, ...result.refusal });
    } else {
      open.rows.push(result.row);
      open.raws.set(line, raw);
    }
  };

  const prepare = ({ line, fields }: CsvRecord): Result<Prepared> => {
    if (fields.length !== columns.length) {
      return refuse('', `has ${fields.length} cells instead of ${columns.length}`);
    }
    const cells: Record<string, string> = {};
    for (let i = 0; i < columns.length; i++) cells[columns[i]!] = fields[i]!;
    const checked = format.row.safeParse(cells);
    if (!checked.success) {
      const issue = checked.error.issues[0]!;
      return refuse(String(issue.path[0] ?? ''), issue.message);
    }
    const prepared = interpret(checked.data, line);
    return isRefusal(prepared) ? { refusal: prepared } : { row: prepared };
  };

  for await (const records of recordsOf(text, reader)) {
    for (const record of records) {
      take(record);
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
  raws: new Map<number, string>(),
});

type Refusal = { readonly field: string; readonly reason: string };
type Result<Prepared> = { readonly row: Prepared } | { readonly refusal: Refusal };

const refuse = (field: string, reason: string) => ({ refusal: { field, reason } });

function isRefusal<Prepared>(prepared: Prepared | Refusal): prepared is Refusal {
  return typeof prepared === 'object' && prepared !== null && 'field' in prepared && 'reason' in prepared;
}
