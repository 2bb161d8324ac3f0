import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { changeQuantity, orderNow } from '../../../functions/api/suggestions/decide-suggestion.ts';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import type { Database, Statements } from '../../../shared/data/sql/database.ts';
import { dismissSuggestion } from '../../../shared/data/suggestions/suggestion-decisions.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { calmDelivery, MemoryQueue, plantItems, plantRun } from '../planning/planning-fixture.ts';

const KEYS = [
  { productId: 'T', locationId: 'MAIN' },
  { productId: 'T', locationId: 'SHOP' },
];
const decision = { user: 'buyer', reason: 'no' };
const Row = z.object({
  suggestion_id: z.int(),
  kind: z.string(),
  status: z.string(),
  quantity: z.int(),
  edited_by: z.string().nullable(),
});

let db: TestDatabase;
beforeEach(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand', 'ledger'] });
  await db.database.write(
    `INSERT INTO location (location_id, name, parent_id) VALUES ('SHOP', 'Shop', 'MAIN')`,
  );
  await plantItems(db.database, [
    { productId: 'T', onHand: 900, demand: [['2011-12-09', 5]] },
    { productId: 'T', locationId: 'SHOP', onHand: 0, demand: [['2011-12-09', 5]] },
  ]);
});
afterEach(() => db.close());

async function plan(id: string, weeklyDemand: number, database: Database = db.database): Promise<void> {
  await plantRun(db.database, id, [KEYS], { weeklyDemand });
  const ready = { type: 'ForecastsReady', runId: id } as const;
  await restockRun({ database, restockQueue: new MemoryQueue() }, ready, calmDelivery);
}

const suggestions = () =>
  db.database.select(
    Row,
    `SELECT suggestion_id, kind, status, quantity, edited_by
       FROM suggestion WHERE location_id = 'SHOP' ORDER BY suggestion_id`,
  );

/** Plans while `act` comes just before the suggestions are written, and gives it time to end there. */
async function planMeeting(act: (tx: Statements) => Promise<unknown>): Promise<void> {
  let acting: Promise<unknown> | undefined;
  const meeting: Database = {
    select: (...asked) => db.database.select(...asked),
    write: (...asked) => db.database.write(...asked),
    transaction: (work) =>
      db.database.transaction((tx) =>
        work({
          select: (...asked) => tx.select(...asked),
          async write(sql, params) {
            if (acting === undefined && sql.includes('INSERT INTO suggestion ')) {
              acting = db.database.transaction(act);
              await Promise.race([acting, new Promise((resolve) => setTimeout(resolve, 500))]);
            }
            return tx.write(sql, params);
          },
        }),
      ),
  };
  await plan('run-2', 11, meeting);
  expect(acting).toBeDefined();
  await acting;
}

test('a no to a transfer that meets a plan is a no to what the plan makes of it', async () => {
  await plan('run-1', 10);
  const [before] = await suggestions();
  expect(before).toMatchObject({ kind: 'transfer', status: 'open' });
  await planMeeting((tx) => dismissSuggestion(tx, before!.suggestion_id, decision));
  expect(await suggestions()).toMatchObject([{ suggestion_id: before!.suggestion_id, status: 'dismissed' }]);
});

test('another quantity of a transfer that meets a plan stays', async () => {
  await plan('run-1', 10);
  const [before] = await suggestions();
  const other = before!.quantity - 7;
  await planMeeting((tx) => changeQuantity(tx, before!.suggestion_id, other, decision));
  expect(await suggestions()).toMatchObject([{ status: 'open', quantity: other, edited_by: 'buyer' }]);
});

test('a transfer that is sent while a plan is made is sent once', async () => {
  await plan('run-1', 10);
  const [before] = await suggestions();
  await planMeeting((tx) => orderNow(tx, before!.suggestion_id, decision, new Date()));
  const after = await suggestions();
  expect(after.map(({ status }) => status)).toEqual(['ordered']);
});

test('a decision about another quantity than the person saw is refused', async () => {
  await plan('run-1', 10);
  const [before] = await suggestions();
  const { suggestion_id: id, quantity } = before!;
  await expect(
    planMeeting((tx) =>
      orderNow(tx, id, { ...decision, seen: quantity }, new Date()).catch((error: Error) => {
        expect(error.message).toMatch(new RegExp(`units by now, not of ${quantity}$`));
        throw error;
      }),
    ),
  ).rejects.toMatchObject({ kind: 'conflict' });
  const [after] = await suggestions();
  expect(after!.status).toBe('open');
  expect(after!.quantity).not.toBe(quantity);
  await db.database.transaction((tx) => orderNow(tx, id, { ...decision, seen: after!.quantity }, new Date()));
  expect((await suggestions())[0]!.status).toBe('ordered');
});
