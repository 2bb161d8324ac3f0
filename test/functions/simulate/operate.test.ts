import { afterAll, beforeAll, expect, test } from 'vitest';
import { operate } from '../../../functions/simulate/operate.ts';
import { simulateWorld } from '../../../functions/simulate/simulate-world.ts';
import { WorldRequested } from '../../../shared/contracts/messages.ts';
import { openTestDatabase } from '../../database.ts';
import { MemoryQueue, silentLogger } from '../planning/planning-fixture.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
const queue = new MemoryQueue();

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

// biome-ignore lint/suspicious/noExplicitAny: answers of three shapes
const invoke = (event: unknown, areAllowed = true): Promise<any> =>
  operate(
    { database: db.database, simulateQueue: queue, areAllowed, now: () => new Date('2024-03-01T00:00:00Z') },
    event,
  );

test('run, metric and forecast do what they say, one after the other', async () => {
  expect(await invoke({ function: 'forecast' })).toMatchObject({ error: 'conflict' });

  const config = { SIMULATION_NAME: 'shop', SIMULATION_DAYS: 30, SIMULATION_SEED: 7 };
  expect(await invoke({ function: 'run', config })).toEqual({ simulation_id: 'shop', status: 'running' });
  expect(await invoke({ function: 'run', config: {} })).toMatchObject({
    error: 'conflict',
    detail: expect.stringContaining('Simulation shop is running'),
  });
  for (const message of queue.messages.splice(0))
    await simulateWorld(
      { database: db.database, simulateQueue: queue, mostDeliveries: 3 },
      WorldRequested.parse(message),
      {
        logger: silentLogger,
        receives: 1,
        remainingMs: () => 300_000,
      },
    );
  expect(await invoke({ function: 'run', config })).toMatchObject({
    detail: 'There is a simulation shop already',
  });

  for (const METRIC_OPERATION of [
    'product_counts',
    'stockout_counts',
    'sale_to_restock_ratio',
    'describe_sales',
    'gather_refund_data',
  ])
    expect(await invoke({ function: 'metric', config: { METRIC_OPERATION } })).toMatchObject({
      operation: METRIC_OPERATION,
      through: '2024-01-30',
    });

  const forecast = await invoke({
    function: 'forecast',
    config: { CUTOFF_DATE_FORECAST: '2024-01-25', HORIZON_DAYS_FORECAST: 10 },
    limit: 5,
  });
  expect(forecast).toMatchObject({ as_of: '2024-01-25', first_day: '2024-01-26', last_day: '2024-02-04' });
  expect(forecast.series).toHaveLength(5);
  for (const { confidence_low, forecast_qty, confidence_high } of forecast.series) {
    expect(confidence_low).toBeLessThanOrEqual(confidence_high);
    expect(forecast_qty).toBeGreaterThanOrEqual(0);
  }
  const next = await invoke({
    function: 'forecast',
    config: { CUTOFF_DATE_FORECAST: '2024-01-25', HORIZON_DAYS_FORECAST: 10 },
    skip: 5,
    limit: 5,
  });
  expect(next.series[0].product_id).not.toBe(forecast.series[0].product_id);
});

test('what makes no sense is refused in a sentence, and nothing is started', async () => {
  expect(await invoke({ function: 'dream' })).toMatchObject({ error: 'invalid' });
  expect(await invoke({ function: 'metric' })).toMatchObject({
    error: 'invalid',
    detail: expect.stringContaining('METRIC_OPERATION'),
  });
  const refused = await invoke({
    function: 'run',
    config: { PRODUCT_RESTOCK_UNIFORM_PROPORTION: 1, PRODUCT_RESTOCK_LOWER_PROPORTION: 0.5 },
  });
  expect(refused.error).toBe('invalid');
  expect(refused.detail).toContain('PRODUCT_RESTOCK_UNIFORM_PROPORTION 1');
  expect(refused.detail).toContain('PRODUCT_RESTOCK_LOWER_PROPORTION 0.5');
  expect(await invoke({ function: 'run' }, false)).toMatchObject({ error: 'forbidden' });
  expect(queue.messages).toEqual([]);
});
