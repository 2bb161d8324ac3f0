import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { doForecastWork, ForecastWork } from '../../../functions/forecast/forecast-work.ts';
import { openModels } from '../../../functions/forecast/open-models.ts';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { createSignal, deleteSignal, saveSignalValues } from '../../../shared/data/demand/signal-store.ts';
import { findNewestCompleteRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import {
  calmDelivery,
  type Item,
  MemoryQueue,
  plantItems,
  silentLogger,
  weekly,
} from '../planning/planning-fixture.ts';
import { AS_OF, openBucket, train } from './training-fixture.ts';

const PATIENCE_MS = 240_000;
const WEEKS = 80;
const HORIZON = 13;

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let bucket: ReturnType<typeof openBucket>;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
});
afterAll(() => db.close());
beforeEach(async () => {
  bucket = openBucket();
  const tables = [
    'forecast_run',
    'forecast_model',
    'demand_signal',
    'inbox',
    'demand',
    'stock',
    'supplier_item',
    'setting',
  ];
  for (const table of tables) await db.database.write(`DELETE FROM ${table}`);
});

const random = seededRandom(9);
/** By item: whether each week, past and planned, has a promotion. */
const promotions = Array.from({ length: 6 }, () =>
  Array.from({ length: WEEKS + HORIZON }, () => random.uniform() < 0.25),
);
const items = promotions.map(
  (weeks, i): Item => ({
    productId: `P${i}`,
    demand: weekly(
      AS_OF,
      weeks.slice(0, WEEKS).map((isOn) => Math.round((20 + 5 * i) * (isOn ? 3 : 1) + 2 * random.normal())),
    ),
  }),
);

const PROMOTION = { name: 'promotion', kind: 'promotion', scope: 'category', future: 'known' } as const;
/** The last seven days of each week with a promotion, as a signal of each product. */
async function promote(): Promise<number[]> {
  const ids: number[] = [];
  for (const [i, weeks] of promotions.entries()) {
    const id = await createSignal(
      db.database,
      { ...PROMOTION, scope: 'product', scope_key: `P${i}` },
      'test',
    );
    const values = weeks.flatMap((isOn, week) =>
      isOn
        ? Array.from({ length: 7 }, (_, d) => ({ day: addDays(AS_OF, (week - WEEKS + 1) * 7 - d), value: 1 }))
        : [],
    );
    await saveSignalValues(db.database, id, values);
    ids.push(id);
  }
  return ids;
}

interface Planned {
  readonly hash: string;
  readonly modelVersion: string | null;
  readonly asksForTraining: boolean;
  /** Rows as they are stored. */
  readonly rows: string;
  readonly means: number[][];
}

const Row = z.object({ product_id: z.string(), path: z.string(), state: z.string(), model_used: z.string() });
let asked = 0;

async function plan(
  reading: Database = db.database,
  warn: (said: string) => void = () => {},
): Promise<Planned> {
  const { database } = db;
  const [forecastQueue, restockQueue, trainQueue] = [new MemoryQueue(), new MemoryQueue(), new MemoryQueue()];
  const key = `plan ${++asked}`;
  await planRun(
    { database, forecastQueue, restockQueue, trainQueue },
    { type: 'PlanRequested', cause: 'api', key },
    calmDelivery,
  );
  const models = openModels(database, bucket.objects);
  for (const message of [...forecastQueue.messages])
    await doForecastWork(
      { database: reading, forecastQueue, restockQueue, models },
      ForecastWork.parse(message),
      { ...calmDelivery, logger: { ...silentLogger, warn } },
    );
  const run = (await findNewestCompleteRun(database))!;
  const rows = await database.select(
    Row,
    `SELECT product_id, path, state, model_used FROM forecast WHERE run_id = :runId ORDER BY product_id`,
    { runId: run.runId },
  );
  return {
    hash: run.planHash,
    modelVersion: run.modelVersion,
    asksForTraining: trainQueue.messages.length > 0,
    rows: JSON.stringify(rows),
    means: rows.map((row) => JSON.parse(row.path).mean),
  };
}

/** The database, but for signals. */
const unable = (failure: () => Error): Database => ({
  select: async (row, sql, params) => {
    if (sql.includes('demand_signal')) throw failure();
    return db.database.select(row, sql, params);
  },
  write: (sql, params) => db.database.write(sql, params),
  transaction: (work) => db.database.transaction(work),
});

/** Mean of the weeks ahead with a promotion over that of those without. */
function lift({ means }: Planned): number {
  const on: number[] = [];
  const off: number[] = [];
  means.forEach((path, i) => {
    path.forEach((mean, h) => {
      (promotions[i]![WEEKS + h] ? on : off).push(mean / (20 + 5 * i));
    });
  });
  const average = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return average(on) / average(off);
}

describe('planned promotions of products', () => {
  test('lift the forecast once a model has learnt them, and leave no trace when they are removed', {
    timeout: PATIENCE_MS,
  }, async () => {
    await plantItems(db.database, items);
    await train(db.database, bucket.objects);
    const before = await plan();
    expect(before.modelVersion).not.toBeNull();
    expect(before.asksForTraining).toBe(false);
    expect(lift(before)).toBeLessThan(1.2);

    const ids = await promote();
    const untaught = await plan();
    expect(untaught.hash).not.toBe(before.hash);
    expect(untaught.rows, 'the model that knows nothing of them goes on as before').toBe(before.rows);
    expect(untaught.asksForTraining).toBe(true);

    await train(db.database, bucket.objects);
    const taught = await plan();
    expect(taught.modelVersion).not.toBe(before.modelVersion);
    expect(taught.asksForTraining).toBe(false);
    expect(lift(taught)).toBeGreaterThan(1.8);
    expect((await plan()).rows, 'the same inputs give the same plan').toBe(taught.rows);

    const said = new Set<string>();
    const blind = await plan(
      unable(() => new Error('more than fits')),
      (what) => said.add(what),
    );
    expect(blind.hash).toBe(taught.hash);
    expect(blind.means, 'what cannot be read costs no plan').toHaveLength(items.length);
    expect([...said]).toEqual(['the known inputs cannot be read']);
    await expect(
      plan(unable(() => new Fault('unavailable', 'asleep'))),
      'what passes is tried again',
    ).rejects.toThrow('asleep');

    await saveSignalValues(db.database, ids[0]!, [{ day: addDays(AS_OF, 3), value: 0.5 }]);
    expect((await plan()).hash, 'a changed plan of promotions is another plan').not.toBe(taught.hash);

    const late = await createSignal(db.database, { ...PROMOTION, scope_key: 'later' }, 'test');
    const grown = await plan();
    expect(grown.modelVersion, 'one more of the name is used by the model that knows the name').toBe(
      taught.modelVersion,
    );
    expect(grown.asksForTraining).toBe(false);
    expect(await deleteSignal(db.database, late)).toBe(true);
    expect((await plan()).modelVersion).toBe(taught.modelVersion);

    const [first, ...others] = ids;
    expect(await deleteSignal(db.database, first!)).toBe(true);
    const reduced = await plan();
    expect(reduced.rows, 'a model that has learnt it is not used, though its name goes on').toBe(before.rows);
    expect(reduced.asksForTraining).toBe(true);
    await train(db.database, bucket.objects);
    const retaught = await plan();
    expect([before.modelVersion, taught.modelVersion]).not.toContain(retaught.modelVersion);
    expect(retaught.asksForTraining).toBe(false);

    for (const id of others) expect(await deleteSignal(db.database, id)).toBe(true);
    const after = await plan();
    expect(after.hash).toBe(before.hash);
    expect(after.rows).toBe(before.rows);
    expect(after.asksForTraining).toBe(false);
  });
});

describe('signals whose future is not known', () => {
  test('are not read after the planning day', { timeout: PATIENCE_MS }, async () => {
    await plantItems(db.database, items);
    const id = await createSignal(
      db.database,
      { name: 'index', kind: 'market', scope: 'all', scope_key: null, future: 'lagged' },
      null,
    );
    const past = Array.from({ length: 700 }, (_, d) => ({
      day: addDays(AS_OF, d - 699),
      value: (d * 37) % 101,
    }));
    await saveSignalValues(db.database, id, past);
    await train(db.database, bucket.objects);
    const before = await plan();
    const version = before.modelVersion;
    await saveSignalValues(
      db.database,
      id,
      Array.from({ length: 90 }, (_, d) => ({ day: addDays(AS_OF, d + 1), value: 1e6 })),
    );
    const after = await plan();
    expect(after.hash).toBe(before.hash);
    expect(after.rows).toBe(before.rows);
    await db.database.write('DELETE FROM forecast_model');
    await train(db.database, bucket.objects);
    expect((await plan()).modelVersion).toBe(version);
  });
});

describe('the holidays of a country', () => {
  test('are inputs of the model once the setting says so, and a place nobody knows costs no plan', {
    timeout: PATIENCE_MS,
  }, async () => {
    await plantItems(db.database, items);
    await train(db.database, bucket.objects);
    const before = await plan();
    const set = (value: string) =>
      db.database.write(
        `INSERT INTO setting (name, value) VALUES ('holidays', :value) ON DUPLICATE KEY UPDATE value = :value`,
        { value },
      );
    await set('GB');
    const untaught = await plan();
    expect(untaught.rows).toBe(before.rows);
    expect(untaught.asksForTraining).toBe(true);
    await train(db.database, bucket.objects);
    const taught = await plan();
    expect(taught.modelVersion).not.toBe(before.modelVersion);
    expect(taught.rows).not.toBe(before.rows);
    await set('ZZ');
    const nowhere = await plan();
    expect(nowhere.rows).toBe(before.rows);
    await train(db.database, bucket.objects);
    expect((await plan()).means).toHaveLength(items.length);
    await set('nowhere');
    await expect(plan()).rejects.toThrow('A setting of the plan makes no sense');
  });
});
