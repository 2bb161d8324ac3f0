import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { TRAIN_VERSION } from '../../../functions/train/training-task.ts';
import type { PlanRequested } from '../../../shared/contracts/messages.ts';
import { claimModel, finishModel } from '../../../shared/data/forecasts/forecast-model-store.ts';
import { findChunk, findNewestRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import {
  Crash,
  crashingDatabase,
  MemoryQueue,
  plantItems,
  silentLogger,
  weekly,
} from '../planning/planning-fixture.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let forecastQueue: MemoryQueue;
let restockQueue: MemoryQueue;
let trainQueue: MemoryQueue;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
});
afterAll(() => db.close());

beforeEach(async () => {
  forecastQueue = new MemoryQueue();
  restockQueue = new MemoryQueue();
  trainQueue = new MemoryQueue();
  for (const table of [
    'forecast_chunk',
    'forecast_run',
    'forecast_model',
    'inbox',
    'demand',
    'stock',
    'supplier_item',
    'setting',
  ]) {
    await db.database.write(`DELETE FROM ${table}`);
  }
});

const items = [
  { productId: 'A', demand: weekly('2011-12-09', [3, 0, 2, 5, 1]) },
  { productId: 'B', demand: weekly('2011-12-05', [1, 1]) },
  { productId: 'B', locationId: 'NORTH', demand: weekly('2011-11-30', [4]) },
];

const plan = (
  message: Omit<PlanRequested, 'type'>,
  messageId = 'message-1',
  database: Database = db.database,
) =>
  planRun(
    { database, forecastQueue, restockQueue, trainQueue },
    { type: 'PlanRequested', ...message },
    { messageId, logger: silentLogger },
  );

const runCount = async () => {
  const [row] = await db.database.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM forecast_run');
  return row!.n;
};

test('a plan covers every product and location with demand, as of the last day with demand', async () => {
  await plantItems(db.database, items);
  await plan({ cause: 'schedule' });
  const run = await findNewestRun(db.database);
  expect(run).toMatchObject({
    asOf: '2011-12-09',
    series: 3,
    chunks: 1,
    status: 'forecasting',
    cause: 'schedule',
  });
  expect((await findChunk(db.database, run!.runId, 0))?.keys).toEqual([
    { productId: 'A', locationId: 'MAIN' },
    { productId: 'B', locationId: 'MAIN' },
    { productId: 'B', locationId: 'NORTH' },
  ]);
  expect(forecastQueue.messages).toEqual([{ type: 'ForecastRequested', runId: run!.runId, chunk: 0 }]);
});

test('nothing after as_of is planned, nor are services and products no longer sold', async () => {
  await plantItems(db.database, [
    ...items,
    { productId: 'LATE', demand: [['2011-12-01', 9]] },
    { productId: 'POST', demand: [['2011-11-01', 9]] },
    { productId: 'OLD', demand: [['2011-11-01', 9]] },
  ]);
  await db.database.write(`UPDATE products SET is_service = 1 WHERE product_id = 'POST'`);
  await db.database.write(`UPDATE products SET is_active = 0 WHERE product_id = 'OLD'`);
  await db.database.write(`INSERT INTO setting (name, value) VALUES ('as_of', '2011-11-30')`);
  await plan({ cause: 'schedule' });
  const run = await findNewestRun(db.database);
  expect(run?.asOf).toBe('2011-11-30');
  expect((await findChunk(db.database, run!.runId, 0))?.keys.map((key) => key.productId)).toEqual([
    'A',
    'B',
    'B',
  ]);
});

test('the same message delivered twice makes one run, and asks again for what is open', async () => {
  await plantItems(db.database, items);
  await plan({ cause: 'schedule' });
  await plan({ cause: 'schedule' });
  expect(await runCount()).toBe(1);
  expect(forecastQueue.messages).toHaveLength(2);
});

test('two deliveries at the same time make one run', async () => {
  await plantItems(db.database, items);
  await Promise.all([plan({ cause: 'api', key: 'x' }, 'm1'), plan({ cause: 'api', key: 'x' }, 'm2')]);
  expect(await runCount()).toBe(1);
});

test('an import that changed nothing makes no run, one that changed demand does, and people always get one', async () => {
  await plantItems(db.database, items);
  await plan({ cause: 'import', key: 'one' });
  await plan({ cause: 'import', key: 'two' });
  expect(await runCount()).toBe(1);
  await plan({ cause: 'api', key: 'three' });
  expect(await runCount()).toBe(2);
  await db.database.write(
    `UPDATE demand SET quantity = quantity + 1 WHERE product_id = 'A' AND date = '2011-12-09'`,
  );
  await plan({ cause: 'import', key: 'four' });
  expect(await runCount()).toBe(3);
});

test('changed stock, supplier or settings change the hash of the plan; equal states have equal hashes', async () => {
  await plantItems(db.database, items);
  const hashes: string[] = [];
  const replan = async () => {
    await plan({ cause: 'api', key: `k${hashes.length}` });
    hashes.push((await findNewestRun(db.database))!.planHash);
  };
  await replan();
  await replan();
  expect(hashes[1]).toBe(hashes[0]);
  for (const sql of [
    `UPDATE stock SET stock_level = 7 WHERE product_id = 'A'`,
    `UPDATE supplier_item SET lead_time_days = 21 WHERE product_id = 'A'`,
    `INSERT INTO setting (name, value) VALUES ('service_level', '0.98')`,
    `UPDATE products SET is_active = 0 WHERE product_id = 'B'`,
  ]) {
    await db.database.write(sql);
    await replan();
  }
  await db.database.write(`UPDATE products SET is_active = 1 WHERE product_id = 'B'`);
  expect(new Set(hashes).size).toBe(5);
});

test('without demand there is no run', async () => {
  await plan({ cause: 'schedule' });
  expect(await runCount()).toBe(0);
  expect(forecastQueue.messages).toEqual([]);
});

test.each(['high', '0.996'])(
  'a setting that makes no sense is refused by name: a service of %s',
  async (value) => {
    await plantItems(db.database, items);
    await db.database.write(`INSERT INTO setting (name, value) VALUES ('service_level', :value)`, { value });
    await expect(plan({ cause: 'schedule' })).rejects.toMatchObject({
      kind: 'invalid',
      details: [{ field: 'service_level' }],
    });
  },
);

test('a queue that is down leaves the run, and the redelivery asks for its chunks', async () => {
  await plantItems(db.database, items);
  forecastQueue.failures = 1;
  await expect(plan({ cause: 'schedule' })).rejects.toThrow('down');
  await plan({ cause: 'schedule' });
  expect(await runCount()).toBe(1);
  expect(forecastQueue.messages).toHaveLength(1);
});

test('a run whose chunks are all forecast is asked for its restock, and for its groups besides', async () => {
  await plantItems(db.database, items);
  await plan({ cause: 'schedule' });
  const { runId } = (await findNewestRun(db.database))!;
  await db.database.write(`UPDATE forecast_run SET status = 'restocking'`);
  forecastQueue.messages.length = 0;
  await plan({ cause: 'schedule' });
  expect(restockQueue.messages).toEqual([{ type: 'ForecastsReady', runId }]);
  expect(forecastQueue.messages).toEqual([{ type: 'GroupsRequested', runId }]);
});

test('a death at any step is made good by the redelivery: one run, all chunks asked for', async () => {
  await plantItems(db.database, items);
  let deaths = 0;
  for (let at = 1; at < 100; at++) {
    forecastQueue.messages.length = 0;
    const key = `crash-${at}`;
    const mortal = crashingDatabase(db.database, at);
    const before = await runCount();
    const died = await plan({ cause: 'api', key }, 'm', mortal).then(
      () => false,
      (error: unknown) => error instanceof Crash,
    );
    if (!died) break;
    deaths++;
    await plan({ cause: 'api', key });
    expect(await runCount(), `death at step ${at}`).toBe(before + 1);
    const run = await findNewestRun(db.database);
    expect(forecastQueue.messages).toContainEqual({ type: 'ForecastRequested', runId: run!.runId, chunk: 0 });
  }
  expect(deaths).toBeGreaterThan(10);
});

/** A model of many series that is ready, trained on demand up to that day. */
async function plantModel(name: string, asOf: string, trainVersion = TRAIN_VERSION): Promise<string> {
  const version = name.padEnd(22, '_');
  const about = { version, trainVersion, asOf, series: 3, seriesWeeks: 9, horizon: 13 };
  await claimModel(db.database, about, name);
  const file = { weights: {}, objectKey: `models/${version}`, sizeBytes: 1, contentHash: '0'.repeat(64) };
  await finishModel(db.database, version, file);
  return version;
}

test('a plan without a model goes on without one, and asks for a training that has time to see all of an import', async () => {
  await plantItems(db.database, items);
  await plan({ cause: 'schedule' });
  expect((await findNewestRun(db.database))?.modelVersion).toBeNull();
  expect(trainQueue.messages).toEqual([{ type: 'TrainRequested', cause: 'plan' }]);
  expect(trainQueue.delays).toEqual([120]);
});

test('a plan pins the newest model that knows nothing after its day, and asks for none', async () => {
  await plantItems(db.database, items);
  await plantModel('older', '2011-11-25');
  const newest = await plantModel('newest', '2011-12-05');
  await plantModel('too late', '2011-12-10');
  const unready = { version: 'unready'.padEnd(22, '_'), trainVersion: TRAIN_VERSION, asOf: '2011-12-09' };
  await claimModel(db.database, { ...unready, series: 1, seriesWeeks: 1, horizon: 13 }, 'm');
  await plantModel('of another code', '2011-12-08', TRAIN_VERSION + 1);
  await plan({ cause: 'schedule' });
  expect((await findNewestRun(db.database))?.modelVersion).toBe(newest);
  expect(trainQueue.messages).toEqual([]);
});

test('a model of more than 15 days of data ago is used once more, and a new one asked for', async () => {
  await plantItems(db.database, items);
  const old = await plantModel('old', '2011-11-24');
  await plan({ cause: 'api', key: 'one' });
  expect((await findNewestRun(db.database))?.modelVersion).toBe(old);
  expect(trainQueue.messages).toEqual([]);
  await db.database.write(`UPDATE forecast_model SET as_of = '2011-11-23'`);
  await plan({ cause: 'api', key: 'two' });
  expect((await findNewestRun(db.database))?.modelVersion).toBe(old);
  expect(trainQueue.messages).toHaveLength(1);
});

test('another model is another plan: its version is part of the hash', async () => {
  await plantItems(db.database, items);
  await plan({ cause: 'import', key: 'one' });
  await plan({ cause: 'import', key: 'two' });
  expect(await runCount()).toBe(1);
  await plantModel('first', '2011-12-05');
  await plan({ cause: 'import', key: 'three' });
  expect(await runCount()).toBe(2);
  await plan({ cause: 'import', key: 'four' });
  expect(await runCount()).toBe(2);
});

test('a redelivery of a plan keeps the model that its run has pinned', async () => {
  await plantItems(db.database, items);
  const first = await plantModel('first', '2011-12-05');
  await plan({ cause: 'schedule' });
  await plantModel('second', '2011-12-06');
  await plan({ cause: 'schedule' });
  expect(await runCount()).toBe(1);
  expect((await findNewestRun(db.database))?.modelVersion).toBe(first);
});
