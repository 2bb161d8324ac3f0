import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeptEnvelope } from '../../shared/contracts/events.ts';
import { claim } from '../../shared/data/messages/inbox-store.ts';
import { announce, drainOutbox } from '../../shared/data/messages/outbox-store.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const order = (n: number) => ({ orderId: `o${n}`, productId: 'p', quantity: n });

test('what was announced is published once, oldest first, in batches that the bus takes', async () => {
  for (let n = 1; n <= 23; n++) {
    await db.database.transaction((tx) => announce(tx, 'order.created', order(n), { userId: 'ann' }));
  }
  const batches: (readonly KeptEnvelope[])[] = [];
  await drainOutbox(db.database, async (events) => void batches.push(events));
  await drainOutbox(db.database, async (events) => void batches.push(events));
  expect(batches.map(({ length }) => length)).toEqual([10, 10, 3]);
  expect(batches.flat().map(({ data }) => data.orderId)).toEqual(
    Array.from({ length: 23 }, (_, i) => `o${i + 1}`),
  );
  expect(batches[0]![0]).toMatchObject({
    event_type: 'order.created',
    user_id: 'ann',
    source: 'smart-inventory',
  });
});

test('nothing is announced of a transaction that was rolled back', async () => {
  const failed = db.database.transaction(async (tx) => {
    await announce(tx, 'order.created', order(1));
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  const published: KeptEnvelope[] = [];
  await drainOutbox(db.database, async (events) => void published.push(...events));
  expect(published).toEqual([]);
});

test('events stay until the bus has taken them', async () => {
  await db.database.transaction((tx) => announce(tx, 'order.created', order(7)));
  const refused = drainOutbox(db.database, () => Promise.reject(new Error('bus is down')));
  await expect(refused).rejects.toThrow('bus is down');
  const published: KeptEnvelope[] = [];
  await drainOutbox(db.database, async (events) => void published.push(...events));
  expect(published.map(({ data }) => data.orderId)).toEqual(['o7']);
});

test('whoever announces something does not wait for what is being published, nor is that published twice', async () => {
  await db.database.transaction((tx) => announce(tx, 'order.created', order(10)));
  const published: KeptEnvelope[] = [];
  const drain = () => drainOutbox(db.database, async (events) => void published.push(...events));
  await drainOutbox(db.database, async (events) => {
    published.push(...events);
    // in the middle of publishing: these would wait for the lock for ever
    await db.database.transaction((tx) => announce(tx, 'order.created', order(11)));
    await drain();
  });
  await drain();
  expect(published.map(({ data }) => data.orderId)).toEqual(['o10', 'o11']);
});

test('an event that another version of the program announced holds up nothing', async () => {
  await db.database.transaction((tx) => announce(tx, 'order.created', order(8)));
  await db.database.write(
    `UPDATE outbox SET envelope = JSON_SET(envelope, '$.event_type', 'order.refunded') ORDER BY outbox_id DESC LIMIT 1`,
  );
  await db.database.transaction((tx) => announce(tx, 'order.created', order(9)));
  const published: KeptEnvelope[] = [];
  await drainOutbox(db.database, async (events) => void published.push(...events));
  expect(published.map((event) => event.event_type)).toEqual(['order.refunded', 'order.created']);
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
