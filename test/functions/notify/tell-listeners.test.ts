import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { BusEvent, tellListeners } from '../../../functions/notify/tell-listeners.ts';
import { admitListener } from '../../../functions/stream/admit-listener.ts';
import { answerMessage } from '../../../functions/stream/answer-message.ts';
import type { EventType } from '../../../shared/contracts/events.ts';
import { keepTicket } from '../../../shared/data/messages/stream-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import { alone, calmDelivery } from '../planning/planning-fixture.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.database.write('DELETE FROM stream_connection');
});

/** The bus's JSON as SQS delivers it. */
const busEvent = (type: EventType, data: Record<string, unknown>) =>
  BusEvent.parse({
    version: '0',
    source: 'smart-inventory',
    'detail-type': type,
    detail: {
      event_id: randomUUID(),
      event_type: type,
      timestamp: '2011-12-09T12:00:00.000Z',
      source: 'smart-inventory',
      version: '1.0',
      data,
      correlation_id: null,
      user_id: null,
    },
  });

const alert = (level: string) =>
  busEvent('alert.raised', { key: 'k', type: 't', level, title: 'Title', message: 'Message' });

async function listen(connectionId: string, ...channels: string[]): Promise<void> {
  await db.database.transaction((tx) => keepTicket(tx, connectionId, 'ann'));
  expect(await admitListener(db.database, connectionId, connectionId)).toBe(true);
  for (const channel of channels) {
    await answerMessage(db.database, connectionId, JSON.stringify({ action: 'subscribe', channel }));
  }
}

const connections = () =>
  db.database
    .select(z.object({ id: z.string() }), 'SELECT connection_id AS id FROM stream_connection ORDER BY id')
    .then((rows) => rows.map((row) => row.id));

test('an event reaches those who listen to its channel or to everything, and nobody else', async () => {
  await listen('alerts', 'alerts');
  await listen('everything', 'all');
  await listen('stock', 'stock', 'orders');
  await listen('nothing');
  const told: string[] = [];
  const push = { post: async (id: string) => told.push(id) > 0 };
  await tellListeners({ database: db.database, push }, alert('info'), alone(alert('info')));
  expect(told.sort()).toEqual(['alerts', 'everything']);
});

test('a listener gets the whole envelope', async () => {
  await listen('one', 'forecasts');
  const event = busEvent('forecast.completed', { runId: 'r', asOf: '2011-12-09', series: 3 });
  const received: unknown[] = [];
  const push = { post: async (_id: string, message: unknown) => received.push(message) > 0 };
  await tellListeners({ database: db.database, push }, event, alone(event));
  expect(received).toEqual([event.detail]);
});

test('a listener that is gone is forgotten, and one that fails holds up nobody', async () => {
  for (const id of ['broken', 'fine', 'gone']) await listen(id, 'all');
  const told: string[] = [];
  const push = {
    async post(id: string) {
      if (id === 'broken') throw new Error('reset');
      told.push(id);
      return id !== 'gone';
    },
  };
  await tellListeners({ database: db.database, push }, alert('info'), alone(alert('info')));
  expect(told).toEqual(['fine', 'gone']);
  expect(await connections()).toEqual(['broken', 'fine']);
});

test('the events of a batch reach all of many listeners, who are read once for all of them', async () => {
  const LISTENERS = 1_003;
  await db.database.write(
    `INSERT INTO stream_connection (connection_id, username, channels)
     SELECT CONCAT('c', 10000 + j.n), 'ann', IF(j.n % 2 = 0, 'alerts', 'stock,orders')
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n INT PATH '$')) AS j`,
    { rows: JSON.stringify(Array.from({ length: LISTENERS }, (_, i) => i)) },
  );
  let reads = 0;
  const database: Database = {
    ...db.database,
    select: (row, sql, params) => {
      reads += 1;
      return db.database.select(row, sql, params);
    },
  };
  const told = new Map<string, number>();
  const push = { post: async (id: string) => told.set(id, (told.get(id) ?? 0) + 1).has(id) };
  const events = [alert('info'), alert('warning')];
  const batch = { messages: events };
  for (const event of events) await tellListeners({ database, push }, event, { ...calmDelivery, batch });
  expect(told.size).toBe(502);
  expect([...told.values()].every((times) => times === 2)).toBe(true);
  expect(reads).toBe(2);
});

test('what is no event of ours does not pass', () => {
  expect(BusEvent.safeParse({ detail: { event_type: 'unheard.of' } }).success).toBe(false);
});
