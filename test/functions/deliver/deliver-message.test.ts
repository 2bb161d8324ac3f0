import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type DeliverNeeds, deliverMessage, ToDeliver } from '../../../functions/deliver/deliver-message.ts';
import { WAITS_SECONDS } from '../../../functions/deliver/next-attempt.ts';
import { postWebhook } from '../../../shared/aws/post-webhook.ts';
import { type Api, openApi } from '../api/api-fixture.ts';

/** A queue whose time only moves when a message waits for it. */
const queue: { message: unknown; at: number }[] = [];
let clock = Date.parse('2026-01-05T08:00:00Z');
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
let failures = 0;
/** Messages are taken before the call that sends them returns. */
let isQuick = false;
let server: Server;
let api: Api;
let needs: DeliverNeeds;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      failures -= 1;
      response.writeHead(failures >= 0 ? 500 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const deliverQueue: DeliverNeeds['deliverQueue'] = {
    async send(messages, { delaySeconds = 0 } = {}) {
      expect(delaySeconds).toBeLessThanOrEqual(900);
      if (isQuick)
        for (const message of messages) await deliverMessage(needs, ToDeliver.parse(message), delivered());
      else for (const message of messages) queue.push({ message, at: clock + delaySeconds * 1000 });
    },
  };
  api = await openApi({ deliverQueue, now: () => new Date(clock) });
  needs = {
    database: api.database,
    deliverQueue,
    vault: api.needs.vault,
    post: (to, body, headers) => postWebhook(to, body, headers, { isLoopbackToo: true }),
    now: () => new Date(clock),
    chance: () => 0.5,
  };
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await api.close();
});

let subscription: { id: number; secret: string };
beforeEach(async () => {
  queue.length = 0;
  received.length = 0;
  failures = 0;
  isQuick = false;
  await api.database.write(`UPDATE webhook_subscription SET status = 'deleted'`);
  subscription = await subscribe(['stock.updated']);
});

async function subscribe(event_types: string[]): Promise<{ id: number; secret: string }> {
  const made = await api.ask('POST', '/webhooks/subscriptions', { as: 'admin', body: { url, event_types } });
  expect(made.status).toBe(201);
  return made.json;
}

const stockUpdated = () =>
  ToDeliver.parse({
    detail: {
      event_id: randomUUID(),
      event_type: 'stock.updated',
      timestamp: '2026-01-05T08:00:00.000Z',
      source: 'smart-inventory',
      version: '1.0',
      data: { productId: 'Ä', locationId: 'MAIN', previousStock: 3, currentStock: 2, reason: 'order 1' },
      correlation_id: null,
      user_id: null,
    },
  });

/** Runs messages in the order of their time until none is left; answers how many seconds that took. */
async function settle(): Promise<number> {
  const start = clock;
  for (let n = 0; queue.length > 0; n++) {
    if (n > 1000) throw new Error('the queue never empties');
    queue.sort((a, b) => a.at - b.at);
    const { message, at } = queue.shift()!;
    clock = Math.max(clock, at);
    await deliverMessage(needs, ToDeliver.parse(message), delivered());
  }
  return (clock - start) / 1000;
}

const deliveries = async (id = subscription.id) =>
  (await api.ask('GET', `/webhooks/subscriptions/${id}/deliveries`, { as: 'admin' })).json.data;

describe('a subscriber', () => {
  test('hears of its types only, signed, with the id of the event', async () => {
    const everything = await subscribe(['*']);
    const other = await subscribe(['order.created']);
    const event = stockUpdated();
    await deliverMessage(needs, event, delivered());
    await settle();
    expect(received).toHaveLength(2);
    for (const { headers, body } of received) {
      expect(JSON.parse(body).data.productId).toBe('Ä');
      const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
        String(headers['x-smart-inventory-signature']),
      )!;
      const signed = [subscription.secret, everything.secret].map((secret) =>
        createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'),
      );
      expect(signed).toContain(signature);
      expect(headers['x-smart-inventory-event-id']).toBe(JSON.parse(body).event_id);
    }
    expect((await deliveries())[0]).toMatchObject({ status: 'delivered', attempts: 1, last_status: 204 });
    expect(await deliveries(other.id)).toEqual([]);
  });

  test('hears once of an event whose message comes twice', async () => {
    const event = stockUpdated();
    await deliverMessage(needs, event, delivered());
    queue.push(...queue);
    await settle();
    await deliverMessage(needs, event, delivered());
    await settle();
    expect(received).toHaveLength(1);
  });

  test('that fails a few times is told in the end, by the same body and id', async () => {
    failures = 4;
    await deliverMessage(needs, stockUpdated(), delivered());
    const seconds = await settle();
    expect(received).toHaveLength(5);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(seconds).toBeGreaterThan(WAITS_SECONDS.slice(0, 4).reduce((a, b) => a + b) - 10);
    expect((await deliveries())[0]).toMatchObject({
      status: 'delivered',
      attempts: 5,
      next_attempt_at: null,
    });
  });

  test('that fails for a day is given up with an alert, and is told when somebody asks again', async () => {
    failures = 1000;
    await deliverMessage(needs, stockUpdated(), delivered());
    const seconds = await settle();
    expect(seconds).toBeGreaterThan(20 * 3600);
    expect(seconds).toBeLessThan(30 * 3600);
    const [dead] = await deliveries();
    expect(dead).toMatchObject({ status: 'dead', attempts: WAITS_SECONDS.length + 1, last_status: 500 });
    const alerts = (await api.ask('GET', '/alerts?limit=100', { as: 'viewer' })).json.data;
    expect(alerts).toContainEqual(expect.objectContaining({ type: 'webhook_undelivered', level: 'warning' }));
    failures = 0;
    const again = await api.ask('POST', `/webhooks/deliveries/${dead.id}/redeliver`, { as: 'admin' });
    expect(again.status).toBe(202);
    await settle();
    expect((await deliveries())[0]).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  test('that fails for long is suspended, hears nothing, and hears again when it is resumed', async () => {
    failures = 1000;
    for (let n = 0; n < 3; n++) {
      await deliverMessage(needs, stockUpdated(), delivered());
      await settle();
    }
    const of = () => api.ask('GET', `/webhooks/subscriptions/${subscription.id}`, { as: 'admin' });
    expect((await of()).json.status).toBe('suspended');
    received.length = 0;
    await deliverMessage(needs, stockUpdated(), delivered());
    await settle();
    expect(received).toEqual([]);
    failures = 0;
    await api.ask('POST', `/webhooks/subscriptions/${subscription.id}/resume`, { as: 'admin' });
    await deliverMessage(needs, stockUpdated(), delivered());
    await settle();
    expect([(await of()).json.status, received.length]).toEqual(['active', 1]);
  });

  test('hears of what was pending while it was suspended once it is resumed', async () => {
    failures = 1000;
    for (let n = 0; n < 4; n++) await deliverMessage(needs, stockUpdated(), delivered());
    await settle();
    const left = (await deliveries()).filter(({ status }: { status: string }) => status === 'pending');
    // the message of the last ones came while nothing was sent any more
    expect([left.length > 0, queue.length]).toEqual([true, 0]);
    failures = 0;
    received.length = 0;
    await api.ask('POST', `/webhooks/subscriptions/${subscription.id}/resume`, { as: 'admin' });
    await settle();
    expect(received).toHaveLength(left.length);
    const statuses = (await deliveries()).map(({ status }: { status: string }) => status);
    expect(statuses).not.toContain('pending');
  });

  test('whose message was lost is told when somebody asks again, minutes later and not before', async () => {
    await deliverMessage(needs, stockUpdated(), delivered());
    queue.length = 0;
    const [lost] = await deliveries();
    const again = () => api.ask('POST', `/webhooks/deliveries/${lost.id}/redeliver`, { as: 'admin' });
    expect((await again()).status).toBe(409);
    await api.database.write(
      `UPDATE webhook_delivery SET created_at = DATE_SUB(created_at, INTERVAL 6 MINUTE) WHERE delivery_id = :id`,
      { id: lost.id },
    );
    expect([(await again()).status, (await again()).status]).toEqual([202, 409]);
    await settle();
    expect([(await deliveries())[0].status, received.length]).toEqual(['delivered', 1]);
  });

  test('is not asked for before its delivery is committed', async () => {
    failures = 1000;
    await deliverMessage(needs, stockUpdated(), delivered());
    await settle();
    const [dead] = await deliveries();
    failures = 0;
    // whoever takes the message at once must find what it speaks of
    isQuick = true;
    await api.ask('POST', `/webhooks/deliveries/${dead.id}/redeliver`, { as: 'admin' });
    expect((await deliveries())[0].status).toBe('delivered');
    await api.ask('POST', `/webhooks/subscriptions/${subscription.id}/ping`, { as: 'admin' });
    expect((await deliveries())[0]).toMatchObject({ status: 'delivered', event_type: 'ping' });
  });

  test('has an address that only admins see: alerts name its host', async () => {
    failures = 1000;
    await deliverMessage(needs, stockUpdated(), delivered());
    await settle();
    const alerts = (await api.ask('GET', '/alerts?limit=100', { as: 'viewer' })).text;
    expect(alerts).toContain(new URL(url).host);
    expect(alerts).not.toContain(url);
  });

  test('whose next attempt was noted but not asked for is tried all the same', async () => {
    failures = 1;
    await deliverMessage(needs, stockUpdated(), delivered());
    const [first] = queue;
    // the process dies after the commit: nothing is sent, and the message comes again
    const lost = { ...needs, deliverQueue: { send: () => Promise.reject(new Error('killed')) } };
    await expect(deliverMessage(lost, ToDeliver.parse(first!.message), delivered())).rejects.toThrow(
      'killed',
    );
    await settle();
    expect((await deliveries())[0]).toMatchObject({ status: 'delivered', attempts: 2 });
  });

  test('is pinged on request, and ended', async () => {
    const ping = await api.ask('POST', `/webhooks/subscriptions/${subscription.id}/ping`, { as: 'admin' });
    expect(ping.json).toMatchObject({ event_type: 'ping', status: 'pending' });
    await settle();
    expect(JSON.parse(received[0]!.body).event_type).toBe('ping');
    const path = `/webhooks/subscriptions/${subscription.id}`;
    expect((await api.ask('DELETE', path, { as: 'admin' })).json).toEqual({ deleted: true });
    expect((await api.ask('GET', path, { as: 'admin' })).status).toBe(404);
  });
});

/** Of a batch of its own. */
const delivered = () => ({ batch: { messages: [] } });

test('a subscription names a public URL, and its secret is in one answer and no table', async () => {
  for (const bad of ['https://169.254.169.254/', 'http://shop.example/', 'https://localhost/'])
    expect(
      (
        await api.ask('POST', '/webhooks/subscriptions', {
          as: 'admin',
          body: { url: bad, event_types: ['*'] },
        })
      ).status,
    ).toBe(422);
  for (const path of ['/webhooks/subscriptions', `/webhooks/subscriptions/${subscription.id}`])
    expect((await api.ask('GET', path, { as: 'admin' })).text).not.toMatch(/whsec|secret/);
  const rows = await api.database.select(
    z.object({ s: z.string() }),
    'SELECT sealed_secret AS s FROM webhook_subscription',
  );
  expect(rows.some(({ s }) => s.includes(subscription.secret))).toBe(false);
  expect((await api.ask('GET', '/webhooks/subscriptions', { as: 'planner' })).status).toBe(403);
});
