import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { simulateDays } from '../../../functions/simulate/simulate-days.ts';
import { SimulateRequested } from '../../../shared/contracts/messages.ts';
import { insertRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { saveForecasts } from '../../../shared/data/forecasts/forecast-store.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import {
  Crash,
  crashingDatabase,
  MemoryQueue,
  plantItems,
  silentLogger,
} from '../planning/planning-fixture.ts';

const RUN = 'simulation-run-0000001';
const PRODUCTS = ['A', 'B', 'C'];

/** Each test has a database of its own: the ledger cannot be emptied. */
let db: Awaited<ReturnType<typeof openTestDatabase>>;
let queue: MemoryQueue;

const plant = async (database: Database) => {
  await plantItems(
    database,
    PRODUCTS.map((productId) => ({ productId, demand: [['2011-12-09', 1]] })),
  );
  await insertRun(
    database,
    { runId: RUN, cause: 'api', asOf: '2011-12-09', planHash: 'x', settings: PlanSettings.parse({}) },
    [PRODUCTS.map((productId) => ({ productId, locationId: 'MAIN' }))],
  );
  await database.write(`UPDATE forecast_run SET status = 'done'`);
  await saveForecasts(
    database,
    RUN,
    PRODUCTS.map((productId) => ({
      productId,
      locationId: 'MAIN',
      firstDay: '2011-12-10',
      periodDays: 7,
      horizon: 2,
      totalMean: 60,
      totalLow: 40,
      totalHigh: 80,
      model: 'test',
      demandClass: 'smooth',
      path: { mean: [30, 30], quantiles: { '0.1': [20, 20], '0.5': [30, 30], '0.9': [40, 40] } },
      state: {},
      mae: undefined,
      rmse: undefined,
    })),
  );
};

beforeEach(async () => {
  queue = new MemoryQueue();
});
beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
  await plant(db.database);
});
afterAll(() => db.close());

const simulate = (
  message: Partial<SimulateRequested> & { simulationId: string },
  { database = db.database, remainingMs = 60_000 }: { database?: Database; remainingMs?: number } = {},
) =>
  simulateDays(
    { database, simulateQueue: queue },
    SimulateRequested.parse({
      type: 'SimulateRequested',
      seed: 1,
      startDate: '2011-12-10',
      days: 10,
      ...message,
    }),
    { logger: silentLogger, remainingMs: () => remainingMs },
  );

/** Sales of a simulation without its id: product, day, units. */
const salesOf = (simulationId: string, database = db.database) =>
  database.select(
    z.object({ product_id: z.string(), date: z.string(), quantity_sold: z.int() }),
    `SELECT s.product_id, CAST(s.date AS CHAR) AS date, s.quantity_sold
       FROM sales s
       JOIN orders o ON o.order_id = s.order_id
      WHERE o.source = :source
      ORDER BY s.date, s.product_id`,
    { source: `simulation:${simulationId}` },
  );

const number = async (sql: string, database = db.database) => {
  const [row] = await database.select(z.object({ n: z.coerce.number() }), sql);
  return row!.n;
};

test('a simulation sells about what was forecast, on its days', async () => {
  await simulate({ simulationId: 'first', days: 14 });
  const sales = await salesOf('first');
  const units = sales.reduce((sum, sale) => sum + sale.quantity_sold, 0);
  expect(units).toBeGreaterThan(100);
  expect(units).toBeLessThan(260);
  const days = new Set(sales.map((sale) => sale.date.slice(0, 10)));
  expect([...days].sort()[0]! >= '2011-12-10').toBe(true);
  expect([...days].sort().at(-1)! <= '2011-12-23').toBe(true);
});

test('what is sold is in the ledger, in stock and in demand alike', async () => {
  await simulate({ simulationId: 'books' });
  expect(
    await number(
      `SELECT COUNT(*) AS n
         FROM stock s
        WHERE s.stock_level <> (SELECT COALESCE(SUM(l.quantity_change), 0)
                                  FROM inventory_log l
                                 WHERE l.product_id = s.product_id AND l.warehouse = s.location_id)`,
    ),
  ).toBe(0);
  const sold = await number(`SELECT SUM(quantity_sold) AS n FROM sales`);
  expect(await number(`SELECT SUM(quantity) AS n FROM demand WHERE date > '2011-12-09'`)).toBe(sold);
  expect(
    await number(`SELECT -SUM(quantity_change) AS n FROM inventory_log WHERE change_type = 'sale'`),
  ).toBe(sold);
});

test('the same message again changes nothing', async () => {
  await simulate({ simulationId: 'again' });
  const before = await salesOf('again');
  await simulate({ simulationId: 'again' });
  expect(await salesOf('again')).toEqual(before);
});

test('the same id and seed sell the same in another database; another seed sells something else', async () => {
  const other = await openTestDatabase({ brokenOnPurpose: ['demand'] });
  try {
    await plant(other.database);
    await simulate({ simulationId: 'twin', seed: 5 });
    await simulate({ simulationId: 'twin', seed: 5 }, { database: other.database });
    expect(await salesOf('twin', other.database)).toEqual(await salesOf('twin'));
    await simulate({ simulationId: 'odd', seed: 6 });
    expect(await salesOf('odd')).not.toEqual(await salesOf('twin'));
  } finally {
    await other.close();
  }
});

test('what does not fit into one invocation is handed on, and ends the same as in one go', async () => {
  await simulate({ simulationId: 'parts', days: 5 }, { remainingMs: 0 });
  for (let hops = 0; queue.messages.length > 0; hops++) {
    expect(hops).toBeLessThan(10);
    const next = SimulateRequested.parse(queue.messages.pop());
    expect(next.runId).toBe(RUN);
    await simulate(next, { remainingMs: 0 });
  }
  expect(
    await number(
      `SELECT COUNT(*) AS n FROM inbox WHERE consumer = 'simulate' AND message_key LIKE 'parts:%'`,
    ),
  ).toBe(5);
  expect(
    await number(
      `SELECT COUNT(*) AS n FROM outbox
        WHERE JSON_VALUE(envelope, '$.event_type') = 'simulation.completed'
          AND JSON_VALUE(envelope, '$.data.simulationId') = 'parts'`,
    ),
  ).toBe(1);
});

test('a death at any step is made good by the redelivery, and no day happens twice', async () => {
  let deaths = 0;
  for (let at = 1; at < 100; at++) {
    const simulationId = `crash-${at}`;
    const died = await simulate(
      { simulationId, days: 2 },
      { database: crashingDatabase(db.database, at) },
    ).then(
      () => false,
      (error: unknown) => error instanceof Crash,
    );
    await simulate({ simulationId, days: 2 });
    const sales = await salesOf(simulationId);
    expect(new Set(sales.map((sale) => `${sale.product_id} ${sale.date}`)).size).toBe(sales.length);
    expect(
      await number(
        `SELECT COUNT(*) AS n FROM inbox WHERE consumer = 'simulate' AND message_key LIKE '${simulationId}:%'`,
      ),
    ).toBe(2);
    if (!died) break;
    deaths++;
  }
  expect(deaths).toBeGreaterThan(10);
});

test('without forecasts there is nothing to simulate from', async () => {
  const empty = await openTestDatabase();
  try {
    await expect(simulate({ simulationId: 'none' }, { database: empty.database })).rejects.toMatchObject({
      kind: 'conflict',
    });
  } finally {
    await empty.close();
  }
});
