import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { afterPlanAgain } from '../../../functions/restock/after-plan.ts';
import { checkPurchaseOrders } from '../../../shared/data/purchasing/purchase-alert-store.ts';
import { type Api, openApi } from './api-fixture.ts';

/** The day of the fixture's clock. */
const TODAY = '2011-12-10';
let api: Api;
let supplier = '';
let suppliers = 0;
beforeAll(async () => {
  api = await openApi();
  for (const id of ['A', 'B', 'C'])
    expect((await as('admin', 'POST', '/products', { id, name: id, unit_price: 9, cost: 1 })).status).toBe(
      201,
    );
});
beforeEach(async () => {
  suppliers += 1;
  supplier = `S${suppliers}`;
  await api.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES (:id, :id)`, {
    id: supplier,
  });
});
afterAll(() => api.close());

const as = (roles: string, method: string, target: string, body?: unknown) =>
  api.ask(method, target, { as: roles, ...(body !== undefined && { body }) });
const get = async (target: string) => (await as('viewer', 'GET', target)).json;
const act = (id: number, command: string, roles: string, body: unknown = {}) =>
  as(roles, 'POST', `/purchase-orders/${id}/${command}`, body);
const show = (id: number) => get(`/purchase-orders/${id}`);
const line = (product_id: string, quantity?: number, more: object = {}) => ({
  product_id,
  quantity,
  ...more,
});

async function create(lines: object[], more: object = {}): Promise<number> {
  const made = await as('buyer', 'POST', '/purchase-orders', { supplier_id: supplier, lines, ...more });
  expect([made.status, made.json.detail]).toEqual([201, undefined]);
  return made.json.purchase_order_id;
}
async function order(lines: object[], more: object = {}): Promise<number> {
  const id = await create(lines, more);
  expect((await act(id, 'approve', 'approver')).status).toBe(200);
  return id;
}
/** As if it had been ordered weeks ago. */
async function lateOrder(lines: object[]): Promise<number> {
  const id = await order(lines);
  await api.database.write(
    `UPDATE purchase_order o
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
        SET o.ordered_on = '2011-11-20', o.expected_date = '2011-12-01', l.expected_date = '2011-12-01',
            l.ordered_date = '2011-12-01'
      WHERE o.purchase_order_id = :id`,
    { id },
  );
  return id;
}
const receive = (id: number, lines: object[], more: object = {}) =>
  act(id, 'receipts', 'warehouse', { lines, ...more });
const settings = (body: object) => as('admin', 'PUT', '/purchasing/settings', body);
const check = (hasPlanned = false) =>
  api.database.transaction((tx) => checkPurchaseOrders(tx, { today: TODAY, hasPlanned }));
const alertOf = async (key: string) =>
  (await get('/alerts?limit=100')).data.find((one: { key: string }) => one.key === key);

describe('what a supplier confirms beyond what was approved', () => {
  it('is taken over by somebody who may approve that much, and by nobody else', async () => {
    const id = await order([line('A', 10, { unit_cost: 1 }), line('B', 10, { unit_cost: 9 })]);
    const dear = {
      lines: [line('A', 9_000_000, { unit_cost: 9_999 })],
      accept_over: true,
    };
    const refused = await act(id, 'acknowledge', 'buyer', dear);
    expect([refused.status, refused.json.detail]).toEqual([
      403,
      expect.stringContaining('100.00 GBP were approved'),
    ]);
    expect((await show(id)).total_cost).toBe('100.00');
    // 2 percent go through, and not again and again
    expect(
      (await act(id, 'acknowledge', 'buyer', { lines: [line('A', 10, { unit_cost: '1.2' })] })).status,
    ).toBe(200);
    expect(
      (await act(id, 'acknowledge', 'buyer', { lines: [line('A', 10, { unit_cost: '1.3' })] })).status,
    ).toBe(403);
    await as('admin', 'PUT', '/approval-limits/approver/GBP', { max_amount: 150 });
    const steep = { lines: [line('A', 10, { unit_cost: 6.5 })] };
    expect((await act(id, 'acknowledge', 'approver', steep)).status).toBe(403);
    const fair = { lines: [line('A', 10, { unit_cost: 6 })] };
    expect((await act(id, 'acknowledge', 'approver', fair)).json.total_cost).toBe('150.00');
    await as('admin', 'DELETE', '/approval-limits/approver/GBP');
    // what is dearer than approved already may be confirmed for another day
    expect((await act(id, 'acknowledge', 'buyer', { promised_date: '2012-01-01' })).status).toBe(200);
    // a line that is declined makes room for a dearer one
    const swapped = { lines: [line('B', 0), line('A', 10, { unit_cost: '10.2' })] };
    expect((await act(id, 'acknowledge', 'buyer', swapped)).json.total_cost).toBe('102.00');
  });

  it('is taken over by another than who submitted it, where four eyes are asked for', async () => {
    await settings({ four_eyes: true, approval_tolerance_percent: 0 });
    const id = await create([line('A', 10)]);
    await act(id, 'submit', 'admin');
    await act(id, 'approve', 'approver');
    const dearer = { lines: [line('A', 10, { unit_cost: '1.01' })] };
    expect((await act(id, 'acknowledge', 'admin', dearer)).status).toBe(403);
    expect((await act(id, 'acknowledge', 'approver', dearer)).status).toBe(200);
    await settings({ four_eyes: false, approval_tolerance_percent: 2 });
  });
});

describe('a day before the order', () => {
  const tooEarly = (day: string) => `${day} is before ${TODAY}, the day of the order`;
  const refusal = ({ status, json }: Awaited<ReturnType<typeof act>>) => [status, json.errors];

  it('is none on which a draft can come', async () => {
    const draft = (more: object, lines = [line('A', 1)]) =>
      as('buyer', 'POST', '/purchase-orders', { supplier_id: supplier, lines, ...more });
    const past = { expected_date: '1990-01-01' };
    const [atAll, ofLine] = [
      [{ field: 'expected_date', reason: tooEarly('1990-01-01') }],
      [{ field: 'lines.1.expected_date', reason: tooEarly('2011-12-09') }],
    ];
    const lines = [line('A', 1), line('B', 1, { expected_date: '2011-12-09' })];
    expect(refusal(await draft(past))).toEqual([422, atAll]);
    expect(refusal(await draft({}, lines))).toEqual([422, ofLine]);
    const id = await create([line('A', 1)], { expected_date: TODAY });
    expect(refusal(await as('buyer', 'PUT', `/purchase-orders/${id}`, past))).toEqual([422, atAll]);
    expect(refusal(await as('buyer', 'PUT', `/purchase-orders/${id}/lines`, { lines }))).toEqual([
      422,
      ofLine,
    ]);
  });

  it('is none that a supplier can promise, so that no slip of the pen is the promise it is judged by', async () => {
    const id = await order([line('A', 1), line('B', 1)]);
    const said = { promised_date: '1900-01-01' };
    expect(refusal(await act(id, 'acknowledge', 'buyer', said))).toEqual([
      422,
      [{ field: 'promised_date', reason: tooEarly('1900-01-01') }],
    ]);
    expect(refusal(await act(id, 'acknowledge', 'buyer', { lines: [line('B', 1, said)] }))).toEqual([
      422,
      [{ field: 'lines.0.promised_date', reason: tooEarly('1900-01-01') }],
    ]);
    expect((await act(id, 'acknowledge', 'buyer', { promised_date: '2012-01-05' })).json.lines).toMatchObject(
      [{ promised_date: '2012-01-05' }, { promised_date: '2012-01-05' }],
    );
  });
});

describe('an acknowledgement after goods have come', () => {
  it('speaks of the lines that it names: of what came too much it need say nothing', async () => {
    const id = await order([line('A', 10), line('B', 5)]);
    await receive(id, [line('A', 12)], { accept_over: true, reason: 'they sent more' });
    const said = await act(id, 'acknowledge', 'buyer', {
      promised_date: '2012-01-01',
      lines: [line('B', 4)],
    });
    expect([said.status, said.json.detail]).toEqual([200, undefined]);
    expect((await act(id, 'acknowledge', 'buyer', { lines: [line('A', 11)] })).status).toBe(422);
  });

  it('gives no promise to what was here before it', async () => {
    const id = await lateOrder([line('A', 10), line('B', 10), line('C', 10)]);
    await receive(id, [line('A', 10), line('B', 3)]);
    await act(id, 'acknowledge', 'buyer', { promised_date: '2012-01-05' });
    const { lines } = await show(id);
    expect(lines).toMatchObject([
      { product_id: 'A', promised_date: null, expected_date: '2011-12-01' },
      { product_id: 'B', promised_date: null, expected_date: '2012-01-05' },
      { product_id: 'C', promised_date: '2012-01-05', expected_date: '2012-01-05' },
    ]);
    await receive(id, [line('B', 7), line('C', 10)]);
    // of three lines, one was here by the day that was promised for it
    const card = await get(`/suppliers/${supplier}/scorecard`);
    expect([card.judged_lines, card.otif]).toEqual([3, 1 / 3]);
  });
});

it('a supplier who declines a whole order is judged by it, one whose order we cancelled is not', async () => {
  const id = await order([line('A', 10), line('B', 10)], { expected_date: '2012-01-05' });
  const ours = await order([line('A', 10)]);
  await act(ours, 'acknowledge', 'buyer', { promised_date: '2012-01-05' });
  await act(ours, 'cancel', 'buyer', { reason: 'not needed' });
  const said = await act(id, 'acknowledge', 'buyer', { lines: [line('A', 0), line('B', 0)] });
  expect(said.json).toMatchObject({ status: 'cancelled', total_cost: '0.00' });
  expect(await get(`/suppliers/${supplier}/scorecard`)).toMatchObject({
    orders: 1,
    judged_lines: 2,
    otif: 0,
    fill_rate: 0,
  });
});

it('an order has one value, the sum of its lines to the cent, whoever names it', async () => {
  const id = await create(['A', 'B', 'C'].map((product) => line(product, 1, { unit_cost: '0.3333' })));
  expect((await show(id)).total_cost).toBe('0.99');
  expect((await act(id, 'approve', 'approver', { total_cost: '1.00' })).status).toBe(409);
  expect((await act(id, 'approve', 'approver', { total_cost: '0.99' })).status).toBe(200);
  const page = (await as('viewer', 'GET', `/purchase-orders/${id}/document`)).text;
  expect(page).toContain('0.99 GBP');
  expect(page).not.toContain('1.00 GBP');
  expect((await get(`/purchase-orders/${id}/landed-cost`)).goods_cost).toBe('0.99');
});

it('a history says of every step which status stood, whatever page it is on', async () => {
  const id = await order([line('A', 10)]);
  for (const receipt_id of ['h1', 'h2', 'h3'])
    expect((await receive(id, [line('A', 2)], { receipt_id })).status).toBe(201);
  await as('buyer', 'PUT', `/purchase-orders/${id}/charges`, { charges: [{ kind: 'freight', amount: 5 }] });
  await act(id, 'receipts/h3/reverse', 'admin', { reason: 'counted twice' });
  await act(id, 'close', 'buyer', { reason: 'enough' });
  const part = 'partially_received';
  const steps = [
    ['create', null, 'draft'],
    ['approve', 'draft', 'approved'],
    ['receive', 'approved', part],
    ['receive', part, part],
    ['receive', part, part],
    ['charge', part, part],
    ['reverse_receipt', part, part],
    ['close', part, 'closed'],
  ];
  const history = async (query = '') =>
    (await get(`/purchase-orders/${id}/history${query}`)).data.map(
      (one: { command: string; from: string | null; to: string }) => [one.command, one.from, one.to],
    );
  expect(await history()).toEqual(steps);
  for (const [i, step] of steps.entries()) expect(await history(`?skip=${i}&limit=1`)).toEqual([step]);
});

describe('a late order', () => {
  it('stays late night after night where its lines have no day of their own, and knows what it does not know', async () => {
    const id = await lateOrder([line('A', 10), line('B', 10)]);
    // as a file tells of it: only the order has a day
    await api.database.write(
      `UPDATE purchase_order_line SET expected_date = NULL, ordered_date = NULL
        WHERE purchase_order_id = :id AND product_id = 'A'`,
      { id },
    );
    for (let night = 0; night < 3; night++) {
      expect((await check()).late).toBe(1);
      expect(await show(id)).toMatchObject({
        expected_date: '2011-12-01',
        late_days: 9,
        lines: [{ is_late: true }, { is_late: true }],
      });
    }
    const alert = await alertOf(`late_order:${id}`);
    expect(alert.closed_at).toBeNull();
    // no plan has forecast anything here
    expect(alert.message).toContain('is not known: 2 products have no forecast');
    const { data } = await get('/purchase-orders/expedite?late=true');
    expect(data).toMatchObject([{ purchase_order_id: id, products: [], unknown_products: 2 }]);
    await receive(id, [line('B', 10)]);
    expect(await show(id)).toMatchObject({ expected_date: '2011-12-01', late_days: 9 });
    await receive(id, [line('A', 10)]);
    expect((await alertOf(`late_order:${id}`)).closed_at).not.toBeNull();
  });
});

it('a shortage stays open until a plan that began after it; a plan whose end was a crash is followed up', async () => {
  const plan = (runId: string, minutes: number, status: string) =>
    api.database.write(
      `INSERT INTO forecast_run (run_id, cause, as_of, plan_hash, settings, series, chunks, status, created_at)
       VALUES (:runId, 'test', '2011-12-09', :runId, '{}', 0, 0, :status,
               DATE_ADD(UTC_TIMESTAMP(3), INTERVAL ${minutes} MINUTE))`,
      { runId, status },
    );
  await plan('before', -10, 'done');
  const id = await order([line('A', 10)]);
  await act(id, 'acknowledge', 'buyer', { lines: [line('A', 4)] });
  const isOpen = async () => (await alertOf(`short_order:${id}`)).closed_at === null;
  await check(true);
  expect(await isOpen()).toBe(true);
  await plan('after', 10, 'done');
  expect(await afterPlanAgain(api.database, 'before')).toEqual({});
  expect(await isOpen()).toBe(true);
  expect(await afterPlanAgain(api.database, 'after')).toMatchObject({ autoOrders: 0 });
  expect(await isOpen()).toBe(false);
});

describe('one click', () => {
  it('orders no more at once than the supplier takes', async () => {
    await api.database.write(
      `INSERT INTO supplier_item (supplier_id, product_id, unit_cost, lead_time_days, minimum_quantity, order_multiple, maximum_quantity)
       VALUES (:supplier, 'C', 2, 5, 6, 6, 20)`,
      { supplier },
    );
    const quick = (quantity?: number) =>
      as('buyer', 'POST', '/purchase-orders/quick', { product_id: 'C', quantity });
    const refused = await quick(19);
    expect([refused.status, refused.json.errors?.[0]?.reason ?? refused.text]).toEqual([
      422,
      expect.stringContaining('no order above 20'),
    ]);
    expect((await quick(13)).json.lines).toMatchObject([{ quantity: 18 }]);
    await api.database.write(`DELETE FROM purchase_order WHERE supplier_id = :supplier`, { supplier });
    await api.database.write(`UPDATE products SET reorder_quantity = 50 WHERE product_id = 'C'`);
    expect((await quick()).json.lines).toMatchObject([{ quantity: 18 }]);
  });
});

it('a draft without lines is not handed in', async () => {
  const id = await create([line('A', 1)]);
  await api.database.write(`DELETE FROM purchase_order_line WHERE purchase_order_id = :id`, { id });
  expect((await act(id, 'submit', 'buyer')).status).toBe(422);
});
