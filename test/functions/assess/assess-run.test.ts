import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { mondayOf } from '../../../shared/core/calendar/quarters.ts';
import { readDueBuckets } from '../../../shared/data/forecasts/accuracy-close-store.ts';
import { readAccuracy } from '../../../shared/data/forecasts/accuracy-reads.ts';
import { forgetOldAccuracy } from '../../../shared/data/forecasts/old-accuracy.ts';
import { forgetOldForecasts } from '../../../shared/data/forecasts/old-forecasts.ts';
import { readSeriesAccuracy } from '../../../shared/data/forecasts/series-accuracy.ts';
import type { SeriesKey } from '../../../shared/data/forecasts/series-store.ts';
import { type Database, json, type Params, type Statements } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import { Crash, crashingDatabase, plantItems } from '../planning/planning-fixture.ts';
import {
  accuracyState,
  addUnits,
  assess,
  clearAccuracy,
  dailyDemand,
  plantRun,
  recomputed,
  storedDemand,
} from './accuracy-fixture.ts';

/** Half a year before the first origin, and demand until long after the last. */
const FIRST = '2010-01-01';
const LAST = '2011-12-09';
const PATIENCE_MS = 5 * 60_000;
const ALL_LAGS = { from: 1, to: 13 };
const keys: SeriesKey[] = ['A', 'B', 'C'].map((productId) => ({ productId, locationId: 'MAIN' }));

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let database: Database;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand', 'ledger'] });
  database = db.database;
});
afterAll(() => db.close());
beforeEach(async () => {
  await clearAccuracy(database);
  for (const table of ['demand', 'stock']) await database.write(`DELETE FROM ${table}`);
  await plantItems(
    database,
    keys.map(({ productId }) => ({ productId, demand: dailyDemand(productId, FIRST, LAST) })),
  );
  await database.write(`UPDATE products SET category = 'Home' WHERE product_id IN ('A', 'B')`);
});

const sheets = (where = 'TRUE') =>
  database.select(
    z.object({
      as_of: z.string(),
      lag: z.int(),
      bucket_end: z.string(),
      is_closed: z.int(),
      forecasts: z.string().transform((text) => JSON.parse(text) as { mean: number[]; naive: number[] }),
      actuals: z.string().nullable(),
    }),
    `SELECT as_of, lag, bucket_end, actuals IS NOT NULL AS is_closed, forecasts, actuals
       FROM accuracy_sheet WHERE ${where} ORDER BY as_of, lag`,
  );

/** By lag: what the database has summed up against what the library makes of the same forecasts and demand. */
async function expectSums(origins: readonly Awaited<ReturnType<typeof plantRun>>[], lastDay: string) {
  const { rows } = await readAccuracy(database, { by: 'lag', lag: ALL_LAGS });
  const library = recomputed(origins, await storedDemand(database), lastDay);
  expect(rows.map((row) => Number(row.group))).toEqual(library.map(({ lag }) => lag));
  rows.forEach((row, i) => {
    expect(row.forecasts).toBe(library[i]!.buckets);
    expect(row.wape).toBeCloseTo(library[i]!.wape!, 10);
    expect(row.bias).toBeCloseTo(library[i]!.bias!, 10);
    expect(row.wql).toBeCloseTo(library[i]!.wql!, 10);
    // the outermost quantiles are those of the interval of 95 %
    expect(row.coverage95).toBeCloseTo(library[i]!.coverage!, 10);
  });
  return rows;
}

describe('weeks that are over', () => {
  test('are scored at every lag as the library scores them, whatever weekday their plans were made on', async () => {
    // across a leap year's end, both changes of the clock and ends of months
    const days = ['2010-12-28', '2011-01-05', '2011-03-20', '2011-03-30', '2011-10-27', '2011-11-02'];
    const origins = [];
    for (const day of days) {
      const run = await plantRun(database, day, { keys });
      origins.push(run);
      await assess(database, run);
    }
    for (const sheet of await sheets()) {
      expect(sheet.bucket_end).toBe(addDays(sheet.as_of, 7 * sheet.lag));
      expect(sheet.is_closed).toBe(Number(sheet.bucket_end <= days.at(-1)!));
    }
    const rows = await expectSums(origins, days.at(-1)!);
    expect(rows).toHaveLength(13);
  });

  test('of a month close at once when the day jumps, four lags of the plan before', async () => {
    const before = await plantRun(database, '2011-08-31', { keys });
    await assess(database, before);
    expect((await readAccuracy(database, { by: 'total', lag: ALL_LAGS })).rows).toEqual([]);
    const after = await plantRun(database, '2011-09-30', { keys });
    await assess(database, after);
    const rows = await expectSums([before, after], '2011-09-30');
    expect(rows.map((row) => row.group)).toEqual(['1', '2', '3', '4']);
    const total = await readAccuracy(database, { by: 'total', lag: ALL_LAGS });
    expect(total).toMatchObject({ weeks: 4, first_week_end: '2011-09-07', last_week_end: '2011-09-28' });
  });

  test('are scored beside last year, and beside the last week for a series younger than that', async () => {
    await database.write(`DELETE FROM demand WHERE product_id = 'B' AND date <= '2010-10-08'`);
    await database.write(`DELETE FROM demand WHERE product_id = 'C' AND date <= '2010-09-01'`);
    await addUnits(database, 'C', '2010-09-07', 3);
    const asOf = '2011-08-31';
    await assess(database, await plantRun(database, asOf, { keys }));
    const demand = await storedDemand(database);
    const week = (name: string, end: string) =>
      demand
        .filter(({ seriesId, date }) => seriesId === name && date > addDays(end, -7) && date <= end)
        .reduce((sum, { quantity }) => sum + quantity, 0);
    for (const { lag, bucket_end, forecasts } of await sheets()) {
      const lastYear = addDays(bucket_end, -364);
      // C's first demand is in the first of 52 weeks, B's is later
      expect(forecasts.naive, `lag ${lag}`).toEqual([
        week('A|MAIN', lastYear),
        week('B|MAIN', asOf),
        week('C|MAIN', lastYear),
      ]);
    }
  });

  test('are left alone by a second assessment, by two at once, and by one of an older plan', async () => {
    const before = await plantRun(database, '2011-08-31', { keys });
    await assess(database, before);
    const after = await plantRun(database, '2011-10-05', { keys });
    await assess(database, after);
    const state = await accuracyState(database);
    expect(state.cells!.length).toBeGreaterThan(0);
    await assess(database, after);
    await assess(database, before);
    expect(await accuracyState(database)).toEqual(state);
    await clearAccuracyOnly();
    await assess(database, before);
    await Promise.all([assess(database, after), assess(database, after), assess(database, before)]);
    expect(await accuracyState(database)).toEqual(state);
  });

  test('end in the same state wherever the process dies', { timeout: PATIENCE_MS }, async () => {
    const before = await plantRun(database, '2011-08-31', { keys });
    const after = await plantRun(database, '2011-09-14', { keys });
    const whole = async (mortal: Database) => {
      await assess(mortal, before);
      await assess(mortal, after);
    };
    const counting = crashingDatabase(database, Number.POSITIVE_INFINITY);
    await whole(counting);
    const state = await accuracyState(database);
    for (let step = 1; step <= counting.steps(); step += 3) {
      await clearAccuracyOnly();
      await expect(whole(crashingDatabase(database, step))).rejects.toThrow(Crash);
      await whole(database);
      expect(await accuracyState(database), `died at step ${step}`).toEqual(state);
    }
  });

  test('are closed with forecasts that were pruned long ago', async () => {
    const old = await plantRun(database, '2011-06-01', { keys });
    await assess(database, old);
    for (let week = 1; week <= 9; week++) await plantRun(database, addDays('2011-06-01', 7 * week), { keys });
    await forgetOldForecasts(database, () => true);
    const [left] = await database.select(
      z.object({ n: z.int() }),
      `SELECT COUNT(*) AS n FROM forecast WHERE run_id = :runId`,
      { runId: old.runId },
    );
    expect(left!.n).toBe(0);
    await assess(database, await plantRun(database, '2011-08-31', { keys }));
    expect(await expectSums([old], '2011-08-31')).toHaveLength(13);
  });

  test('leave out what was out of stock, and count it', async () => {
    // the ledger does not forget: these have names of their own
    const kept = ['SA', 'SB', 'SC'].map((productId) => ({ productId, locationId: 'MAIN' }));
    await plantItems(
      database,
      kept.map(({ productId }) => ({ productId, demand: dailyDemand(productId, FIRST, LAST) })),
    );
    await plantStockouts();
    await assess(database, await plantRun(database, '2011-08-31', { keys: kept }));
    await assess(database, await plantRun(database, '2011-09-14', { keys: kept }));
    const closed = await sheets(`as_of = '2011-08-31' AND actuals IS NOT NULL`);
    const actuals = closed.map((sheet) => JSON.parse(sheet.actuals!) as (number | null)[]);
    // SA was empty from the 2nd to the 5th; SB was emptied and filled on one day; of SC no stock is kept
    expect(actuals.map((week) => week.map((actual) => actual === null))).toEqual([
      [true, false, false],
      [false, false, false],
    ]);
    const { rows } = await readAccuracy(database, { by: 'lag', lag: ALL_LAGS });
    expect(rows).toMatchObject([
      { forecasts: 2, out_of_stock: 1, actual: actuals[0]![1]! + actuals[0]![2]! },
      { forecasts: 3, out_of_stock: 0 },
    ]);
  });

  test('are looked for in the demand of their own days only', async () => {
    await assess(database, await plantRun(database, '2011-08-31', { keys }));
    await assess(database, await plantRun(database, '2011-09-21', { keys }));
    const reads: [string, Params | undefined][] = [];
    const watched: Statements = {
      select(row, sql, params) {
        if (sql.includes('demand')) reads.push([sql, params]);
        return database.select(row, sql, params);
      },
      write: () => expect.fail('looking changes nothing'),
    };
    expect(await readDueBuckets(watched, '2011-09-22')).toEqual([]);
    expect(reads).not.toEqual([]);
    const Step = z.object({ table: z.string().nullable(), type: z.string().nullable() });
    for (const [sql, params] of reads) {
      const steps = await database.select(Step, `EXPLAIN ${sql}`, params);
      expect(steps.filter((step) => step.table === 'd').map((step) => step.type)).toEqual(['range']);
    }
  });

  test('are closed anew when demand comes late or is taken back, for four weeks', async () => {
    const before = await plantRun(database, '2011-08-31', { keys });
    await assess(database, before);
    const next = await plantRun(database, '2011-09-09', { keys });
    await assess(database, next);
    await expectSums([before], '2011-09-09');
    await addUnits(database, 'A', '2011-09-03', 40);
    await addUnits(database, 'B', '2011-09-04', 5);
    await assess(database, next);
    await expectSums([before], '2011-09-09');
    const late = await plantRun(database, '2011-10-05', { keys });
    await assess(database, late);
    await expectSums([before, next], '2011-10-05');
    const state = await accuracyState(database);
    // the week that ended on 7 September has settled
    await addUnits(database, 'A', '2011-09-03', 40);
    await assess(database, late);
    expect(await accuracyState(database)).toEqual(state);
  });
});

describe('what is kept', () => {
  test('is replaced by a newer plan of the same day, until one of its weeks is closed', async () => {
    const first = await plantRun(database, '2011-08-31', { keys: keys.slice(0, 2) });
    const second = await plantRun(database, '2011-08-31', { keys });
    await assess(database, first);
    await assess(database, second);
    await assess(database, first);
    expect((await accuracyState(database)).origins).toMatchObject([{ run_id: second.runId, series: 3 }]);
    await assess(database, await plantRun(database, '2011-09-07', { keys }));
    await assess(database, await plantRun(database, '2011-08-31', { keys: keys.slice(0, 1) }));
    expect((await accuracyState(database)).origins).toMatchObject([
      { run_id: second.runId, series: 3 },
      { as_of: '2011-09-07' },
    ]);
    await expectSums([second], '2011-09-07');
  });

  test('is every forecast with its quantiles; one without any is left out, not the others with it', async () => {
    const run = await plantRun(database, '2011-08-31', { keys });
    await database.write(
      `UPDATE forecast SET path = '{"mean":[1,2,3],"quantiles":{}}' WHERE run_id = :runId AND product_id = 'B'`,
      { runId: run.runId },
    );
    await assess(database, run);
    const { origins, sheets: kept } = await accuracyState(database);
    expect(origins).toMatchObject([{ series: 2 }]);
    expect(kept).toHaveLength(13);
  });

  test('is the first day of each week, Monday to Sunday, and nothing of a plan that was overtaken', async () => {
    const [sunday, monday, tuesday] = ['2011-08-28', '2011-08-29', '2011-08-30'];
    for (const day of [monday, sunday, tuesday, monday] as string[])
      await assess(database, await plantRun(database, day, { keys }));
    const overtaken = await plantRun(database, '2011-09-05', { keys });
    await database.write(`UPDATE forecast_run SET status = 'superseded' WHERE run_id = :runId`, {
      runId: overtaken.runId,
    });
    await assess(database, overtaken);
    const { origins } = await accuracyState(database);
    expect(origins).toMatchObject([
      { as_of: sunday, week: mondayOf(sunday!), series: 3 },
      { as_of: monday, week: monday, series: 3 },
    ]);
  });

  test('is a quarter of sheets and two years of sums, and weeks that are gone are not closed again', {
    timeout: PATIENCE_MS,
  }, async () => {
    const start = '2011-01-02';
    const weeks = 30;
    await plantClosedWeeks(addDays(start, 7), 110);
    for (let week = 0; week < weeks; week++) {
      const run = await plantRun(database, addDays(start, 7 * week), { keys: keys.slice(0, 1) });
      await assess(database, run);
      await database.write(`DELETE FROM forecast_run`);
    }
    const last = addDays(start, 7 * (weeks - 1));
    const ends = new Set((await sheets('actuals IS NOT NULL')).map((sheet) => sheet.bucket_end));
    expect([...ends].sort()).toEqual(Array.from({ length: 13 }, (_, i) => addDays(last, 7 * (i - 12))));
    // 13 closed weeks with 13 lags each, and of the newest 13 plans 13, 12 ... 1 weeks to come
    expect((await sheets()).length).toBe(13 * 13 + (13 * 14) / 2);
    const span = await readAccuracy(database, { by: 'total', lag: ALL_LAGS });
    expect(span).toMatchObject({ weeks: 117, first_week_end: addDays(last, -7 * 116), last_week_end: last });
    const state = await accuracyState(database);
    expect(state.parts).toHaveLength(26);
    // a plan as of a day long ago finds its weeks settled
    const old = addDays(start, 35);
    await database.write(`DELETE FROM accuracy_origin WHERE as_of = :old`, { old });
    await assess(database, await plantRun(database, old, { keys: keys.slice(0, 1) }));
    expect((await accuracyState(database)).cells).toEqual(state.cells);
  });

  test('is forgotten while another assessment holds sheets that stay', { timeout: PATIENCE_MS }, async () => {
    await plantClosedWeeks('2011-09-01', 14);
    const kept = await plantRun(database, '2011-08-31', { keys });
    await assess(database, kept);
    await database.write(
      `INSERT INTO accuracy_bucket (bucket_end, week, digest, is_settled) VALUES ('2011-09-07', '2011-09-05', '', 1)`,
    );
    await database.transaction(async (tx) => {
      await tx.write(`UPDATE accuracy_sheet SET actuals = '[]' WHERE bucket_end = '2011-09-28'`);
      await forgetOldAccuracy(database, () => true);
    });
    const left = await sheets();
    expect(left.map((sheet) => sheet.bucket_end)).not.toContain('2011-09-07');
    expect(left).toHaveLength(12);
  });

  test('of one series is what its category of one says', async () => {
    for (const day of ['2011-08-31', '2011-09-07', '2011-09-14', '2011-10-19'])
      await assess(database, await plantRun(database, day, { keys }));
    const series = await readSeriesAccuracy(database, keys[2]!);
    expect(series.lags.map(({ lag }) => lag)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const { lag, ...figures } of series.lags) {
      const { rows } = await readAccuracy(database, { by: 'category', lag: { from: lag, to: lag } });
      expect(figures).toEqual({
        ...rows.find((row) => row.group === 'Uncategorised'),
        group: undefined,
        ...closeTo(figures),
      });
    }
    expect(series.weeks.map((week) => week.week_end)).toEqual(['2011-09-07', '2011-09-14', '2011-09-21']);
    expect(await readSeriesAccuracy(database, { productId: 'Z', locationId: 'MAIN' })).toMatchObject({
      lags: [],
      weeks: [],
    });
  });
});

/** Numbers whose sums were made in another order. */
function closeTo(figures: Readonly<Record<string, number | null>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, value === null ? null : expect.closeTo(value, 9)]),
  );
}

async function clearAccuracyOnly(): Promise<void> {
  for (const table of ['accuracy_origin', 'accuracy_bucket', 'accuracy_cell', 'alert', 'outbox'])
    await database.write(`DELETE FROM ${table}`);
}

/** Weeks that were closed long ago, the last one a week before the given day. */
async function plantClosedWeeks(before: string, weeks: number): Promise<void> {
  const ends = Array.from({ length: weeks }, (_, i) => addDays(before, -7 * (i + 1)));
  const days = json(ends.map((end) => [end, mondayOf(end)]));
  const from = `FROM JSON_TABLE(:days, '$[*]' COLUMNS (e DATE PATH '$[0]', w DATE PATH '$[1]')) AS j`;
  await database.write(
    `INSERT INTO accuracy_bucket (bucket_end, week, digest, is_settled) SELECT j.e, j.w, 'planted', 1 ${from}`,
    { days },
  );
  await database.write(
    `INSERT INTO accuracy_cell (bucket_end, lag, kind, name, scored, censored, actual, error,
                                absolute_error, naive_error, quantile_loss, inside80, inside95)
     SELECT j.e, 1, 'category', '', 1, 0, 1, 1, 1, 1, 1, 1, 1 ${from}`,
    { days },
  );
}

async function plantStockouts(): Promise<void> {
  const movements = [
    ['SA', '2011-08-01 09:00:00', 100, 'opening'],
    ['SA', '2011-09-01 09:00:00', -100, 'sale'],
    ['SA', '2011-09-05 09:00:00', 50, 'receipt'],
    ['SB', '2011-08-01 09:00:00', 100, 'receipt'],
    ['SB', '2011-09-01 09:00:00', -100, 'sale'],
    ['SB', '2011-09-01 10:00:00', 70, 'receipt'],
    ['SC', '2011-08-01 09:00:00', 7, 'adjustment'],
    ['SC', '2011-08-01 09:00:00', -7, 'sale'],
  ] as const;
  await database.write(
    `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
     SELECT j.p, 'MAIN', j.d, j.q, 0, j.t, 'test', CONCAT('test ', j.n)
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n FOR ORDINALITY, p VARCHAR(64) PATH '$[0]', d DATETIME PATH '$[1]',
                                              q INT PATH '$[2]', t VARCHAR(20) PATH '$[3]')) AS j`,
    { rows: json(movements) },
  );
  for (const [product, level] of [
    ['SA', 50],
    ['SB', 70],
    ['SC', 0],
  ] as const)
    await database.write(`UPDATE stock SET stock_level = :level WHERE product_id = :product`, {
      level,
      product,
    });
}
