import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { forecastChunk } from '../../../functions/forecast/forecast-chunk.ts';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { ForecastRequested, ForecastsReady } from '../../../shared/contracts/messages.ts';
import { readHistories } from '../../../shared/data/demand/history-store.ts';
import { findNewestRun, findRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import {
  ForecastPath,
  readFittedSeries,
  STATE_LIMIT_BYTES,
} from '../../../shared/data/forecasts/forecast-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import {
  Crash,
  calmDelivery,
  crashingDatabase,
  MemoryQueue,
  noModels,
  plantItems,
  silentLogger,
  weekly,
} from '../planning/planning-fixture.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let forecastQueue: MemoryQueue;
let groupQueue: MemoryQueue;
let restockQueue: MemoryQueue;
let runs = 0;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
});
afterAll(() => db.close());
beforeEach(async () => {
  forecastQueue = new MemoryQueue();
  groupQueue = new MemoryQueue();
  restockQueue = new MemoryQueue();
  for (const table of [
    'suggestion',
    'purchase_order',
    'forecast_run',
    'demand',
    'stock',
    'supplier_item',
    'outbox',
  ]) {
    await db.database.write(`DELETE FROM ${table}`);
  }
});

const AS_OF = '2011-12-09';
const steady = (level: number, weeks: number) =>
  weekly(
    AS_OF,
    Array.from({ length: weeks }, (_, i) => level + (i % 3) - 1),
  );

const items = [
  { productId: 'DAILY', demand: steady(20, 60) },
  { productId: 'NEW', demand: [[AS_OF, 4]] as [string, number][] },
  { productId: 'RARE', demand: weekly(AS_OF, [1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 1]) },
];

async function plan(): Promise<string> {
  await planRun(
    { database: db.database, forecastQueue, restockQueue, trainQueue: new MemoryQueue() },
    { type: 'PlanRequested', cause: 'api', key: `forecast-${++runs}` },
    { messageId: 'm', logger: silentLogger },
  );
  return (await findNewestRun(db.database))!.runId;
}

const forecast = (message: unknown, database: Database = db.database) =>
  forecastChunk(
    { database, forecastQueue: groupQueue, restockQueue, models: noModels },
    ForecastRequested.parse(message),
    { logger: silentLogger },
  );

const drain = async () => {
  for (const message of forecastQueue.messages.splice(0)) await forecast(message);
};

const rows = () =>
  db.database.select(
    z.object({
      product_id: z.string(),
      forecast_date: z.string(),
      forecast_qty: z.number(),
      confidence_low: z.number(),
      confidence_high: z.number(),
      demand_class: z.string(),
      path: z.string().transform((text) => ForecastPath.parse(JSON.parse(text))),
      state: z.string(),
    }),
    `SELECT product_id, forecast_date, forecast_qty, confidence_low, confidence_high, demand_class, path, state
       FROM forecast
      ORDER BY run_id, product_id`,
  );

test('weeks end on as_of, gaps are zeros, and what lies later or too far back is left out', async () => {
  await plantItems(db.database, [
    {
      productId: 'W',
      demand: [
        ['2008-12-01', 99],
        ['2011-11-18', 1],
        ['2011-11-19', 2],
        ['2011-11-25', 3],
        ['2011-12-03', 4],
        ['2011-12-09', 5],
        ['2011-12-10', 99],
      ],
    },
  ]);
  const histories = await readHistories(db.database, [{ productId: 'W', locationId: 'MAIN' }], AS_OF);
  expect(histories.map((history) => history.quantities)).toEqual([[1, 5, 0, 9]]);
});

test('the longest possible histories of a whole chunk fit into one answer of the database', async () => {
  const year = weekly(AS_OF, new Array<number>(156).fill(2_000_000_000));
  const many = Array.from({ length: 250 }, (_, i) => ({
    productId: `${'LONG-PRODUCT-NUMBER-'.repeat(3)}${String(i).padStart(4, '0')}`,
    demand: year,
  }));
  await plantItems(db.database, many.slice(0, 125));
  await plantItems(db.database, many.slice(125));
  const keys = many.map(({ productId }) => ({ productId, locationId: 'MAIN' }));
  const histories = await readHistories(db.database, keys, AS_OF);
  expect(histories).toHaveLength(250);
  expect(histories.every((history) => history.quantities.length === 156)).toBe(true);
});

test('histories of five years fit as well, of fewer series; more than fit are refused', async () => {
  const years = weekly(AS_OF, new Array<number>(270).fill(2_000_000_000));
  const many = Array.from({ length: 150 }, (_, i) => ({
    productId: `${'OLDEST-PRODUCT-NUMBER-'.repeat(2)}${String(i).padStart(4, '0')}`,
    demand: years,
  }));
  await plantItems(db.database, many.slice(0, 75));
  await plantItems(db.database, many.slice(75));
  const keys = many.map(({ productId }) => ({ productId, locationId: 'MAIN' }));
  const histories = await readHistories(db.database, keys.slice(0, 149), AS_OF, 261);
  expect(histories).toHaveLength(149);
  expect(histories.every((history) => history.quantities.length === 261)).toBe(true);
  await expect(readHistories(db.database, keys, AS_OF, 261)).rejects.toThrow(/150 histories of 261 periods/);
});

test('every series gets a forecast that starts on the day after as_of, with a band around its mean', async () => {
  await plantItems(db.database, items);
  await plan();
  await drain();
  const found = await rows();
  expect(found.map((row) => row.product_id)).toEqual(['DAILY', 'NEW', 'RARE']);
  for (const row of found) {
    expect(row.forecast_date).toBe('2011-12-10');
    expect(row.path.mean).toHaveLength(13);
    expect(row.confidence_low).toBeLessThanOrEqual(row.forecast_qty);
    expect(row.confidence_high).toBeGreaterThanOrEqual(row.forecast_qty);
    expect(row.confidence_low).toBeGreaterThanOrEqual(0);
    expect(row.state.length).toBeLessThanOrEqual(STATE_LIMIT_BYTES);
    expect(Object.keys(row.path.quantiles)).toEqual(
      expect.arrayContaining(['0.025', '0.1', '0.25', '0.5', '0.75', '0.9', '0.95', '0.975']),
    );
    const levels = Object.entries(row.path.quantiles).sort(([a], [b]) => Number(a) - Number(b));
    for (let i = 1; i < levels.length; i++) {
      levels[i]![1].forEach((value, h) => {
        expect(value).toBeGreaterThanOrEqual(levels[i - 1]![1][h]!);
      });
    }
  }
  const daily = found[0]!;
  expect(daily.forecast_qty).toBeGreaterThan(13 * 15);
  expect(daily.forecast_qty).toBeLessThan(13 * 25);
});

test('the last chunk asks for the groups and the restock, and its redelivery asks again until the run is done', async () => {
  await plantItems(db.database, items);
  const runId = await plan();
  const message = { type: 'ForecastRequested', runId, chunk: 0 };
  await forecast(message);
  await forecast(message);
  expect(restockQueue.messages).toEqual([
    { type: 'ForecastsReady', runId },
    { type: 'ForecastsReady', runId },
  ]);
  expect(groupQueue.messages).toEqual([
    { type: 'GroupsRequested', runId },
    { type: 'GroupsRequested', runId },
  ]);
  expect(await findRun(db.database, runId)).toMatchObject({ chunksDone: 1, status: 'restocking' });
  await restockRun(
    { database: db.database, restockQueue },
    ForecastsReady.parse(restockQueue.messages[0]),
    calmDelivery,
  );
  await forecast(message);
  expect(restockQueue.messages).toHaveLength(2);
});

test('the same data gives the same forecasts in another run', async () => {
  await plantItems(db.database, items);
  await plan();
  await drain();
  await plan();
  await drain();
  const found = await rows();
  expect(found).toHaveLength(6);
  const byProduct = Map.groupBy(found, (row) => row.product_id);
  for (const [first, second] of byProduct.values()) expect(second).toEqual(first);
});

test('workers that finish chunks at the same time lose no count', async () => {
  const many = Array.from({ length: 520 }, (_, i) => ({
    productId: `P${i}`,
    demand: [[AS_OF, 1 + (i % 5)]] as const,
  }));
  await plantItems(db.database, many);
  const runId = await plan();
  expect(forecastQueue.messages).toHaveLength(3);
  await Promise.all(forecastQueue.messages.flatMap((message) => [forecast(message), forecast(message)]));
  expect(await findRun(db.database, runId)).toMatchObject({ chunks: 3, chunksDone: 3, status: 'restocking' });
  expect(restockQueue.messages).toContainEqual({ type: 'ForecastsReady', runId });
  expect((await rows()).length).toBe(520);
});

test('a message of a run that is over ends quietly, though its chunks are forgotten', async () => {
  await plantItems(db.database, items);
  for (const status of ['done', 'superseded']) {
    const runId = await plan();
    await db.database.write('UPDATE forecast_run SET status = :status WHERE run_id = :runId', {
      status,
      runId,
    });
    await db.database.write('DELETE FROM forecast_chunk WHERE run_id = :runId', { runId });
    await forecast({ type: 'ForecastRequested', runId, chunk: 0 });
  }
  expect(restockQueue.messages).toEqual([]);
});

test('a chunk that does not exist is refused, so that its message ends in the dead letters', async () => {
  await plantItems(db.database, items);
  const runId = await plan();
  await expect(forecast({ type: 'ForecastRequested', runId, chunk: 9 })).rejects.toThrow('no chunk 9');
  await expect(forecast({ type: 'ForecastRequested', runId: 'x'.repeat(22), chunk: 0 })).rejects.toThrow(
    'no chunk',
  );
  expect(ForecastRequested.safeParse({ type: 'ForecastRequested', runId }).success).toBe(false);
});

test('a death at any step is made good by the redelivery: forecasts once, counted once, restock asked for', async () => {
  await plantItems(db.database, items);
  let deaths = 0;
  for (let at = 1; at < 100; at++) {
    await db.database.write('DELETE FROM forecast_run');
    const runId = await plan();
    const message = { type: 'ForecastRequested', runId, chunk: 0 };
    restockQueue.messages.length = 0;
    const died = await forecast(message, crashingDatabase(db.database, at)).then(
      () => false,
      (error: unknown) => error instanceof Crash,
    );
    await forecast(message);
    expect(await findRun(db.database, runId), `death at step ${at}`).toMatchObject({
      chunksDone: 1,
      status: 'restocking',
    });
    expect(await rows()).toHaveLength(3);
    expect(restockQueue.messages.length).toBeGreaterThan(0);
    expect(groupQueue.messages).toContainEqual({ type: 'GroupsRequested', runId });
    if (!died) break;
    deaths++;
  }
  expect(deaths).toBeGreaterThan(8);
});

test('a restock works from what was stored: plan, forecast and restock end in suggestions', async () => {
  await plantItems(db.database, items);
  const runId = await plan();
  await drain();
  await restockRun(
    { database: db.database, restockQueue },
    ForecastsReady.parse(restockQueue.messages[0]),
    calmDelivery,
  );
  const suggested = await db.database.select(
    z.object({ product_id: z.string(), quantity: z.int() }),
    'SELECT product_id, quantity FROM suggestion ORDER BY product_id',
  );
  expect(suggested.find((row) => row.product_id === 'DAILY')?.quantity).toBeGreaterThan(40);
  expect((await findRun(db.database, runId))?.status).toBe('done');
  const fitted = await readFittedSeries(db.database, runId, [{ productId: 'DAILY', locationId: 'MAIN' }]);
  expect(fitted).toHaveLength(1);
});
