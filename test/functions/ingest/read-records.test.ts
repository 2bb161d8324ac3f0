import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_RECORD_CHARS, RecordReader } from '../../../functions/ingest/read-records.ts';

const read = (pieces: readonly string[], delimiter = ',') => {
  const reader = new RecordReader(delimiter);
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
};

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', ' ', '0', '='),
  maxLength: 6,
});
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

function cutInto(text: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, i) => text.slice(at[i]!, end));
}

test('well-formed CSV reads as csv-parse reads it, wherever the pieces are cut', () => {
  const property = fc.property(
    table,
    fc.array(fc.nat(), { maxLength: 8 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    (rows, cuts, newline, hasLastBreak) => {
      const text = rows.map((row) => row.map(quote).join(',')).join(newline) + (hasLastBreak ? newline : '');
      const ours = read(cutInto(text, cuts)).map((record) =>
        'fields' in record ? record.fields : record.broken,
      );
      expect(ours).toEqual(parse(text, { relax_column_count: true }));
      expect(ours).toEqual(rows);
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test('any text at all is read to its end, the same however it is cut, every line accounted for', () => {
  const noise = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r'), maxLength: 60 });
  const property = fc.property(noise, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
    const whole = read([text]);
    expect(read(cutInto(text, cuts))).toEqual(whole);
    const lines = whole.map((record) => record.line);
    expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
  });
  fc.assert(property, { numRuns: 1000 });
});

test('lines are physical lines', () => {
  const records = read(['a,b\n"x\ny",1\n\nc,d\n']);
  expect(records.map((record) => [record.line, record.raw])).toEqual([
    [1, 'a,b'],
    [2, '"x\ny",1'],
    [5, 'c,d'],
  ]);
});

test('an endless line costs one record and little memory', () => {
  const reader = new RecordReader(',');
  const records = reader.push('a,b\n');
  for (let i = 0; i < 100; i++) records.push(...reader.push('z'.repeat(100_000)));
  records.push(...reader.push('\nc,d\n'), ...reader.end());
  expect(records).toHaveLength(3);
  expect(records[1]).toMatchObject({ line: 2, broken: `line is longer than ${MAX_RECORD_CHARS} characters` });
  expect(records[1]!.raw.length).toBe(1000);
  expect(records[2]).toMatchObject({ line: 3, fields: ['c', 'd'] });
});

test('a quote that is never closed costs its own line, not the rest of a long file', () => {
  const rest = Array.from({ length: 50_000 }, (_, i) => `row,${i}\n`).join('');
  const records = read(['a,"open\n', rest]);
  expect(records[0]).toMatchObject({ line: 1, raw: 'a,"open', broken: 'a quoted field is not closed' });
  expect(records).toHaveLength(50_001);
  expect(records.at(-1)).toMatchObject({ line: 50_001, fields: ['row', '49999'] });
});

test('where quotes are letters every line is a record, and only what wraps a whole cell is taken off', () => {
  const reader = new RecordReader('\t', 1, false);
  const text = 'A1\t"Thermo mug\t1\nA2\tTube 5"\t7\nA3\t"Best" pan\t2\nA4\t"Mug, ""blue""' + '"\t3\r\n';
  const records = [...reader.push(text), ...reader.end()];
  expect(records.map((record) => ('fields' in record ? record.fields : record.broken))).toEqual([
    ['A1', '"Thermo mug', '1'],
    ['A2', 'Tube 5"', '7'],
    ['A3', '"Best" pan', '2'],
    ['A4', 'Mug, "blue"', '3'],
  ]);
  expect(records.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
});
