import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { actionDay } from '../../shared/data/planning/business-day.ts';
import { readPlanTiming } from '../../shared/data/planning/plan-timing.ts';
import { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import { openTestDatabase } from '../database.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('people act on a plan today where the data is live, on the next day where it ended long ago or is ahead', () => {
  const now = new Date('2026-03-09T02:30:00Z');
  expect(actionDay('2026-03-08', now)).toBe('2026-03-09');
  expect(actionDay('2026-03-09', now)).toBe('2026-03-09');
  expect(actionDay('2026-03-05', now)).toBe('2026-03-09');
  expect(actionDay('2011-12-09', now)).toBe('2011-12-10');
  expect(actionDay('2026-04-01', now)).toBe('2026-04-02');
});

test('a plan answers for the days since the last plan of an earlier day that was done, also when it runs again', async () => {
  const settings = PlanSettings.parse({});
  const runOf = async (asOf: string, status: string) => {
    const runId = `run-${asOf}-${status}`.padEnd(22, '0').slice(0, 22);
    await insertRun(db.database, { runId, cause: 'api', asOf, planHash: 'x', settings }, []);
    await db.database.write(
      `UPDATE forecast_run SET status = :status, created_at = '2011-12-13 02:30:00' WHERE run_id = :runId`,
      { status, runId },
    );
    return { runId, asOf };
  };
  const first = await runOf('2011-12-09', 'done');
  await runOf('2011-12-10', 'superseded');
  const second = await runOf('2011-12-12', 'restocking');
  expect(await readPlanTiming(db.database, first)).toEqual({
    actionDay: '2011-12-13',
    reviewedTo: undefined,
  });
  const timing = { actionDay: '2011-12-13', reviewedTo: '2011-12-09' };
  expect(await readPlanTiming(db.database, second)).toEqual(timing);
  await db.database.write(`UPDATE forecast_run SET status = 'done'`);
  expect(await readPlanTiming(db.database, second)).toEqual({ ...timing, reviewedTo: '2011-12-10' });
  expect(await readPlanTiming(db.database, { ...second, asOf: '2012-03-01' })).toMatchObject({
    actionDay: '2012-03-02',
    reviewedTo: '2011-12-12',
  });
});
