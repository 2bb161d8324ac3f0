import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { upsertCustomers } from '../../../shared/data/catalogue/party-store.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const ask = (method: string, target: string, body?: unknown, as = 'planner') =>
  api.ask(method, target, { as, ...(body !== undefined && { body }) });
const get = async (target: string) => (await ask('GET', target)).json;
/** Entries about one thing, oldest first. */
const changesOf = async (subject: string, id: string) =>
  (await get(`/audit-log?subject=${subject}&subject_id=${encodeURIComponent(id)}`)).data.reverse();

describe('products', () => {
  it('show their stock by location, what they began with, and a status that follows from thresholds', async () => {
    await ask('POST', '/products', { id: 'P1', name: 'Lamp', current_stock: 30, reorder_threshold: 10 });
    await ask('POST', '/locations', { id: 'SHOP', name: 'Shop', type: 'store' });
    expect(await get('/products/P1')).toMatchObject({
      current_stock: 30,
      initial_stock: 30,
      stock_status: 'in',
      stock: [
        { location_id: 'MAIN', on_hand: 30, initial_stock: 30, reorder_threshold: 10, stock_status: 'in' },
      ],
    });
    const ruled = await ask('PUT', '/products/P1/stock-rules/MAIN', { reorder_threshold: 40 });
    expect(ruled.json).toMatchObject({
      stock_status: 'low',
      stock: [{ reorder_threshold: 40, stock_status: 'low' }],
    });
    expect((await get('/products?low_stock=true')).data.map(({ id }: { id: string }) => id)).toContain('P1');
    await ask('PUT', '/products/P1/stock-rules/SHOP', { reorder_quantity: 5 });
    expect((await get('/products/P1')).stock).toMatchObject([
      { location_id: 'MAIN' },
      { location_id: 'SHOP', on_hand: 0, reorder_threshold: 10, reorder_quantity: 5, stock_status: 'out' },
    ]);
    await ask('DELETE', '/products/P1/stock-rules/MAIN');
    expect((await get('/products/P1')).stock_status).toBe('in');
    expect((await ask('DELETE', '/products/P1/stock-rules/MAIN')).status).toBe(404);
    expect((await ask('PUT', '/products/P1/stock-rules/NOWHERE', {})).status).toBe(404);
    expect(
      (await changesOf('stock_rule', 'P1|MAIN')).map(({ action }: { action: string }) => action),
    ).toEqual(['change', 'remove']);
  });

  it('are made inactive by DELETE, which says what is left in stock; stock and past stay', async () => {
    const gone = await ask('DELETE', '/products/P1');
    expect(gone.json).toMatchObject({ is_active: false, current_stock: 30 });
    expect(gone.json.note).toBe('30 units are still in stock: they stay in the books');
    await ask('POST', '/products', { id: 'P2', name: 'Vase' });
    expect((await ask('DELETE', '/products/P2')).json.note).toBeNull();
    expect((await ask('DELETE', '/products/none')).status).toBe(404);
    expect((await ask('DELETE', '/products/P2', undefined, 'viewer')).status).toBe(403);
    expect((await ask('PUT', '/products/P2', { is_active: true })).json.is_active).toBe(true);
  });

  it('keep who changed what, and nothing when nothing changed', async () => {
    await ask('POST', '/products', { id: 'P3', name: 'Mug', unit_price: 2 });
    await ask('PUT', '/products/P3', { unit_price: '2.50', reason: 'new list' }, 'buyer');
    await ask('PUT', '/products/P3', { unit_price: '2.50' });
    const [made, changed, ...more] = await changesOf('product', 'P3');
    expect(more).toEqual([]);
    expect(made).toMatchObject({ actor: 'planner', action: 'create', before: null, after: { name: 'Mug' } });
    expect(changed).toMatchObject({
      actor: 'buyer',
      action: 'change',
      reason: 'new list',
      before: { unit_price: '2.00' },
      after: { unit_price: '2.50' },
    });
    expect((await get('/audit-log?actor=buyer')).pagination.total).toBe(1);
    expect((await get(`/audit-log?to=${made.recorded_at}`)).data).not.toContainEqual(made);
    expect((await ask('GET', '/audit-log', undefined, 'viewer')).status).toBe(403);
  });

  it('take no end of backorders while some are open', async () => {
    await ask('POST', '/products', { id: 'P4', name: 'Rug', unit_price: 1, backorders_allowed: true });
    await ask('POST', '/orders', { id: 'BACK', product_id: 'P4', quantity: 2, customer_id: 'K1' });
    const refused = await ask('PUT', '/products/P4', { backorders_allowed: false });
    expect(refused.status).toBe(409);
    expect((await get('/products/P4')).backorders_allowed).toBe(true);
    await ask('PUT', '/products/P4', { current_stock: 0, backorders_allowed: false });
    expect((await get('/products/P4')).backorders_allowed).toBe(false);
  });
});

describe('suppliers', () => {
  it('are made, listed, changed, and made inactive', async () => {
    const made = await ask('POST', '/suppliers', { id: 'S1', name: 'Northern', minimum_order: '50' });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ id: 'S1', currency: 'GBP', minimum_order: '50.00', is_active: true });
    expect((await ask('POST', '/suppliers', { id: 'S1', name: 'Again' })).status).toBe(409);
    expect((await ask('POST', '/suppliers', { id: 'S2', name: 'X', currency: 'pounds' })).status).toBe(422);
    expect((await ask('PUT', '/suppliers/S1', { name: 'Northern Ltd' })).json.name).toBe('Northern Ltd');
    expect((await get('/suppliers')).data).toMatchObject([{ id: 'S1', name: 'Northern Ltd' }]);
    expect((await ask('DELETE', '/suppliers/S1')).json.is_active).toBe(false);
    expect((await ask('DELETE', '/suppliers/S1')).json.is_active).toBe(false);
    expect((await ask('PUT', '/suppliers/none', { name: 'x' })).status).toBe(404);
    expect((await ask('POST', '/suppliers', { id: 'S3', name: 'x' }, 'warehouse')).status).toBe(403);
    expect(await changesOf('supplier', 'S1')).toMatchObject([
      { action: 'create' },
      { action: 'change', before: { name: 'Northern' }, after: { name: 'Northern Ltd' } },
      { action: 'change', before: { is_active: true }, after: { is_active: false } },
    ]);
  });

  it('sell products on terms that are made, changed and removed', async () => {
    for (const id of ['Q1', 'Q2']) await ask('POST', '/products', { id, name: 'Tray' });
    const terms = { product_id: 'Q1', unit_cost: '1.25', lead_time_days: 7 };
    const made = await ask('POST', '/suppliers/S1/items', terms);
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      product_name: 'Tray',
      unit_cost: '1.25',
      minimum_quantity: 1,
      priority: 1,
    });
    expect((await ask('POST', '/suppliers/S1/items', terms)).status).toBe(409);
    expect((await ask('POST', '/suppliers/none/items', terms)).status).toBe(404);
    expect((await ask('POST', '/suppliers/S1/items', { ...terms, product_id: 'none' })).status).toBe(422);
    expect((await ask('PUT', '/suppliers/S1/items/Q1', { order_multiple: 0 })).status).toBe(422);
    const refusedTerms = async (change: object, method = 'PUT', target = '/suppliers/S1/items/Q1') => {
      const { status, json } = await ask(method, target, change);
      return [status, json.errors];
    };
    const none = 'the minimum of 7 is above the maximum of 5';
    expect(await refusedTerms({ minimum_quantity: 7, order_multiple: 7, maximum_quantity: 5 })).toEqual([
      422,
      [
        { field: 'maximum_quantity', reason: none },
        { field: 'order_multiple', reason: none },
      ],
    ]);
    expect(await refusedTerms({ minimum_quantity: 10, maximum_quantity: 5 })).toEqual([
      422,
      [{ field: 'maximum_quantity', reason: 'the minimum of 10 is above the maximum of 5' }],
    ]);
    const dear = [
      { field: 'price_breaks.1.unit_cost', reason: expect.stringContaining('from 200 on a unit costs 1.3,') },
    ];
    const breaks = [
      { quantity: 100, unit_cost: '1.2' },
      { quantity: 200, unit_cost: '1.3' },
    ];
    expect(await refusedTerms({ price_breaks: breaks })).toEqual([422, dear]);
    expect(
      await refusedTerms({ ...terms, product_id: 'Q2', price_breaks: breaks }, 'POST', '/suppliers/S1/items'),
    ).toEqual([422, dear]);
    // what is left out counts with what stands
    expect(
      (await ask('PUT', '/suppliers/S1/items/Q1', { maximum_quantity: 20, price_breaks: [breaks[0]] }))
        .status,
    ).toBe(200);
    expect((await refusedTerms({ minimum_quantity: 21 }))[1]).toMatchObject([{ field: 'maximum_quantity' }]);
    expect((await refusedTerms({ order_multiple: 24 }))[1]).toMatchObject([
      { field: 'maximum_quantity' },
      { field: 'order_multiple' },
    ]);
    expect((await refusedTerms({ unit_cost: '1.19' }))[1]).toMatchObject([
      { field: 'price_breaks.0.unit_cost' },
    ]);
    expect((await get('/suppliers/S1/items')).data).toMatchObject([{ order_multiple: 1, unit_cost: '1.25' }]);
    const changed = await ask('PUT', '/suppliers/S1/items/Q1', { lead_time_days: 9.5, order_multiple: 6 });
    expect(changed.json).toMatchObject({ lead_time_days: 9.5, order_multiple: 6, unit_cost: '1.25' });
    expect((await ask('DELETE', '/suppliers/S1/items/Q1')).json).toEqual(changed.json);
    expect((await get('/suppliers/S1/items')).data).toEqual([]);
    expect((await ask('DELETE', '/suppliers/S1/items/Q1')).status).toBe(404);
    const actions = (await changesOf('supplier_item', 'S1|Q1')).map(
      ({ action }: { action: string }) => action,
    );
    expect(actions).toEqual(['create', 'change', 'change', 'remove']);
  });
});

describe('sellers', () => {
  it('are made, changed and made inactive', async () => {
    expect((await ask('POST', '/sellers', { id: 'M7', name: 'Market' })).status).toBe(201);
    expect((await ask('PUT', '/sellers/M7', { name: 'Market hall' })).json.name).toBe('Market hall');
    expect((await ask('DELETE', '/sellers/M7')).json).toMatchObject({
      name: 'Market hall',
      is_active: false,
    });
    expect(await changesOf('seller', 'M7')).toHaveLength(3);
  });
});

describe('customers', () => {
  it('are new, returning or VIP by their orders, which the detail shows', async () => {
    await ask('POST', '/products', { id: 'R1', name: 'Cup', unit_price: 2, current_stock: 100 });
    await ask('POST', '/customers', { id: 'C1', name: 'Ann', city: 'Leeds', country: 'United Kingdom' });
    const orders = async (from: number, to: number, day: string) => {
      for (let n = from; n <= to; n++) {
        const order = { id: `C1-${n}`, product_id: 'R1', quantity: 1, customer_id: 'C1', city: 'Leeds' };
        expect((await ask('POST', '/orders', { ...order, order_date: day })).status).toBe(201);
      }
    };
    const typeNow = async () => (await get('/customers/C1')).customer_type;
    await orders(1, 1, '2011-12-01');
    expect(await typeNow()).toBe('New');
    await orders(2, 2, '2010-11-01');
    expect(await typeNow()).toBe('Returning');
    await orders(3, 10, '2011-12-02');
    // nine within the year
    expect(await typeNow()).toBe('Returning');
    await orders(11, 11, '2011-12-03');
    const detail = await get('/customers/C1');
    expect(detail).toMatchObject({ customer_type: 'VIP', order_count: 11, total_spent: '22.00' });
    expect(detail.orders).toHaveLength(11);
    expect(detail.orders[0]).toMatchObject({ id: 'C1-11', quantity: 1 });
    const listed = (await get('/customers')).data.find(({ id }: { id: string }) => id === 'C1');
    expect(listed.customer_type).toBe('VIP');
  });

  it('are forgotten by name and address everywhere, while their orders stay', async () => {
    await ask('PUT', '/customers/C1', { name: 'Ann Smith', state: 'Yorkshire' });
    const erased = await ask('DELETE', '/customers/C1');
    expect(erased.json).toMatchObject({
      id: 'C1',
      name: '(erased)',
      city: null,
      state: null,
      country: 'United Kingdom',
      is_active: false,
      order_count: 11,
    });
    expect(erased.json.erased_at).not.toBeNull();
    expect((await get('/orders/C1-1')).city).toBeNull();
    expect((await ask('DELETE', '/customers/C1')).json.erased_at).toBe(erased.json.erased_at);
    expect((await ask('DELETE', '/customers/C1', undefined, 'buyer')).status).toBe(403);
    const entries = await changesOf('customer', 'C1');
    expect(entries.map(({ action }: { action: string }) => action)).toEqual(['create', 'change', 'erase']);
    // neither a file nor a request brings back who it was, and what another way brought can be erased
    await api.database.transaction((tx) =>
      upsertCustomers(tx, [
        {
          customerId: 'C1',
          name: 'Ann',
          customerType: null,
          city: 'Leeds',
          state: 'Yorkshire',
          country: null,
        },
      ]),
    );
    expect(await get('/customers/C1')).toMatchObject({ name: '(erased)', city: null, state: null });
    expect((await ask('PUT', '/customers/C1', { name: 'Ann' })).status).toBe(409);
    await api.database.write(`UPDATE customer SET name = 'Ann', city = 'Leeds' WHERE customer_id = 'C1'`);
    expect((await ask('DELETE', '/customers/C1')).json).toMatchObject({
      name: '(erased)',
      city: null,
      erased_at: erased.json.erased_at,
    });
    const [{ rest }] = (await api.database.select(
      z.object({ rest: z.int() }),
      `SELECT COUNT(*) AS rest FROM audit_log
        WHERE CONCAT(COALESCE(before_state, ''), COALESCE(after_state, '')) REGEXP 'Ann|Leeds|Yorkshire'`,
    )) as [{ rest: number }];
    expect(rest).toBe(0);
  });
});

describe('locations', () => {
  it('form a tree that takes no circle, no unknown parent and no depth beyond eight levels', async () => {
    for (let level = 1; level <= 8; level++) {
      const parent = level === 1 ? null : `L${level - 1}`;
      const made = await ask('POST', '/locations', {
        id: `L${level}`,
        name: `Level ${level}`,
        parent_id: parent,
      });
      expect(made.status).toBe(201);
    }
    expect((await ask('POST', '/locations', { id: 'L9', name: 'x', parent_id: 'L8' })).status).toBe(422);
    expect((await ask('POST', '/locations', { id: 'L9', name: 'x', parent_id: 'none' })).status).toBe(422);
    expect((await ask('PUT', '/locations/L1', { parent_id: 'L3' })).status).toBe(422);
    expect((await ask('PUT', '/locations/L1', { parent_id: 'L1' })).status).toBe(422);
    // eight levels below another are nine
    expect((await ask('PUT', '/locations/L1', { parent_id: 'SHOP' })).status).toBe(422);
    const moved = await ask('PUT', '/locations/L8', { parent_id: 'L2', type: 'virtual' });
    expect(moved.json).toMatchObject({ path: ['L1', 'L2'], type: 'virtual', children: [] });
    expect((await get('/locations/L2')).children).toEqual(['L3', 'L8']);
    expect((await get('/locations?parent_id=L2')).data).toHaveLength(2);
    expect((await get('/locations?type=virtual')).data).toMatchObject([{ id: 'L8', on_hand: 0 }]);
    expect(await changesOf('location', 'L8')).toMatchObject([
      { action: 'create' },
      { action: 'change', before: { parent_id: 'L7', type: 'warehouse' }, after: { parent_id: 'L2' } },
    ]);
  });

  it('moved at the same time never close a circle together', async () => {
    for (const id of ['X', 'Y', 'Z']) await ask('POST', '/locations', { id, name: id });
    const moves = [
      ['X', 'Y'],
      ['Y', 'Z'],
      ['Z', 'X'],
    ];
    const answers = await Promise.all(
      moves.map(([id, parent]) => ask('PUT', `/locations/${id}`, { parent_id: parent })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 422]);
  });

  it('end only when nothing lies in them', async () => {
    const main = await ask('PUT', '/locations/MAIN', { is_active: false });
    expect(main.status).toBe(409);
    expect(main.json.errors ?? main.json.details ?? main.text).toBeDefined();
    expect((await ask('PUT', '/locations/L2', { is_active: false })).status).toBe(409);
    expect((await ask('PUT', '/locations/L8', { is_active: false })).json.is_active).toBe(false);
  });
});

describe('a location that goods are on their way to', () => {
  it('cannot end before they have come', async () => {
    for (const id of ['FAR', 'NEAR']) await ask('POST', '/locations', { id, name: id });
    await ask('POST', '/products', { id: 'TRAVELS', name: 'Travels', current_stock: 3 });
    const sent = {
      id: 'ROAD',
      from_location: 'MAIN',
      to_location: 'FAR',
      lines: [{ product_id: 'TRAVELS', quantity: 2 }],
    };
    expect((await ask('POST', '/transfers', sent)).status).toBe(201);
    const { insertId } = await api.database.write(
      `INSERT INTO purchase_order (supplier_id, location_id, status)
       SELECT supplier_id, 'NEAR', 'approved' FROM supplier LIMIT 1`,
    );
    const far = await ask('PUT', '/locations/FAR', { is_active: false });
    expect([far.status, far.json.errors]).toEqual([409, [expect.objectContaining({ field: 'ROAD' })]]);
    const near = await ask('PUT', '/locations/NEAR', { is_active: false });
    expect([near.status, near.json.errors]).toEqual([
      409,
      [expect.objectContaining({ field: String(insertId) })],
    ]);
    await api.database.write(`DELETE FROM purchase_order WHERE purchase_order_id = :id`, { id: insertId! });
    expect((await ask('PUT', '/locations/NEAR', { is_active: false })).status).toBe(200);
  });

  it('is named by who has a long name', async () => {
    const username = 'n'.repeat(128);
    const made = await api.ask('POST', '/movements', {
      as: 'warehouse',
      claims: { username },
      headers: { 'idempotency-key': 'long' },
      body: { id: 'LONG', product_id: 'TRAVELS', type: 'receipt', quantity_change: 1 },
    });
    expect([made.status, made.json.data?.[0].actor]).toEqual([201, username]);
  });
});

describe('reports', () => {
  it('count each product once: in stock, low or out', async () => {
    await ask('POST', '/products', {
      id: 'W1',
      name: 'Low',
      current_stock: 3,
      cost: 2,
      unit_price: 5,
      category: 'W',
    });
    await ask('POST', '/products', { id: 'W2', name: 'Much', current_stock: 50, cost: '0.5', category: 'W' });
    await ask('POST', '/products', { id: 'W3', name: 'None', category: 'W' });
    const summary = await get('/reports/inventory-summary');
    const status = await get('/analytics/inventory/status');
    expect(summary).toMatchObject(status);
    const { in_stock_count, low_stock_count, out_of_stock_count, total_products } = status;
    expect(in_stock_count + low_stock_count + out_of_stock_count).toBe(total_products);
    expect(low_stock_count).toBeGreaterThan(0);
    expect(summary.categories).toContainEqual({
      category: 'W',
      products: 3,
      units: 53,
      value_at_cost: '31.00',
      value_at_price: '15.00',
    });
    const sum = summary.categories.reduce((all: number, one: { units: number }) => all + one.units, 0);
    expect(sum).toBe(summary.total_units);
  });

  it('sell over the counter, list it, and sum it the same however it is grouped', async () => {
    const headers = { 'idempotency-key': 'till 1' };
    const body = { product_id: 'W2', quantity: 4, unit_price: '1.50', order_date: '2011-12-05' };
    const sold = await api.ask('POST', '/sales', { as: 'warehouse', body, headers });
    expect(sold.status).toBe(201);
    expect(sold.json).toMatchObject({ order_status: 'Delivered', total_amount: '6.00' });
    expect((await api.ask('POST', '/sales', { as: 'warehouse', body, headers })).json).toEqual(sold.json);
    expect((await ask('POST', '/sales', { ...body, quantity: 400 })).status).toBe(409);
    expect((await get('/sales?product_id=W2')).data).toMatchObject([
      { order_id: sold.json.id, kind: 'sale', quantity: 4, unit_price: '1.50', total_amount: '6.00' },
    ]);
    const days = 'start_date=2011-12-01&end_date=2011-12-31';
    const reports = [];
    for (const by of ['product', 'category', 'location', 'day'])
      reports.push(await get(`/reports/sales-report?${days}&group_by=${by}`));
    for (const report of reports) {
      expect(report.total_revenue).toBe(reports[0].total_revenue);
      const units = report.rows.reduce((sum: number, row: { units: number }) => sum + row.units, 0);
      expect(units).toBe(report.total_units);
    }
    expect(reports[1].rows).toContainEqual({ name: 'W', units: 4, revenue: '6.00', lines: 1 });
    expect((await get(`/reports/sales-report?start_date=2012-01-01&end_date=2011-01-01`)).status).toBe(422);
    expect((await get('/reports/sales-report')).start_date).toBeDefined();
  });
});

describe('an Idempotency-Key', () => {
  it('answers again what it answered, however long that was', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => ({ product_id: `LONG-${i}`, quantity: 1 }));
    await api.database.write(
      `INSERT INTO products (product_id, product_name, backorders_allowed)
       SELECT j.id, j.name, 1 FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              id VARCHAR(64) PATH '$[0]', name VARCHAR(255) PATH '$[1]')) AS j`,
      {
        rows: JSON.stringify(
          lines.map(({ product_id }) => [product_id, `${product_id} ${'ä€'.repeat(100)}`]),
        ),
      },
    );
    const headers = { 'idempotency-key': 'a long order' };
    const order = { as: 'planner', headers, body: { id: 'LONG', order_date: '2011-12-05', lines } };
    const first = await api.ask('POST', '/orders', order);
    expect([first.status, first.text.length > 65_536]).toEqual([201, true]);
    const again = await api.ask('POST', '/orders', order);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.text).toBe(first.text);
  });
});

describe('audits', () => {
  it('are asked for once for a key, and listed', async () => {
    const headers = { 'idempotency-key': 'tonight' };
    const asked = [];
    for (let i = 0; i < 2; i++) asked.push(await api.ask('POST', '/audits', { as: 'planner', headers }));
    expect(asked.map(({ status }) => status)).toEqual([202, 202]);
    const { audit_id } = asked[0]!.json;
    expect(asked[1]!.json).toEqual({ audit_id });
    expect(api.sent.filter((one) => (one as { auditId?: string }).auditId === audit_id)).toHaveLength(1);
    expect((await get('/audits')).data).toMatchObject([
      { audit_id, status: 'running', asked_by: 'planner', cause: 'api', broken: null },
    ]);
    expect(await get(`/audits/${audit_id}`)).toMatchObject({ audit_id, promises: [] });
    expect((await ask('GET', '/audits/none')).status).toBe(404);
  });

  it('of a small ledger are answered at once', async () => {
    const report = await get('/ledger/invariants');
    expect(report).toMatchObject({ holds: true });
    expect(report.promises.length).toBeGreaterThan(10);
    expect((await ask('GET', '/ledger/invariants', undefined, 'viewer')).status).toBe(403);
  });
});
