import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { watchAccuracy } from '../../../functions/assess/watch-accuracy.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { closeAlert } from '../../../shared/data/planning/alert-store.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  for (const table of ['accuracy_cell', 'alert', 'outbox']) await db.database.write(`DELETE FROM ${table}`);
});

const FIRST_END = '2011-06-05';

/** Closed weeks of a category: error of each, of 100 units sold, and the error of the naive forecast. */
async function plantWeeks(
  category: string,
  errors: readonly number[],
  naive = 1000,
  from = 0,
): Promise<void> {
  const rows = errors.map((error, week) => [
    addDays(FIRST_END, 7 * (from + week)),
    category,
    error,
    Math.abs(error),
    naive,
  ]);
  await db.database.write(
    `INSERT INTO accuracy_cell (bucket_end, lag, kind, name, scored, censored, actual, error,
                                absolute_error, naive_error, quantile_loss, inside80, inside95)
     SELECT j.e, 1, 'category', j.c, 1, 0, 100, j.f, j.a, j.n, 1, 1, 1
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (e DATE PATH '$[0]', c VARCHAR(100) PATH '$[1]', f DOUBLE PATH '$[2]',
                                              a DOUBLE PATH '$[3]', n DOUBLE PATH '$[4]')) AS j`,
    { rows: json(rows) },
  );
}

const alerts = () =>
  db.database.select(
    z.object({ alert_id: z.int(), title: z.string(), message: z.string(), is_open: z.int() }),
    `SELECT alert_id, title, message, closed_at IS NULL AS is_open FROM alert ORDER BY alert_id`,
  );
const told = async () =>
  (await db.database.select(z.object({ n: z.int() }), `SELECT COUNT(*) AS n FROM outbox`))[0]!.n;
const watch = () => db.database.transaction(watchAccuracy);

test('forecasts that are too high week after week raise one alert, told once', async () => {
  await plantWeeks('Home', Array(7).fill(20));
  await plantWeeks('Garden', [20, -20, 20, -20, 20, -20, 20]);
  expect(await watch()).toBe(1);
  expect(await watch()).toBe(1);
  expect(await alerts()).toMatchObject([{ title: 'Forecasts of Home have drifted', is_open: 1 }]);
  expect((await alerts())[0]!.message).toMatch(/last 7 closed weeks.*\(lag 1\).*20 % too high/);
  expect(await told()).toBe(1);
});

test('six weeks, a bias of less than a tenth, and none at all are no drift', async () => {
  await plantWeeks('Short', Array(6).fill(50));
  await plantWeeks('Small', Array(13).fill(-9), 1000);
  await plantWeeks('Right', Array(13).fill(0), 0);
  expect(await watch()).toBe(0);
});

test('forecasts that are worse than naive raise an alert, which ends when they are better again', async () => {
  await plantWeeks('', [30, -30, 30, -30, 30, -30, 30, -30], 20);
  expect(await watch()).toBe(1);
  expect((await alerts())[0]).toMatchObject({
    title: 'Forecasts of uncategorised products have drifted',
    is_open: 1,
  });
  expect((await alerts())[0]!.message).toMatch(/50 % above that of seasonal naive/);
  await plantWeeks('', Array(13).fill(1), 20, 8);
  expect(await watch()).toBe(0);
  expect((await alerts())[0]!.is_open).toBe(0);
});

test('an alert that a person closed stays closed until another week is', async () => {
  await plantWeeks('Home', Array(7).fill(-20));
  await watch();
  await closeAlert(db.database, (await alerts())[0]!.alert_id, 'ann');
  await watch();
  expect((await alerts())[0]!.is_open).toBe(0);
  await plantWeeks('Home', [-20], 1000, 7);
  await watch();
  expect((await alerts())[0]).toMatchObject({ is_open: 1 });
  expect(await told()).toBe(2);
});

test('a late sale neither tells again of an open alert nor opens what a person closed for that week', async () => {
  const sellLate = (units: number) =>
    db.database.write(
      `UPDATE accuracy_cell SET actual = actual + :units, error = error - :units, absolute_error = ABS(error - :units)
        WHERE bucket_end = :end`,
      { units, end: addDays(FIRST_END, 21) },
    );
  await plantWeeks('Home', Array(8).fill(30), 25);
  await watch();
  const [{ message, alert_id }] = (await alerts()) as [Awaited<ReturnType<typeof alerts>>[number]];
  expect(message).toContain('above that of seasonal naive');
  await sellLate(10);
  await watch();
  expect((await alerts())[0]!.message).not.toBe(message);
  expect(await told()).toBe(1);
  await closeAlert(db.database, alert_id, 'ann');
  await sellLate(10);
  await watch();
  // nor does a fault that has gone
  await db.database.write(`UPDATE accuracy_cell SET naive_error = 1000`);
  await watch();
  expect((await alerts())[0]).toMatchObject({ is_open: 0 });
  expect(await told()).toBe(1);
});

test('a fault that is new opens in the same week what a person closed', async () => {
  await plantWeeks('Home', Array(8).fill(30));
  await watch();
  await closeAlert(db.database, (await alerts())[0]!.alert_id, 'ann');
  await db.database.write(`UPDATE accuracy_cell SET naive_error = 20`);
  await watch();
  expect((await alerts())[0]).toMatchObject({ is_open: 1 });
  expect(await told()).toBe(2);
});

test('two assessments at once tell of a drift once', async () => {
  await plantWeeks('Home', Array(7).fill(20));
  let second: Promise<number> | undefined;
  await db.database.transaction(async (tx) => {
    await watchAccuracy(tx);
    second ??= watch();
    await setTimeout(500);
  });
  await second;
  expect(await told()).toBe(1);
});
