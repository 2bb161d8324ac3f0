import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';
import { demandIn, movementsIn } from './ledger-facts.ts';
import { uciFile } from './uci-file.ts';

let db: TestDatabase;
let drops: Drops;

beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const STOCK = 'product_id,quantity,date\n85123A,10,2010-11-30\n71053,100,2010-11-30\n';

describe('a UCI invoice line', () => {
  test('is an order, leaves stock and is demand of its day', async () => {
    await drops.drop(STOCK);
    const report = await drops.drop(uciFile({ quantity: 6, price: '2.55' }));
    expect(report).toMatchObject({
      status: 'done',
      format: 'uci_order_lines',
      imported_rows: 1,
      shortages: 0,
    });
    expect(report).toMatchObject({ first_date: '2010-12-01', last_date: '2010-12-01' });
    expect(await movementsIn(db.database)).toEqual([
      '85123A opening 10 -> 10',
      '71053 opening 100 -> 100',
      '85123A sale -6 -> 4',
    ]);
    expect(await demandIn(db.database)).toEqual(['85123A 2010-12-01: 6 in 1 for 15.3000']);
  });

  test('is stored with its customer without the decimals of Excel, and its code in capitals', async () => {
    await drops.drop(uciFile({ code: '85123a', customer: '17850.0' }, { code: '85123A', customer: '' }));
    const Row = z.object({ product_id: z.string(), customer_id: z.string().nullable() });
    const rows = await db.database.select(
      Row,
      'SELECT product_id, customer_id FROM sales ORDER BY customer_id',
    );
    expect(rows).toEqual([
      { product_id: '85123A', customer_id: null },
      { product_id: '85123A', customer_id: '17850' },
    ]);
  });

  test('that sells more than the ledger knows of is booked after an adjustment, counted and reported once', async () => {
    await drops.drop(STOCK);
    const report = await drops.drop(uciFile({ quantity: 16 }));
    expect(report).toMatchObject({ imported_rows: 1, shortages: 1 });
    expect((await movementsIn(db.database)).slice(2)).toEqual([
      '85123A adjustment 6 -> 16',
      '85123A sale -16 -> 0',
    ]);
    const Event = z.object({
      envelope: z.string().transform((text) => JSON.parse(text).event_type as string),
    });
    const events = await db.master.select(Event, 'SELECT envelope FROM outbox ORDER BY outbox_id');
    expect(events.map((event) => event.envelope)).toEqual([
      'stock.changed',
      'import.completed',
      'stock.changed',
      'import.completed',
      'alert.raised',
    ]);
  });

  test('counts as often as it is in the file, and only then', async () => {
    const twice = uciFile({}, {});
    expect(await drops.drop(twice)).toMatchObject({ imported_rows: 2 });
    expect(await drops.drop(`${twice}\n`)).toMatchObject({ imported_rows: 0, duplicate_rows: 2 });
    expect(await demandIn(db.database)).toEqual(['85123A 2010-12-01: 12 in 2 for 30.6000']);
  });

  test('is the same line in the notation of the original workbook', async () => {
    await drops.drop(uciFile({ date: '2010-12-01 08:26:00', price: '2.55', customer: '17850.0' }));
    const report = await drops.drop(uciFile({ date: '12/1/2010 8:26', price: '2.550', customer: '17850' }));
    expect(report).toMatchObject({ imported_rows: 0, duplicate_rows: 1 });
  });
});

describe('a cancellation', () => {
  const sale = { invoice: '536365', quantity: 6 };
  const cancellation = { invoice: 'C536379', quantity: -6, date: '2010-12-03 09:41:00' };

  test('takes back the demand of the line it matches, on the day of that line, and brings the goods back', async () => {
    await drops.drop(STOCK);
    await drops.drop(uciFile(sale, { ...sale, invoice: '536400', quantity: 1 }, cancellation));
    expect(await demandIn(db.database)).toEqual(['85123A 2010-12-01: 1 in 1 for 2.5500']);
    expect((await movementsIn(db.database)).slice(2)).toEqual([
      '85123A sale -6 -> 4',
      '85123A sale -1 -> 3',
      '85123A return 6 -> 9',
    ]);
  });

  test('finds its line in an earlier file too', async () => {
    await drops.drop(uciFile(sale));
    await drops.drop(uciFile(cancellation));
    expect(await demandIn(db.database)).toEqual([]);
  });

  test('takes back the latest of several lines, and each line once', async () => {
    const later = { ...sale, invoice: '536370', date: '2010-12-02 10:00:00' };
    await drops.drop(uciFile(sale, later, cancellation));
    expect(await demandIn(db.database)).toEqual(['85123A 2010-12-01: 6 in 1 for 15.3000']);
    await drops.drop(
      uciFile({ ...cancellation, invoice: 'C536380' }, { ...cancellation, invoice: 'C536381' }),
    );
    expect(await demandIn(db.database)).toEqual([]);
  });

  test.each([
    ['another quantity', { quantity: -5 }],
    ['another customer', { customer: '12345' }],
    ['no customer', { customer: '' }],
    ['an earlier time', { date: '2010-11-30 10:00:00' }],
  ])('with %s is a return: goods come back, demand stays', async (_, difference) => {
    await drops.drop(uciFile(sale, { ...cancellation, ...difference }));
    expect(await demandIn(db.database)).toEqual(['85123A 2010-12-01: 6 in 1 for 15.3000']);
    expect((await movementsIn(db.database)).at(-1)).toMatch(/^85123A return/);
  });

  test('of a line that was short takes the invented units away again', async () => {
    await drops.drop(STOCK);
    await drops.drop(uciFile({ ...sale, quantity: 74_215 }, { ...cancellation, quantity: -74_215 }));
    expect((await movementsIn(db.database)).slice(2)).toEqual([
      '85123A adjustment 74205 -> 74215',
      '85123A sale -74215 -> 0',
      '85123A return 74215 -> 74215',
      '85123A reversal -74205 -> 10',
    ]);
  });
});

describe('a line without goods or without a price', () => {
  test('such as postage or fees is a service: kept as an order, no stock, no demand, not rejected', async () => {
    const codes = ['POST', 'DOT', 'M', 'm', 'BANK CHARGES', 'C2', 'D', 'S', 'AMAZONFEE', 'CRUK', 'B', 'PADS'];
    const lines = [...codes, 'gift_0001_20'].flatMap((code) => [
      { code, quantity: 1 },
      { code, invoice: 'C1', quantity: -1 },
    ]);
    const report = await drops.drop(uciFile(...lines));
    expect(report).toMatchObject({ imported_rows: 26, excluded_rows: 26, rejected_rows: 0 });
    expect(await movementsIn(db.database)).toEqual([]);
    expect(await demandIn(db.database)).toEqual([]);
  });

  test('corrects the stock by its sign, with its remark as the reason, and is no demand', async () => {
    await drops.drop(STOCK);
    await drops.drop(
      uciFile(
        { price: '0.0', quantity: -4, customer: '', description: 'damages' },
        { price: '0.0', quantity: 9, customer: '', description: 'found' },
      ),
    );
    const Row = z.object({ what: z.string() });
    const rows = await db.database.select(
      Row,
      `SELECT CONCAT(change_type, ' ', quantity_change, ' ', reason) AS what
         FROM inventory_log WHERE reason IS NOT NULL ORDER BY log_id`,
    );
    expect(rows.map((row) => row.what)).toEqual(['adjustment -4 damages', 'adjustment 9 found']);
    expect(await demandIn(db.database)).toEqual([]);
  });

  test('leaves stock when it is given to a customer', async () => {
    await drops.drop(STOCK);
    await drops.drop(uciFile({ price: '0.0', quantity: 4 }));
    expect((await movementsIn(db.database)).at(-1)).toBe('85123A adjustment -4 -> 6');
  });

  test('names no product by its remark: a later sale does', async () => {
    await drops.drop(uciFile({ price: 0, customer: '', description: 'wet damaged', quantity: -1 }));
    await drops.drop(uciFile({ description: 'WHITE HANGING HEART' }));
    const Row = z.object({ product_name: z.string() });
    expect(await db.database.select(Row, 'SELECT product_name FROM products')).toEqual([
      { product_name: 'WHITE HANGING HEART' },
    ]);
  });
});

test('what cannot be right is rejected with line, field, reason and the original text; the rest is imported', async () => {
  const report = await drops.drop(
    uciFile(
      {},
      { invoice: 'A563186', code: 'B', price: '-11062.06' },
      { quantity: 'many' },
      { quantity: 0 },
      { quantity: '1.5' },
      { date: '2011-02-29 10:00:00' },
      { invoice: '' },
      { code: 'X'.repeat(65) },
      { quantity: '99999999999' },
      { invoice: 'C1', quantity: 3 },
      { quantity: -3 },
      { price: '1e9' },
    ),
  );
  expect(report).toMatchObject({ status: 'done', total_rows: 12, imported_rows: 1, rejected_rows: 11 });
  const lines = drops.rejects(report).trim().split('\n');
  expect(lines[0]).toBe('line,field,reason,original');
  expect(lines.slice(1).map((line) => line.split(',').slice(0, 3).join('|'))).toEqual([
    '3|UnitPrice|is negative',
    '4|Quantity|is not a number',
    '5|Quantity|is zero',
    '6|Quantity|is not a whole number of units',
    '7|InvoiceDate|is not a date (YYYY-MM-DD HH:MM:SS)',
    '8|InvoiceNo|is empty',
    '9|StockCode|is longer than 64 characters',
    '10|Quantity|is beyond 10000000 units',
    '11|Quantity|is above zero on a cancellation (InvoiceNo starts with C)',
    '12|Quantity|is below zero on a priced line that is no cancellation',
    '13|UnitPrice|is not an amount of money',
  ]);
  expect(lines[1]).toContain(
    '"A563186,B,WHITE HANGING HEART,6,2010-12-01 08:26:00,-11062.06,17850.0,United Kingdom"',
  );
});
