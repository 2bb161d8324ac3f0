import { afterEach, beforeEach, expect, test } from 'vitest';
import { DropMessage } from '../../../functions/ingest/drop-message.ts';
import { findImport } from '../../../functions/ingest/find-import.ts';
import { runTask } from '../../../functions/ingest/run-task.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';
import { readsOf, undoOf } from './imported-state.ts';

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

const SALES = 'order_id,line,date,product_id,quantity,unit_price\n';
const OVERLAPPING = `${SALES}O2,1,2024-01-02,P1,5,2\nO3,1,2024-01-03,P1,5,2\n`;

test('what two files told comes back when the other one is dropped again after an undo', async () => {
  const first = await drops.drop(`${SALES}O1,1,2024-01-01,P1,5,2\nO2,1,2024-01-02,P1,5,2\n`);
  await drops.drop(OVERLAPPING);
  await undo(first.import_id);
  expect(await demand()).toEqual(['P1 2024-01-03: 5 in 1 for 10.0000']);
  const again = await drops.drop(OVERLAPPING);
  expect(again).toMatchObject({ status: 'done', imported_rows: 1, duplicate_rows: 1 });
  expect(await demand()).toEqual(['P1 2024-01-02: 5 in 1 for 10.0000', 'P1 2024-01-03: 5 in 1 for 10.0000']);
  expect(await drops.drop(OVERLAPPING)).toMatchObject({ status: 'duplicate' });
});

test('a file that came while another was being undone may be dropped again', async () => {
  const file = 'movement_id,product_id,date,quantity_change,change_type\nM1,P9,2024-01-01,10,receipt\n';
  const first = await drops.drop(file);
  await undo(first.import_id, 1);
  expect(await drops.drop(file)).toMatchObject({ status: 'done', duplicate_rows: 1 });
  await undo(first.import_id);
  expect(await levels()).toEqual([]);
  expect(await drops.drop(file)).toMatchObject({ status: 'done', imported_rows: 1 });
  expect(await levels()).toEqual(['P9 10']);
});

test('the same object put there again after an undo is imported, a late repetition of its message is not', async () => {
  const drop = drops.put('drop/x.csv', 'product_id,quantity,date\nP1,7,2024-01-01\n');
  const at = (ms: number) => ({ ...drop, droppedAt: new Date(Date.now() + ms).toISOString() });
  const first = at(-60_000);
  await runTask(drops.needs, first, () => 900_000);
  const importId = await findImport(db.database, first);
  await undo(importId);
  await runTask(drops.needs, first, () => 900_000);
  expect(await levels()).toEqual([]);

  const second = at(60_000);
  await runTask(drops.needs, second, () => 900_000);
  expect(await levels()).toEqual(['P1 7']);
  const secondId = await findImport(db.database, second);
  expect(secondId).not.toBe(importId);
  expect(await findImport(db.database, first)).toBe(importId);
  await runTask(drops.needs, second, () => 900_000);
  expect(await levels()).toEqual(['P1 7']);
  await undo(secondId);
  expect(await levels()).toEqual([]);
});

test('a long file that was handed over stays the import that it is', async () => {
  const record = {
    eventTime: '2024-01-01T00:00:00.000Z',
    s3: { bucket: { name: 'data' }, object: { key: 'drop/a.csv', size: 3, eTag: 'e' } },
  };
  expect(DropMessage.parse({ Records: [record] })).toEqual([
    { bucket: 'data', key: 'drop/a.csv', etag: 'e', size: 3, droppedAt: '2024-01-01T00:00:00.000Z' },
  ]);
  const rows = Array.from({ length: 12 }, (_, i) => `O${i},1,2024-01-01,P1,5,2`).join('\n');
  const drop = drops.put('drop/long.csv', `${SALES}${rows}\n`);
  await runTask(drops.needs, drop, () => 1);
  expect(drops.handedOver).toEqual([{ ...drop, importId: await findImport(db.database, drop) }]);
  await runTask(drops.needs, drops.handedOver[0]!, () => 900_000);
  expect(await drops.report(drop)).toMatchObject({ status: 'done', imported_rows: 12 });
});

test('a state that was told before may be told again: prices and stock on hand', async () => {
  const products = (price: number) => `product_id,product_name,unit_price\nP1,Mug,${price}\n`;
  await drops.drop(products(10));
  await drops.drop(products(12));
  expect(await drops.drop(products(10))).toMatchObject({ status: 'done' });
  expect(await read(`SELECT CAST(unit_price AS CHAR) AS what FROM products`)).toEqual(['10.0000']);
  expect(await drops.drop(products(10))).toMatchObject({ status: 'duplicate' });

  const inventory = (units: number) => `Handle,SKU,Location,On hand (current)\nmug,M1,Shop,${units}\n`;
  await drops.drop(inventory(10));
  await drops.drop(inventory(4));
  expect(await drops.drop(inventory(10))).toMatchObject({ status: 'done', imported_rows: 1 });
  expect(await levels()).toEqual(['M1 10']);
});

test('what happened is not told twice, whatever was told in between', async () => {
  const first = `${SALES}O1,1,2024-01-01,P1,5,2\n`;
  await drops.drop(first);
  await drops.drop(`${SALES}O2,1,2024-01-01,P1,5,2\n`);
  expect(await drops.drop(first)).toMatchObject({ status: 'duplicate' });
});
