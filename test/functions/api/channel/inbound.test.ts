import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readShopSecret } from '../../../../functions/api/channel/shop-secret.ts';
import { findConnection } from '../../../../shared/data/channels/connection-store.ts';
import { findViolations } from '../../../../shared/data/ledger/invariants.ts';
import { type Api, openApi } from '../api-fixture.ts';
import {
  connect,
  postShopify,
  shopifyLevel,
  shopifyOrder,
  shopifyProduct,
  shopifyRefund,
  stockOf,
} from './shop-fixture.ts';

const SECRET = 'the secret of a shop';
const square: unknown[] = [];
let api: Api;
beforeAll(async () => {
  api = await openApi({
    askSquare: async (orderId, token) => {
      square.push([orderId, token]);
      return {
        id: orderId,
        location_id: 'L1',
        created_at: '2011-12-09T09:00:00Z',
        updated_at: '2011-12-09T09:00:05Z',
        state: 'COMPLETED',
        version: 3,
        line_items: [
          {
            uid: 'u1',
            catalog_object_id: 'CAT1',
            name: 'Mug',
            variation_name: 'Blue',
            quantity: '2',
            base_price_money: { amount: 450, currency: 'USD' },
            total_discount_money: { amount: 100, currency: 'USD' },
            total_tax_money: { amount: 0, currency: 'USD' },
          },
        ],
      };
    },
  });
});
afterAll(() => api.close());

let shop = '';
let n = 0;
beforeEach(async () => {
  n += 1;
  shop = `shop-${n}`;
  await connect(api, { id: shop, system: 'shopify', name: 'Shop', secret: SECRET, locations: { 1: 'MAIN' } });
});

const tell = (topic: string, body: unknown, eventId?: string) =>
  postShopify(api, shop, SECRET, { topic, body, ...(eventId !== undefined && { eventId }) });
const sku = (name: string) => `P${n}-${name}`;
const level = async (name: string) => (await stockOf(api, sku(name)))[`${sku(name)}@MAIN`];

/** A product with stock that the shop stated at second 0. */
async function stocked(name: string, item: number, units: number): Promise<void> {
  expect((await tell('products/update', shopifyProduct(item, sku(name), 0))).status).toBe(200);
  expect((await tell('inventory_levels/update', shopifyLevel(item, 1, units, 0))).json.status).toBe(
    'applied',
  );
}

const count = async (sql: string, params = {}) =>
  (await api.database.select(z.object({ n: z.int() }), sql, params))[0]!.n;
const orderOf = (id: number) =>
  api.ask('GET', `/orders/${encodeURIComponent(`${shop}:${id}`)}`, { as: 'viewer' });

describe('an order of Shopify', () => {
  test('leaves the stock in the very request, and is demand of its day', async () => {
    await stocked('mug', 1, 10);
    const answer = await tell(
      'orders/create',
      shopifyOrder(1, [{ id: 11, sku: sku('mug'), quantity: 3 }], { placed: 5 }),
    );
    expect([answer.status, answer.json]).toEqual([200, { status: 'applied' }]);
    expect(await level('mug')).toBe(7);
    const order = await orderOf(1);
    expect(order.json).toMatchObject({ order_status: 'Processing', customer_id: `${shop}:77` });
    expect(
      await count(
        `SELECT CAST(SUM(quantity) AS SIGNED) AS n FROM demand WHERE product_id = :p AND date = '2011-12-09'`,
        {
          p: sku('mug'),
        },
      ),
    ).toBe(3);
    expect(await findViolations(api.database)).toEqual([]);
  });

  test('that comes twice, under one id or two, is one order', async () => {
    await stocked('mug', 1, 10);
    const order = shopifyOrder(1, [{ id: 11, sku: sku('mug'), quantity: 3 }], { placed: 5 });
    await tell('orders/create', order, 'same');
    expect((await tell('orders/create', order, 'same')).json).toEqual({ status: 'repeated' });
    expect((await tell('orders/paid', order)).json).toEqual({ status: 'stale' });
    expect(await level('mug')).toBe(7);
  });

  test('that sells more than there is is a fact: a linked shortage and an alert', async () => {
    const answer = await tell(
      'orders/create',
      shopifyOrder(1, [{ id: 11, sku: sku('cup'), quantity: 3 }], { placed: 5 }),
    );
    expect(answer.status).toBe(200);
    expect(await level('cup')).toBe(0);
    expect(
      await count(`SELECT COUNT(*) AS n FROM alert WHERE alert_key = :k`, { k: `shortage:webhook:${shop}` }),
    ).toBe(1);
    // the level of before the sale comes late: it explains the shortage, and two are left
    await stocked('cup', 1, 5);
    expect(await level('cup')).toBe(2);
    expect(await findViolations(api.database)).toEqual([]);
  });

  test('that is cancelled goes back by a linked reversal, and its demand with it', async () => {
    await stocked('mug', 1, 10);
    const lines = [{ id: 11, sku: sku('mug'), quantity: 3 }];
    await tell('orders/create', shopifyOrder(1, lines, { placed: 5 }));
    await tell('orders/cancelled', shopifyOrder(1, lines, { placed: 5, updated: 9, cancelled: 9 }));
    expect(await level('mug')).toBe(10);
    expect((await orderOf(1)).json.order_status).toBe('Cancelled');
    expect(
      await count(
        `SELECT COUNT(*) AS n FROM inventory_log r JOIN inventory_log s ON s.log_id = r.reverses_log_id
          WHERE r.product_id = :p AND s.change_type = 'sale' AND r.quantity_change = -s.quantity_change`,
        { p: sku('mug') },
      ),
    ).toBe(1);
    expect(
      await count(
        `SELECT CAST(COALESCE(SUM(quantity), 0) AS SIGNED) AS n FROM demand WHERE product_id = :p`,
        { p: sku('mug') },
      ),
    ).toBe(0);
    expect(await findViolations(api.database)).toEqual([]);
  });

  test('whose cancellation comes before it ends as cancelled', async () => {
    await stocked('mug', 1, 10);
    const lines = [{ id: 11, sku: sku('mug'), quantity: 3 }];
    await tell('orders/cancelled', shopifyOrder(1, lines, { placed: 5, updated: 9, cancelled: 9 }));
    expect((await tell('orders/create', shopifyOrder(1, lines, { placed: 5 }))).json.status).toBe('stale');
    expect([await level('mug'), (await orderOf(1)).json.order_status]).toEqual([10, 'Cancelled']);
  });

  test('whose refund comes first waits for it; what is not restocked stays away', async () => {
    await stocked('mug', 1, 10);
    const refund = shopifyRefund(900, 1, 20, [
      { id: 901, line: 11, quantity: 1, restock: 'return' },
      { id: 902, line: 11, quantity: 1, restock: 'no_restock' },
    ]);
    const early = await tell('refunds/create', refund);
    expect([early.status, early.json.status]).toEqual([202, 'waiting']);
    await tell('orders/create', shopifyOrder(1, [{ id: 11, sku: sku('mug'), quantity: 3 }], { placed: 5 }));
    expect(await level('mug')).toBe(8);
    // the order tells of the same refund again
    await tell(
      'orders/updated',
      shopifyOrder(1, [{ id: 11, sku: sku('mug'), quantity: 3 }], {
        placed: 5,
        updated: 21,
        refunds: [refund],
      }),
    );
    expect(await level('mug')).toBe(8);
    expect(await findViolations(api.database)).toEqual([]);
  });
});

test('an order of a shop with several places leaves from where it was sent, and comes back to where it came', async () => {
  await api.ask('POST', '/locations', { as: 'planner', body: { id: 'EAST', name: 'East', type: 'store' } });
  const id = `places-${n}`;
  await connect(api, {
    id,
    system: 'shopify',
    name: 'Shop',
    secret: SECRET,
    locations: { 1: 'MAIN', 2: 'EAST' },
  });
  const post = (topic: string, body: unknown) => postShopify(api, id, SECRET, { topic, body });
  const stock = async () => {
    const levels = await stockOf(api, sku('rug'));
    return [levels[`${sku('rug')}@MAIN`], levels[`${sku('rug')}@EAST`]];
  };
  await post('products/update', shopifyProduct(1, sku('rug'), 0));
  await post('inventory_levels/update', shopifyLevel(1, 1, 10, 0));
  await post('inventory_levels/update', shopifyLevel(1, 2, 10, 0));
  const order = (updated: number, fulfillments: unknown[], refunds: unknown[] = []) => ({
    ...shopifyOrder(1, [{ id: 11, sku: sku('rug'), quantity: 5 }], { placed: 5, updated, refunds }),
    fulfillments,
  });
  const sent = (place: number, quantity: number, status = 'success') => ({
    location_id: place,
    status,
    line_items: [{ id: 11, quantity }],
  });
  await post('orders/create', order(5, []));
  expect(await stock()).toEqual([5, 10]);
  await post('orders/updated', order(6, [sent(2, 2), sent(2, 1, 'cancelled')]));
  expect(await stock()).toEqual([7, 8]);
  const demand = () =>
    count(`SELECT CAST(SUM(quantity) AS SIGNED) AS n FROM demand WHERE product_id = :p`, { p: sku('rug') });
  expect(await demand()).toBe(5);
  await post('orders/fulfilled', order(7, [sent(2, 2), sent(2, 3)]));
  expect(await stock()).toEqual([10, 5]);
  const back = shopifyRefund(90, 1, 9, [{ id: 91, line: 11, quantity: 1, restock: 'return' }]);
  await post('refunds/create', back);
  expect(await stock()).toEqual([10, 6]);
  const elsewhere = {
    ...shopifyRefund(92, 1, 10, [{ id: 93, line: 11, quantity: 1, restock: 'return' }]),
  };
  elsewhere.refund_line_items = elsewhere.refund_line_items.map((line) => ({
    ...line,
    location_id: 1 as never,
  }));
  await post('refunds/create', elsewhere);
  expect([await stock(), await demand()]).toEqual([[11, 6], 5]);
  // what was told before all of this comes late
  expect((await post('orders/updated', order(6, [sent(1, 5)]))).json.status).toBe('stale');
  expect(await stock()).toEqual([11, 6]);
  expect(await findViolations(api.database)).toEqual([]);
});

test('an order of a thousand lines is followed again and again, though its state is longer than a row of the Data API', async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => ({ id: i + 1, sku: sku(`wide-${i}-ü`), quantity: 1 }));
  const tellOf = (updated: number, units: number) =>
    tell(
      'orders/updated',
      shopifyOrder(
        1,
        lines.map((line) => ({ ...line, quantity: units })),
        { placed: 5, updated },
      ),
    );
  expect((await tellOf(6, 1)).json).toEqual({ status: 'applied' });
  expect((await tellOf(6, 1)).json).toEqual({ status: 'stale' });
  expect((await tellOf(7, 2)).json).toEqual({ status: 'applied' });
  const units = await count(
    `SELECT CAST(SUM(quantity_sold) AS SIGNED) AS n FROM sales WHERE order_id = :id`,
    {
      id: `${shop}:1`,
    },
  );
  expect(units).toBe(2000);
  expect(await findViolations(api.database)).toEqual([]);
}, 120_000);

describe('a level that a shop states', () => {
  test('holds at its time, however late earlier orders come', async () => {
    await stocked('mug', 1, 10);
    await tell('inventory_levels/update', shopifyLevel(1, 1, 7, 6));
    await tell('orders/create', shopifyOrder(1, [{ id: 11, sku: sku('mug'), quantity: 3 }], { placed: 5 }));
    expect(await level('mug')).toBe(7);
    await tell('orders/create', shopifyOrder(2, [{ id: 12, sku: sku('mug'), quantity: 2 }], { placed: 8 }));
    expect(await level('mug')).toBe(5);
    expect((await tell('inventory_levels/update', shopifyLevel(1, 1, 9, 4))).json.status).toBe('stale');
    expect(await level('mug')).toBe(5);
    expect(await findViolations(api.database)).toEqual([]);
  });

  test('of an item that nobody named waits for its name; of an unknown place it is ignored', async () => {
    expect((await tell('inventory_levels/update', shopifyLevel(5, 1, 4, 3))).json.status).toBe('waiting');
    expect((await tell('inventory_levels/update', shopifyLevel(5, 2, 4, 3))).json.status).toBe('ignored');
    await tell('products/update', shopifyProduct(5, sku('jug'), 2));
    expect(await level('jug')).toBe(4);
  });
});

describe('a shortage of a shop', () => {
  const move = (name: string, units: number, effective_at: string) =>
    api.ask('POST', '/movements', {
      as: 'planner',
      body: {
        id: `${sku(name)}-${effective_at}-${units}`,
        product_id: sku(name),
        location_id: 'MAIN',
        type: 'adjustment',
        quantity_change: units,
        effective_at,
        reason: 'counted in',
      },
    });
  const sell = (id: number, name: string, quantity: number, placed: number) =>
    tell('orders/create', shopifyOrder(id, [{ id: id * 10, sku: sku(name), quantity }], { placed }));

  test('is over once somebody counts: what was counted stays, less what is sold since', async () => {
    await sell(1, 'tin', 5, 1);
    expect(await level('tin')).toBe(0);
    const post = (target: string, body: unknown = {}) => api.ask('POST', target, { as: 'warehouse', body });
    const { count_id } = (await post('/counts', { product_ids: [sku('tin')] })).json;
    const counted = { product_id: sku('tin'), counted: 10, counted_at: '2011-12-09T12:00:00Z' };
    await post(`/counts/${count_id}/lines`, { lines: [counted] });
    await post(`/counts/${count_id}/close`);
    expect(await level('tin')).toBe(10);
    await sell(2, 'tin', 1, 2);
    expect(await level('tin')).toBe(9);
    expect(await findViolations(api.database)).toEqual([]);
  });

  test('is not explained by goods that came after it', async () => {
    await sell(1, 'pan', 5, 10);
    expect((await move('pan', 10, '2011-12-09T08:00:30Z')).status).toBe(201);
    await sell(2, 'pan', 1, 40);
    expect(await level('pan')).toBe(9);
    // what was there before explains that part of it which it covers, and no more
    expect((await move('pan', 3, '2011-12-09T07:00:00Z')).status).toBe(201);
    await sell(3, 'pan', 1, 41);
    expect(await level('pan')).toBe(8);
    expect(
      await count(
        `SELECT CAST(SUM(quantity_change) AS SIGNED) AS n FROM inventory_log
          WHERE product_id = :p AND reason IN ('unexplained shortage', 'the shortage is explained by now')`,
        { p: sku('pan') },
      ),
    ).toBe(2);
    // a level that the shop states is the last word on all before it
    await tell('products/update', shopifyProduct(7, sku('pan'), 50));
    await tell('inventory_levels/update', shopifyLevel(7, 1, 4, 50));
    expect(await level('pan')).toBe(4);
    expect(await findViolations(api.database)).toEqual([]);
  });
});

describe('a webhook', () => {
  const order = () => shopifyOrder(1, [{ id: 11, sku: sku('mug'), quantity: 3 }]);

  test('with a wrong signature is refused and leaves nothing', async () => {
    const before = await count('SELECT COUNT(*) AS n FROM webhook_event');
    const text = JSON.stringify(order());
    const signature = createHmac('sha256', SECRET).update(text).digest('base64');
    const headers = {
      'x-shopify-topic': 'orders/create',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-hmac-sha256': signature,
    };
    const ask = (body: string, more: Record<string, string>) =>
      api.ask('POST', `/webhooks/${shop}`, { text: body, headers: { ...headers, ...more } });
    const tampered = text.replace('"quantity":3', '"quantity":4');
    expect(tampered).not.toBe(text);
    for (const [body, more] of [
      [tampered, {}],
      [`${text} `, {}],
      [text, { 'x-shopify-hmac-sha256': '' }],
      [text, { 'x-shopify-hmac-sha256': signature.slice(0, 8) }],
      [
        text,
        { 'x-shopify-hmac-sha256': createHmac('sha256', 'another secret').update(text).digest('base64') },
      ],
    ] as const) {
      const answer = await ask(body, more);
      expect([answer.status, answer.json.title]).toEqual([401, 'Sign in first']);
    }
    const nobody = await api.ask('POST', '/webhooks/shop-nobody', { text, headers });
    expect(nobody.json.detail).toBe((await ask(tampered, {})).json.detail);
    expect(await count('SELECT COUNT(*) AS n FROM webhook_event')).toBe(before);
    expect((await ask(text, {})).status).toBe(200);
  });

  test('of an unknown topic is kept and ignored; a wrong payload is named', async () => {
    const answer = await tell('carts/update', { id: 1 });
    expect([answer.status, answer.json]).toEqual([202, { status: 'ignored' }]);
    const wrong = await tell('orders/create', { ...order(), line_items: [{ id: 1, quantity: 'many' }] });
    expect(wrong.status).toBe(422);
    expect(wrong.json.errors.map((error: { field: string }) => error.field)).toContain(
      'line_items.0.quantity',
    );
    expect((await tell('orders/create', 'x'.repeat(1_100_000))).status).toBe(422);
  });

  test('leaves of who bought no more than an opaque id and the country', async () => {
    await tell('orders/create', order(), 'kept');
    const [kept] = await api.database.select(
      z.object({ payload: z.string(), payload_sha256: z.string() }),
      `SELECT payload, payload_sha256 FROM webhook_event WHERE connection_id = :shop AND event_id = 'kept'`,
      { shop },
    );
    expect(kept!.payload).toContain('France');
    expect(kept!.payload).not.toMatch(/ann|Long Street/i);
    expect(kept!.payload_sha256).toMatch(/^[0-9a-f]{64}$/);
    const listed = await api.ask('GET', `/connections/${shop}/events`, { as: 'viewer' });
    expect(listed.json.data[0]).toMatchObject({
      event_id: 'kept',
      topic: 'orders/create',
      status: 'applied',
    });
  });

  test('needs no secret in any table or answer', async () => {
    const rows = await api.database.select(
      z.object({ s: z.string() }),
      'SELECT sealed_secret AS s FROM webhook_connection',
    );
    expect(rows.some(({ s }) => s.includes(SECRET))).toBe(false);
    for (const path of ['/connections', `/connections/${shop}`])
      expect((await api.ask('GET', path, { as: 'admin' })).text).not.toMatch(/secret/);
    expect((await api.ask('GET', '/connections', { as: 'planner' })).status).toBe(403);
  });
});

describe('the secret of a shop', () => {
  const order = (id: number) => shopifyOrder(id, [{ id, sku: sku('mug'), quantity: 1 }]);
  const ask = (method: string, target: string, body?: unknown, as = 'admin') =>
    api.ask(method, `/connections/${target}`, { as, ...(body !== undefined && { body }) });

  test('is replaced by another, and a shop that is ended is nobody until it gets a new one', async () => {
    const tellBy = async (secret: string, id: number) =>
      (await postShopify(api, shop, secret, { topic: 'orders/create', body: order(id) })).status;
    const rotated = await ask('PUT', `${shop}/secret`, { secret: 'another secret' });
    expect([rotated.status, rotated.text.includes('another')]).toEqual([200, false]);
    expect([await tellBy(SECRET, 1), await tellBy('another secret', 1)]).toEqual([401, 200]);
    expect((await ask('DELETE', shop)).json).toMatchObject({ id: shop, is_active: false });
    expect(await tellBy('another secret', 2)).toBe(401);
    expect((await ask('GET', `${shop}/events`, undefined, 'viewer')).json.data).toHaveLength(1);
    await ask('PUT', `${shop}/secret`, { secret: 'the third secret' });
    expect([await tellBy('another secret', 2), await tellBy('the third secret', 2)]).toEqual([401, 200]);
    expect((await ask('PUT', `${shop}/secret`, {})).status).toBe(422);
    expect((await ask('PUT', `${shop}/secret`, { secret: 'whatever 1' }, 'planner')).status).toBe(403);
    expect((await ask('PUT', 'nobody/secret', { secret: 'whatever 1' })).status).toBe(404);
  });

  test('is made and shown where WooCommerce lets us; that of Square keeps its token', async () => {
    const { secret } = await connect(api, { id: `woo3-${n}`, system: 'woocommerce', name: 'Woo' });
    const made = (await ask('PUT', `woo3-${n}/secret`, {})).json.secret;
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(made).not.toBe(secret);
    const square = {
      id: `sq3-${n}`,
      system: 'square',
      name: 'Till',
      secret: SECRET,
      access_token: 'the token',
    };
    await connect(api, square);
    expect((await ask('PUT', `sq3-${n}/secret`, { secret: 'another secret' })).status).toBe(200);
    const kept = await findConnection(api.database, `sq3-${n}`);
    expect(await readShopSecret(api.needs.vault, kept!)).toEqual({
      signing: 'another secret',
      accessToken: 'the token',
    });
  });

  test('is kept whole, however long it is', async () => {
    const [secret, access_token] = ['€'.repeat(200), '\u0001é'.repeat(100)];
    await connect(api, { id: `sq4-${n}`, system: 'square', name: 'Till', secret, access_token });
    const kept = await findConnection(api.database, `sq4-${n}`);
    expect(await readShopSecret(api.needs.vault, kept!)).toEqual({
      signing: secret,
      accessToken: access_token,
    });
    const again = { id: `sq4-${n}`, system: 'square', name: 'Till', secret };
    expect((await api.ask('POST', '/connections', { as: 'admin', body: again })).status).toBe(409);
  });
});

describe('WooCommerce', () => {
  const product = (id: number, stock: number, second: number) => ({
    id,
    name: 'Kettle',
    sku: sku('kettle'),
    regular_price: '30.00',
    date_modified_gmt: `2011-12-09T08:00:0${second}`,
    manage_stock: true,
    stock_quantity: stock,
    categories: [{ id: 1, name: 'Kitchen' }],
  });
  const order = (id: number, status: string, second: number) => ({
    id,
    status,
    date_created_gmt: '2011-12-09T08:00:02',
    date_modified_gmt: `2011-12-09T08:00:0${second}`,
    customer_id: 0,
    billing: { email: 'ann@example.com' },
    shipping: { country: 'FR' },
    line_items: [
      {
        id: 1,
        name: 'Kettle',
        product_id: 4,
        variation_id: 0,
        sku: sku('kettle'),
        quantity: 2,
        subtotal: '60.00',
        total: '54.00',
        total_tax: '0.00',
      },
    ],
  });

  test('moves stock by products and orders, its own secret shown once, and its unsigned greeting answered', async () => {
    const id = `woo-${n}`;
    const { secret } = await connect(api, { id, system: 'woocommerce', name: 'Woo' });
    const post = (topic: string, body: unknown) => {
      const text = JSON.stringify(body);
      return api.ask('POST', `/webhooks/${id}`, {
        text,
        headers: {
          'x-wc-webhook-topic': topic,
          'x-wc-webhook-delivery-id': randomUUID(),
          'x-wc-webhook-signature': createHmac('sha256', secret!).update(text).digest('base64'),
        },
      });
    };
    const greeting = await api.ask('POST', `/webhooks/${id}`, {
      text: 'webhook_id=3',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([greeting.status, greeting.json]).toEqual([200, { status: 'pong' }]);
    await post('product.updated', product(4, 9, 1));
    await post('order.created', order(7, 'pending', 2));
    expect(await level('kettle')).toBe(9);
    await post('order.updated', order(7, 'processing', 3));
    expect(await level('kettle')).toBe(7);
    await post('order.updated', order(7, 'refunded', 5));
    expect(await level('kettle')).toBe(9);
    await post('product.updated', product(4, 3, 8));
    expect(await level('kettle')).toBe(3);
    expect(await findViolations(api.database)).toEqual([]);
  });
});

describe('WooCommerce, which counts time in seconds,', () => {
  test('gives two events of one second the same id: both are followed, each once', async () => {
    const id = `woo2-${n}`;
    const { secret } = await connect(api, { id, system: 'woocommerce', name: 'Woo' });
    const post = (stock: number, second: number) => {
      const text = JSON.stringify({
        id: 4,
        name: 'Kettle',
        sku: sku('kettle'),
        regular_price: '30.00',
        date_modified_gmt: `2011-12-09T08:00:0${second}`,
        manage_stock: true,
        stock_quantity: stock,
        categories: [],
      });
      return api.ask('POST', `/webhooks/${id}`, {
        text,
        headers: {
          'x-wc-webhook-topic': 'product.updated',
          'x-wc-webhook-delivery-id': 'a'.repeat(32),
          'x-wc-webhook-signature': createHmac('sha256', secret!).update(text).digest('base64'),
        },
      });
    };
    const statuses = [await post(9, 1), await post(4, 2), await post(4, 2)].map(({ json }) => json.status);
    expect(statuses).toEqual(['applied', 'applied', 'repeated']);
    expect(await level('kettle')).toBe(4);
  });

  test('greets unsigned: everybody gets the same answer, connection or not', async () => {
    const answers = await Promise.all(
      [shop, 'nobody'].map((id) => api.ask('POST', `/webhooks/${id}`, { text: 'webhook_id=1' })),
    );
    expect(answers.map(({ status, text }) => [status, text])).toEqual(
      Array(2).fill([200, '{"status":"pong"}']),
    );
  });
});

describe('Square', () => {
  test('signs its address as well, counts per place, and is asked for the lines of its orders', async () => {
    const id = `square-${n}`;
    await api.ask('POST', '/products', {
      as: 'planner',
      body: { id: sku('sq'), name: 'Mug', unit_price: 4.5 },
    });
    await connect(api, {
      id,
      system: 'square',
      name: 'Till',
      secret: SECRET,
      access_token: 'token of the till',
      locations: { L1: 'MAIN' },
      notification_url: `https://shop.example/webhooks/${id}`,
    });
    const named = await api.ask('POST', `/connections/${id}/items`, {
      as: 'admin',
      body: { items: { CAT1: sku('sq') } },
    });
    expect(named.status).toBe(200);
    const post = (body: unknown, url = `https://shop.example/webhooks/${id}`) => {
      const text = JSON.stringify(body);
      return api.ask('POST', `/webhooks/${id}`, {
        text,
        headers: {
          'x-square-hmacsha256-signature': createHmac('sha256', SECRET)
            .update(url)
            .update(text)
            .digest('base64'),
        },
      });
    };
    const event = (type: string, object: unknown) => ({
      merchant_id: 'M',
      type,
      event_id: randomUUID(),
      created_at: '2011-12-09T09:00:00Z',
      data: { type: 'x', id: 'x', object },
    });
    const counts = event('inventory.count.updated', {
      inventory_counts: [
        {
          calculated_at: '2011-12-09T08:59:00Z',
          catalog_object_id: 'CAT1',
          catalog_object_type: 'ITEM_VARIATION',
          location_id: 'L1',
          quantity: '12',
          state: 'IN_STOCK',
        },
        {
          calculated_at: '2011-12-09T08:59:00Z',
          catalog_object_id: 'CAT1',
          catalog_object_type: 'ITEM_VARIATION',
          location_id: 'L1',
          quantity: '1',
          state: 'WASTE',
        },
      ],
    });
    expect((await post(counts, 'https://elsewhere.example/')).status).toBe(401);
    expect((await post(counts)).json).toEqual({ status: 'applied' });
    expect(await level('sq')).toBe(12);
    const changed = event('order.updated', {
      order_updated: {
        created_at: '2011-12-09T09:00:00Z',
        location_id: 'L1',
        order_id: 'O1',
        state: 'COMPLETED',
        version: 3,
      },
    });
    expect((await post(changed)).json).toEqual({ status: 'applied' });
    expect(square).toEqual([['O1', 'token of the till']]);
    expect(await level('sq')).toBe(10);
    const sold = await api.ask('GET', `/orders/${encodeURIComponent(`${id}:O1`)}`, { as: 'viewer' });
    expect(sold.json).toMatchObject({ order_status: 'Processing' });
    expect(await findViolations(api.database)).toEqual([]);
  });
});
