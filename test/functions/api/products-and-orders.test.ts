import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const post = (target: string, body: unknown, headers: Record<string, string> = {}) =>
  api.ask('POST', target, { as: 'planner', body, headers });
const get = (target: string) => api.ask('GET', target, { as: 'viewer' });
const put = (target: string, body: unknown) => api.ask('PUT', target, { as: 'planner', body });

const Movement = z.object({
  change_type: z.string(),
  quantity_change: z.int(),
  stock_level: z.int(),
  actor: z.string(),
  date: z.string(),
});
const movementsOf = (productId: string) =>
  api.database.select(
    Movement,
    `SELECT change_type, quantity_change, stock_level, actor, date
       FROM inventory_log WHERE product_id = :productId ORDER BY log_id`,
    { productId },
  );
const eventsOf = (type: string) =>
  api.database.select(
    z.object({ data: z.string() }),
    `SELECT JSON_EXTRACT(envelope, '$.data') AS data FROM outbox WHERE JSON_VALUE(envelope, '$.event_type') = :type`,
    { type },
  );

describe('products', () => {
  it('are made with numbers or decimal strings, and their first stock is an opening movement', async () => {
    const made = await post('/products', {
      id: ' A1 ',
      name: 'Lantern',
      category: 'Home',
      unit_price: '2.55',
      cost: 1.1,
      current_stock: '12',
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      id: 'A1',
      name: 'Lantern',
      category: 'Home',
      brand: null,
      unit_price: '2.55',
      cost: '1.10',
      current_stock: 12,
      reorder_threshold: 10,
      is_active: true,
    });
    expect(made.json.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await get('/products/A1')).json).toMatchObject(made.json);
    expect(await movementsOf('A1')).toMatchObject([
      { change_type: 'opening', quantity_change: 12, stock_level: 12, actor: 'planner' },
    ]);
  });

  it('are refused with 409 when the id is taken, and nothing changes', async () => {
    const again = await post('/products', { id: 'A1', name: 'Other', current_stock: 5 });
    expect(again.status).toBe(409);
    expect((await get('/products/A1')).json).toMatchObject({ name: 'Lantern', current_stock: 12 });
  });

  it('are changed in part; a new stock is booked as an adjustment of the difference', async () => {
    const changed = await put('/products/A1', { unit_price: 3, current_stock: 20, reason: 'counted' });
    expect(changed.json).toMatchObject({ name: 'Lantern', unit_price: '3.00', current_stock: 20 });
    expect((await movementsOf('A1')).at(-1)).toMatchObject({
      change_type: 'adjustment',
      quantity_change: 8,
      stock_level: 20,
    });
    expect((await put('/products/A1', { category: null })).json.category).toBeNull();
    expect((await put('/products/A1', {})).json.unit_price).toBe('3.00');
    expect((await put('/products/none', { name: 'x' })).status).toBe(404);
    expect((await put('/products/none', { current_stock: 1 })).status).toBe(404);
    expect((await put('/products/A1', { current_stock: -1 })).status).toBe(422);
  });

  it('are listed by page, category, brand, low stock and search', async () => {
    await post('/products', { id: 'B1', name: '100% cotton bag', category: 'Bags', brand: 'X' });
    await post('/products', { id: 'B2', name: 'Red bag', category: 'Bags', current_stock: 50 });
    await post('/products', { id: 'B3', name: 'Postage', is_service: true });
    const ids = async (query: string) =>
      (await get(`/products?${query}`)).json.data.map((product: { id: string }) => product.id);
    expect(await ids('category=Bags')).toEqual(['B1', 'B2']);
    expect(await ids('category=Bags&brand=X')).toEqual(['B1']);
    expect(await ids('category=Bags&low_stock=true')).toEqual(['B1']);
    expect(await ids('category=Bags&low_stock=false')).toEqual(['B2']);
    expect(await ids('low_stock=true')).not.toContain('B3');
    expect(await ids('search=bag')).toEqual(['B1', 'B2']);
    expect(await ids('search=B2')).toEqual(['B2']);
    expect(await ids('search=100%25')).toEqual(['B1']);
    expect(await ids('search=_')).toEqual([]);
    const { pagination } = (await get('/products?skip=1&limit=2')).json;
    expect(pagination).toEqual({ skip: 1, limit: 2, total: 4 });
    expect(await ids('skip=1&limit=2')).toEqual(['B1', 'B2']);
  });

  it('are changed twice under one Idempotency-Key, which only makes creations harmless', async () => {
    await post('/products', { id: 'KEYED', name: 'Keyed' });
    const headers = { 'idempotency-key': 'same' };
    for (const current_stock of [5, 9, 5]) {
      const answer = await api.ask('PUT', '/products/KEYED', {
        as: 'planner',
        body: { current_stock },
        headers,
      });
      expect([answer.status, answer.json.current_stock]).toEqual([200, current_stock]);
    }
  });
});

describe('orders', () => {
  it('leave the stock, become demand of their day, and are announced', async () => {
    await post('/products', { id: 'C1', name: 'Cup', unit_price: '4.20', current_stock: 10 });
    const made = await post('/orders', {
      id: 'O1',
      product_id: 'C1',
      quantity: 3,
      order_date: '2011-12-09T10:00:00+01:00',
      customer_id: 'K1',
      seller_id: 'M1',
      tax: '1.5',
      country: 'France',
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      id: 'O1',
      order_date: '2011-12-09T09:00:00.000Z',
      product_id: 'C1',
      quantity: 3,
      unit_price: '4.20',
      tax: '1.50',
      total_amount: '14.10',
      order_status: 'Processing',
      lines: [{ id: 'O1:1', product_id: 'C1', product_name: 'Cup', kind: 'sale', quantity: 3 }],
    });
    expect((await get('/products/C1')).json.current_stock).toBe(7);
    expect((await movementsOf('C1')).at(-1)).toMatchObject({ change_type: 'sale', quantity_change: -3 });
    const demand = await api.database.select(
      z.object({ date: z.string(), quantity: z.int(), revenue: z.string() }),
      `SELECT date, quantity, revenue FROM demand WHERE product_id = 'C1'`,
    );
    expect(demand).toEqual([{ date: '2011-12-09', quantity: 3, revenue: '12.6000' }]);
    expect((await eventsOf('order.created')).map(({ data }) => JSON.parse(data))).toContainEqual({
      orderId: 'O1',
      productId: 'C1',
      quantity: 3,
    });
    expect((await eventsOf('stock.updated')).map(({ data }) => JSON.parse(data))).toContainEqual(
      expect.objectContaining({ productId: 'C1', previousStock: 10, currentStock: 7 }),
    );
    expect(api.published()).toBeGreaterThan(0);
  });

  it('make stubs of unknown customers and sellers', async () => {
    expect((await get('/customers/K1')).json).toMatchObject({ id: 'K1', name: 'K1', country: 'France' });
    expect((await get('/sellers/M1')).json).toMatchObject({ id: 'M1', name: 'M1' });
    expect((await get('/customers/none')).status).toBe(404);
    expect((await get('/sellers?limit=1')).json.pagination).toEqual({ skip: 0, limit: 1, total: 1 });
  });

  it('answer 409 when stock is short or the id is taken, and change nothing', async () => {
    const short = await post('/orders', { id: 'O2', product_id: 'C1', quantity: 8, customer_id: 'K9' });
    expect(short.status).toBe(409);
    expect(short.json.errors).toEqual([{ field: 'C1', reason: '8 wanted, 7 in stock' }]);
    expect((await post('/orders', { id: 'O1', product_id: 'C1', quantity: 1 })).status).toBe(409);
    expect((await get('/products/C1')).json.current_stock).toBe(7);
    expect((await get('/orders/O2')).status).toBe(404);
    expect((await get('/customers/K9')).status).toBe(404);
  });

  it('answer 404 for an unknown product and 422 for input that makes no sense', async () => {
    expect((await post('/orders', { id: 'O3', product_id: 'none', quantity: 1 })).status).toBe(404);
    for (const body of [
      { product_id: 'C1', quantity: 1 },
      { id: 'O3', quantity: 1 },
      { id: 'O3', product_id: 'C1' },
      { id: 'O3', product_id: 'C1', quantity: 0 },
      { id: 'O3', product_id: 'C1', quantity: 1.5 },
      { id: 'O3', product_id: 'C1', quantity: 1, unit_price: -1 },
      { id: 'O3', product_id: 'C1', quantity: 1, discount: 100 },
      { id: 'O3', product_id: 'C1', quantity: 1, order_date: 'today' },
    ])
      expect([body, (await post('/orders', body)).status]).toEqual([body, 422]);
  });

  it('of the last unit at once: one succeeds', async () => {
    await post('/products', { id: 'D1', name: 'Last', unit_price: 1, current_stock: 1 });
    const answers = await Promise.all(
      ['L1', 'L2', 'L3'].map((id) => post('/orders', { id, product_id: 'D1', quantity: 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect((await get('/products/D1')).json.current_stock).toBe(0);
  });

  it('may exceed the stock where backorders are allowed, and services need none', async () => {
    await post('/products', { id: 'E1', name: 'Backorder', backorders_allowed: true });
    await post('/products', { id: 'E2', name: 'Postage', is_service: true, unit_price: 5 });
    expect((await post('/orders', { id: 'S1', product_id: 'E1', quantity: 2 })).status).toBe(201);
    expect((await get('/products/E1')).json.current_stock).toBe(-2);
    expect((await post('/orders', { id: 'S2', product_id: 'E2', quantity: 1 })).json).toMatchObject({
      total_amount: '5.00',
      lines: [{ kind: 'service' }],
    });
    expect(await movementsOf('E2')).toEqual([]);
  });

  it('without a date belong to the business day where the data ended long ago, else to now', async () => {
    await api.database.write(`INSERT INTO setting (name, value) VALUES ('as_of', '2010-06-01')`);
    await post('/orders', { id: 'T1', product_id: 'C1', quantity: 1 });
    await api.database.write(`UPDATE setting SET value = '2011-12-01' WHERE name = 'as_of'`);
    await post('/orders', { id: 'T2', product_id: 'C1', quantity: 1 });
    await api.database.write(`DELETE FROM setting WHERE name = 'as_of'`);
    expect((await get('/orders/T1')).json.order_date).toBe('2010-06-01T12:00:00.000Z');
    expect((await get('/orders/T2')).json.order_date).toBe('2011-12-10T08:00:00.000Z');
  });

  it('are listed newest first, by customer, product and days', async () => {
    const ids = async (target: string) =>
      (await get(target)).json.data.map((order: { id: string }) => order.id);
    expect((await ids('/orders')).at(-1)).toBe('T1');
    expect(await ids('/orders?customer_id=K1')).toEqual(['O1']);
    expect(await ids('/orders?product_id=C1')).toEqual(['T2', 'O1', 'T1']);
    expect(await ids('/orders?product_id=C1&start_date=2011-12-09&end_date=2011-12-09')).toEqual(['O1']);
    expect(await ids('/orders/recent?limit=1')).toHaveLength(1);
    expect((await get('/orders?product_id=C1&limit=1')).json.pagination).toEqual({
      skip: 0,
      limit: 1,
      total: 3,
    });
  });
});

describe('Idempotency-Key', () => {
  const keyed = { 'idempotency-key': 'key-1' };

  it('makes a repetition answer what the first call answered, with one effect', async () => {
    await post('/products', { id: 'F1', name: 'Five', unit_price: 1, current_stock: 5 });
    const body = { id: 'I1', product_id: 'F1', quantity: 2 };
    const first = await post('/orders', body, keyed);
    const second = await post('/orders', body, keyed);
    expect([second.status, second.json]).toEqual([201, first.json]);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await get('/products/F1')).json.current_stock).toBe(3);
  });

  it('refuses another request under the same key with 422, but not of another user', async () => {
    const other = { id: 'I2', product_id: 'F1', quantity: 1 };
    expect((await post('/orders', other, keyed)).status).toBe(422);
    const stranger = await api.ask('POST', '/orders', { as: 'buyer', body: other, headers: keyed });
    expect(stranger.status).toBe(201);
  });

  it('stays free after a refusal', async () => {
    const headers = { 'idempotency-key': 'key-2' };
    const body = { id: 'I3', product_id: 'G1', quantity: 1 };
    expect((await post('/orders', body, headers)).status).toBe(404);
    await post('/products', { id: 'G1', name: 'Late', unit_price: 1, current_stock: 1 });
    expect((await post('/orders', body, headers)).status).toBe(201);
  });

  it('gives one effect to requests that come at once', async () => {
    const headers = { 'idempotency-key': 'key-3' };
    const body = { id: 'H1', name: 'Once', current_stock: 4 };
    const answers = await Promise.all([1, 2, 3].map(() => post('/products', body, headers)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await movementsOf('H1')).toHaveLength(1);
  });

  it('is forgotten after a week', async () => {
    const headers = { 'idempotency-key': 'old' };
    await post('/products', { id: 'H3', name: 'x' }, headers);
    await api.database.write(
      `UPDATE idempotency SET created_at = DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 8 DAY) WHERE idempotency_key = 'old'`,
    );
    // the fixture's clock stands at a moment of tidying
    await post('/products', { id: 'H4', name: 'x' }, { 'idempotency-key': 'new' });
    expect((await post('/products', { id: 'H5', name: 'x' }, headers)).status).toBe(201);
    expect((await post('/products', { id: 'H6', name: 'x' }, { 'idempotency-key': 'new' })).status).toBe(422);
  });

  it('has at most 200 characters', async () => {
    const headers = { 'idempotency-key': 'k'.repeat(201) };
    expect((await post('/products', { id: 'H2', name: 'x' }, headers)).status).toBe(422);
  });
});
