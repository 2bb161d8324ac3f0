import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { simulateWorld } from '../../../functions/simulate/simulate-world.ts';
import { WorldRequested } from '../../../shared/contracts/messages.ts';
import { settingsOf } from '../../../shared/contracts/simulation-settings.ts';
import { LEDGER_HEADER, ledgerLine } from '../../../shared/core/simulate/ledger-lines.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import {
  cancelSimulation,
  findSimulation,
  readStanding,
} from '../../../shared/data/simulation/simulation-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { CommandFolder } from '../../cli/command.ts';
import { runWorld } from '../../core/simulate/simulation-fixture.ts';
import { openTestDatabase } from '../../database.ts';
import { Crash, crashingDatabase, MemoryQueue, silentLogger } from '../planning/planning-fixture.ts';

/** Tests share a database, each with a world of its own name: the ledger cannot be emptied. */
let db: Awaited<ReturnType<typeof openTestDatabase>>;
let queue: MemoryQueue;
const folder = new CommandFolder();

beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => {
  queue = new MemoryQueue();
});
afterAll(async () => {
  folder.remove();
  await db.close();
});

const messageFor = (simulationId: string, config: Record<string, unknown>): WorldRequested =>
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
    await simulateWorld({ database, simulateQueue: queue, mostDeliveries: 3 }, next, {
      logger: silentLogger,
      receives: 1,
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

/** The ledger of a world in the database as the command writes it to a file. */
async function ledgerText(name: string): Promise<string> {
  const lines = [LEDGER_HEADER];
  for (let after = 0; ; after = lines.length - 1) {
    const rows = await db.database.select(
      Row,
      `SELECT movement_key, CAST(date AS CHAR) AS date, product_id, warehouse, quantity_change, stock_level, change_type,
              reason, reference_id
         FROM inventory_log
        WHERE product_id LIKE :mine
        ORDER BY log_id
        LIMIT 2000 OFFSET :after`,
      { after, mine: `${name}-%` },
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

/** Rows of a table that a world wrote, or another figure of them: the column `id` begins with its name. */
const number = async (
  name: string,
  table: string,
  id: string,
  figure = 'COUNT(*)',
  more = 'TRUE',
): Promise<number> => {
  const [row] = await db.database.select(
    z.object({ n: z.coerce.number() }),
    `SELECT COALESCE(${figure}, 0) AS n FROM ${table} WHERE ${id} LIKE :mine AND ${more}`,
    { mine: `${name}-%` },
  );
  return row!.n;
};
const movementsOf = (name: string) => number(name, 'inventory_log', 'product_id');
const expectedOf = ({ simulationId, config }: WorldRequested) =>
  runWorld({ ...settingsOf(config), name: simulationId }).ledger.length;
const once = { logger: silentLogger, receives: 1, remainingMs: () => 0 };

test.each([
  ['loop', 'the day loop', { SIMULATION_DAYS: 12, SIMULATION_SEED: 7, NEW_PRODUCT_ITERATION_PROB: 40 }, ''],
  [
    'market',
    'a market',
    { SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 30, SIMULATION_DAYS: 40, SIMULATION_SEED: 7 },
    '--demand realistic --products 30',
  ],
])(
  '%s: %s written by the function is the ledger that the command writes, to the byte',
  async (name, _, config, flags) => {
    await simulate(messageFor(name, config));
    const days = config.SIMULATION_DAYS;
    const more = 'NEW_PRODUCT_ITERATION_PROB' in config ? '--new-product-prob 40' : '';
    const { stdout } = await folder.run(`simulate --name ${name} --days ${days} --seed 7 ${flags} ${more}`);
    const printed = JSON.parse(stdout);
    const text = await ledgerText(name);
    expect(createHash('sha256').update(text).digest('hex')).toBe(printed.ledger_sha256);
    expect(await findSimulation(db.database, name)).toMatchObject({
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
    const [told] = await db.database.select(
      z.object({ n: z.int() }),
      `SELECT COUNT(*) AS n FROM outbox WHERE envelope LIKE :completed`,
      { completed: `%simulation.completed%"${name}"%` },
    );
    expect(told!.n).toBe(1);
    expect(await number(name, 'sales', 'product_id', 'SUM(refunded)')).toBe(printed.returns);
    expect(await number(name, 'lost_sale', 'product_id', 'SUM(asked)')).toBe(printed.lostUnits);
    expect(await number(name, 'inventory_log', 'product_id', 'COUNT(*)', 'is_synthetic = 0')).toBe(0);
  },
);

test('a process that dies at any step loses no day and writes none twice', async () => {
  const config = {
    SIMULATION_DAYS: 6,
    SIMULATION_SEED: 3,
    ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND: 60,
  };
  const message = messageFor('deaths', config);
  let deaths = 0;
  // each delivery dies some steps later than the one before, until one gets through
  for (let crashAt = 1; crashAt < 400; crashAt += 3) {
    queue.messages.length = 0;
    const database = crashingDatabase(db.database, crashAt);
    const died = await simulateWorld({ database, simulateQueue: queue, mostDeliveries: 3 }, message, {
      logger: silentLogger,
      receives: 1,
      remainingMs: () => 300_000,
    }).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Crash) return true;
        throw error;
      },
    );
    if (!died) break;
    deaths++;
  }
  expect(deaths).toBeGreaterThan(3);
  expect((await findSimulation(db.database, 'deaths'))?.status).toBe('done');
  expect(await movementsOf('deaths')).toBe(expectedOf(message));
});

test('handing on after every transaction, twice delivered, writes the same', async () => {
  const config = { SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 20, SIMULATION_DAYS: 95 };
  const message = messageFor('often', config);
  await simulate(message, { remainingMs: 0 });
  const text = await ledgerText('often');
  // asked again when it is done
  await simulate(message);
  await simulate(message, { remainingMs: 0 });
  expect(await ledgerText('often')).toBe(text);
  expect(await movementsOf('often')).toBe(expectedOf(message));
});

test('two deliveries at once write every day once', async () => {
  const config = { SIMULATION_DAYS: 40, SIMULATION_SEED: 5, NEW_PRODUCT_ITERATION_PROB: 5 };
  const message = messageFor('twice', config);
  await Promise.all([simulate(message, { remainingMs: 0 }), simulate(message, { remainingMs: 0 })]);
  // whoever came second may have left: what it left is asked for again by its queue
  await simulate(message);
  expect(await movementsOf('twice')).toBe(expectedOf(message));
});

test('a checkpoint spares days, and without it the same days come again', async () => {
  const config = { SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 15, SIMULATION_DAYS: 70 };
  const message = messageFor('kept', config);
  await simulateWorld({ database: db.database, simulateQueue: queue, mostDeliveries: 3 }, message, once);
  const standing = await readStanding(db.database, 'kept');
  expect([standing?.daysDone, standing?.checkpointDay]).toEqual([30, 30]);
  await db.database.write(
    `UPDATE simulation SET checkpoint = NULL, checkpoint_day = 0 WHERE simulation_id = 'kept'`,
  );
  queue.messages.length = 0;
  await simulate(message);
  expect(await movementsOf('kept')).toBe(expectedOf(message));
});

test('the state of a large world outgrows a row of the Data API, and is read all the same', async () => {
  const config = {
    SIMULATION_DEMAND: 'realistic',
    SIMULATION_PRODUCTS: 9_000,
    SIMULATION_DAYS: 33,
    SIMULATION_MEAN_DEMAND: 0.03,
  };
  const message = messageFor('large', config);
  await simulateWorld({ database: db.database, simulateQueue: queue, mostDeliveries: 3 }, message, once);
  const standing = await readStanding(db.database, 'large');
  expect(standing!.checkpoint!.length).toBeGreaterThan(65_536);
  queue.messages.length = 0;
  await simulate(message);
  expect(await movementsOf('large')).toBe(expectedOf(message));
});

test('a cancelled simulation goes no further, and what it wrote stays', async () => {
  const config = { SIMULATION_DAYS: 400, SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 10 };
  const message = messageFor('ended', config);
  await simulateWorld({ database: db.database, simulateQueue: queue, mostDeliveries: 3 }, message, once);
  const written = await movementsOf('ended');
  expect(await db.database.transaction((tx) => cancelSimulation(tx, 'ended', 'planner'))).toBe(true);
  await simulate(message);
  expect(await movementsOf('ended')).toBe(written);
  expect(await findSimulation(db.database, 'ended')).toMatchObject({ status: 'cancelled', days_done: 30 });
});

test('only one business is invented at a time: a message for another one starts nothing', async () => {
  const config = { SIMULATION_DAYS: 400, SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 5 };
  const needs = { database: db.database, simulateQueue: queue, mostDeliveries: 3 };
  await simulateWorld(needs, messageFor('first', config), once);
  await simulateWorld(needs, messageFor('second', {}), once);
  expect(await findSimulation(db.database, 'second')).toBeUndefined();
  await cancelSimulation(db.database, 'first', 'planner');
});

test('what fails in the last delivery of its message is failed with the reason, and another one may start', async () => {
  const config = { SIMULATION_DAYS: 70, SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 5 };
  const message = messageFor('stuck', config);
  const needs = { database: db.database, simulateQueue: queue, mostDeliveries: 3 };
  const goOn = (receives: number) => simulateWorld(needs, message, { ...once, receives });
  await goOn(1);
  await db.database.write(`UPDATE simulation SET checkpoint = 'broken' WHERE simulation_id = 'stuck'`);
  await expect(goOn(2)).rejects.toThrow();
  expect(await findSimulation(db.database, 'stuck')).toMatchObject({ status: 'running', days_done: 30 });
  await expect(goOn(3)).rejects.toThrow();
  expect(await findSimulation(db.database, 'stuck')).toMatchObject({
    status: 'failed',
    days_done: 30,
    failed_why: expect.stringMatching(/./),
  });
  await simulate(messageFor('after', { SIMULATION_DAYS: 1 }));
  expect((await findSimulation(db.database, 'after'))?.status).toBe('done');
});

test('goods that somebody else took are a linked shortage, and the business goes on', async () => {
  const config = { SIMULATION_DAYS: 70, SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 5 };
  const message = messageFor('robbed', config);
  await simulateWorld({ database: db.database, simulateQueue: queue, mostDeliveries: 3 }, message, once);
  const levels = await db.database.select(
    z.object({ product_id: z.string(), location_id: z.string(), stock_level: z.int() }),
    `SELECT product_id, location_id, stock_level FROM stock WHERE stock_level > 0 AND product_id LIKE 'robbed-%'`,
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
  expect(await findSimulation(db.database, 'robbed')).toMatchObject({ status: 'done', days_done: 70 });
  expect(
    await number('robbed', 'inventory_log', 'product_id', 'COUNT(*)', `reason = 'unexplained shortage'`),
  ).toBeGreaterThan(0);
});

test('ten thousand movements take some dozens of statements, all of them or none', async () => {
  const message = messageFor('many', {
    SIMULATION_DEMAND: 'realistic',
    SIMULATION_PRODUCTS: 1_500,
    SIMULATION_DAYS: 20,
    SIMULATION_MEAN_DEMAND: 1,
  });
  const counted = crashingDatabase(db.database, Number.POSITIVE_INFINITY);
  await simulate(message, { database: counted });
  expect(await movementsOf('many')).toBeGreaterThan(10_000);
  expect(counted.steps()).toBeLessThan(100);
});
