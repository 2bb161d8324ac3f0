import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { classifyRun } from '../../../functions/restock/classify-run.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { plantItems, plantRun, weekly } from '../planning/planning-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand', 'ledger'] });
});
afterAll(() => db.close());

const JULY = '2011-07-08';

/** Plans as of a July day with these errors of the last weeks, and so many units to come; the classes by product. */
async function classesOf(errors: Readonly<Record<string, number>>, toCome: number) {
  const keys = Object.keys(errors).map((productId) => ({ productId, locationId: 'MAIN' }));
  const runId = `run-${toCome}`;
  await plantRun(db.database, runId, [keys], { asOf: JULY });
  for (const [productId, rmse] of Object.entries(errors))
    await db.database.write(
      `UPDATE forecast SET rmse = :rmse, forecast_qty = :toCome WHERE run_id = :runId AND product_id = :productId`,
      { rmse, toCome, runId, productId },
    );
  await db.database.transaction((tx) => classifyRun(tx, runId, JULY));
  const rows = await db.database.select(
    z.object({ product_id: z.string(), class: z.string(), error_share: z.number().nullable() }),
    `SELECT product_id, class, error_share FROM series_class`,
  );
  return Object.fromEntries(rows.map((row) => [row.product_id, row]));
}

test('error and level are of the same weeks: the season to come makes nothing surer', async () => {
  const season = (units: (week: number) => number) =>
    weekly(
      JULY,
      Array.from({ length: 52 }, (_, week) => units(week)),
    );
  await plantItems(db.database, [
    // a unit now and then, hundreds before Christmas
    { productId: 'CHRISTMAS', demand: season((week) => (week < 26 ? 400 : week % 4 === 0 ? 1 : 0)) },
    { productId: 'STEADY', demand: season(() => 20) },
    { productId: 'SILENT', demand: season((week) => (week < 26 ? 100 : 0)) },
  ]);
  const errors = { CHRISTMAS: 0.5, STEADY: 2, SILENT: 0.5 };
  const before = await classesOf(errors, 13 * 20);
  expect(before.STEADY).toMatchObject({ error_share: 0.1, class: expect.stringMatching(/X$/) });
  expect(before.CHRISTMAS!.error_share).toBeCloseTo((0.5 * 13) / 3, 9);
  expect(before.CHRISTMAS!.class).toMatch(/Z$/);
  expect(before.SILENT).toMatchObject({ error_share: null, class: expect.stringMatching(/Z$/) });
  expect(await classesOf(errors, 13 * 2000)).toEqual(before);
});
