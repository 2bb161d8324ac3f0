import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';
import { readsOf, undoOf } from './imported-state.ts';
import { uciFile } from './uci-file.ts';

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

const { read, levels, demand } = readsOf({ select: (...query) => db.database.select(...query) });
const undo = (importId: string, remainingMs?: number) => undoOf(drops, importId, remainingMs);
const statusOf = async (importId: string) =>
  (await read(`SELECT status AS what FROM import_job WHERE import_id = '${importId}'`))[0];

const RECEIPTS = 'receipt_id,product_id,date,quantity\n';
const SALES = 'order_id,line,date,product_id,quantity,unit_price,status\n';

test('an undone import leaves stock, demand and orders as if it had not been, and its rows stay', async () => {
  await drops.drop(`${RECEIPTS}R1,P1,2024-01-01,100\nR2,P2,2024-01-01,50\n`);
  const before = [await levels(), await demand()];
  const sold = await drops.drop(
    `${SALES}S1,1,2024-01-02,P1,5,2,\nS1,2,2024-01-02,P2,60,2,\nS2,1,2024-01-03,P1,7,2,\nS3,1,2024-01-03,P1,-1,2,\nS4,1,2024-01-03,P1,1,2,cancelled\n`,
  );
  expect(await levels()).not.toEqual(before[0]);
  await undo(sold.import_id);
  expect([await levels(), await demand()]).toEqual(before);
  expect(await statusOf(sold.import_id)).toBe('undone');
  expect(await read('SELECT DISTINCT kind AS what FROM sales')).toEqual(['undone']);
  expect(await read('SELECT DISTINCT order_status AS what FROM orders')).toEqual(['Undone']);
  expect(
    await read(`SELECT DISTINCT reason AS what FROM inventory_log WHERE change_type = 'reversal'`),
  ).toEqual(['import undone: the wrong file']);

  const reversals = await read(
    `SELECT COUNT(*) AS what FROM inventory_log`.replace('COUNT(*)', 'CAST(COUNT(*) AS CHAR)'),
  );
  await undo(sold.import_id);
  expect(await read(`SELECT CAST(COUNT(*) AS CHAR) AS what FROM inventory_log`)).toEqual(reversals);
});

test('the same file imported after its undo lands where it landed the first time, and can be undone again', async () => {
  const files = [
    `${RECEIPTS}R1,P1,2024-01-01,100\nR2,P2,2024-01-01,50\n`,
    `${SALES}S1,1,2024-01-02,P1,5,2,\nS1,2,2024-01-02,P2,60,2,\nS2,1,2024-01-03,P1,7,2,returned\nS3,1,2024-01-03,P1,-1,2,\n`,
    'product_id,quantity,date\nP1,80,2024-01-04\n',
  ];
  const first = [];
  for (const file of files) first.push(await drops.drop(file));
  const state = async () => [
    await levels(),
    await demand(),
    await read(`SELECT CONCAT(sale_id, ' ', kind, ' ', quantity_sold) AS what FROM sales ORDER BY sale_id`),
    await read(`SELECT CONCAT(order_id, ' ', order_status) AS what FROM orders ORDER BY order_id`),
  ];
  const expected = await state();
  for (let round = 0; round < 2; round++) {
    for (const job of first.reverse()) await undo(job.import_id);
    expect(await levels()).toEqual([]);
    expect(await demand()).toEqual([]);
    first.length = 0;
    for (const file of files) {
      const again = await drops.drop(file);
      expect(again).toMatchObject({ status: 'done', duplicate_rows: 0, rejected_rows: 0 });
      first.push(again);
    }
    expect(await state()).toEqual(expected);
  }
});

test('a cancellation and its sale in two files: each may be undone and come back', async () => {
  const sale = uciFile({ invoice: '1', quantity: 6, date: '2010-12-01 08:00:00' });
  const cancellation = uciFile({ invoice: 'C2', quantity: -6, date: '2010-12-02 08:00:00' });
  const sold = await drops.drop(sale);
  const alone = await demand();
  const taken = await drops.drop(cancellation);
  const both = [await levels(), await demand()];
  expect(both[1]).toEqual([]);

  await undo(taken.import_id);
  expect(await demand()).toEqual(alone);
  const again = await drops.drop(cancellation);
  expect([await levels(), await demand()]).toEqual(both);

  await undo(sold.import_id);
  expect(await demand()).toEqual([]);
  await drops.drop(sale);
  expect(await demand()).toEqual([]);
  await undo(again.import_id);
  expect(await demand()).toEqual(alone);
});

test('undoing a later report of orders gives lines back what the earlier one said', async () => {
  const report = (name: string) => readFileSync(new URL(`../../fixtures/imports/${name}`, import.meta.url));
  const state = async () => [
    await levels(),
    await demand(),
    await read(
      `SELECT CONCAT(sale_id, ' ', kind, ' ', quantity_sold, ' ', total_amount) AS what FROM sales WHERE kind <> 'undone' ORDER BY sale_id`,
    ),
  ];
  const first = await drops.drop(report('amazon-all-orders-by-order-date.txt'));
  const before = await state();
  const later = await drops.drop(report('amazon-all-orders-by-last-update.txt'));
  const after = await state();
  expect(after).not.toEqual(before);
  await undo(later.import_id);
  expect(await state()).toEqual(before);
  const again = await drops.drop(report('amazon-all-orders-by-last-update.txt'));
  expect(await state()).toEqual(after);
  await undo(first.import_id);
  await undo(again.import_id);
  expect(await state()).toEqual([[], [], []]);
});

test('orders whose lines come in another file are undone with their import, and come back', async () => {
  const headers = readFileSync(new URL('../../fixtures/imports/entity-orders.csv', import.meta.url));
  const statuses = () => read('SELECT order_status AS what FROM orders ORDER BY order_id');
  const first = await drops.drop(headers);
  const before = await statuses();
  await undo(first.import_id);
  expect(new Set(await statuses())).toEqual(new Set(['Undone']));
  const again = await drops.drop(headers);
  expect(again.status).toBe('done');
  expect(await statuses()).toEqual(before);
  await undo(again.import_id);
  expect(new Set(await statuses())).toEqual(new Set(['Undone']));
});

test('with no time left it is handed over, and goes on where it stopped', async () => {
  const sold = await drops.drop(`${SALES}S1,1,2024-01-02,P1,5,2,\nS2,1,2024-01-03,P1,7,2,\n`);
  await undo(sold.import_id, 1_000);
  expect(drops.handedOver).toEqual([expect.objectContaining({ type: 'ImportUndoRequested' })]);
  expect(await statusOf(sold.import_id)).toBe('undoing');
  await undo(sold.import_id);
  expect(await levels()).toEqual([]);
});

test('whatever was imported in between, an undo takes away what its import brought, and no more', async () => {
  let run = 0;
  const rows = fc.array(
    fc.record({
      product: fc.constantFrom('P1', 'P2', 'P3'),
      units: fc.integer({ min: 1, max: 9 }),
      isReceipt: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(rows, rows, rows, async (a, b, c) => {
      run++;
      const file = (name: string, list: typeof a) =>
        `movement_id,product_id,date,quantity_change,change_type,reason\n${list
          .map(({ product, units, isReceipt }, n) =>
            [
              `${run}${name}${n}`,
              `${product}-${run}`,
              '2024-01-02',
              isReceipt ? units : -units,
              'adjustment',
              'x',
            ].join(),
          )
          .join('\n')}\n`;
      const sum = (lists: (typeof a)[]) => {
        const levels = new Map<string, number>([
          ['P1', 100],
          ['P2', 100],
          ['P3', 100],
        ]);
        for (const { product, units, isReceipt } of lists.flat())
          levels.set(product, levels.get(product)! + (isReceipt ? units : -units));
        return [...levels].map(([product, level]) => `${product}-${run} ${level}`);
      };
      await drops.drop(
        `${RECEIPTS}${['P1', 'P2', 'P3'].map((p) => `${run}${p},${p}-${run},2024-01-01,100`).join('\n')}\n`,
      );
      await drops.drop(file('a', a));
      const undone = await drops.drop(file('b', b));
      await drops.drop(file('c', c));
      await undo(undone.import_id);
      const now = await read(
        `SELECT CONCAT(product_id, ' ', stock_level) AS what FROM stock WHERE product_id LIKE '%-${run}' ORDER BY product_id`,
      );
      expect(now).toEqual(sum([a, c]));
    }),
    { numRuns: 5 },
  );
}, 240_000);
