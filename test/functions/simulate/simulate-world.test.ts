import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { simulateWorld } from '../../../functions/simulate/simulate-world.ts';
import { WorldRequested } from '../../../shared/contracts/messages.ts';
import { settingsOf } from '../../../shared/contracts/simulation-settings.ts';
import { LEDGER_HEADER, ledgerLine } from '../../../shared/core/simulate/ledger-lines.ts';
import type { Database } from '../../../shared/data/database.ts';
import { findViolations } from '../../../shared/data/invariants.ts';
import { recordMovements } from '../../../shared/data/ledger-store.ts';
import { cancelSimulation, findSimulation } from '../../../shared/data/simulation-store.ts';
import { CommandFolder } from '../../cli/command.ts';
import { runWorld } from '../../core/simulate/simulation-fixture.ts';
import { openTestDatabase } from '../../database.ts';
import { Crash, crashingDatabase, MemoryQueue, silentLogger } from '../planning/planning-fixture.ts';

/** Each test has a database of its own: the ledger cannot be emptied. */
let db: Awaited<ReturnType<typeof openTestDatabase>>;
let queue: MemoryQueue;
const folder = new CommandFolder();

beforeEach(async () => {
  db = await openTestDatabase();
  queue = new MemoryQueue();
});
afterEach(() => db.close());
afterAll(() => folder.remove());

const messageFor = (config: Record<string, unknown>, simulationId = 'sim'): WorldRequested =>
  WorldRequested.parse({ type: 'WorldRequested', simulationId, config, requestedBy: 'planner' });

/** One message after the other until none is left; `remainingMs` 0 hands on after each transaction. */
async function simulate(
  message: WorldRequested,
  { database = db.database as Database, remainingMs = 300_000 } = {},
): Promise<void> {
  queue.messages.push(message);
  for (let deliveries = 0; queue.messages.length > 0; deliveries++) {
    expect(deliveries).toBeLessThan(100);
    const next = WorldRequested.parse(queue.messages.shift());
    await simulateWorld({ database, simulateQueue: queue }, next, {
      logger: silentLogger,
      remainingMs: () => remainingMs,
    });
  }
}

const Row = z.object({
  movement_key: z.string(),
  date: z.string(),
  product_id: z.string(),
  warehouse: z.string(),
  quantity_change: z.int(),
  stock_level: z.int(),
  change_type: z.string(),
  reason: z.string().nullable(),
  reference_id: z.string().nullable(),
});

/** The ledger of the database as the command writes it to a file. */
async function ledgerText(): Promise<string> {
  const lines = [LEDGER_HEADER];
  for (let after = 0; ; after = lines.length - 1) {
    const rows = await db.database.select(
      Row,
      `SELECT movement_key, CAST(date AS CHAR) AS date, product_id, warehouse, quantity_change, stock_level, change_type,
              reason, reference_id
         FROM inventory_log
        ORDER BY log_id
        LIMIT 2000 OFFSET :after`,
      { after },
    );
    for (const row of rows)
      lines.push(
        ledgerLine(lines.length, {
          key: row.movement_key,
          date: row.date,
          productId: row.product_id,
          locationId: row.warehouse,
          quantityChange: row.quantity_change,
          level: row.stock_level,
          type: row.change_type as 'sale',
          reason: row.reason,
          referenceId: row.reference_id,
          shortageOf: null,
        }),
      );
    if (rows.length < 2000) return `${lines.join('\n')}\n`;
  }
}

const number = async (sql: string): Promise<number> => {
  const [row] = await db.database.select(z.object({ n: z.coerce.number() }), sql);
  return row!.n;
};

test.each([
  ['the day loop', { SIMULATION_DAYS: 12, SIMULATION_SEED: 7, NEW_PRODUCT_ITERATION_PROB: 40 }, ''],
  [
    'a market',
    { SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 30, SIMULATION_DAYS: 40, SIMULATION_SEED: 7 },
    '--demand realistic --products 30',
  ],
])(
  '%s written by the function is the ledger that the command writes, to the byte',
  async (_, config, flags) => {
    await simulate(messageFor(config));
    const days = config.SIMULATION_DAYS;
    const more = 'NEW_PRODUCT_ITERATION_PROB' in config ? '--new-product-prob 40' : '';
    const { stdout } = await folder.run(`simulate --days ${days} --seed 7 ${flags} ${more}`);
    const printed = JSON.parse(stdout);
    const text = await ledgerText();
    expect(createHash('sha256').update(text).digest('hex')).toBe(printed.ledger_sha256);
    expect(await findSimulation(db.database, 'sim')).toMatchObject({
      status: 'done',
      days_done: days,
      products: printed.products,
      orders: printed.orders,
      sales: printed.sales,
      units: printed.units,
      refunds: printed.returns,
      lost_units: printed.lostUnits,
      movements: printed.movements,
      ledger_chain: printed.ledger_chain,
    });
    expect(await findViolations(db.database)).toEqual([]);
    expect(
      await number(`SELECT COUNT(*) AS n FROM outbox WHERE envelope LIKE '%simulation.completed%'`),
    ).toBe(1);
    expect(await number(`SELECT COUNT(*) AS n FROM sales WHERE refunded = 1`)).toBe(printed.returns);
    expect(await number(`SELECT COALESCE(SUM(asked), 0) AS n FROM lost_sale`)).toBe(printed.lostUnits);
    expect(await number(`SELECT COUNT(*) AS n FROM inventory_log WHERE is_synthetic = 0`)).toBe(0);
  },
);

test('a process that dies at any step loses no day and writes none twice', async () => {
  const config = {
    SIMULATION_DAYS: 6,
    SIMULATION_SEED: 3,
    ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND: 60,
  };
  const message = messageFor(config);
  const expected = runWorld({ ...settingsOf(message.config), name: 'sim' });
  let deaths = 0;
  // each delivery dies one step later than the one before, until one gets through
  for (let crashAt = 1; crashAt < 400; crashAt += 3) {
    queue.messages.length = 0;
    const database = crashingDatabase(db.database, crashAt);
    const died = await simulateWorld({ database, simulateQueue: queue }, message, {
      logger: silentLogger,
      remainingMs: () => 300_000,
    }).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Crash || error instanceof Error) return true;
        throw error;
      },
    );
    if (!died) break;
    deaths++;
  }
  expect(deaths).toBeGreaterThan(3);
  expect((await findSimulation(db.database, 'sim'))?.status).toBe('done');
  expect(await number('SELECT COUNT(*) AS n FROM inventory_log')).toBe(expected.ledger.length);
});

test('handing on after every transaction, twice delivered, writes the same', async () => {
  const config = { SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 20, SIMULATION_DAYS: 95 };
  const message = messageFor(config);
  await simulate(message, { remainingMs: 0 });
  const text = await ledgerText();
  // asked again, and again in the middle of nothing
  await simulate(message);
  await simulate(message, { remainingMs: 0 });
  expect(await ledgerText()).toBe(text);
  const { ledger } = runWorld({ ...settingsOf(message.config), name: 'sim' });
  expect(text.split('\n').length - 2).toBe(ledger.length);
});

test('two deliveries at once write every day once', async () => {
  const message = messageFor({ SIMULATION_DAYS: 40, SIMULATION_SEED: 5, NEW_PRODUCT_ITERATION_PROB: 5 });
  await Promise.all([simulate(message, { remainingMs: 0 }), simulate(message, { remainingMs: 0 })]);
  // whoever came second may have left: what it left is asked for again by its queue
  await simulate(message);
  const { ledger } = runWorld({ ...settingsOf(message.config), name: 'sim' });
  expect(await number('SELECT COUNT(*) AS n FROM inventory_log')).toBe(ledger.length);
});

test('a checkpoint spares days, and without it the same days come again', async () => {
  const message = messageFor({
    SIMULATION_DEMAND: 'realistic',
    SIMULATION_PRODUCTS: 15,
    SIMULATION_DAYS: 70,
  });
  const once = { logger: silentLogger, remainingMs: () => 0 };
  await simulateWorld({ database: db.database, simulateQueue: queue }, message, once);
  expect(await number('SELECT checkpoint_day AS n FROM simulation')).toBe(30);
  await db.database.write('UPDATE simulation SET checkpoint = NULL, checkpoint_day = 0');
  queue.messages.length = 0;
  await simulate(message);
  const expected = runWorld({ ...settingsOf(message.config), name: 'sim' }).ledger;
  expect((await ledgerText()).split('\n').length - 2).toBe(expected.length);
});

test('a cancelled simulation goes no further, and what it wrote stays', async () => {
  const message = messageFor({
    SIMULATION_DAYS: 400,
    SIMULATION_DEMAND: 'realistic',
    SIMULATION_PRODUCTS: 10,
  });
  await simulateWorld({ database: db.database, simulateQueue: queue }, message, {
    logger: silentLogger,
    remainingMs: () => 0,
  });
  const written = await number('SELECT COUNT(*) AS n FROM inventory_log');
  expect(await db.database.transaction((tx) => cancelSimulation(tx, 'sim'))).toBe(true);
  await simulate(message);
  expect(await number('SELECT COUNT(*) AS n FROM inventory_log')).toBe(written);
  expect(await findSimulation(db.database, 'sim')).toMatchObject({ status: 'cancelled', days_done: 30 });
});

test('a second business waits for nobody: only one is open at a time', async () => {
  const first = messageFor(
    { SIMULATION_DAYS: 400, SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 5 },
    'one',
  );
  const once = { logger: silentLogger, remainingMs: () => 0 };
  await simulateWorld({ database: db.database, simulateQueue: queue }, first, once);
  await simulateWorld({ database: db.database, simulateQueue: queue }, messageFor({}, 'two'), once);
  expect(await findSimulation(db.database, 'two')).toBeUndefined();
});

test('goods that somebody else took are a linked shortage, and the business goes on', async () => {
  const message = messageFor({ SIMULATION_DAYS: 70, SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 5 });
  const once = { logger: silentLogger, remainingMs: () => 0 };
  await simulateWorld({ database: db.database, simulateQueue: queue }, message, once);
  const levels = await db.database.select(
    z.object({ product_id: z.string(), location_id: z.string(), stock_level: z.int() }),
    'SELECT product_id, location_id, stock_level FROM stock WHERE stock_level > 0',
  );
  await db.database.transaction((tx) =>
    recordMovements(
      tx,
      levels.map((row, i) => ({
        key: `taken:${i}`,
        productId: row.product_id,
        locationId: row.location_id,
        date: '2024-02-01 00:00:00.000',
        quantityChange: -row.stock_level,
        type: 'damage',
        reason: null,
        referenceId: null,
      })),
      { actor: 'somebody' },
    ),
  );
  await simulate(message);
  expect(await findSimulation(db.database, 'sim')).toMatchObject({ status: 'done', days_done: 70 });
  expect(
    await number(`SELECT COUNT(*) AS n FROM inventory_log WHERE reason = 'unexplained shortage'`),
  ).toBeGreaterThan(0);
  expect(await findViolations(db.database)).toEqual([]);
});
