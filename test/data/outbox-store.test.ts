import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { KeptEnvelope } from '../../shared/contracts/events.ts';
import { claim } from '../../shared/data/messages/inbox-store.ts';
import { announce, announceAll, openOutbox, publishLeft } from '../../shared/data/messages/outbox-store.ts';
import { type Database, StaleRead } from '../../shared/data/sql/database.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let db: TestDatabase;
const batches: (readonly KeptEnvelope[])[] = [];
const publish = async (events: readonly KeptEnvelope[]) => void batches.push(events);
const told = () => batches.flat().map(({ data }) => data.orderId);

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  batches.length = 0;
  await db.database.write('DELETE FROM outbox');
});
afterEach(() => void vi.useRealTimers());

const order = (n: number) => ({ orderId: `o${n}`, productId: 'p', quantity: n });
const announced = (n: number, database: Database = db.database) =>
  database.transaction((tx) => announce(tx, 'order.created', order(n), { userId: 'ann' }));
const waiting = async () =>
  (await db.database.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM outbox'))[0]!.n;
/** The events of the outbox as if they had been written a while ago. */
const age = (seconds: number) =>
  db.database.write(`UPDATE outbox SET created_at = DATE_SUB(created_at, INTERVAL ${seconds} SECOND)`);

test('whoever announced something publishes it after the commit, in batches that the bus takes, and looks for nothing', async () => {
  const statements: string[] = [];
  const seen: Database = {
    ...db.database,
    select: (row, sql, params) => {
      statements.push(sql);
      return db.database.select(row, sql, params);
    },
    write: (sql, params) => {
      statements.push(sql);
      return db.database.write(sql, params);
    },
  };
  const outbox = openOutbox(seen, publish);
  await announced(99, outbox.database);
  await outbox.publish();
  statements.length = 0;
  batches.length = 0;

  for (let n = 1; n <= 3; n++) await announced(n, outbox.database);
  const twenty = Array.from({ length: 20 }, (_, i) => ({
    type: 'order.created' as const,
    data: order(i + 4),
  }));
  await outbox.database.transaction((tx) => announceAll(tx, twenty));
  expect(batches).toEqual([]);
  await outbox.publish();
  await outbox.publish();
  expect(batches.map(({ length }) => length)).toEqual([10, 10, 3]);
  expect(told()).toEqual(Array.from({ length: 23 }, (_, i) => `o${i + 1}`));
  expect(batches[0]![0]).toMatchObject({
    event_type: 'order.created',
    user_id: 'ann',
    source: 'smart-inventory',
  });
  expect(statements).toEqual(Array(3).fill(expect.stringMatching(/^DELETE/)));
  expect(await waiting()).toBe(0);
});

test('nothing is announced of a transaction that was rolled back, nor twice of one that was run anew', async () => {
  const outbox = openOutbox(db.database, publish);
  const failed = outbox.database.transaction(async (tx) => {
    await announce(tx, 'order.created', order(1));
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  let attempts = 0;
  await outbox.database.transaction(async (tx) => {
    attempts += 1;
    await announce(tx, 'order.created', order(1 + attempts));
    if (attempts === 1) throw new StaleRead('once more');
  });
  await outbox.publish(true);
  expect(told()).toEqual(['o3']);
});

test('events that the bus did not take are left, and published when somebody does the work again', async () => {
  const deaf = openOutbox(db.database, () => Promise.reject(new Error('bus is down')));
  await announced(7, deaf.database);
  await expect(deaf.publish()).rejects.toThrow('bus is down');
  const other = openOutbox(db.database, publish);
  await other.publish();
  expect(told()).toEqual([]);
  await other.publish(true);
  expect([told(), await waiting()]).toEqual([['o7'], 0]);
});

test('what a crash left is published by whoever looks next, oldest first, once it is older than any publishing takes', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const outbox = openOutbox(db.database, publish);
  await outbox.publish();
  for (let n = 1; n <= 12; n++) await announced(n);
  await age(11);
  await announced(13);
  await outbox.publish();
  expect(told()).toEqual([]);

  vi.setSystemTime(Date.now() + 10_000);
  await outbox.publish();
  expect(told()).toEqual(Array.from({ length: 12 }, (_, i) => `o${i + 1}`));
  expect(await waiting()).toBe(1);
});

test('whoever announces something does not wait for what is being published, nor is that published twice', async () => {
  await announced(10);
  await publishLeft(
    db.database,
    async (events) => {
      await publish(events);
      // in the middle of publishing: these would wait for the lock for ever
      await announced(11);
      await publishLeft(db.database, publish, 0);
    },
    0,
  );
  await publishLeft(db.database, publish, 0);
  expect(told()).toEqual(['o10', 'o11']);
});

test('an event that another version of the program announced holds up nothing', async () => {
  await announced(8);
  await db.database.write(
    `UPDATE outbox SET envelope = JSON_SET(envelope, '$.event_type', 'order.refunded') ORDER BY outbox_id DESC LIMIT 1`,
  );
  await announced(9);
  await publishLeft(db.database, publish, 0);
  expect(batches.flat().map((event) => event.event_type)).toEqual(['order.refunded', 'order.created']);
});

test('a message is claimed once by each consumer, and again when the first claim was rolled back', async () => {
  const claimed = (consumer: string) => db.database.transaction((tx) => claim(tx, consumer, 'm1'));
  const failed = db.database.transaction(async (tx) => {
    await claim(tx, 'a', 'm1');
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect([await claimed('a'), await claimed('a'), await claimed('b')]).toEqual([true, false, true]);
});
