import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { surveyObject } from '../../../functions/ingest/survey-object.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';

let db: TestDatabase;
let drops: Drops;

beforeAll(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
});

afterAll(async () => {
  expect(await findViolations(db.database)).toEqual([]);
  await db.close();
});

const Text = z.object({ what: z.string() });
const read = async (sql: string) => (await db.database.select(Text, sql)).map(({ what }) => what);

test('names with inches and quotes in a report of Amazon do not run into the next order', async () => {
  const header =
    'amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tproduct-name\tsku\titem-status\tquantity\titem-price\n';
  const row = (order: string, name: string, sku: string, units: number) =>
    `${order}\t${order}\t2024-01-01T10:00:00+00:00\t2024-01-01T10:00:00+00:00\tShipped\tMerchant\t${name}\t${sku}\tShipped\t${units}\t10.00\n`;
  const report = await drops.drop(
    header +
      row('AQ1', '"Thermo mug', 'AQ-1', 1) +
      row('AQ2', 'Tube 5"', 'AQ-2', 7) +
      row('AQ3', '"Best" pan', 'AQ-3', 2),
  );
  expect(report).toMatchObject({ status: 'done', imported_rows: 3, rejected_rows: 0 });
  expect(
    await read(
      `SELECT CONCAT(sale_id, ' ', quantity_sold, ' ', product_name) AS what
         FROM sales JOIN products USING (product_id) WHERE order_id LIKE 'AQ%' ORDER BY sale_id`,
    ),
  ).toEqual(['AQ1:AQ-1 1 "Thermo mug', 'AQ2:AQ-2 7 Tube 5"', 'AQ3:AQ-3 2 "Best" pan']);
});

test('ids that a spreadsheet shortened are refused: they would make one order of many', async () => {
  const report = await drops.drop(
    [
      'Name,Id,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku',
      '#1,5.12E+12,paid,2024-01-01 10:00:00 +0000,1,Mug,10,SH-1',
      '#2,5.12E+12,paid,2024-01-02 10:00:00 +0000,2,Plate,20,SH-2',
      '#3,5120000000003,paid,2024-01-03 10:00:00 +0000,3,Cup,30,4.00e+12',
      '#4,5120000000004,paid,2024-01-03 10:00:00 +0000,3,Cup,30,4E12',
      '',
    ].join('\n'),
  );
  expect(report).toMatchObject({ status: 'done', imported_rows: 1, rejected_rows: 3 });
  expect(drops.rejects(report).match(/\w+,was shortened by a spreadsheet/g)).toEqual([
    'order_id,was shortened by a spreadsheet',
    'order_id,was shortened by a spreadsheet',
    'product_id,was shortened by a spreadsheet',
  ]);
  const counted = await drops.drop('product_id,quantity,date\n"4,00E+12",5,2024-01-01\n');
  expect(counted).toMatchObject({ imported_rows: 0, rejected_rows: 1 });
});

const LINES = 'order_id,line,date,product_id,quantity,unit_price\n';
const daysOf = (orders: string) =>
  read(
    `SELECT DISTINCT CAST(DATE(order_date) AS CHAR) AS what FROM orders WHERE order_id LIKE '${orders}' ORDER BY 1`,
  );

test('a file that begins with dates of the same day and month is read on until one tells', async () => {
  const rows = [
    ...Array.from({ length: 4_000 }, (_, i) => `DS${i},1,01/01/2024,DS,1,2\n`),
    ...Array.from({ length: 500 }, (_, i) => `DT${i},1,02/01/2024,DS,1,2\n`),
  ].join('');
  const open = await drops.drop(LINES + rows);
  expect(open).toMatchObject({ status: 'failed', detail: expect.stringContaining('02/01/2024') });
  const told = await drops.drop(`${LINES + rows}DU1,1,13/01/2024,DS,1,2\n`);
  expect(told).toMatchObject({ status: 'done', imported_rows: 4_501, rejected_rows: 0 });
  expect(await daysOf('DT%')).toEqual(['2024-01-02']);
}, 60_000);

test('a date that no column shows how to read is refused where it stands', async () => {
  const plain = Array.from({ length: 4_000 }, (_, i) => `DV${i},1,2024-01-05,DV,1,2\n`).join('');
  const report = await drops.drop(
    `${LINES}${plain}DW1,1,02/01/2024,DV,1,2\nDW2,1,31/01/2024,DV,1,2\nDW3,1,03/03/2024,DV,1,2\n`,
  );
  expect(report).toMatchObject({ status: 'done', imported_rows: 4_002, rejected_rows: 1 });
  expect(drops.rejects(report)).toContain('may have the day or the month first');
  expect(await daysOf('DW%')).toEqual(['2024-01-31', '2024-03-03']);
}, 60_000);

test('dates count whatever their column is called', async () => {
  const demands = (...due: string[]) =>
    drops.drop(
      `name,item,location,customer,due,quantity,status\n${due.map((day, n) => `DX${due.length}${n},DX,L,C,${day},1,closed\n`).join('')}`,
    );
  expect(await demands('05/04/2024', '06/04/2024', '23/04/2024')).toMatchObject({ imported_rows: 3 });
  expect(await daysOf('DX3%')).toEqual(['2024-04-05', '2024-04-06', '2024-04-23']);
  expect(await demands('05/04/2024', '06/04/2024')).toMatchObject({ status: 'failed' });
});

test('units that may be thousands or a fraction are refused until somebody says which', async () => {
  const refused = await drops.drop('item;location;onhand\nDG;L;2.000\nDH;L;7\n');
  expect(refused).toMatchObject({ status: 'failed', detail: expect.stringMatching(/"2.000" in onhand/) });
  const counted = await drops.drop('product_id;quantity;date\nDG;2.000;2024-01-01\n');
  expect(counted).toMatchObject({ status: 'failed', detail: expect.stringContaining('decimal') });
  const told = await drops.drop('item;location;onhand\nDG;L;2.000\nDH;L;1.234.567\n');
  expect(told).toMatchObject({ status: 'done', imported_rows: 2 });
  expect(
    await read(
      `SELECT CONCAT(product_id, ' ', stock_level) AS what FROM stock WHERE product_id LIKE 'D_' AND location_id = 'L' AND product_id IN ('DG', 'DH') ORDER BY 1`,
    ),
  ).toEqual(['DG 2000', 'DH 1234567']);
  // where many rows came before
  const plain = Array.from({ length: 4_000 }, (_, i) => `DI${i};1;2024-01-05;DI;1;2\n`).join('');
  const late = await drops.drop(`${LINES.replaceAll(',', ';')}${plain}DJ;1;2024-01-05;DI;2.000;2\n`);
  expect(late).toMatchObject({ status: 'done', imported_rows: 4_000, rejected_rows: 1 });
  expect(drops.rejects(late)).toContain('may be thousands or a fraction');
}, 60_000);

test.each([
  // kanji alone, half-width kana alone, both beside letters that do not touch them
  ['shift_jis', [0x92, 0x83, 0x98, 0x71]],
  ['shift_jis', [0xb6, 0xaf, 0xcc, 0xdf]],
  ['shift_jis', [...Buffer.from('Mug '), 0x92, 0x83, 0x98, 0x71, ...Buffer.from(' L')]],
  ['windows-1252', [...Buffer.from('Gr\u00f6\u00dfe', 'latin1')]],
  ['windows-1252', [...Buffer.from('\u00c4rmel', 'latin1')]],
  ['windows-1252', [...Buffer.from('20\u00b0 caf\u00e9s', 'latin1')]],
  ['windows-1252', [...Buffer.from('\u00c0 LA CARTE', 'latin1')]],
  ['windows-1252', [...Buffer.from('don'), 0x92, ...Buffer.from('t')]],
  ['windows-1252', [...Buffer.from('\u00e7a \u00e9t\u00e9s', 'latin1')]],
])('a file is told to be %s by its bytes %s', async (encoding, bytes) => {
  const file = Buffer.concat([
    Buffer.from('product_id,product_name\nJ1,'),
    Buffer.from(bytes),
    Buffer.from('\n'),
  ]);
  const pieces = Array.from({ length: Math.ceil(file.length / 3) }, (_, n) =>
    file.subarray(n * 3, n * 3 + 3),
  );
  expect((await surveyObject(Readable.from(pieces))).encoding).toBe(encoding);
});
