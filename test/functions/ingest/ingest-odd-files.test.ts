import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestObject } from '../../../functions/ingest/ingest-object.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';
import { UCI_HEADER, uciFile, uciRow } from './uci-file.ts';

let db: TestDatabase;
let drops: Drops;
let invoices = 0;

beforeAll(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
});

afterAll(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

/** A line that no other test of this file uses. */
const line = () => ({ invoice: `${++invoices}` });
const GOOD = { status: 'done', rejected_rows: 0 };

describe('a file that cannot be imported fails with the reason', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['an empty file', '', /^The file is empty/],
    ['only blank lines', '\n\r\n  \n', /^The file is empty/],
    ['UTF-16 without a mark', Buffer.from(uciFile({}), 'utf16le'), /zero bytes/],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /zero bytes/],
    ['a workbook', Buffer.from('504b030414000600', 'hex'), /Excel workbook/],
    ['a web page', '<!doctype html><html><body>, , ,</body></html>\n', /web page/],
    ['prose', 'Dear all,\nplease find attached\n', /Seen: dear all, \. Closest is/],
    [
      'a known header with one column more',
      `${UCI_HEADER},Colour\n`,
      /Closest is uci_order_lines: missing nothing, not expected colour\./,
    ],
    ['a known header with one column less', `${UCI_HEADER.replace(',Country', '')}\n`, /missing Country,/],
    ['a column twice', `${UCI_HEADER},Country\n`, /The column country appears twice/],
    ['one line of 10 MB', 'x'.repeat(10_000_000), /The first line is longer than/],
    [
      'gzip that is cut off',
      gzipSync(uciFile(...Array(500).fill({}))).subarray(0, 60),
      /gzip compression .* is damaged/,
    ],
    ['gzip of something else', gzipSync('hello'), /no known format/],
    ['nothing but gzip marks', Buffer.from('1f8b0000', 'hex'), /gzip compression .* is damaged/],
  ])('%s', async (_, content, reason) => {
    const report = await drops.drop(content);
    expect(report).toMatchObject({ status: 'failed', imported_rows: 0, rejects_key: null });
    expect(report.detail).toMatch(reason);
    expect(await drops.drop(uciFile(line()))).toMatchObject({ ...GOOD, imported_rows: 1 });
  });

  test('an object that was deleted before it was read', async () => {
    const dropped = drops.put('drop/gone.csv', uciFile({}));
    drops.objects.delete('drop/gone.csv');
    await ingestObject(drops.needs, dropped, () => 900_000);
    expect(await drops.report(dropped)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('deleted'),
    });
  });

  test('an object that was replaced before it was read; the new one is imported', async () => {
    const old = drops.put('drop/replaced.csv', uciFile(line()));
    const report = await drops.drop(uciFile(line()), 'drop/replaced.csv');
    await ingestObject(drops.needs, old, () => 900_000);
    expect(await drops.report(old)).toMatchObject({ status: 'failed' });
    expect(report).toMatchObject({ ...GOOD, imported_rows: 1 });
  });
});

describe('a file that is written another way is the same file', () => {
  const lines = () => [line(), { ...line(), description: '"GLASS, ""SMALL"""' }, line()];
  test.each<[string, (text: string) => string | Buffer]>([
    ['with a byte order mark', (text) => `\ufeff${text}`],
    ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['without a last line break', (text) => text.trimEnd()],
    ['with blank lines', (text) => text.replaceAll('\n', '\n\n')],
    ['compressed', (text) => gzipSync(text)],
    [
      'with a header in small letters and spaces',
      (text) => text.replace(UCI_HEADER, UCI_HEADER.toLowerCase().replaceAll(',', ' , ')),
    ],
    ['separated by semicolons', (text) => text.replaceAll(/,(?=(?:[^"\n]*"[^"\n]*")*[^"\n]*$)/gm, ';')],
    ['separated by tabs', (text) => text.replaceAll(/,(?=(?:[^"\n]*"[^"\n]*")*[^"\n]*$)/gm, '\t')],
  ])('%s', async (_, write) => {
    const report = await drops.drop(write(uciFile(...lines())));
    expect(report).toMatchObject({ ...GOOD, imported_rows: 3 });
  });

  test('in Latin-1, which is said', async () => {
    const text = uciFile({ ...line(), description: 'CAFÉ £ 5' });
    const report = await drops.drop(Buffer.from(text, 'latin1'));
    expect(report).toMatchObject({
      ...GOOD,
      imported_rows: 1,
      detail: expect.stringContaining('Windows-1252'),
    });
  });

  test('with a header and nothing else it is done, which is said', async () => {
    const report = await drops.drop(UCI_HEADER);
    expect(report).toMatchObject({ ...GOOD, total_rows: 0, detail: 'The file has a header and no rows.' });
  });
});

describe('a broken row is rejected and the others are imported', () => {
  test.each<[string, string, string]>([
    ['too few cells', '1,2,3', ',has 3 cells instead of 8,"1,2,3"'],
    ['too many cells', `${uciRow({})},9`, ',has 9 cells instead of 8,'],
    ['text after a closing quote', '1,2,"a"b,4,5,6,7,8', ',text follows a closing quote,'],
    ['a line of 10 MB', `1,${'y'.repeat(10_000_000)}`, ',line is longer than 262144 characters,"1,yyy'],
    ['a quote that is never closed', '1,2,"oops,4,5,6,7,8', ',a quoted field is not closed,'],
  ])('%s', async (_, broken, reject) => {
    const report = await drops.drop(`${UCI_HEADER}\n${uciRow(line())}\n${broken}\n${uciRow(line())}\n`);
    expect(report).toMatchObject({ status: 'done', imported_rows: 2, rejected_rows: 1 });
    const rejects = drops.rejects(report);
    expect(rejects.startsWith(`line,field,reason,original\n3,${reject}`)).toBe(true);
    expect(rejects.length).toBeLessThan(2_000);
  });

  test('a file cut off in the middle of a quoted field', async () => {
    const whole = uciFile(line(), line(), { ...line(), description: '"A LONG, QUOTED NAME"' });
    const report = await drops.drop(whole.slice(0, whole.indexOf('QUOTED')));
    expect(report).toMatchObject({ status: 'done', imported_rows: 2, rejected_rows: 1 });
    expect(drops.rejects(report)).toContain('4,,a quoted field is not closed,');
  });

  test('formulas stay text in the database and are harmless in the rejects', async () => {
    const formula = '=cmd|calc!A0';
    const report = await drops.drop(
      uciFile({ ...line(), code: 'EVIL', description: formula }, { invoice: formula, quantity: 'x' }),
    );
    expect(report).toMatchObject({ imported_rows: 1, rejected_rows: 1 });
    expect(drops.rejects(report)).toContain(`"'${formula},85123A`);
  });
});

test('a whole chunk of rows that are recorded with other values is rejected row by row', async () => {
  const header = 'order_id,line,date,product_id,quantity,unit_price\n';
  const rows = (quantity: number) =>
    Array.from({ length: 4_000 }, (_, n) => `again-${n},1,2024-01-01,P,${quantity},2\n`).join('');
  await drops.drop(header + rows(1));
  const report = await drops.drop(header + rows(2));
  expect(report).toMatchObject({ status: 'done', imported_rows: 0, rejected_rows: 4_000 });
  expect(drops.rejects(report).split('\n').filter(Boolean)).toHaveLength(4_001);
});
