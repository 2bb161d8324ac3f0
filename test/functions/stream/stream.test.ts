import { afterAll, beforeAll, expect, test } from 'vitest';
import { admitListener } from '../../../functions/stream/admit-listener.ts';
import { answerMessage } from '../../../functions/stream/answer-message.ts';
import { keepTicket, removeConnection } from '../../../shared/data/messages/stream-store.ts';
import { openTestDatabase } from '../../database.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const issue = (ticket: string) => db.database.transaction((tx) => keepTicket(tx, ticket, 'ann'));
const say = (id: string, message: unknown) =>
  answerMessage(db.database, id, typeof message === 'string' ? message : JSON.stringify(message));

test('a ticket opens one connection', async () => {
  await issue('T1');
  expect(await admitListener(db.database, 'c1', 'T1')).toBe(true);
  expect(await admitListener(db.database, 'c2', 'T1')).toBe(false);
});

test('of two connections that come with one ticket at the same time, one opens', async () => {
  await issue('T2');
  const admitted = await Promise.all(['c3', 'c4', 'c5'].map((id) => admitListener(db.database, id, 'T2')));
  expect(admitted.filter(Boolean)).toHaveLength(1);
});

test('no ticket, an unknown one and one that is too old are refused', async () => {
  await issue('T3');
  await db.database.write(
    `UPDATE stream_ticket SET expires_at = DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 1 SECOND) WHERE ticket = 'T3'`,
  );
  for (const ticket of [undefined, '', 'guess', 'T3']) {
    expect(await admitListener(db.database, 'c6', ticket)).toBe(false);
  }
});

test('a listener subscribes and unsubscribes, each once, and hears what it listens to', async () => {
  await issue('T4');
  await admitListener(db.database, 'c7', 'T4');
  expect(await say('c7', { action: 'pong' })).toEqual({ type: 'connected', channels: [] });
  await say('c7', { action: 'subscribe', channel: 'stock' });
  await say('c7', { action: 'subscribe', channel: 'alerts' });
  expect(await say('c7', { action: 'subscribe', channel: 'stock' })).toEqual({
    type: 'subscribed',
    channel: 'stock',
    channels: ['stock', 'alerts'],
  });
  expect(await say('c7', { action: 'unsubscribe', channel: 'stock' })).toEqual({
    type: 'unsubscribed',
    channel: 'stock',
    channels: ['alerts'],
  });
});

test('what makes no sense gets an error and changes nothing', async () => {
  await issue('T5');
  await admitListener(db.database, 'c8', 'T5');
  for (const message of [
    '',
    '{',
    'null',
    { action: 'subscribe' },
    { action: 'subscribe', channel: 'x' },
    { a: 1 },
  ]) {
    expect((await say('c8', message)).type, JSON.stringify(message)).toBe('error');
  }
  expect(await say('c8', { action: 'pong' })).toEqual({ type: 'connected', channels: [] });
});

test('a connection that left is not known any more', async () => {
  await issue('T6');
  await admitListener(db.database, 'c9', 'T6');
  await removeConnection(db.database, 'c9');
  expect((await say('c9', { action: 'subscribe', channel: 'all' })).type).toBe('error');
});
