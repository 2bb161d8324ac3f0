import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  forecastGroups,
  GROUP_HORIZON,
  type GroupNeeds,
} from '../../../functions/forecast/forecast-groups.ts';
import { forecastSeries } from '../../../shared/core/forecast/auto.ts';
import { findNewestRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { ForecastPath, STATE_LIMIT_BYTES } from '../../../shared/data/forecasts/forecast-store.ts';
import { GroupDays, GroupPath } from '../../../shared/data/forecasts/group-forecast-store.ts';
import { NO_CATEGORY, readMembers } from '../../../shared/data/forecasts/group-members-store.ts';
import { forgetOldForecasts } from '../../../shared/data/forecasts/old-forecasts.ts';
import { type Database, json } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import {
  Crash,
  calmDelivery,
  crashingDatabase,
  type Item,
  MemoryQueue,
  planThrough,
  plantItems,
  weekly,
} from '../planning/planning-fixture.ts';

const AS_OF = '2011-12-09';
const wave = (level: number, weeks: number) =>
  weekly(
    AS_OF,
    Array.from({ length: weeks }, (_, i) => level + ((i * 7) % 5) + (i % 3)),
  );
const items: Item[] = [
  { productId: 'A1', demand: wave(40, 120) },
  { productId: 'A2', demand: wave(10, 90) },
  { productId: 'A2', locationId: 'SHOP', demand: wave(6, 90) },
  { productId: 'B1', demand: wave(25, 60) },
  { productId: 'B2', demand: weekly(AS_OF, [1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 1]) },
  { productId: 'N1', demand: wave(3, 70) },
  { productId: 'N2', demand: [[AS_OF, 4]] },
];
const categories: Readonly<Record<string, string | null>> = {
  A1: 'Books & Media',
  A2: 'books & media',
  B1: 'Garden',
  B2: 'Garden',
  N1: null,
  N2: '',
};

const PATIENCE_MS = 120_000;
let db: Awaited<ReturnType<typeof openTestDatabase>>;
let runId: string;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
  await plantItems(db.database, items);
  await db.database.write(
    `UPDATE products p
       JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', category VARCHAR(100) PATH '$[1]')) AS j
         ON j.id = p.product_id
        SET p.category = j.category`,
    { rows: json(Object.entries(categories)) },
  );
}, PATIENCE_MS);
afterAll(() => db.close());
beforeEach(async () => {
  for (const table of ['suggestion', 'purchase_order', 'forecast_run', 'inbox']) {
    await db.database.write(`DELETE FROM ${table}`);
  }
  await planThrough(db.database);
  runId = (await findNewestRun(db.database))!.runId;
}, PATIENCE_MS);

const Row = z
  .object({
    group_level: z.string(),
    group_key: z.string(),
    series: z.int(),
    forecast_qty: z.number(),
    confidence_low: z.number(),
    confidence_high: z.number(),
    model_used: z.string(),
    history: z.string().transform((text) => z.array(z.number()).parse(JSON.parse(text))),
    path: z.string().transform((text) => GroupPath.parse(JSON.parse(text))),
    days: z.string().transform((text) => GroupDays.parse(JSON.parse(text))),
    state: z.string(),
  })
  .transform(({ path, days, ...row }) => ({ ...row, ...path, ...days }));

const groups = () =>
  db.database.select(
    Row,
    `SELECT group_level, group_key, series, forecast_qty, confidence_low, confidence_high, model_used, history, path,
            days, state
       FROM group_forecast WHERE run_id = :runId ORDER BY group_level, group_key`,
    { runId },
  );

const again = (
  database: Database = db.database,
  {
    remainingMs = calmDelivery.remainingMs,
    ...needs
  }: Partial<GroupNeeds> & { readonly remainingMs?: () => number } = {},
) =>
  forecastGroups(
    { forecastQueue: new MemoryQueue(), ...needs, database },
    { type: 'GroupsRequested', runId },
    { ...calmDelivery, remainingMs },
  );

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the forecasts of groups', () => {
  test('are those of each category and the total; products without one are a category of their own', async () => {
    const found = await groups();
    expect(found.map(({ group_level, group_key, series }) => [group_level, group_key, series])).toEqual([
      ['category', 'Books & Media', 3],
      ['category', 'Garden', 2],
      ['category', NO_CATEGORY, 2],
      ['total', '', 7],
    ]);
  });

  test('add up: a category to its series, the total to the categories, in every week', async () => {
    const found = await groups();
    const leaves = await db.database.select(
      z.object({ product_id: z.string(), path: z.string() }),
      `SELECT product_id, path FROM forecast WHERE run_id = :runId`,
      { runId },
    );
    const means = leaves.map(({ product_id, path }) => ({
      category: (categories[product_id] || NO_CATEGORY).toLowerCase(),
      mean: ForecastPath.parse(JSON.parse(path)).mean,
    }));
    const total = found.find(({ group_level }) => group_level === 'total')!;
    const parts = found.filter(({ group_level }) => group_level === 'category');
    for (let week = 0; week < GROUP_HORIZON; week++) {
      const of = sum(parts.map(({ mean }) => mean[week]!));
      expect(total.mean[week]! / of).toBeCloseTo(1, 8);
    }
    for (const part of parts) {
      const members = means.filter(({ category }) => category === part.group_key.toLowerCase());
      expect(members.length).toBe(part.series);
      for (let week = 0; week < 13; week++)
        expect(part.mean[week]).toBeCloseTo(sum(members.map(({ mean }) => mean[week]!)), 6);
      expect(part.forecast_qty).toBeCloseTo(sum(part.mean.slice(0, 13)), 5);
    }
  });

  test('are as long as a year, with bounds in order, days that share out their week, and a small state', async () => {
    for (const group of await groups()) {
      expect(group.mean).toHaveLength(GROUP_HORIZON);
      expect(sum(group.shares)).toBeCloseTo(1, 12);
      expect(group.low95).toHaveLength(7 * GROUP_HORIZON);
      for (const levels of [group.quantiles, group.sums]) {
        const sorted = Object.entries(levels).sort(([a], [b]) => Number(a) - Number(b));
        for (let i = 1; i < sorted.length; i++)
          sorted[i]![1].forEach((value, week) => {
            expect(value).toBeGreaterThanOrEqual(sorted[i - 1]![1][week]!);
          });
        expect(sorted[0]![1].every((value) => value >= 0)).toBe(true);
      }
      const last = (level: string) => group.sums[level]![12]!;
      expect(group.confidence_low).toBe(last('0.025'));
      expect(group.confidence_high).toBe(last('0.975'));
      // the bounds of a sum are not the sums of bounds
      expect(last('0.975')).toBeLessThan(sum(group.quantiles['0.975']!.slice(0, 13)) * 1.001);
      expect(group.state.length).toBeLessThanOrEqual(STATE_LIMIT_BYTES);
    }
  });

  test('know the demand of all members, week by week and by day', async () => {
    const [books] = await groups();
    expect(books!.history).toHaveLength(120);
    expect(sum(books!.history)).toBe(
      sum(items.filter(({ productId }) => productId < 'B').flatMap(({ demand }) => demand.map(([, n]) => n))),
    );
    const members = await readMembers(db.database, runId, 'Books & Media', AS_OF);
    expect([...members.weeks]).toEqual(books!.history);
    expect(sum([...members.days])).toBe(sum(books!.history.slice(-52)));
    // all its demand is on the last day of the week
    expect(books!.shares[6]).toBe(1);
    expect(members.means).toHaveLength(13);
  });
});

describe('a redelivery', () => {
  test('finds the groups stored, and stores the same when they are not', async () => {
    const before = await groups();
    await again();
    await db.database.write('DELETE FROM group_forecast');
    await again();
    expect(await groups()).toEqual(before);
  });

  test('makes good a death at any step: the total is there when all categories are, and only then', async () => {
    const before = await groups();
    let deaths = 0;
    for (let at = 1; at < 100; at++) {
      await db.database.write('DELETE FROM group_forecast');
      const died = await again(crashingDatabase(db.database, at)).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      expect([0, 3, 4]).toContain((await groups()).length);
      if (!died) break;
      deaths++;
      await again();
      expect(await groups(), `death at step ${at}`).toEqual(before);
    }
    expect(deaths).toBeGreaterThan(8);
    expect(await groups()).toEqual(before);
  });

  test('leaves alone a run that is not the newest complete one', async () => {
    await db.database.write('DELETE FROM group_forecast');
    await db.database.write(`UPDATE forecast_run SET status = 'superseded'`);
    await again();
    expect(await groups()).toEqual([]);
  });
});

test('a model that fails costs its group the spread, not the others theirs nor the sum', async () => {
  const before = await groups();
  await db.database.write('DELETE FROM group_forecast');
  let calls = 0;
  await again(db.database, {
    forecaster: (input: Parameters<typeof forecastSeries>[0]) => {
      if (++calls === 2) throw new Error('no model');
      return forecastSeries(input);
    },
  });
  const found = await groups();
  expect(found.map(({ model_used }) => model_used === 'mean')).toEqual([false, true, false, false]);
  expect(found[0]).toEqual(before[0]);
  expect(found[1]!.mean.slice(0, 13)).toEqual(before[1]!.mean.slice(0, 13));
  expect(found[3]!.mean[0]).toBe(before[3]!.mean[0]);
});

test('a category of thousands of products is read in parts, each product once', async () => {
  const many = 2 * 2000 + 1;
  const numbers = json(Array.from({ length: many }, (_, i) => i));
  const run = [runId, AS_OF].map((text) => `'${text}'`);
  const from = `FROM JSON_TABLE(:numbers, '$[*]' COLUMNS (i INT PATH '$')) AS j`;
  const insert = (table: string, values: string) =>
    db.database.write(`INSERT INTO ${table} SELECT ${values} ${from}`, { numbers });
  await insert('products (product_id, product_name, category)', `CONCAT('M', j.i), 'x', 'Masses'`);
  await insert(
    'demand (product_id, location_id, date, quantity, sale_lines, revenue)',
    `CONCAT('M', j.i), 'MAIN', DATE_SUB(${run[1]}, INTERVAL MOD(j.i, 500) DAY), 1 + MOD(j.i, 3), 1, 1`,
  );
  await insert(
    `forecast (run_id, product_id, location_id, forecast_date, period_days, horizon, forecast_qty, confidence_low,
               confidence_high, model_used, demand_class, path, state)`,
    `${run[0]}, CONCAT('M', j.i), 'MAIN', ${run[1]}, 7, 2, 3, 0, 9, 'm', 'new', '{"mean":[1,2],"quantiles":{}}', '{}'`,
  );
  const units = Array.from({ length: many }, (_, i) => 1 + (i % 3));
  const { weeks, days, means } = await readMembers(db.database, runId, 'Masses', AS_OF);
  expect(weeks).toHaveLength(Math.ceil(500 / 7));
  expect(sum([...weeks])).toBe(sum(units));
  expect(sum([...days])).toBe(sum(units.filter((_, i) => i % 500 < 364)));
  expect(means).toEqual([many, 2 * many]);
  await db.database.write(`DELETE FROM forecast WHERE product_id LIKE 'M%'`);
  await db.database.write(`DELETE FROM demand WHERE product_id LIKE 'M%'`);
  await db.database.write(`DELETE FROM products WHERE product_id LIKE 'M%'`);
});

test('with many categories a message hands on when its time runs short, and what is stored is not made again', async () => {
  const many = 30;
  const numbers = json(Array.from({ length: many }, (_, i) => i));
  const from = `FROM JSON_TABLE(:numbers, '$[*]' COLUMNS (i INT PATH '$')) AS j`;
  const insert = (sql: string) => db.database.write(`INSERT INTO ${sql} ${from}`, { numbers });
  await db.database.write('DELETE FROM group_forecast');
  await insert(
    `products (product_id, product_name, category) SELECT CONCAT('M', j.i), 'x', CONCAT('Sort ', j.i)`,
  );
  await insert(
    `forecast (run_id, product_id, location_id, forecast_date, period_days, horizon, forecast_qty, confidence_low,
               confidence_high, model_used, demand_class, path, state)
     SELECT '${runId}', CONCAT('M', j.i), 'MAIN', '${AS_OF}', 7, 2, 3, 0, 9, 'm', 'new', '{"mean":[1,2],"quantiles":{}}', '{}'`,
  );
  const forecastQueue = new MemoryQueue();
  const names: number[] = [];
  for (
    let left = 3;
    left > 0 && !(await groups()).some(({ group_level }) => group_level === 'total');
    left--
  ) {
    await again(db.database, { remainingMs: () => 1000, forecastQueue });
    names.push((await groups()).length);
  }
  // the last message has no categories left, so it makes the total, however short its time
  expect(names).toEqual([25, 33, 34]);
  expect(forecastQueue.messages).toEqual([1, 2].map(() => ({ type: 'GroupsRequested', runId })));
  const inParts = await groups();
  await db.database.write('DELETE FROM group_forecast');
  await again();
  expect(await groups()).toEqual(inParts);
  await db.database.write(`DELETE FROM forecast WHERE product_id LIKE 'M%'`);
  await db.database.write(`DELETE FROM products WHERE product_id LIKE 'M%'`);
});

test('groups are forgotten with the forecasts of their run', async () => {
  const old = runId;
  await db.database.write('DELETE FROM suggestion');
  for (let i = 0; i < 7; i++) {
    await db.database.write(
      `INSERT INTO forecast_run (run_id, cause, as_of, plan_hash, settings, series, chunks, status)
       SELECT RPAD(:name, 22, 'x'), cause, as_of, plan_hash, settings, 0, 0, 'done' FROM forecast_run WHERE run_id = :old`,
      { name: `later-${i}`, old },
    );
  }
  await db.database.write(`UPDATE forecast_run SET status = 'done' WHERE run_id = :old`, { old });
  expect(await groups()).toHaveLength(4);
  await forgetOldForecasts(db.database, () => true);
  expect(await groups()).toEqual([]);
});
