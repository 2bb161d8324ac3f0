import { afterEach, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { ingestObject } from '../../../functions/ingest/ingest-object.ts';
import { undoImport } from '../../../functions/ingest/undo-import.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import type { Database, Statements } from '../../../shared/data/sql/database.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';
import { demandIn, movementsIn } from './ledger-facts.ts';
import { uciFile } from './uci-file.ts';

const STOCK = 'product_id,quantity,date\nA1,10,2010-11-30\nA2,1000,2010-11-30\n';
/** Three chunks of three rows: sales, a repeated line, a cancellation across chunks, a shortage, bad rows. */
const SALES = uciFile(
  { code: 'A1', quantity: 4 },
  { code: 'A1', quantity: 4 },
  { code: 'A2', quantity: 'seven' },
  { code: 'A2', quantity: 20, invoice: '2' },
  { code: 'A1', quantity: 9, invoice: '3' },
  { code: 'POST', quantity: 1 },
  { code: 'A2', quantity: -20, invoice: 'C4', date: '2010-12-05 10:00:00' },
  { code: 'A1', quantity: -9, invoice: 'C5', date: '2010-12-05 11:00:00' },
  { code: 'A1', quantity: 0 },
);
const CHUNK_ROWS = 3;

const opened: TestDatabase[] = [];
let expected: Awaited<ReturnType<typeof stateOf>>;

beforeAll(async () => {
  const { drops, database } = await fresh();
  const report = await drops.drop(SALES, 'drop/sales.csv');
  expected = await stateOf(database, drops);
  expect(report).toMatchObject({ status: 'done', imported_rows: 7, rejected_rows: 2, shortages: 1 });
});

afterEach(async () => {
  for (const db of opened.splice(0)) await db.close();
});

test('killed at any statement and delivered again, an import ends as if nothing had happened', async () => {
  const { drops, database } = await fresh();
  const dropped = drops.put('drop/sales.csv', SALES);
  let kills = 0;
  for (; ; kills++) {
    if (kills > 200) throw new Error('it never ends');
    // Each delivery gets one statement further than the one before, counted from its own start.
    const dying = dyingAfter(database, kills);
    try {
      await ingestObject({ ...drops.needs, database: dying }, dropped, () => 900_000);
      break;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    expect(await findViolations(database)).toEqual([]);
  }
  expect(kills).toBeGreaterThan(20);
  expect(await stateOf(database, drops)).toEqual(expected);
});

test('killed once at each statement of its first delivery, it ends as if nothing had happened', {
  timeout: 240_000,
}, async () => {
  const { drops, database } = await fresh();
  const dropped = drops.put('drop/sales.csv', SALES);
  let statements = 0;
  await ingestObject(
    { ...drops.needs, database: counting(database, () => statements++) },
    dropped,
    () => 900_000,
  );
  // every third statement keeps the test short; chunks have more than three
  for (let kill = 0; kill < statements; kill += 3) {
    const again = await fresh();
    const needs = { ...again.drops.needs, database: dyingAfter(again.database, kill) };
    again.drops.put('drop/sales.csv', SALES);
    await expect(ingestObject(needs, dropped, () => 900_000)).rejects.toBeInstanceOf(Killed);
    await ingestObject(again.drops.needs, dropped, () => 900_000);
    expect(await stateOf(again.database, again.drops)).toEqual(expected);
    await opened.pop()!.close();
  }
});

test('with little time left it hands the file over after each chunk, and ends the same', {
  timeout: 240_000,
}, async () => {
  const { drops, database } = await fresh();
  let turn = drops.put('drop/sales.csv', SALES);
  for (let turns = 1; ; turns++) {
    await ingestObject(drops.needs, turn, () => 1_000);
    const next = drops.handedOver.pop();
    if (next === undefined) {
      expect(turns).toBe(3);
      break;
    }
    if ('type' in next) throw new Error('a file was handed over as an undo');
    turn = next;
  }
  expect(await stateOf(database, drops)).toEqual(expected);
});

test('an undo that is killed at any statement and delivered again takes everything back once', {
  timeout: 240_000,
}, async () => {
  const { drops, database } = await fresh();
  const before = [await stockIn(database), await demandIn(database)];
  const report = await drops.drop(SALES, 'drop/sales.csv');
  const undo = {
    type: 'ImportUndoRequested',
    importId: report.import_id,
    actor: 'ann',
    reason: 'twice',
  } as const;
  let kills = 0;
  for (; ; kills++) {
    if (kills > 200) throw new Error('it never ends');
    try {
      await undoImport({ ...drops.needs, database: dyingAfter(database, kills) }, undo, () => 900_000);
      break;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    if (kills % 5 === 0) expect(await findViolations(database)).toEqual([]);
  }
  expect(kills).toBeGreaterThan(10);
  expect([await stockIn(database), await demandIn(database)]).toEqual(before);
  expect(await findViolations(database)).toEqual([]);
});

const Level = z.object({ what: z.string() });

async function stockIn(database: Database): Promise<string[]> {
  const rows = await database.select(
    Level,
    `SELECT CONCAT(product_id, ' ', stock_level) AS what FROM stock WHERE stock_level <> 0 ORDER BY product_id`,
  );
  return rows.map((row) => row.what);
}

test('delivered twice at once, it is done once', async () => {
  const { drops, database } = await fresh();
  const dropped = drops.put('drop/sales.csv', SALES);
  await Promise.all([1, 2].map(() => ingestObject(drops.needs, dropped, () => 900_000)));
  expect(await stateOf(database, drops)).toEqual(expected);
});

test('two files with the same lines at once record each line once', async () => {
  const { drops, database } = await fresh();
  const lines = Array.from({ length: 60 }, (_, i) => ({
    code: `B${i % 7}`,
    invoice: `9${i}`,
    quantity: i + 1,
  }));
  const [one, two] = await Promise.all([
    drops.drop(uciFile(...lines.slice(0, 40))),
    drops.drop(uciFile(...lines.slice(20))),
  ]);
  expect(one.imported_rows + two.imported_rows).toBe(60);
  expect(one.duplicate_rows + two.duplicate_rows).toBe(20);
  expect(await findViolations(database)).toEqual([]);
});

test('the same content under another name is a duplicate and changes nothing', async () => {
  const { drops, database } = await fresh();
  await drops.drop(SALES, 'drop/sales.csv');
  const before = await stateOf(database, drops);
  const copy = await drops.drop(SALES, 'drop/copy.csv');
  expect(copy).toMatchObject({ status: 'duplicate', total_rows: 0, imported_rows: 0 });
  expect(copy.detail).toMatch(/^The content is that of import /);
  expect(await stateOf(database, drops)).toEqual(before);
});

async function fresh(): Promise<{ drops: Drops; database: Database }> {
  const db = await openTestDatabase();
  opened.push(db);
  const drops = openDrops(db.database, { chunkRows: CHUNK_ROWS });
  await drops.drop(STOCK, 'drop/stock.csv');
  return { drops, database: db.database };
}

const Text = z.object({ what: z.string() });

/** All that an import leaves behind, without times. */
async function stateOf(database: Database, drops: Drops) {
  const read = async (sql: string) => (await database.select(Text, sql)).map((row) => row.what);
  return {
    movements: await movementsIn(database),
    demand: await demandIn(database),
    sales: await read(
      `SELECT CONCAT_WS(' ', sale_id, kind, quantity_sold, COALESCE(cancelled_by, '-')) AS what
         FROM sales ORDER BY sale_id`,
    ),
    imports: await read(
      `SELECT CONCAT_WS(' ', object_key, status, total_rows, imported_rows, duplicate_rows, excluded_rows,
                        rejected_rows, shortages, counts) AS what
         FROM import_job WHERE status <> 'duplicate' ORDER BY object_key`,
    ),
    rejects: [...drops.objects]
      .filter(([key]) => key.startsWith('rejects/'))
      .map(([, bytes]) => bytes.toString()),
    violations: await findViolations(database),
  };
}

class Killed extends Error {}

/** A database whose process is killed after so many statements: what is open is rolled back, nothing more is done. */
function dyingAfter(database: Database, statements: number): Database {
  let left = statements;
  return counting(database, () => {
    if (left-- <= 0) throw new Killed();
  });
}

function counting(database: Database, count: () => void): Database {
  const wrap = (inner: Statements): Statements => ({
    async select(row, sql, params) {
      count();
      return await inner.select(row, sql, params);
    },
    async write(sql, params) {
      count();
      return await inner.write(sql, params);
    },
  });
  return {
    ...wrap(database),
    transaction: (work) =>
      database.transaction(async (tx) => {
        const result = await work(wrap(tx));
        count();
        return result;
      }),
  };
}
