import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { runTask } from '../../../functions/ingest/run-task.ts';
import type { Quality } from '../../../shared/contracts/api/import.ts';
import { saveMapping } from '../../../shared/data/imports/import-mapping-store.ts';
import { findImportDetail } from '../../../shared/data/imports/import-reads.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, type ImportReport, openDrops } from './drop-file.ts';
import { demandIn, movementsIn } from './ledger-facts.ts';

let db: TestDatabase;
let drops: Drops;

beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database, { chunkRows: 3 });
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const Text = z.object({ what: z.string().nullable() });
const read = async (sql: string) => (await db.database.select(Text, sql)).map((row) => row.what);
const qualityOf = async (report: ImportReport): Promise<Quality> =>
  (await findImportDetail(db.database, report.import_id))!.quality!;
const rulesOf = async (report: ImportReport) => {
  const { errors, warnings } = await qualityOf(report);
  return [...errors, ...warnings].map(({ rule, count }) => `${rule} ${count}`);
};

const SALES = 'order_id,line,date,product_id,quantity,unit_price';

describe('text as spreadsheets write it', () => {
  test('a line sep=; , decimal comma, days first and Excel dates, in UTF-16', async () => {
    const text = `sep=;\r\n${SALES.replaceAll(',', ';')}\r\nS1;1;13.02.2024;P1;2;1.234,50\r\nS2;1;45292,5;P1;3;2,5\r\n`;
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const report = await drops.drop(utf16);
    expect(report).toMatchObject({ status: 'done', imported_rows: 2, rejected_rows: 0 });
    expect(await demandIn(db.database)).toEqual([
      'P1 2024-01-01: 3 in 1 for 7.5000',
      'P1 2024-02-13: 2 in 1 for 2469.0000',
    ]);
    const { warnings } = await qualityOf(report);
    expect(warnings.map(({ message }) => message)).toEqual([
      'the text was read as utf-16le, as its byte order mark says',
      expect.stringContaining('decimal comma, because of "1.234,50" in unit_price'),
      expect.stringContaining('day-first, because of "13.02.2024" in date'),
    ]);
  });

  test('pipes, tabs and line breaks within quotes', async () => {
    await drops.drop(
      `${SALES}\tproduct_name`.replaceAll(',', '\t').concat('\nS1\t1\t2024-01-02\tP1\t1\t2\t"Lamp\nred"\n'),
    );
    await drops.drop(`${SALES},product_name`.replaceAll(',', '|').concat('\nS2|1|2024-01-02|P2|1|2|"A|B"\n'));
    expect(await read('SELECT product_name AS what FROM products ORDER BY product_id')).toEqual([
      'Lamp\nred',
      'A|B',
    ]);
  });

  test('Shift-JIS is known by its kana, Latin-1 is not taken for it, and the report says so', async () => {
    const names = Buffer.concat([
      Buffer.from('product_id,product_name\nP1,'),
      Buffer.from([0x83, 0x89, 0x83, 0x93, 0x83, 0x76]), // ランプ
      Buffer.from('\n'),
    ]);
    const japanese = await drops.drop(names);
    const latin = await drops.drop(Buffer.from('product_id,product_name\nP2,Crème brûlée à 2€\n', 'latin1'));
    expect(await read('SELECT product_name AS what FROM products ORDER BY product_id')).toEqual([
      'ランプ',
      expect.stringContaining('Crème brûlée'),
    ]);
    expect(await rulesOf(japanese)).toEqual(['encoding 1']);
    expect(await rulesOf(latin)).toEqual(['encoding 1']);
  });
});

describe('dates that can be read two ways', () => {
  const file = `${SALES}\nS1,1,03/04/2024,P1,5,2\n`;

  test('are refused, not guessed, until a person or a setting says how to read them', async () => {
    const dropped = drops.put('drop/ambiguous.csv', file);
    await runTask(drops.needs, dropped, () => 900_000);
    expect(await drops.report(dropped)).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/03\/04\/2024.*day or the month first.*"day-first"/),
    });
    await runTask(
      drops.needs,
      {
        type: 'ImportRetryRequested',
        drop: dropped,
        options: { style: { dates: 'day-first' } },
        dryRun: false,
      },
      () => 900_000,
    );
    const report = await drops.report(dropped);
    expect(report).toMatchObject({ status: 'done', first_date: '2024-04-03' });
    expect((await qualityOf(report)).warnings[0]?.message).toBe('dates were read day-first, as was said');
  });

  test('a setting decides for all files, and one date above 12 decides for its own', async () => {
    await db.database.write(`INSERT INTO setting (name, value) VALUES ('date_order', 'day-first')`);
    expect(await drops.drop(file)).toMatchObject({ status: 'done', first_date: '2024-04-03' });
    const american = `${SALES}\nS2,1,03/04/2024,P1,5,2\nS3,1,03/14/2024,P1,5,2\n`;
    expect(await drops.drop(american)).toMatchObject({ first_date: '2024-03-04', last_date: '2024-03-14' });
    const both = `${SALES}\nS4,1,14/03/2024,P1,5,2\nS5,1,03/14/2024,P1,5,2\n`;
    expect(await drops.drop(both)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('14/03/2024'),
    });
  });

  test('times without a zone are those of the shop', async () => {
    await db.database.write(`INSERT INTO setting (name, value) VALUES ('time_zone', 'America/New_York')`);
    await drops.drop(`${SALES}\nS1,1,2024-07-01 21:30:00,P1,5,2\n`);
    expect(await read('SELECT CAST(date AS CHAR) AS what FROM sales')).toEqual(['2024-07-02 01:30:00.000']);
  });
});

test('an unknown file says what is accepted; a mapping of its headers imports it and every later one', async () => {
  const file = 'Beleg;Artikel;Menge;Tag;Rest\nB1;P1;2;2024-01-02;x\n';
  const dropped = drops.put('drop/till.csv', file);
  await runTask(drops.needs, dropped, () => 900_000);
  const failed = await drops.report(dropped);
  expect(failed).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('POST /imports/mappings'),
  });
  await db.database.transaction((tx) =>
    saveMapping(
      tx,
      {
        name: 'Till',
        headers: ['beleg', 'ARTIKEL', 'Menge', 'Tag', 'Rest'],
        template: 'sales_lines',
        columns: {
          order_id: 'Beleg',
          line: { value: '1' },
          product_id: 'Artikel',
          quantity: 'Menge',
          date: 'Tag',
          unit_price: { value: '2.50' },
        },
        style: {},
        encoding: null,
      },
      'ann',
    ),
  );
  await runTask(
    drops.needs,
    { type: 'ImportRetryRequested', drop: dropped, options: {}, dryRun: false },
    () => 900_000,
  );
  const report = await drops.report(dropped);
  expect(report).toMatchObject({ status: 'done', format: 'sales_lines', imported_rows: 1 });
  expect(await rulesOf(report)).toEqual(['mapping 1', 'ignored_columns 1']);
  expect(await drops.drop('Menge,Tag,Artikel,Beleg,Rest\n3,2024-01-03,P1,B2,y\n')).toMatchObject({
    imported_rows: 1,
  });
  expect(await demandIn(db.database)).toEqual([
    'P1 2024-01-02: 2 in 1 for 5.0000',
    'P1 2024-01-03: 3 in 1 for 7.5000',
  ]);
});

test('the style of a mapped file is read off the columns that hold numbers and dates, whatever they are called', async () => {
  const headers = ['Beleg', 'Zeile', 'Artikel', 'Menge', 'Am', 'Einzeln', 'Notiz'];
  const [order_id, line, product_id, quantity, date, unit_price] = headers as [string, ...string[]];
  const columns = {
    order_id,
    line: line!,
    product_id: product_id!,
    quantity: quantity!,
    date: date!,
    unit_price: unit_price!,
  };
  await db.database.transaction((tx) =>
    saveMapping(
      tx,
      { name: 'Till', headers, template: 'sales_lines', columns, style: {}, encoding: null },
      'ann',
    ),
  );
  const report = await drops.drop(
    `${headers.join(';')}\nB1;1;P1;2;05/06/2024;2,50;12/31/2024\nB2;1;P1;3;13/06/2024;1.000,00;1.5\n`,
  );
  expect(report).toMatchObject({ status: 'done', imported_rows: 2, rejected_rows: 0 });
  expect(await demandIn(db.database)).toEqual([
    'P1 2024-06-05: 2 in 1 for 5.0000',
    'P1 2024-06-13: 3 in 1 for 3000.0000',
  ]);
  const { warnings } = await qualityOf(report);
  expect(warnings.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('"2,50" in Einzeln'),
      expect.stringContaining('day-first, because of "13/06/2024" in Am'),
    ]),
  );
});

test('a dry run counts what would happen, rejects included, and writes nothing; it can then be done', async () => {
  await drops.drop(`${SALES}\nS1,1,2024-01-02,P1,5,2\n`);
  const before = await movementsIn(db.database);
  const dropped = drops.put(
    'drop/dry-run/sales.csv',
    `${SALES}\nS1,1,2024-01-02,P1,5,2\nS1,2,2024-01-02,NEW,1,2\nS2,1,never,P1,1,2\nS1,2,2024-01-02,NEW,1,2\nS1,2,2024-01-02,NEW,9,2\n`,
  );
  await runTask(drops.needs, dropped, () => 900_000);
  const checked = await drops.report(dropped);
  const counts = { imported_rows: 1, duplicate_rows: 2, rejected_rows: 2, total_rows: 5, shortages: 1 };
  expect(checked).toMatchObject({ status: 'checked', ...counts });
  expect(drops.rejects(checked)).toMatch(/4,date,is not a date.*\n6,,already recorded/);
  expect(await movementsIn(db.database)).toEqual(before);
  expect(await read('SELECT product_id AS what FROM products')).toEqual(['P1']);
  await runTask(
    drops.needs,
    { type: 'ImportRetryRequested', drop: dropped, options: {}, dryRun: false },
    () => 900_000,
  );
  expect(await drops.report(dropped)).toMatchObject({ status: 'done', ...counts });
  expect((await movementsIn(db.database)).length).toBe(before.length + 2);
});

describe('the quality report names each rule that a row breaks, and no other', () => {
  const sale = (cells: string) => `${SALES},discount\n${cells}\n`;
  test.each<[rule: string, file: string]>([
    ['price_not_positive', sale('S1,1,2024-01-02,P1,1,0,')],
    ['future_date', sale('S1,1,2199-01-02,P1,1,2,')],
    ['negative_total', sale('S1,1,2024-01-02,P1,1,2,3')],
    ['zero_quantity', sale('S1,1,2024-01-02,P1,0,2,')],
    ['invalid_date', sale('S1,1,tomorrow,P1,1,2,')],
    ['invalid_number', sale('S1,1,2024-01-02,P1,many,2,')],
    ['missing_value', sale('S1,1,2024-01-02,,1,2,')],
    ['negative_price', sale('S1,1,2024-01-02,P1,1,-2,')],
    ['broken_row', sale('S1,1,2024-01-02')],
    ['negative_quantity', 'product_id,quantity,date\nP1,-4,2024-01-02\n'],
    ['cost_above_price', 'product_id,product_name,unit_price,cost\nP1,Lamp,2,3\n'],
    ['missing_name', 'product_id,product_name\nP1,P1\n'],
    ['duplicate_id', 'product_id,product_name\nP1,Lamp\nP1,Lamps\n'],
    ['negative_reorder', 'supplier_id,product_id,unit_cost,lead_time_days,minimum_quantity\nS1,P1,2,3,-1\n'],
    ['unknown_reference', `${SALES},location_id\nS1,1,2024-01-02,P1,1,2,MOON\n`],
  ])('%s', async (rule, file) => {
    expect(await rulesOf(await drops.drop(file))).toEqual([`${rule} 1`]);
  });

  test('and counts add up; of no rows the error rate is 0', async () => {
    const report = await drops.drop(sale('S1,1,2024-01-02,P1,1,2,\nS2,1,never,P1,1,2,\nS3,1,never,P1,1,2,'));
    expect(await qualityOf(report)).toMatchObject({
      entity: 'sales_lines',
      is_valid: false,
      total: 3,
      valid: 1,
      invalid: 2,
      error_rate: 0.666667,
      errors: [{ rule: 'invalid_date', field: 'date', count: 2, lines: [3, 4] }],
    });
    expect(await qualityOf(await drops.drop(`${SALES}\n`))).toMatchObject({
      is_valid: true,
      total: 0,
      error_rate: 0,
    });
  });
});

test('demand of whole categories lands on a product that stands for each', async () => {
  const report = await drops.drop(
    'order_date,qty,cat,status\n2024-01-02,5,Lamps,\n2024-01-02,5,Lamps,\n2024-01-03,2,Chairs,cancelled\n2024-01-03,0,Chairs,\n',
  );
  expect(report).toMatchObject({
    format: 'category_demand',
    imported_rows: 3,
    excluded_rows: 2,
    total_rows: 4,
  });
  expect(await demandIn(db.database)).toEqual(['CATEGORY:Lamps 2024-01-02: 10 in 2 for 0.0000']);
  expect(
    await read(
      `SELECT CONCAT(product_name, '/', category, '/', is_synthetic) AS what FROM products ORDER BY product_id`,
    ),
  ).toEqual(['Chairs (all products)/Chairs/1', 'Lamps (all products)/Lamps/1']);
});
