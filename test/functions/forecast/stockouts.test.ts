import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { forecastChunk } from '../../../functions/forecast/forecast-chunk.ts';
import type { Models } from '../../../functions/forecast/open-models.ts';
import { openModels } from '../../../functions/forecast/open-models.ts';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { ForecastRequested } from '../../../shared/contracts/messages.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import type { MovementType } from '../../../shared/core/inventory/movement-types.ts';
import { readHistories } from '../../../shared/data/demand/history-store.ts';
import { findForecast } from '../../../shared/data/forecasts/forecast-reads.ts';
import { findNewestRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { ForecastPath } from '../../../shared/data/forecasts/forecast-store.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { openTestDatabase } from '../../database.ts';
import { MemoryQueue, noModels, plantItems, silentLogger, weekly } from '../planning/planning-fixture.ts';
import { AS_OF, manyItems, openBucket, train } from '../train/training-fixture.ts';

const PATIENCE_MS = 240_000;
const WEEKS_OUT = 12;

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let runs = 0;
const bucket = openBucket();

/** Seventy weeks of about twenty units, then nothing. */
const soldOut = weekly(
  addDays(AS_OF, -7 * WEEKS_OUT),
  Array.from({ length: 70 }, (_, i) => 18 + ((i * 7) % 5)),
);
const ranOut = soldOut.at(-1)![0];

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand', 'ledger'] });
  await plantItems(db.database, [
    ...manyItems(8, 60),
    { productId: 'OUT', demand: soldOut },
    { productId: 'UNWANTED', demand: soldOut, onHand: 30 },
    { productId: 'BEFORE', demand: soldOut.map(([day, units]) => [addDays(day, 7 * WEEKS_OUT), units]) },
    { productId: 'UNSOLD', demand: [] },
  ]);
  await book('OUT', soldOut[0]![0], 50, 'opening');
  await book('OUT', ranOut, -50, 'sale');
  await book('UNSOLD', addDays(AS_OF, -69), 5, 'receipt');
  await book('UNSOLD', addDays(AS_OF, -42), -5, 'adjustment', 'broken');
  await book('UNSOLD', addDays(AS_OF, -6), 5, 'receipt');
}, PATIENCE_MS);
afterAll(() => db.close());
beforeEach(() => db.database.write('DELETE FROM forecast_run'));

async function book(
  productId: string,
  day: string,
  quantityChange: number,
  type: MovementType,
  reason: string | null = null,
): Promise<void> {
  const fact = { productId, locationId: 'MAIN', date: `${day} 12:00:00`, quantityChange, type, reason };
  await db.database.transaction((tx) =>
    recordMovements(tx, [{ ...fact, key: `${productId} ${day} ${type}`, referenceId: null }], {
      actor: 'test',
    }),
  );
}

const StoredForecast = z.object({
  product_id: z.string(),
  model_used: z.string(),
  forecast_qty: z.number(),
  mae: z.number().nullable(),
  path: z.string(),
  state: z.string(),
});

async function forecasts(models: Models = noModels): Promise<Map<string, z.infer<typeof StoredForecast>>> {
  const forecastQueue = new MemoryQueue();
  await planRun(
    { database: db.database, forecastQueue, restockQueue: new MemoryQueue(), trainQueue: new MemoryQueue() },
    { type: 'PlanRequested', cause: 'api', key: `stockouts-${++runs}` },
    { messageId: 'm', logger: silentLogger },
  );
  for (const message of forecastQueue.messages)
    await forecastChunk(
      { database: db.database, forecastQueue: new MemoryQueue(), restockQueue: new MemoryQueue(), models },
      ForecastRequested.parse(message),
      { logger: { ...silentLogger, warn: (...parts) => expect.fail(String(parts[0])) } },
    );
  const { runId } = (await findNewestRun(db.database))!;
  const rows = await db.database.select(
    StoredForecast,
    'SELECT product_id, model_used, forecast_qty, mae, path, state FROM forecast WHERE run_id = :runId',
    { runId },
  );
  return new Map(rows.map((row) => [row.product_id, row]));
}

test('weeks without stock are unknown in the history of a sold product, and of one that was never sold', async () => {
  const [history] = await readHistories(db.database, [{ productId: 'OUT', locationId: 'MAIN' }], AS_OF);
  expect(history!.quantities.slice(-WEEKS_OUT)).toEqual(new Array(WEEKS_OUT).fill(Number.NaN));
  expect(history!.quantities.slice(0, -WEEKS_OUT).every((units) => units > 0)).toBe(true);
});

test('what is out of stock is forecast as before it ran out, and what lies there unwanted is not', async () => {
  const found = await forecasts();
  const total = (id: string) => found.get(id)!.forecast_qty;
  expect(total('OUT') / total('BEFORE')).toBeGreaterThan(0.9);
  expect(total('OUT') / total('BEFORE')).toBeLessThan(1.1);
  expect(total('UNWANTED') / total('BEFORE')).toBeLessThan(0.5);
});

test(
  'the model of many series learns from and forecasts what was out of stock, and stores numbers only',
  async () => {
    await train(db.database, bucket.objects);
    const found = await forecasts(openModels(db.database, bucket.objects));
    const out = found.get('OUT')!;
    expect(out.model_used).toContain('global');
    expect(out.forecast_qty / found.get('BEFORE')!.forecast_qty).toBeGreaterThan(0.8);
    for (const { path, state, mae } of found.values()) {
      expect(`${path} ${state}`).not.toMatch(/null|NaN/);
      const { mean } = ForecastPath.parse(JSON.parse(path));
      expect(mean.every(Number.isFinite)).toBe(true);
      expect(mae === null || Number.isFinite(mae)).toBe(true);
    }
  },
  PATIENCE_MS,
);

test('the chart of a product says in which weeks it was out of stock', async () => {
  await forecasts();
  await db.database.write("UPDATE forecast_run SET status = 'done'");
  const { history } = (await findForecast(db.database, 'OUT', undefined))!;
  expect(history.map((week) => week.days_out_of_stock)).toEqual([
    ...new Array(70 - 1).fill(0),
    0,
    ...new Array(history.length - 70).fill(7),
  ]);
  expect(history.every(({ quantity }) => Number.isInteger(quantity))).toBe(true);
});

test('a receipt that is recorded late says that it was there, and nobody wanted it', async () => {
  const before = (await forecasts()).get('OUT')!.forecast_qty;
  await book('OUT', addDays(ranOut, 1), 40, 'receipt');
  const after = (await forecasts()).get('OUT')!.forecast_qty;
  expect(after / before).toBeLessThan(0.5);
});
