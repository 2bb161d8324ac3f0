import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { forecastChunk } from '../../../functions/forecast/forecast-chunk.ts';
import { forecastHistory } from '../../../functions/forecast/forecast-history.ts';
import { type Models, openModels } from '../../../functions/forecast/open-models.ts';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { ForecastRequested, ForecastsReady } from '../../../shared/contracts/messages.ts';
import type { PanelModel } from '../../../shared/core/forecast/combine/panel-model.ts';
import { fromState } from '../../../shared/core/forecast/from-state.ts';
import type { ModelState } from '../../../shared/core/forecast/model.ts';
import { findNewestRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { STATE_LIMIT_BYTES } from '../../../shared/data/forecasts/forecast-store.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import { openTestDatabase } from '../../database.ts';
import {
  calmDelivery,
  MemoryQueue,
  noModels,
  plantItems,
  silentLogger,
  weekly,
} from '../planning/planning-fixture.ts';
import { AS_OF, manyItems, openBucket, train } from '../train/training-fixture.ts';

const PATIENCE_MS = 240_000;

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let runs = 0;
const bucket = openBucket();
const restockQueue = new MemoryQueue();
const warnings: unknown[] = [];
const logger = { ...silentLogger, warn: (...parts: unknown[]) => void warnings.push(parts[0]) };

const items = [
  ...manyItems(8, 60),
  { productId: 'CONSTANT', demand: weekly(AS_OF, new Array<number>(60).fill(6)) },
  { productId: 'DEAD', demand: weekly('2010-12-10', [5, 3, 4, 6, 5, 3, 4, 2, 7]) },
  { productId: 'NEW', demand: weekly(AS_OF, [4, 6]) },
  // its errors are those of the eight weeks after its first half-year
  {
    productId: 'YOUNG',
    demand: weekly(
      AS_OF,
      Array.from({ length: 34 }, (_, t) => 5 + ((7 * t) % 5)),
    ),
  },
];

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
  await plantItems(db.database, items);
  await train(db.database, bucket.objects);
}, PATIENCE_MS);
afterAll(() => db.close());
beforeEach(async () => {
  warnings.length = 0;
  restockQueue.messages.length = 0;
  await db.database.write('DELETE FROM suggestion');
  await db.database.write('DELETE FROM forecast_run');
});

/** Plans and forecasts; answers the run. */
async function forecastAll(models: Models = openModels(db.database, bucket.objects)): Promise<string> {
  const forecastQueue = new MemoryQueue();
  await planRun(
    { database: db.database, forecastQueue, restockQueue, trainQueue: new MemoryQueue() },
    { type: 'PlanRequested', cause: 'api', key: `panel-${++runs}` },
    { messageId: 'm', logger: silentLogger },
  );
  for (const message of forecastQueue.messages)
    await forecastChunk(
      { database: db.database, forecastQueue: new MemoryQueue(), restockQueue, models },
      ForecastRequested.parse(message),
      { logger },
    );
  return (await findNewestRun(db.database))!.runId;
}

const rows = (runId: string) =>
  db.database.select(
    z.object({
      product_id: z.string(),
      model_used: z.string(),
      demand_class: z.string(),
      forecast_qty: z.number(),
      confidence_low: z.number(),
      confidence_high: z.number(),
      path: z.string(),
      state: z.string(),
      mae: z.number().nullable(),
      rmse: z.number().nullable(),
    }),
    `SELECT product_id, model_used, demand_class, forecast_qty, confidence_low, confidence_high, path, state, mae, rmse
       FROM forecast WHERE run_id = :runId ORDER BY product_id`,
    { runId },
  );

const kindOf = (state: string): string => (JSON.parse(state) as ModelState).model;

test('series with a rhythm are forecast by the run’s model, beginners by its launches, the others by their own history', async () => {
  const found = await rows(await forecastAll());
  expect(found).toHaveLength(items.length);
  const alone = await rows(await forecastAll(noModels));
  for (const [i, row] of found.entries()) {
    if (row.product_id === 'NEW') {
      expect(row.model_used).toBe('steady+launch');
      continue;
    }
    const isPlain = ['CONSTANT', 'DEAD'].includes(row.product_id);
    expect(kindOf(row.state) === 'panel', row.product_id).toBe(!isPlain);
    if (isPlain) {
      expect(row).toEqual(alone[i]);
      continue;
    }
    expect(row.model_used).toContain('global');
    expect(row.state.length).toBeLessThanOrEqual(STATE_LIMIT_BYTES);
    expect(row.confidence_low).toBeGreaterThanOrEqual(0);
    expect(row.confidence_low).toBeLessThanOrEqual(row.forecast_qty);
    expect(row.confidence_high).toBeGreaterThanOrEqual(row.forecast_qty);
    // the level of the last weeks goes on, give or take a season
    expect(row.forecast_qty).toBeGreaterThan(0.5 * alone[i]!.forecast_qty);
    expect(row.forecast_qty).toBeLessThan(2 * alone[i]!.forecast_qty);
    expect(row.mae).toBeGreaterThan(0);
    expect(row.rmse).toBeGreaterThanOrEqual(row.mae!);
    const { quantiles } = JSON.parse(row.path) as { quantiles: Record<string, number[]> };
    const byLevel = Object.entries(quantiles).sort(([a], [b]) => Number(a) - Number(b));
    byLevel.forEach(([, values], k) => {
      values.forEach((value, h) => {
        expect(Number.isInteger(value)).toBe(true);
        if (k > 0) expect(value).toBeGreaterThanOrEqual(byLevel[k - 1]![1][h]!);
      });
    });
    expect(fromState(JSON.parse(row.state)).paths(4, 5, 1)).toHaveLength(5);
  }
  expect(warnings).toEqual([]);
});

test('another container, another run: the same data and the same model give the same forecasts', async () => {
  const first = await rows(await forecastAll());
  const second = await rows(await forecastAll());
  expect(second).toEqual(first);
});

test('a container loads a model once, however many chunks and runs', async () => {
  let reads = 0;
  const objects = {
    ...bucket.objects,
    read: (key: string) => {
      reads++;
      return bucket.objects.read(key);
    },
  };
  const models = openModels(db.database, objects);
  await forecastAll(models);
  await forecastAll(models);
  expect(reads).toBe(1);
});

test('a model whose file is gone or changed costs a warning: every series is forecast from its own history', async () => {
  const alone = await rows(await forecastAll(noModels));
  const [[key, file]] = [...bucket.stored] as [[string, Buffer]];
  try {
    bucket.stored.delete(key);
    expect(await rows(await forecastAll())).toEqual(alone);
    expect(warnings).toEqual(['a model is gone']);
    for (const broken of [Buffer.from('no gzip'), file.subarray(0, -20)]) {
      warnings.length = 0;
      bucket.stored.set(key, broken);
      expect(await rows(await forecastAll())).toEqual(alone);
      expect(warnings).toEqual(['a model cannot be read']);
    }
    await db.database.write(`UPDATE forecast_model SET content_hash = REPEAT('0', 64)`);
    bucket.stored.set(key, file);
    warnings.length = 0;
    expect(await rows(await forecastAll())).toEqual(alone);
    expect(warnings).toEqual(['a model cannot be read']);
  } finally {
    bucket.stored.set(key, file);
    await db.database.write('DELETE FROM forecast_model');
    await train(db.database, bucket.objects);
  }
});

test('a store that does not answer is no missing model: the message comes again', async () => {
  const objects = { ...bucket.objects, read: () => Promise.reject(new Error('the store is down')) };
  await expect(forecastAll(openModels(db.database, objects))).rejects.toThrow('the store is down');
});

test('a model that fails on one series costs that series alone its share, with a warning', () => {
  const history = {
    productId: 'A',
    locationId: 'MAIN',
    quantities: Array.from({ length: 60 }, (_, t) => 5 + (t % 4)),
  };
  const options = { asOf: AS_OF, settings: PlanSettings.parse({}), logger };
  const failing = {
    singles: ['theta'],
    fit() {
      throw new Error('a tree is broken');
    },
  } as unknown as PanelModel;
  const forecast = forecastHistory(history, { ...options, model: failing });
  expect(forecast).toEqual(forecastHistory(history, options));
  expect(warnings).toEqual(['forecast fell back to its own models']);
});

test('restock draws from the stored quantiles: plan, forecast and restock end in suggestions', async () => {
  const runId = await forecastAll();
  await restockRun(
    { database: db.database, restockQueue },
    ForecastsReady.parse(restockQueue.messages[0]),
    calmDelivery,
  );
  const suggested = await db.database.select(
    z.object({ product_id: z.string(), quantity: z.int() }),
    `SELECT product_id, quantity FROM suggestion WHERE status = 'open'`,
  );
  const level = new Map((await rows(runId)).map((row) => [row.product_id, row.forecast_qty / 13]));
  // no stock, two weeks to deliver and one to the next look: more than three weeks' demand, less than eight
  for (const { product_id: id, quantity } of suggested.filter((row) => row.product_id.startsWith('P0'))) {
    expect(quantity).toBeGreaterThan(3 * level.get(id)!);
    expect(quantity).toBeLessThan(8 * level.get(id)!);
  }
  expect(suggested.filter((row) => row.product_id.startsWith('P0'))).toHaveLength(8);
});
