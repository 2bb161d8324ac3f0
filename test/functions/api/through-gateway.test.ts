import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../shared/contracts/role.ts';
import { type ServedApi, serveApi } from './serve-api.ts';

let served: ServedApi;
beforeAll(async () => {
  served = await serveApi();
});
afterAll(() => served.close());

async function tokenOf(role: Role): Promise<string> {
  const answer = await fetch(`${served.url}/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({ username: role, password: served.passwordOf(role) }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

async function ask(role: Role, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${await tokenOf(role)}`, 'content-type': 'application/json' };
  return fetch(served.url + path, { ...init, headers: { ...headers, ...init.headers } });
}

describe('the API behind the gateway', () => {
  it('gives a token to a form and to JSON, and a problem to a wrong password', async () => {
    const post = (body: unknown) =>
      fetch(`${served.url}/auth/token/`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect(await tokenOf('viewer')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const json = await post({ username: 'viewer', password: served.passwordOf('viewer') });
    expect(await json.json()).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
    const wrong = await post({ username: 'viewer', password: 'wrong' });
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  });

  it('lets each role do its own', async () => {
    const body = JSON.stringify({ id: 'Ä/1', name: 'Tea light', unit_price: '0.42', current_stock: 3 });
    expect((await ask('viewer', '/products', { method: 'POST', body })).status).toBe(403);
    const made = await ask('planner', '/products/', { method: 'POST', body });
    expect([made.status, ((await made.json()) as { id: string }).id]).toEqual([201, 'Ä/1']);
    for (const role of ROLES) expect((await ask(role, '/products?search=tea')).status).toBe(200);
    expect((await ask('admin', '/purchase-orders/1/approve', { method: 'POST' })).status).toBe(404);
  });

  it("answers without a token with the gateway's own 401, except where all may look", async () => {
    const refused = await fetch(`${served.url}/products`);
    expect([refused.status, await refused.json()]).toEqual([401, { message: 'Unauthorized' }]);
    for (const path of ['/', '/health', '/health/', '/assets/app-1a2b.js'])
      expect([path, (await fetch(served.url + path)).status]).toEqual([path, 200]);
  });

  it('takes signed webhooks without a token, byte for byte, and no subscription without one', async () => {
    const secret = 'the secret of a shop';
    const connection = { id: 'shop', system: 'shopify', name: 'Shop', secret };
    const made = await ask('admin', '/connections', { method: 'POST', body: JSON.stringify(connection) });
    expect(made.status).toBe(201);
    // spaces and letters that another serialisation would write otherwise
    const body = '{ "id" : 1,\n "name": "Caf\u00e9 Ä€" }';
    const post = (text: string) =>
      fetch(`${served.url}/webhooks/shop`, {
        method: 'POST',
        body: text,
        headers: {
          'content-type': 'application/json',
          'x-shopify-topic': 'shop/update',
          'x-shopify-webhook-id': 'one',
          'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
        },
      });
    expect((await post(body.trim().replace(' : ', ':'))).status).toBe(401);
    const taken = await post(body);
    expect([taken.status, await taken.json()]).toEqual([202, { status: 'ignored' }]);
    const subscription = JSON.stringify({ url: 'https://8.8.8.8/hook', event_types: ['*'] });
    const nobody = await fetch(`${served.url}/webhooks/subscriptions`, {
      method: 'POST',
      body: subscription,
    });
    expect([nobody.status, await nobody.json()]).toEqual([401, { message: 'Unauthorized' }]);
    const admin = await ask('admin', '/webhooks/subscriptions', { method: 'POST', body: subscription });
    expect(admin.status).toBe(201);
  });

  it('answers an unknown path with its own 404', async () => {
    const answer = await ask('viewer', '/nothing');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });

  it('sends files whole, gzipped or not', async () => {
    const plain = await fetch(`${served.url}/assets/app-1a2b.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    const zipped = await fetch(`${served.url}/assets/app-1a2b.js`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(await zipped.text()).toBe(await plain.text());
  });

  it('makes one order of a repeated request', async () => {
    const order = {
      method: 'POST',
      body: JSON.stringify({ id: 'G1', product_id: 'Ä/1', quantity: 2 }),
      headers: { 'idempotency-key': 'once' },
    };
    const first = await ask('warehouse', '/orders', order);
    const second = await ask('warehouse', '/orders', order);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.json()).toEqual(await first.json());
    // the same order without the key is the same order all the same; another one under its id is not
    expect((await ask('warehouse', '/orders', { ...order, headers: {} })).status).toBe(200);
    const other = {
      ...order,
      headers: {},
      body: JSON.stringify({ id: 'G1', product_id: 'Ä/1', quantity: 3 }),
    };
    expect((await ask('warehouse', '/orders', other)).status).toBe(409);
  });
});
