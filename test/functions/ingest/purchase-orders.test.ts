import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { undoImport } from '../../../functions/ingest/undo-import.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { readPositions } from '../../../shared/data/ledger/position-store.ts';
import {
  findPurchaseOrder,
  listPurchaseOrders,
} from '../../../shared/data/purchasing/purchase-order-reads.ts';
import { closePurchaseOrder } from '../../../shared/data/purchasing/purchase-receipt-store.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, type ImportReport, openDrops } from './drop-file.ts';

let db: TestDatabase;
let drops: Drops;

beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database, { chunkRows: 3 });
  await drops.drop('supplier_id,supplier_name\nS,Supplier\nT,Other\n');
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const Text = z.object({ what: z.string() });
const read = async (sql: string) => (await db.database.select(Text, sql)).map((row) => row.what);
const orders = () =>
  read(
    `SELECT CONCAT_WS(' ', reference, status, COALESCE(expected_date, '-')) AS what FROM purchase_order ORDER BY reference`,
  );
const lines = () =>
  read(
    `SELECT CONCAT_WS(' ', o.reference, l.product_id, l.quantity_received, 'of', l.quantity, 'at', l.unit_cost,
                      l.line_status) AS what
       FROM purchase_order_line l JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id
      ORDER BY o.reference, l.product_id`,
  );
async function onOrder(productId: string, locationId = 'MAIN') {
  const [position] = (await readPositions(db.database, [{ productId, locationId }])).values();
  return [position!.onHand, position!.onOrder];
}
const undo = (importId: string) =>
  undoImport(
    drops.needs,
    { type: 'ImportUndoRequested', importId, actor: 'ann', reason: 'the wrong file' },
    () => 900_000,
  );
const rows = (job: ImportReport) => [
  job.imported_rows,
  job.duplicate_rows,
  job.excluded_rows,
  job.rejected_rows,
];
const reasons = (job: ImportReport) =>
  drops
    .rejects(job)
    .trim()
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');

const ORDERS = 'reference,supplier_id,product_id,quantity,unit_cost,ordered_at,expected_date,status\n';
const FIRST = `${ORDERS}PO-1,S,P1,10,2.50,2026-06-01,2026-06-20,confirmed
PO-1,S,P2,5,,2026-06-01,2026-06-22,confirmed
PO-2,S,P1,7,3,2026-06-02,,open
PO-3,S,P1,9,3,2026-05-02,,closed
`;
const RECEIPTS = 'receipt_id,product_id,date,quantity,order_reference\n';

test('open orders of another system count as on order; the same rows again change nothing', async () => {
  const job = await drops.drop(FIRST);
  expect(rows(job)).toEqual([3, 1, 0, 0]);
  expect(await orders()).toEqual(['PO-1 approved 2026-06-22', 'PO-2 approved -']);
  expect([await onOrder('P1'), await onOrder('P2')]).toEqual([
    [0, 17],
    [0, 5],
  ]);
  const before = [await orders(), await lines()];
  const again = await drops.drop(`${FIRST.trimEnd()}\n\n`);
  expect(rows(again)).toEqual([0, 4, 0, 0]);
  expect([await orders(), await lines()]).toEqual(before);
});

test('a later file changes what is to come, ends it line by line, and opens it again', async () => {
  await drops.drop(FIRST);
  const changed = await drops.drop(
    `${ORDERS}PO-1,S,P1,12,2.75,,2026-06-25,sent\nPO-1,S,P2,5,,,,cancelled\nPO-2,S,P1,7,,,,cancelled\n`,
  );
  expect(rows(changed)).toEqual([3, 0, 0, 0]);
  expect(await lines()).toEqual([
    'PO-1 P1 0 of 12 at 2.7500 open',
    'PO-1 P2 0 of 5 at 0.0000 cancelled',
    'PO-2 P1 0 of 7 at 3.0000 cancelled',
  ]);
  expect(await orders()).toEqual(['PO-1 approved 2026-06-25', 'PO-2 cancelled -']);
  expect([await onOrder('P1'), await onOrder('P2')]).toEqual([
    [0, 12],
    [0, 0],
  ]);
  await drops.drop(`${ORDERS}PO-1,S,P1,12,,,,closed\nPO-2,S,P1,8,,,,open\n`);
  expect(await orders()).toEqual(['PO-1 closed 2026-06-25', 'PO-2 approved -']);
  expect(await onOrder('P1')).toEqual([0, 8]);
});

test('rows that contradict the order, or what a person did here, are rejected with the reason', async () => {
  await drops.drop(FIRST);
  await db.database.transaction((tx) => closePurchaseOrder(tx, 1, 'never ordered', 'ann'));
  const job = await drops.drop(
    `${ORDERS}PO-1,S,P1,11,,,,open\nPO-2,T,P1,7,,,,open\nPO-9,U,P1,7,,,,open\nPO-8,S,P1,0,,,,open\nPO-8,S,P1,1,,,,draft\nPO-1,S,P2,5,,,,closed\n`,
  );
  expect(rows(job)).toEqual([1, 0, 0, 5]);
  const text = drops.rejects(job);
  for (const reason of [
    'was closed here by ann',
    'is not S, of whom the order is',
    'is no known supplier',
    'is not above zero',
    'is none of open',
  ])
    expect(text).toContain(reason);
  expect(await orders()).toEqual(['PO-1 closed 2026-06-22', 'PO-2 approved -']);
});

test('a line whose cost is known in another currency only is rejected, and makes no order', async () => {
  await drops.drop('supplier_id,supplier_name,currency\nJ,Tokyo,JPY\n');
  await drops.drop('product_id,product_name,cost\nP2,Second,1.50\n');
  const job = await drops.drop(
    `${ORDERS}PO-1,J,P2,5,,,,open\nPO-2,J,P2,5,700,,,open\nPO-3,J,P1,5,,,,open\nPO-4,S,P2,5,,,,open\n`,
  );
  expect(rows(job)).toEqual([3, 0, 0, 1]);
  expect(reasons(job).join()).toMatch(/unit_cost.*is missing, and there are no terms of supply/);
  expect(await lines()).toEqual([
    'PO-2 P2 0 of 5 at 700.0000 open',
    'PO-3 P1 0 of 5 at 0.0000 open',
    'PO-4 P2 0 of 5 at 1.5000 open',
  ]);
  expect((await orders()).map((order) => order.split(' ')[0])).toEqual(['PO-2', 'PO-3', 'PO-4']);
  await drops.drop(`${ORDERS}PO-2,J,P2,6,,,,open\n`);
  expect(await lines()).toContain('PO-2 P2 0 of 6 at 700.0000 open');
});

test.each([1, 2, 100])('however a file is cut (%i rows), its rows end the same', async (chunkRows) => {
  drops = openDrops(db.database, { chunkRows });
  const job = await drops.drop(
    `${ORDERS}A,S,P1,10,1,,,open\nA,S,P1,12,1,,,open\nA,S,P2,3,1,,,open\nB,S,P2,4,1,,,cancelled\nB,S,P2,4,1,,,open\nA,S,P2,3,1,,,closed\n`,
  );
  expect(rows(job)).toEqual([5, 1, 0, 0]);
  expect(await lines()).toEqual([
    'A P1 0 of 12 at 1.0000 open',
    'A P2 0 of 3 at 1.0000 closed',
    'B P2 0 of 4 at 1.0000 open',
  ]);
  await drops.drop(`${RECEIPTS}r1,P1,2026-06-03,12,A\n`);
  const came = await drops.drop(
    `${RECEIPTS}r2,P2,2026-06-03,3,B\nr3,P2,2026-06-03,2,B\nr4,P2,2026-06-03,1,B\nr5,P2,2026-06-03,1,B\n`,
  );
  expect([rows(came), await orders()]).toEqual([
    [2, 0, 0, 2],
    ['A closed -', 'B received -'],
  ]);
});

test('a file of a planning system is read as orders, its supplier and places made', async () => {
  const file = readFileSync(
    new URL('../../fixtures/imports/erp-purchase-orders.csv', import.meta.url),
    'utf8',
  );
  const job = await drops.drop(file);
  expect([job.format, rows(job)]).toEqual(['erp_purchase_orders', [3, 1, 1, 2]]);
  expect(await onOrder('BOLT-M8', 'factory')).toEqual([0, 500]);
  expect(await onOrder('NUT-M8', 'factory')).toEqual([0, 200]);
  expect(await onOrder('BOLT-M8')).toEqual([0, 50]);
  const again = await drops.drop(`${file}\n`);
  expect(rows(again)).toEqual([0, 4, 1, 2]);
});

test('receipts that name their order are its receipts: in parts, not beyond it, each once', async () => {
  await drops.drop(FIRST);
  const file = `${RECEIPTS}R1,P1,2026-06-19,4,PO-1\nR2,P1,2026-06-20,6,PO-1\nR3,P1,2026-06-20,1,PO-1\nR4,P2,2026-06-20,2,PO-1\nR5,P9,2026-06-20,2,PO-1\nR6,P1,2026-06-20,2,PO-77\nR7,P1,2026-06-20,2,\n`;
  const job = await drops.drop(file);
  expect(rows(job)).toEqual([4, 0, 0, 3]);
  const text = drops.rejects(job);
  for (const reason of [
    '11 come in all, 10 are ordered',
    'is not on the order',
    'is no known purchase order',
  ])
    expect(text).toContain(reason);
  expect(reasons(job)).toHaveLength(3);
  expect(await orders()).toEqual(['PO-1 partially_received 2026-06-22', 'PO-2 approved -']);
  expect([await onOrder('P1'), await onOrder('P2')]).toEqual([
    [12, 7],
    [2, 3],
  ]);
  expect(rows(await drops.drop(`${file}\n`))).toEqual([0, 4, 0, 3]);
  const other = await drops.drop(
    'receipt_id,product_id,date,quantity,purchase_order_id\nR1,P1,2026-06-19,4,1\nR1,P1,2026-06-19,5,1\nR1,P1,2026-06-19,4,\nR7,P1,2026-06-20,2,2\n',
  );
  expect(rows(other)).toEqual([0, 1, 0, 3]);
  const whole = await drops.drop(`${RECEIPTS}R8,P2,2026-06-21,3,PO-1\nR9,P2,2026-06-21,1,PO-1\n`);
  expect(rows(whole)).toEqual([1, 0, 0, 1]);
  expect(drops.rejects(whole)).toContain('the order is received: nothing of it is expected');
});

test('files and receipts at once neither double an order nor take more than it expects', async () => {
  const file = (price: number) =>
    `${ORDERS}${Array.from({ length: 12 }, (_, n) => `X-${n % 4},S,P${n},10,${price},,,open\n`).join('')}`;
  await Promise.all([1, 2, 3].map((price) => drops.drop(file(price))));
  expect(await orders()).toEqual([0, 1, 2, 3].map((n) => `X-${n} approved -`));
  const receive = (name: string) =>
    drops.drop(
      `${RECEIPTS}${Array.from({ length: 12 }, (_, n) => `${name}${n},P${n},2026-06-19,6,X-${n % 4}\n`).join('')}`,
    );
  const [order] = await listPurchaseOrders(db.database, {}, { skip: 0, limit: 1 }).then(({ data }) => data);
  const [left, right] = await Promise.all([receive('L'), receive('R')]);
  expect(left!.imported_rows + right!.imported_rows).toBe(12);
  expect(left!.rejected_rows + right!.rejected_rows).toBe(12);
  const found = await findPurchaseOrder(db.database, order!.purchase_order_id);
  expect(found).toMatchObject({ reference: expect.stringMatching(/^X-/), status: 'partially_received' });
  expect(found!.lines.map((line) => [line.quantity_received, line.status])).toEqual(
    Array(3).fill([6, 'partially_received']),
  );
});

test('tolerated units may come, and a changed order keeps what has come', async () => {
  await drops.drop(FIRST);
  await db.database.write(`INSERT INTO setting (name, value) VALUES ('receipt_tolerance_percent', '10')`);
  expect(rows(await drops.drop(`${RECEIPTS}R1,P1,2026-06-19,11,PO-1\n`))).toEqual([1, 0, 0, 0]);
  expect(rows(await drops.drop(`${ORDERS}PO-1,S,P1,8,2.50,,2026-06-20,open\n`))).toEqual([0, 1, 0, 0]);
  await drops.drop(`${ORDERS}PO-1,S,P1,20,2.50,,2026-06-20,open\n`);
  expect(await onOrder('P1')).toEqual([11, 16]);
});

test('undone receipts are expected again; imported again they land where they did', async () => {
  const ordered = await drops.drop(FIRST);
  const file = `${RECEIPTS}R1,P1,2026-06-19,4,PO-1\nR2,P1,2026-06-20,6,PO-1\nR3,P2,2026-06-20,5,PO-1\nR4,P1,2026-06-20,7,PO-2\n`;
  const before = [await orders(), await lines(), await onOrder('P1')];
  let job = await drops.drop(file);
  const after = [await orders(), await lines(), await onOrder('P1')];
  expect(after[0]).toEqual(['PO-1 received 2026-06-22', 'PO-2 received -']);
  for (let round = 0; round < 2; round++) {
    await undo(job.import_id);
    expect([await orders(), await lines(), await onOrder('P1')]).toEqual(before);
    expect(await findViolations(db.database)).toEqual([]);
    job = await drops.drop(file);
    expect(rows(job)).toEqual([4, 0, 0, 0]);
    expect([await orders(), await lines(), await onOrder('P1')]).toEqual(after);
    expect(await findViolations(db.database)).toEqual([]);
  }
  await undo(job.import_id);
  await undo(ordered.import_id);
  expect(await onOrder('P1')).toEqual([0, 0]);
});

test('undone orders expect nothing, changed ones what they said before; again they land where they did', async () => {
  const first = await drops.drop(FIRST);
  const afterFirst = [await orders(), await lines()];
  const change = `${ORDERS}PO-1,S,P1,12,2.75,,2026-06-25,sent\nPO-2,S,P1,7,,,,cancelled\nPO-4,S,P1,3,1,,,open\n`;
  const second = await drops.drop(change);
  const afterSecond = [await orders(), await lines()];
  await undo(second.import_id);
  expect([(await orders()).slice(0, 2), (await lines()).slice(0, 3)]).toEqual(afterFirst);
  expect((await orders())[2]).toBe('PO-4 cancelled -');
  const again = await drops.drop(change);
  expect([await orders(), await lines()]).toEqual(afterSecond);
  await undo(first.import_id);
  expect(await lines()).toEqual([
    'PO-1 P1 0 of 12 at 2.7500 open',
    'PO-1 P2 0 of 5 at 0.0000 undone',
    'PO-2 P1 0 of 7 at 3.0000 cancelled',
    'PO-4 P1 0 of 3 at 1.0000 open',
  ]);
  await undo(again.import_id);
  expect(await onOrder('P1')).toEqual([0, 0]);
  expect(new Set((await orders()).map((order) => order.split(' ')[1]))).toEqual(new Set(['cancelled']));
  await drops.drop(FIRST.replaceAll(',S,', ',T,'));
  expect(await onOrder('P1')).toEqual([0, 17]);
});
