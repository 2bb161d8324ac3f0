import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { forecastChunk } from '../../../functions/forecast/forecast-chunk.ts';
import { type Models, openModels } from '../../../functions/forecast/open-models.ts';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { LowConfidence, lowConfidenceInWords } from '../../../shared/contracts/low-confidence.ts';
import { ForecastRequested } from '../../../shared/contracts/messages.ts';
import { findForecast, listForecasts } from '../../../shared/data/forecasts/forecast-reads.ts';
import { findNewestRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { StoredExplanation } from '../../../shared/data/suggestions/stored-explanation.ts';
import { openTestDatabase } from '../../database.ts';
import {
  calmDelivery,
  MemoryQueue,
  noModels,
  plantItems,
  silentLogger,
  weekly,
} from '../planning/planning-fixture.ts';
import { AS_OF, openBucket, train } from '../train/training-fixture.ts';

const PATIENCE_MS = 240_000;

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let runs = 0;
const bucket = openBucket();

/** Six teas of about 10 a week and six shoes of about 100; each was launched some weeks after the one before. */
const old = ['tea', 'shoes'].flatMap((category, c) =>
  Array.from({ length: 6 }, (_, i) => ({
    productId: `${category}-${i}`,
    category,
    onHand: 5000,
    demand: weekly(
      AS_OF,
      Array.from({ length: 50 - 4 * i }, (__, t) => (c === 0 ? 10 : 100) + ((t * (i + 3)) % 5)),
    ),
  })),
);
const young = { productId: 'young-shoe', category: 'shoes', onHand: 10, demand: weekly(AS_OF, [40, 60]) };
const unsold = { productId: 'unsold-tea', category: 'tea', onHand: 3, demand: [] };
const absent = { productId: 'never-came', category: 'tea', onHand: 0, demand: [] };

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['ledger'] });
}, PATIENCE_MS);
afterAll(() => db.close());
beforeEach(async () => {
  for (const table of ['suggestion', 'purchase_order', 'forecast_run', 'demand', 'supplier_item', 'stock'])
    await db.database.write(`DELETE FROM ${table}`);
});

async function plant(items: readonly (typeof young)[]): Promise<void> {
  await plantItems(db.database, items);
  for (const { productId, category } of items)
    await db.database.write('UPDATE products SET category = :category WHERE product_id = :productId', {
      productId,
      category,
    });
}

/** The first movement of a product's ledger. */
async function opened(productId: string, day: string, stock: number, type = 'opening'): Promise<void> {
  await db.database.write(
    `INSERT IGNORE INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
     VALUES (:productId, 'MAIN', :day, :stock, :stock, :type, 'test', :key)`,
    { productId, day, stock, type, key: `${type} ${productId}` },
  );
}

/** Plans, forecasts and restocks; answers the run. */
async function plan(models: Models): Promise<string> {
  const { database } = db;
  const forecastQueue = new MemoryQueue();
  const restockQueue = new MemoryQueue();
  await planRun(
    { database, forecastQueue, restockQueue, trainQueue: new MemoryQueue() },
    { type: 'PlanRequested', cause: 'api', key: `new-${++runs}` },
    { messageId: 'm', logger: silentLogger },
  );
  for (const message of forecastQueue.messages)
    await forecastChunk(
      { database, forecastQueue: new MemoryQueue(), restockQueue, models },
      ForecastRequested.parse(message),
      { logger: silentLogger },
    );
  const { runId } = (await findNewestRun(database))!;
  await restockRun({ database, restockQueue }, { type: 'ForecastsReady', runId }, calmDelivery);
  return runId;
}

const Row = z.object({
  product_id: z.string(),
  model_used: z.string(),
  demand_class: z.string(),
  forecast_qty: z.number(),
  confidence_low: z.number(),
  confidence_high: z.number(),
  confidence: z.string(),
  confidence_reason: z.string().nullable(),
});

async function rows(runId: string) {
  const found = await db.database.select(
    Row,
    `SELECT product_id, model_used, demand_class, forecast_qty, confidence_low, confidence_high, confidence, confidence_reason
       FROM forecast WHERE run_id = :runId`,
    { runId },
  );
  return new Map(
    found.map((row) => [
      row.product_id,
      { ...row, reason: row.confidence_reason && LowConfidence.parse(JSON.parse(row.confidence_reason)) },
    ]),
  );
}

test(
  'what has just begun, or was never sold, is forecast by the trained model’s launches and says why it is not sure',
  async () => {
    await plant([...old, young, unsold, absent]);
    await opened('unsold-tea', '2011-12-05', 12);
    await train(db.database, bucket.objects);
    const found = await rows(await plan(openModels(db.database, bucket.objects)));
    // What is not in stock and was never sold is no series.
    expect(found.size).toBe(old.length + 2);
    for (const { productId } of old)
      expect(found.get(productId)).toMatchObject({ confidence: 'usual', reason: null });
    expect(found.get('young-shoe')).toMatchObject({
      model_used: 'steady+launch',
      demand_class: 'new',
      confidence: 'low',
      reason: { basis: 'category', analogs: 6, initial_stock: null },
    });
    const shoe = found.get('young-shoe')!;
    expect(shoe.forecast_qty / 13).toBeGreaterThan(50);
    expect(shoe.forecast_qty / 13).toBeLessThan(110);
    const tea = found.get('unsold-tea')!;
    expect(tea).toMatchObject({
      model_used: 'launch',
      demand_class: 'new',
      confidence: 'low',
      reason: { basis: 'category', analogs: 6, own_weight: 0, initial_stock: 12 },
    });
    expect(tea.forecast_qty / 13).toBeGreaterThan(7);
    expect(tea.forecast_qty / 13).toBeLessThan(14);
    expect(tea.confidence_low).toBeLessThan(tea.forecast_qty);
    expect(tea.confidence_high).toBeGreaterThan(tea.forecast_qty);
  },
  PATIENCE_MS,
);

test(
  'without a model the other series of the chunk are what a new one is like',
  async () => {
    await plant([...old, young, unsold]);
    await opened('unsold-tea', '2011-12-05', 12);
    const found = await rows(await plan(noModels));
    expect(found.get('unsold-tea')!.reason).toMatchObject({ basis: 'category', analogs: 6 });
    expect(found.get('young-shoe')!.reason).toMatchObject({ basis: 'category', analogs: 6 });
  },
  PATIENCE_MS,
);

test(
  'what customers brought back to a place that never had it is not launched there, unless a person wants it there',
  async () => {
    await plant([...old, { ...unsold, productId: 'brought-back' }, absent]);
    await opened('brought-back', '2011-12-05', 3, 'return');
    const isPlanned = async () => (await rows(await plan(noModels))).has('brought-back');
    expect(await isPlanned()).toBe(false);
    await db.database.write(
      `INSERT INTO item_policy (product_id, location_id, minimum) VALUES ('brought-back', 'MAIN', 1)`,
    );
    expect(await isPlanned()).toBe(true);
    await db.database.write(`DELETE FROM item_policy`);
    await opened('brought-back', '2011-12-07', 5, 'receipt');
    expect(await isPlanned()).toBe(true);
  },
  PATIENCE_MS,
);

test(
  'weeks in stock without a sale speak for less demand',
  async () => {
    await plant([...old, unsold, { ...unsold, productId: 'long-unsold' }]);
    await opened('unsold-tea', '2011-12-05', 12);
    await opened('long-unsold', '2011-06-05', 12);
    const found = await rows(await plan(noModels));
    const { own_weight } = LowConfidence.parse(found.get('long-unsold')!.reason);
    expect(own_weight).toBeGreaterThan(0.5);
    expect(found.get('long-unsold')!.forecast_qty).toBeLessThan(0.3 * found.get('unsold-tea')!.forecast_qty);
  },
  PATIENCE_MS,
);

test(
  'people see it with the forecast and with what is suggested from it',
  async () => {
    await plant([...old, young, unsold]);
    await opened('unsold-tea', '2011-12-05', 12);
    await plan(noModels);
    const list = await listForecasts(db.database, { productId: 'young-shoe' }, { skip: 0, limit: 5 });
    expect(list.data[0]).toMatchObject({
      confidence: 'low',
      low_confidence: { basis: 'category', analogs: 6 },
    });
    const shown = (await findForecast(db.database, 'unsold-tea', undefined))!;
    expect(shown.low_confidence!.words).toBe(
      'Low confidence: it was never sold; the forecast is that of 6 products of its category.',
    );
    expect(await findForecast(db.database, 'tea-0', undefined)).toMatchObject({
      confidence: 'usual',
      low_confidence: null,
    });
    const [suggested] = await db.database.select(
      z.object({ explanation: z.string() }),
      "SELECT explanation FROM suggestion WHERE product_id = 'young-shoe' AND status = 'open'",
    );
    const explanation = StoredExplanation.parse(JSON.parse(suggested!.explanation));
    expect(explanation.confidence).toBe('low');
    expect(explanation.words).toContain(list.data[0]!.low_confidence!.words);
  },
  PATIENCE_MS,
);

test(
  'with nothing to be like, a product in stock is reordered at a quarter of what it began with',
  async () => {
    const lonely = { productId: 'lonely', category: 'none', demand: [] };
    await plant([
      { ...young, productId: 'clock', category: 'time' },
      { ...lonely, onHand: 10 },
      { ...lonely, productId: 'lonely-too', onHand: 11 },
    ]);
    await opened('lonely', '2011-12-05', 40);
    await opened('lonely-too', '2011-12-05', 40);
    const found = await rows(await plan(noModels));
    expect(found.get('lonely')).toMatchObject({
      model_used: 'initial-stock',
      forecast_qty: 0,
      confidence: 'low',
      reason: { basis: 'initial-stock', initial_stock: 40 },
    });
    expect(found.get('clock')!.reason).toMatchObject({ basis: 'own', own_weight: 1 });
    const suggested = await db.database.select(
      z.object({ product_id: z.string(), quantity: z.int(), explanation: z.string() }),
      "SELECT product_id, quantity, explanation FROM suggestion WHERE product_id LIKE 'lonely%'",
    );
    expect(suggested).toMatchObject([{ product_id: 'lonely', quantity: 30 }]);
    const { words, confidence } = StoredExplanation.parse(JSON.parse(suggested[0]!.explanation));
    expect(confidence).toBe('low');
    expect(words).toContain('reordered at a quarter of the 40 units that it began with');
  },
  PATIENCE_MS,
);

test('the reason is a sentence', () => {
  const reason = { basis: 'category', analogs: 1, own_weight: 0.756, initial_stock: null } as const;
  expect(lowConfidenceInWords(reason)).toBe(
    'Low confidence: it is new; 76 % of the forecast comes from its own sales, the rest from 1 product of its category.',
  );
  expect(lowConfidenceInWords({ ...reason, analogs: 3, initial_stock: 12 })).toBe(
    'Low confidence: it was never sold; 76 % of the forecast comes from its weeks in stock without a sale, the rest from 3 products of its category.',
  );
});
