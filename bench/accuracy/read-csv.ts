import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { RecordReader } from '../../functions/ingest/read-records.ts';

/** The rows of a CSV file, gzip or not, as records by column name. */
export function* readCsv(
  file: string,
): Generator<{ readonly cells: readonly string[]; readonly header: readonly string[] }> {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const reader = new RecordReader(',');
  let header: readonly string[] | undefined;
  for (const record of [...reader.push(text), ...reader.end()]) {
    if ('broken' in record) throw new Error(`${file} line ${record.line}: ${record.broken}`);
    if (header) yield { cells: record.fields, header };
    else header = record.fields;
  }
}
