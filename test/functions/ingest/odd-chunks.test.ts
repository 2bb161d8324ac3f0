import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { ingestObject } from '../../../functions/ingest/ingest-object.ts';
import { runTask } from '../../../functions/ingest/run-task.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { jsonColumn } from '../../../shared/data/sql/columns.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';

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

test('a file with a status of its own in every row ends, and tells twenty of them apart', async () => {
  const rows = Array.from(
    { length: 4_000 },
    (_, i) => `${i},2024-01-01,some odd status of the row with the number ${i},A,Mug,1,2`,
  );
  const header = 'order_number,date,status,item_sku,item_name,item_quantity,item_total';
  const job = await openDrops(db.database).drop(`${header}\n${rows.join('\n')}\n`);
  expect(job).toMatchObject({ status: 'done', total_rows: 4_000 });
  const Counts = z.object({ counts: jsonColumn(z.record(z.string(), z.int())) });
  const [row] = await db.database.select(Counts, 'SELECT counts FROM import_job');
  const reasons = Object.entries(row!.counts).filter(([kind]) => kind.startsWith('excluded: '));
  expect(reasons.length).toBeLessThanOrEqual(21);
  expect(reasons.reduce((sum, [, n]) => sum + n, 0)).toBe(job.excluded_rows);
  expect(Math.max(...reasons.map(([kind]) => kind.length))).toBeLessThanOrEqual(50);
});

test('a dry run over many chunks finds the places that each of them names', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `h${i},S${i},Shop A,5`).join('\n');
  const job = await drops.drop(`Handle,SKU,Location,On hand (current)\n${rows}\n`, 'drop/dry-run/a.csv');
  expect(job).toMatchObject({ status: 'checked', imported_rows: 40, rejected_rows: 0 });
});

test('a flat line whose order and product are too long for one id is refused, and not cut', async () => {
  const header =
    'OrderID,OrderDate,CustomerID,CustomerName,ProductID,ProductName,Category,Brand,Quantity,UnitPrice,Discount,Tax,ShippingCost,TotalAmount,PaymentMethod,OrderStatus,City,State,Country,SellerID';
  const row = (order: string, product: string) =>
    `${order},2024-01-01,C1,Ann,${product},Mug,Cat,B,1,2,0,0,0,2,Card,Delivered,A,B,C,S1`;
  const order = 'O'.repeat(64);
  const job = await drops.drop(
    `${header}\n${row(order, `${'P'.repeat(63)}1`)}\n${row(order, 'P'.repeat(63))}\n`,
  );
  expect(job).toMatchObject({ status: 'done', imported_rows: 1, rejected_rows: 1 });
  expect(drops.rejects(job)).toContain('is too long: with OrderID it may have 127 letters');
});

test('what the database refuses again and again ends as failed with the reason, and may be retried', async () => {
  const refusing = (database: Database): Database => ({
    ...database,
    transaction: (work) =>
      database.transaction((tx) =>
        work({
          select: (row, sql, params) => tx.select(row, sql, params),
          write: (sql, params) =>
            tx.write(sql.includes('INTO import_chunk') ? `${sql} AND NOT SQL` : sql, params),
        }),
      ),
  });
  const drop = drops.put('drop/a.csv', 'product_id,quantity,date\nP1,7,2024-01-01\n');
  const needs = { ...drops.needs, database: refusing(db.database) };
  await expect(runTask(needs, drop, () => 900_000, 1)).rejects.toThrow();
  expect((await drops.report(drop)).status).toBe('running');
  await expect(runTask(needs, drop, () => 900_000, 2)).rejects.toThrow();
  expect(await drops.report(drop)).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('A part of it could not be recorded, several times: '),
  });
  await ingestObject(drops.needs, drop, () => 900_000);
  expect((await drops.report(drop)).status).toBe('failed');
  await runTask(
    drops.needs,
    { type: 'ImportRetryRequested', drop, options: {}, dryRun: false },
    () => 900_000,
  );
  expect(await drops.report(drop)).toMatchObject({ status: 'done', imported_rows: 1 });
});

test('an import that failed half-way, because its object was replaced, can be undone', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => `O${i},1,2024-01-01,P1,5,2`).join('\n');
  const drop = drops.put('drop/r.csv', `order_id,line,date,product_id,quantity,unit_price\n${rows}\n`);
  await ingestObject(drops.needs, drop, () => 1);
  drops.put('drop/r.csv', 'x,y\n');
  await ingestObject(drops.needs, drop, () => 900_000);
  const failed = await drops.report(drop);
  expect(failed).toMatchObject({ status: 'failed', imported_rows: 3 });
  await runTask(
    drops.needs,
    { type: 'ImportUndoRequested', importId: failed.import_id, actor: 'ann', reason: 'the wrong file' },
    () => 900_000,
  );
  expect((await drops.report(drop)).status).toBe('undone');
  const Kind = z.object({ kind: z.string(), n: z.int() });
  expect(await db.database.select(Kind, 'SELECT kind, COUNT(*) AS n FROM sales GROUP BY kind')).toEqual([
    { kind: 'undone', n: 3 },
  ]);
});
