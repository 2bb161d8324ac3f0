import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  for (const [id, current_stock] of [
    ['A', 20],
    ['B', 20],
  ])
    await post('/products', { id, name: `Product ${id}`, unit_price: '10.00', cost: 4, current_stock });
  await post('/products', { id: 'POST', name: 'Postage', is_service: true, unit_price: 3 });
});
afterAll(async () => {
  expect(await findViolations(api.database)).toEqual([]);
  await api.close();
});

const ask = (method: string, target: string, body?: unknown, as = 'planner') =>
  api.ask(method, target, { as, body });
const post = (target: string, body: unknown) => ask('POST', target, body);
const get = (target: string) => api.ask('GET', target, { as: 'viewer' });
const stockOf = async (id: string) => (await get(`/products/${id}`)).json.current_stock;
const Movement = z.object({
  change_type: z.string(),
  quantity_change: z.int(),
  reason: z.string().nullable(),
});
const movementsOf = (productId: string) =>
  api.database.select(
    Movement,
    `SELECT change_type, quantity_change, reason FROM inventory_log WHERE product_id = :productId ORDER BY log_id`,
    { productId },
  );
const demandOf = (productId: string) =>
  api.database.select(
    z.object({ date: z.string(), quantity: z.int(), sale_lines: z.int(), revenue: z.string() }),
    `SELECT date, quantity, sale_lines, revenue FROM demand WHERE product_id = :productId ORDER BY date`,
    { productId },
  );

async function product(id: string, current_stock: number, more: object = {}) {
  const made = await post('/products', { id, name: id, unit_price: 10, cost: 4, current_stock, ...more });
  expect(made.status).toBe(201);
}

describe('an order of several lines', () => {
  it('leaves as a whole, and is answered as it is read later', async () => {
    const made = await post('/orders', {
      id: 'M1',
      customer_id: 'K1',
      shipping_cost: 4,
      tax: 1,
      lines: [
        { product_id: 'A', quantity: 2 },
        { product_id: 'B', quantity: 3, unit_price: '8.50', discount: '0.5' },
        { product_id: 'POST', quantity: 1 },
      ],
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      product_id: null,
      unit_price: null,
      quantity: 6,
      total_amount: '53.00',
      line_count: 3,
      lines: [
        { id: 'M1:1', product_id: 'A', kind: 'sale', total_amount: '25.00', quantity_returned: 0 },
        { id: 'M1:2', product_id: 'B', kind: 'sale', total_amount: '25.00' },
        { id: 'M1:3', product_id: 'POST', kind: 'service', total_amount: '3.00' },
      ],
      returns: [],
    });
    expect((await get('/orders/M1')).json).toEqual(made.json);
    expect([await stockOf('A'), await stockOf('B')]).toEqual([18, 17]);
  });

  it('is checked as a sum: lines that fit one by one and not together are refused, and nothing moves', async () => {
    const lines = [
      { product_id: 'A', quantity: 10 },
      { product_id: 'B', quantity: 1 },
      { product_id: 'A', quantity: 9 },
    ];
    const refused = await post('/orders', { id: 'M2', lines });
    expect([refused.status, refused.json.errors]).toEqual([
      409,
      [{ field: 'A', reason: '19 wanted, 18 in stock' }],
    ]);
    expect([await stockOf('A'), await stockOf('B')]).toEqual([18, 17]);
    expect((await get('/orders/M2')).status).toBe(404);
  });

  it('is refused for an unknown product or location, and for fields that belong to its lines', async () => {
    const line = { product_id: 'A', quantity: 1 };
    expect(
      (await post('/orders', { id: 'M3', lines: [line, { product_id: 'x', quantity: 1 }] })).status,
    ).toBe(404);
    expect((await post('/orders', { id: 'M3', lines: [{ ...line, location_id: 'NOWHERE' }] })).status).toBe(
      404,
    );
    for (const more of [
      { product_id: 'A' },
      { quantity: 1 },
      { discount: 1 },
      { unit_price: 1 },
      { total_amount: 1 },
      { lines: [] },
      { lines: Array.from({ length: 201 }, () => line) },
      { order_status: 'Cancelled' },
    ])
      expect([more, (await post('/orders', { id: 'M3', lines: [line], ...more })).status]).toEqual([
        more,
        422,
      ]);
    expect(await stockOf('A')).toBe(18);
  });

  it('may have 200 lines', async () => {
    await product('OVERDUE', 200);
    const lines = Array.from({ length: 200 }, () => ({ product_id: 'OVERDUE', quantity: 1 }));
    expect((await post('/orders', { id: 'M4', lines })).json).toMatchObject({
      quantity: 200,
      line_count: 200,
    });
    expect(await stockOf('OVERDUE')).toBe(0);
  });
});

describe('the same order again', () => {
  const body = { id: 'R1', product_id: 'A', quantity: 1 };

  it('is answered with 200 and has one effect, also without a key', async () => {
    const before = await stockOf('A');
    const first = await post('/orders', body);
    const again = await post('/orders', body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.json).toEqual(first.json);
    expect(await stockOf('A')).toBe(before - 1);
  });

  it('is one order when it comes several times at once', async () => {
    await product('ONCE', 5);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => post('/orders', { id: 'R2', product_id: 'ONCE', quantity: 2 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await stockOf('ONCE')).toBe(3);
  });

  it('with other content is refused with 409', async () => {
    expect((await post('/orders', { ...body, quantity: 2 })).status).toBe(409);
    expect((await post('/orders', { ...body, customer_id: 'K2' })).status).toBe(409);
  });
});

describe('the date of an order', () => {
  it('is at most tomorrow, so that no order carries the business day away', async () => {
    const dated = (id: string, order_date: string) =>
      post('/orders', { id, product_id: 'B', quantity: 1, order_date });
    const refused = await dated('F1', '2011-12-12');
    expect([refused.status, refused.json.errors]).toEqual([
      422,
      [{ field: 'order_date', reason: 'is in the future: 2011-12-11 is the last day possible' }],
    ]);
    expect((await dated('F1', '2099-01-01')).status).toBe(422);
    expect((await dated('F2', '2011-12-11T23:59:59Z')).status).toBe(201);
    expect((await dated('F3', '2011-12-12')).status).toBe(422);
    expect((await dated('F4', '2001-01-01')).status).toBe(201);
  });
});

describe('lost sales', () => {
  it('are remembered although the order left no trace, once for each line', async () => {
    await product('SHORT', 3);
    const body = { id: 'S1', product_id: 'SHORT', quantity: 5, unit_price: '12.5', order_date: '2011-12-09' };
    for (let i = 0; i < 3; i++) expect((await post('/orders', body)).status).toBe(409);
    const { data, totals, pagination } = (await get('/lost-sales?product_id=SHORT')).json;
    expect(pagination.total).toBe(1);
    expect(data).toMatchObject([
      {
        order_id: 'S1',
        line: 1,
        location_id: 'MAIN',
        day: '2011-12-09',
        asked: 5,
        available: 3,
        unit_price: '12.50',
        amount: '62.50',
        source: 'api',
        sold_later: false,
      },
    ]);
    expect(totals).toEqual({
      orders: 1,
      lines: 1,
      asked: 5,
      short: 2,
      amount: '62.50',
      open_asked: 5,
      open_amount: '62.50',
    });
  });

  it('of an order that is taken later stay, and say so', async () => {
    await ask('PUT', '/products/SHORT', { current_stock: 5, reason: 'found more' });
    expect((await post('/orders', { id: 'S1', product_id: 'SHORT', quantity: 5 })).status).toBe(201);
    const { data, totals } = (await get('/lost-sales?product_id=SHORT')).json;
    expect(data).toMatchObject([{ order_id: 'S1', asked: 5, sold_later: true }]);
    expect(totals).toMatchObject({ asked: 5, open_asked: 0, open_amount: '0.00' });
  });

  it('name only the lines that were short; other refusals are no lost sale', async () => {
    await product('SHORT2', 1);
    await post('/orders', {
      id: 'S2',
      lines: [
        { product_id: 'A', quantity: 1 },
        { product_id: 'SHORT2', quantity: 2 },
      ],
    });
    await post('/orders', { id: 'S3', product_id: 'nothing', quantity: 2 });
    await post('/orders', { id: 'M1', product_id: 'SHORT2', quantity: 200 });
    const { data } = (await get('/lost-sales')).json;
    expect(data.map((row: { order_id: string; line: number }) => [row.order_id, row.line])).toEqual([
      ['S2', 2],
      ['M2', 1],
      ['M2', 3],
      ['S1', 1],
    ]);
    expect((await get('/lost-sales?from=2011-12-10&to=2011-12-09')).json.totals.lines).toBe(0);
    expect((await get('/lost-sales?limit=0')).status).toBe(422);
  });
});

describe('cancelling', () => {
  it('takes stock and demand back by a linked reversal, once', async () => {
    await product('C', 10);
    await post('/orders', { id: 'C1', product_id: 'C', quantity: 4, order_date: '2011-12-05' });
    const cancelled = await post('/orders/C1/cancel', { reason: 'customer asked' });
    expect(cancelled.status).toBe(200);
    expect(cancelled.json).toMatchObject({
      order_status: 'Cancelled',
      lines: [{ kind: 'cancelled', reason: 'customer asked' }],
    });
    expect(await movementsOf('C')).toMatchObject([
      { change_type: 'opening' },
      { change_type: 'sale', quantity_change: -4 },
      { change_type: 'reversal', quantity_change: 4, reason: 'customer asked' },
    ]);
    expect(await demandOf('C')).toEqual([]);
    const again = await post('/orders/C1/cancel', { reason: 'customer asked' });
    expect([again.status, again.json]).toEqual([200, cancelled.json]);
    expect(await stockOf('C')).toBe(10);
  });

  it('of some lines leaves the others, and of the last ones ends the order', async () => {
    await product('C2', 10);
    await post('/orders', {
      id: 'C2',
      lines: [
        { product_id: 'C2', quantity: 1 },
        { product_id: 'C2', quantity: 2 },
        { product_id: 'POST', quantity: 1 },
      ],
    });
    const some = await post('/orders/C2/cancel', { reason: 'one less', lines: [2] });
    expect(some.json).toMatchObject({
      order_status: 'Processing',
      lines: [{ kind: 'sale' }, { kind: 'cancelled' }, { kind: 'service' }],
    });
    expect(await stockOf('C2')).toBe(9);
    expect((await post('/orders/C2/cancel', { reason: 'x', lines: ['C2:9'] })).status).toBe(404);
    const rest = await post('/orders/C2/cancel', { reason: 'all', lines: ['C2:1', 'C2:3'] });
    expect(rest.json.order_status).toBe('Cancelled');
    expect(await stockOf('C2')).toBe(10);
  });

  it('is for what was not shipped, needs a reason, and leaves backorders as they were', async () => {
    await post('/orders', { id: 'C3', product_id: 'A', quantity: 1 });
    expect((await post('/orders/C3/cancel', {})).status).toBe(422);
    expect((await post('/orders/none/cancel', { reason: 'x' })).status).toBe(404);
    expect((await ask('PATCH', '/orders/C3', { order_status: 'shipped' })).json.order_status).toBe('Shipped');
    expect((await post('/orders/C3/cancel', { reason: 'late' })).status).toBe(409);
    expect((await ask('PATCH', '/orders/C3', { order_status: 'Delivered' })).status).toBe(200);
    expect((await ask('PATCH', '/orders/C3', { order_status: 'Processing' })).status).toBe(409);
    expect((await ask('PATCH', '/orders/C3', { order_status: 'Cancelled' })).status).toBe(422);
    await product('BACK', 0, { backorders_allowed: true });
    await post('/orders', { id: 'C4', product_id: 'BACK', quantity: 3 });
    expect(await stockOf('BACK')).toBe(-3);
    await post('/orders/C4/cancel', { reason: 'x' });
    expect(await stockOf('BACK')).toBe(0);
  });

  it('several times at once is once', async () => {
    await product('C5', 6);
    await post('/orders', { id: 'C5', product_id: 'C5', quantity: 6 });
    const answers = await Promise.all([1, 2, 3].map(() => post('/orders/C5/cancel', { reason: 'x' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await stockOf('C5')).toBe(6);
  });

  it('of a line that came back in part brings the rest back as a return', async () => {
    await product('C6', 5);
    await post('/orders', { id: 'C6', product_id: 'C6', quantity: 5 });
    await post('/orders/C6/returns', { lines: [{ line: 1, quantity: 2, reason: 'wrong_size' }] });
    const cancelled = await post('/orders/C6/cancel', { reason: 'no more' });
    expect(cancelled.json).toMatchObject({
      order_status: 'Returned',
      lines: [{ kind: 'sale', quantity_returned: 5, refund_amount: '50.00' }],
      returns: [{ quantity: 2 }, { quantity: 3 }],
    });
    expect(await stockOf('C6')).toBe(5);
    expect((await post('/orders/C6/cancel', { reason: 'no more' })).json).toEqual(cancelled.json);
  });
});

describe('returns', () => {
  const back = (id: string, lines: unknown[], more: object = {}) =>
    post(`/orders/${id}/returns`, { lines, ...more });

  it('come in parts, never more than were sold, and add up to what was paid', async () => {
    await product('T', 10);
    await post('/orders', {
      id: 'T1',
      product_id: 'T',
      quantity: 3,
      total_amount: 10,
      unit_price: '3.3334',
      discount: '0.0002',
    });
    const line = { line: 'T1:1', quantity: 1, reason: 'defective' };
    const first = await back('T1', [line]);
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({
      order_status: 'Processing',
      lines: [{ is_refunded: true, quantity_returned: 1, refund_amount: '3.3333' }],
      returns: [
        { line: 'T1:1', quantity: 1, reason: 'defective', condition: 'resellable', actor: 'planner' },
      ],
    });
    const tooMany = await back('T1', [line, { ...line, quantity: 2 }]);
    expect([tooMany.status, tooMany.json.errors[0].field]).toEqual([409, 'lines.1.quantity']);
    const last = await back('T1', [line, line]);
    expect(last.json).toMatchObject({
      order_status: 'Returned',
      lines: [{ quantity_returned: 3, refund_amount: '10.00' }],
    });
    expect((await back('T1', [line])).status).toBe(409);
    expect(await stockOf('T')).toBe(10);
    expect((await demandOf('T')).map(({ quantity }) => quantity)).toEqual([3]);
  });

  it('of damaged goods leave the stock again at once', async () => {
    await product('T2', 4);
    await post('/orders', { id: 'T2', product_id: 'T2', quantity: 4 });
    await back('T2', [{ line: 1, quantity: 3, reason: 'damaged_in_transit', condition: 'damaged' }]);
    expect(await movementsOf('T2')).toMatchObject([
      { change_type: 'opening' },
      { change_type: 'sale', quantity_change: -4 },
      { change_type: 'return', quantity_change: 3, reason: 'damaged_in_transit' },
      { change_type: 'damage', quantity_change: -3 },
    ]);
    expect(await stockOf('T2')).toBe(0);
  });

  it('of the same id are one return; with other content 409', async () => {
    await product('T3', 4);
    await post('/orders', { id: 'T3', product_id: 'T3', quantity: 4 });
    const line = { line: 1, quantity: 1, reason: 'other' };
    const answers = await Promise.all([1, 2, 3].map(() => back('T3', [line], { return_id: 'RET-3' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(await stockOf('T3')).toBe(1);
    expect((await back('T3', [{ ...line, quantity: 2 }], { return_id: 'RET-3' })).status).toBe(409);
  });

  it('at once never exceed what was sold', async () => {
    await product('T4', 5);
    await post('/orders', { id: 'T4', product_id: 'T4', quantity: 5 });
    const line = { line: 1, quantity: 2, reason: 'changed_mind' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => back('T4', [line])));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect(await stockOf('T4')).toBe(4);
  });

  it('are refused beyond what was paid, for services, cancelled lines, unknown reasons and impossible times', async () => {
    await product('T5', 5);
    await post('/orders', {
      id: 'T5',
      order_date: '2011-12-08',
      lines: [
        { product_id: 'T5', quantity: 2 },
        { product_id: 'POST', quantity: 1 },
        { product_id: 'T5', quantity: 1 },
      ],
    });
    await post('/orders/T5/cancel', { reason: 'x', lines: [3] });
    const line = { line: 1, quantity: 1, reason: 'other' };
    expect((await back('T5', [{ ...line, refund_amount: '20.01' }])).status).toBe(409);
    expect((await back('T5', [{ ...line, line: 2 }])).status).toBe(409);
    expect((await back('T5', [{ ...line, line: 3 }])).status).toBe(409);
    expect((await back('T5', [{ ...line, line: 4 }])).status).toBe(404);
    expect((await back('none', [line])).status).toBe(404);
    expect((await back('T5', [{ ...line, reason: 'because' }])).status).toBe(422);
    expect((await back('T5', [{ ...line, location_id: 'x' }])).status).toBe(404);
    expect((await back('T5', [line], { returned_at: '2011-12-07' })).status).toBe(422);
    expect((await back('T5', [line], { returned_at: '2012-12-07' })).status).toBe(422);
    expect((await back('T5', [{ ...line, refund_amount: '20' }], { returned_at: '2011-12-09' })).status).toBe(
      201,
    );
    expect((await back('T5', [line])).json.lines[0]).toMatchObject({
      quantity_returned: 2,
      refund_amount: '20.00',
    });
  });
});

describe('net sales', () => {
  it('are less by a refund, on the day when the goods came', async () => {
    const sales = async () => {
      const { trends } = (await get('/analytics/sales-trends?period=daily&days=10')).json;
      const days = trends.map((day: { period: string; total_sales: string; total_units: number }) => [
        day.period,
        [Number(day.total_sales), day.total_units],
      ]);
      return { days: Object.fromEntries(days), ...(await get('/analytics/dashboard/summary')).json };
    };
    await product('NET', 10);
    await post('/orders', { id: 'N1', product_id: 'NET', quantity: 4, order_date: '2011-12-06' });
    const before = await sales();
    await post('/orders/N1/returns', {
      returned_at: '2011-12-07T12:00:00Z',
      lines: [{ line: 1, quantity: 3, reason: 'not_as_described', refund_amount: 12 }],
    });
    const after = await sales();
    expect(after.days['2011-12-06']).toEqual(before.days['2011-12-06']);
    const [money, units] = before.days['2011-12-07'] ?? [0, 0];
    expect(after.days['2011-12-07']).toEqual([money - 12, units - 3]);
    expect(Number(after.total_revenue_mtd)).toBeCloseTo(Number(before.total_revenue_mtd) - 12, 2);
    expect(Number(after.total_revenue_ytd)).toBeCloseTo(Number(before.total_revenue_ytd) - 12, 2);
  });
});

describe('an order with more lines than can be changed at once', () => {
  it('shows all of them, can be shipped, and is not cancelled in part', async () => {
    await api.database.write(
      `INSERT INTO orders (order_id, order_date, order_status, source)
       VALUES ('LONG', '2011-12-01', 'Processing', 'import:x')`,
    );
    const ids = Array.from({ length: 2_500 }, (_, i) => `LONG-${'0123456789'.repeat(5)}:${i + 1}`);
    await api.database.write(
      `INSERT INTO sales (sale_id, order_id, product_id, location, date, kind, quantity_sold, sale_price,
                          total_amount, content_hash)
       SELECT j.id, 'LONG', 'POST', 'MAIN', '2011-12-01', 'service', 1, 1, 1, 'x'
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) j`,
      { ids: JSON.stringify(ids) },
    );
    const shown = (await get('/orders/LONG')).json.lines.map((line: { id: string }) => line.id);
    expect(shown).toEqual(ids);
    const cancelled = await post('/orders/LONG/cancel', { reason: 'x' });
    expect([cancelled.status, cancelled.json.detail]).toEqual([409, expect.stringMatching(/2000 lines/)]);
    expect((await get('/orders/LONG')).json).toMatchObject({ order_status: 'Processing', line_count: 2_500 });
    const kinds = await api.database.select(
      z.object({ kind: z.string() }),
      `SELECT DISTINCT kind FROM sales WHERE order_id = 'LONG'`,
    );
    expect(kinds).toEqual([{ kind: 'service' }]);
    expect((await ask('PATCH', '/orders/LONG', { order_status: 'Shipped' })).status).toBe(200);
  });
});

describe('an order for units that are reserved', () => {
  it('is short of what nobody else was promised, and says so, however it is found out', async () => {
    await product('HELD', 5);
    for (const [id, quantity] of [
      ['OTHERS', 4],
      ['OURS', 1],
    ])
      expect((await post('/reservations', { id, product_id: 'HELD', quantity })).status).toBe(201);
    const more = await post('/orders', { id: 'H6', product_id: 'HELD', quantity: 6 });
    expect(more.json.errors).toMatchObject([{ reason: '6 wanted, 5 in stock, 5 of them reserved' }]);
    const line = { product_id: 'HELD', quantity: 7, reservation_id: 'OURS' };
    const brought = await post('/orders', { id: 'H7', lines: [line] });
    expect(brought.json.errors).toMatchObject([{ reason: '7 wanted, 5 in stock, 4 of them reserved' }]);
    expect((await post('/orders', { id: 'H5', product_id: 'HELD', quantity: 5 })).status).toBe(409);
    const { data } = (await get('/lost-sales?product_id=HELD')).json;
    const available = data.map((one: { order_id: string; available: number }) => [
      one.order_id,
      one.available,
    ]);
    expect(available.sort()).toEqual([
      ['H5', 0],
      ['H6', 0],
      ['H7', 1],
    ]);
  });

  it('ends all promises that are over, however many', async () => {
    await product('OVER', 1_500);
    const ids = JSON.stringify(Array.from({ length: 1_500 }, (_, i) => `over-${i}`));
    await api.database.write(
      `INSERT INTO reservation (reservation_id, product_id, location_id, quantity, quantity_open, status, expires_at,
                                created_by)
       SELECT j.id, 'OVER', 'MAIN', 1, 1, 'open', '2020-01-01', 'x'
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) j`,
      { ids },
    );
    await api.database.write(`UPDATE stock SET committed = 1500 WHERE product_id = 'OVER'`);
    expect((await post('/orders', { id: 'OVER1', product_id: 'OVER', quantity: 1_200 })).json).toMatchObject({
      id: 'OVER1',
    });
  });
});

it('an order of which a part came back is cancelled once, also when asked again', async () => {
  await product('PART', 10);
  await post('/orders', { id: 'PART1', product_id: 'PART', quantity: 3 });
  await post('/orders/PART1/returns', { lines: [{ line: 1, quantity: 1, reason: 'other' }] });
  const cancel = (reason: string, key: string) =>
    api.ask('POST', '/orders/PART1/cancel', {
      as: 'planner',
      body: { reason },
      headers: { 'idempotency-key': key },
    });
  const first = await cancel('x', 'c1');
  expect([first.status, first.json.order_status, await stockOf('PART')]).toEqual([200, 'Returned', 10]);
  const keyed = await cancel('x', 'c1');
  expect([keyed.status, keyed.headers['idempotency-replayed'], keyed.json]).toEqual([
    200,
    'true',
    first.json,
  ]);
  const again = await cancel('y', 'c2');
  expect([again.status, again.json, await stockOf('PART')]).toEqual([200, first.json, 10]);
});
