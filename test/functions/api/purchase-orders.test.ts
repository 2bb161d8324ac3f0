import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readPositions } from '../../../shared/data/ledger/position-store.ts';
import { checkPurchaseOrders } from '../../../shared/data/purchasing/purchase-alert-store.ts';
import { AS_OF, planThrough, year } from '../planning/planning-fixture.ts';
import type { Answer, Api } from './api-fixture.ts';
import { openPlanned } from './planned-api.ts';

/** The day of the fixture's clock. */
const TODAY = '2011-12-10';

let api: Api;
beforeAll(async () => {
  api = await openPlanned([
    { productId: 'A', onHand: 2, supplierId: 'S1', unitCost: '2.5', demand: year(20) },
    { productId: 'B', onHand: 0, supplierId: 'S1', unitCost: '10', demand: year(5) },
    { productId: 'C', onHand: 0, supplierId: 'S2', unitCost: '4', demand: year(9) },
    { productId: 'PLENTY', onHand: 5000, supplierId: 'S1', demand: year(5) },
  ]);
});
afterAll(() => api.close());

const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const post = (target: string, as: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  api.ask('POST', target, { as, body, headers });
const put = (target: string, as: string, body: unknown) => api.ask('PUT', target, { as, body });

async function create(lines: Record<string, number>, more: object = {}): Promise<number> {
  const made = await post('/purchase-orders', 'buyer', {
    supplier_id: 'S1',
    lines: Object.entries(lines).map(([product_id, quantity]) => ({ product_id, quantity })),
    ...more,
  });
  expect([made.status, made.json.detail]).toEqual([201, undefined]);
  return made.json.purchase_order_id;
}
const act = (id: number, command: string, as: string, body: unknown = {}): Promise<Answer> =>
  post(`/purchase-orders/${id}/${command}`, as, body);
async function expectStatus(id: number, status: string) {
  expect((await get(`/purchase-orders/${id}`)).json.status).toBe(status);
}
async function counted(productId: string) {
  const [position] = (await readPositions(api.database, [{ productId, locationId: 'MAIN' }])).values();
  return [position!.onHand, position!.onOrder];
}

describe('an order by hand', () => {
  it('goes from draft to closed, each step once, by those whose step it is, with a history that says all', async () => {
    const id = await create({ PLENTY: 10 }, { note: 'ring before you come' });
    expect((await get(`/purchase-orders/${id}`, 'admin')).json).toMatchObject({
      status: 'draft',
      is_own: true,
      created_by: 'buyer',
      commands: ['edit', 'submit', 'approve', 'cancel'],
      lines: [{ product_id: 'PLENTY', quantity: 10, unit_cost: '2.50' }],
    });
    const steps: [string, string, string, unknown?][] = [
      ['submit', 'buyer', 'submitted'],
      ['approve', 'approver', 'approved'],
      ['send', 'buyer', 'sent'],
      ['acknowledge', 'buyer', 'acknowledged', { promised_date: '2011-12-30', supplier_reference: 'X-1' }],
    ];
    for (const [command, as, status, body] of steps) {
      expect((await act(id, command, 'viewer', body)).status).toBe(403);
      const first = await act(id, command, as, body);
      expect([command, first.status, first.json.status]).toEqual([command, 200, status]);
      const again = await act(id, command, as, body);
      expect([command, again.json]).toEqual([command, first.json]);
    }
    const [, expectedBefore] = await counted('PLENTY');
    expect(expectedBefore).toBeGreaterThanOrEqual(10);
    const line = { product_id: 'PLENTY', quantity: 4 };
    expect((await act(id, 'receipts', 'warehouse', { lines: [line] })).json.status).toBe(
      'partially_received',
    );
    expect((await act(id, 'cancel', 'buyer', { reason: 'no' })).status).toBe(409);
    const rest = await act(id, 'receipts', 'warehouse', { lines: [{ ...line, quantity: 6 }] });
    expect(rest.json.status).toBe('received');
    const closed = await act(id, 'close', 'buyer', { reason: 'paid' });
    expect(closed.json).toMatchObject({
      status: 'closed',
      closed_by: 'buyer',
      commands: ['reverse_receipt'],
    });
    const { data } = (await get(`/purchase-orders/${id}/history`)).json;
    expect(
      data.map((one: { command: string; from: string; to: string; actor: string }) => [
        one.command,
        one.from,
        one.to,
        one.actor,
      ]),
    ).toEqual([
      ['create', null, 'draft', 'buyer'],
      ['submit', 'draft', 'submitted', 'buyer'],
      ['approve', 'submitted', 'approved', 'approver'],
      ['send', 'approved', 'sent', 'buyer'],
      ['acknowledge', 'sent', 'acknowledged', 'buyer'],
      ['receive', 'acknowledged', 'partially_received', 'warehouse'],
      ['receive', 'partially_received', 'received', 'warehouse'],
      ['close', 'received', 'closed', 'buyer'],
    ]);
    const Told = z.object({ n: z.int() });
    const [told] = await api.database.select(
      Told,
      `SELECT COUNT(*) AS n FROM outbox
        WHERE JSON_VALUE(envelope, '$.event_type') = 'purchase_order.status_changed'
          AND JSON_VALUE(envelope, '$.data.purchaseOrderId') = :id`,
      { id: String(id) },
    );
    expect(told!.n).toBe(8);
  });

  it('needs a supplier that is active, products that are goods, each once, and a cost', async () => {
    const ask = async (body: object) => (await post('/purchase-orders', 'planner', body)).status;
    const lines = [{ product_id: 'A', quantity: 1 }];
    expect(await ask({ supplier_id: 'NOBODY', lines })).toBe(404);
    expect(await ask({ supplier_id: 'S1', location_id: 'NOWHERE', lines })).toBe(404);
    expect(await ask({ supplier_id: 'S1', lines: [] })).toBe(422);
    expect(await ask({ supplier_id: 'S1', lines: [...lines, ...lines] })).toBe(422);
    expect(await ask({ supplier_id: 'S1', lines: [{ product_id: 'A', quantity: 0 }] })).toBe(422);
    expect(await ask({ supplier_id: 'S1', lines: [{ product_id: 'NONE', quantity: 1 }] })).toBe(404);
    expect(await ask({ supplier_id: 'S2', lines })).toBe(422);
    expect((await post('/purchase-orders', 'warehouse', { supplier_id: 'S1', lines })).status).toBe(403);
    const twice = { 'idempotency-key': 'one order' };
    const body = { supplier_id: 'S2', lines: [{ product_id: 'A', quantity: 1, unit_cost: '1.25' }] };
    const first = await post('/purchase-orders', 'buyer', body, twice);
    expect((await post('/purchase-orders', 'buyer', body, twice)).json).toEqual(first.json);
    await act(first.json.purchase_order_id, 'cancel', 'buyer', { reason: 'only tried' });
  });

  it('takes no cost of the catalogue for one in the currency of another supplier', async () => {
    await api.database.write(
      `INSERT INTO supplier (supplier_id, supplier_name, currency) VALUES ('TOKYO', 'Tokyo', 'JPY'), ('LONDON', 'London', 'GBP')`,
    );
    await api.database.write(`UPDATE products SET cost = 6.63 WHERE product_id = 'PLENTY'`);
    const ask = (supplier_id: string, unit_cost?: string) =>
      post('/purchase-orders', 'buyer', {
        supplier_id,
        lines: [{ product_id: 'PLENTY', quantity: 10, unit_cost }],
      });
    const refused = await ask('TOKYO');
    expect([refused.status, refused.json.errors]).toEqual([
      422,
      [{ field: 'lines.0.unit_cost', reason: 'is missing, and there are no terms of supply' }],
    ]);
    const made = [await ask('TOKYO', '900'), await ask('LONDON')];
    expect(made.map(({ json }) => [json.total_cost, json.currency])).toEqual([
      ['9000.00', 'JPY'],
      ['66.30', 'GBP'],
    ]);
    for (const { json } of made)
      await act(json.purchase_order_id, 'cancel', 'buyer', { reason: 'only tried' });
    await api.database.write(`UPDATE products SET cost = NULL WHERE product_id = 'PLENTY'`);
  });

  it('counts for the plan from its first line on, and for people once it is approved', async () => {
    const before = await counted('PLENTY');
    const shown = async () => (await get('/inventory/positions?product_id=PLENTY')).json.data[0].on_order;
    const shownBefore = await shown();
    const id = await create({ PLENTY: 7 });
    expect(await counted('PLENTY')).toEqual([before[0], before[1]! + 7]);
    expect(await shown()).toBe(shownBefore);
    await act(id, 'approve', 'approver');
    expect(await counted('PLENTY')).toEqual([before[0], before[1]! + 7]);
    expect(await shown()).toBe(shownBefore + 7);
    await act(id, 'cancel', 'buyer', { reason: 'not needed' });
    expect(await counted('PLENTY')).toEqual(before);
    expect((await act(id, 'cancel', 'buyer', { reason: 'again' })).json.close_reason).toBe('not needed');
    expect((await act(id, 'approve', 'approver')).status).toBe(409);
  });
});

describe('one click', () => {
  it('finds the draft in which a product is suggested, or makes one from its supplier', async () => {
    const suggested = await post('/purchase-orders/quick', 'buyer', { product_id: 'C' });
    expect([suggested.status, suggested.json.is_own, suggested.json.supplier_id]).toEqual([200, false, 'S2']);
    const made = await post('/purchase-orders/quick', 'planner', { product_id: 'PLENTY', quantity: 3 });
    expect([made.status, made.json.lines[0]]).toMatchObject([
      201,
      { product_id: 'PLENTY', quantity: 3, unit_cost: '2.50' },
    ]);
    expect((await post('/purchase-orders/quick', 'viewer', { product_id: 'C' })).status).toBe(403);
    expect((await post('/purchase-orders/quick', 'buyer', { product_id: 'NONE' })).status).toBe(404);
    await act(made.json.purchase_order_id, 'cancel', 'buyer', { reason: 'end of test' });
  });
});

describe('who may approve', () => {
  it('is asked by amount and role, and by who submitted it', async () => {
    expect((await put('/approval-limits/approver/GBP', 'buyer', { max_amount: 100 })).status).toBe(403);
    expect((await put('/approval-limits/approver/GBP', 'admin', { max_amount: '30.00' })).json).toEqual({
      role: 'approver',
      currency: 'GBP',
      max_amount: '30.00',
    });
    expect((await put('/approval-limits/planner/GBP', 'admin', { max_amount: 1000 })).status).toBe(200);
    const small = await create({ PLENTY: 12 });
    const large = await create({ PLENTY: 13 });
    expect((await act(small, 'approve', 'buyer')).status).toBe(403);
    expect((await act(small, 'approve', 'approver')).status).toBe(200);
    const refused = await act(large, 'approve', 'approver');
    expect([refused.status, refused.json.detail]).toEqual([
      403,
      `You may approve up to 30.00 GBP, and purchase order ${large} costs 32.50 GBP`,
    ]);
    await expectStatus(large, 'draft');
    expect((await act(large, 'approve', 'planner', { total_cost: '30.00' })).status).toBe(409);
    expect((await act(large, 'approve', 'planner', { total_cost: '32.50' })).status).toBe(200);
    expect((await api.ask('DELETE', '/approval-limits/planner/GBP', { as: 'admin' })).status).toBe(200);
    expect((await api.ask('DELETE', '/approval-limits/approver/GBP', { as: 'admin' })).status).toBe(200);

    expect((await put('/purchasing/settings', 'buyer', { four_eyes: true })).status).toBe(403);
    expect((await put('/purchasing/settings', 'admin', { four_eyes: true })).json.four_eyes).toBe(true);
    const own = await create({ PLENTY: 3 });
    expect((await act(own, 'approve', 'admin')).status).toBe(403);
    await act(own, 'submit', 'admin');
    expect((await act(own, 'approve', 'admin')).status).toBe(403);
    expect((await act(own, 'approve', 'approver')).status).toBe(200);
    await put('/purchasing/settings', 'admin', { four_eyes: false });
    const { data } = (await get('/audit-log?subject=approval_limit', 'planner')).json;
    expect(data.map((one: { action: string }) => one.action).sort()).toEqual([
      'create',
      'create',
      'remove',
      'remove',
    ]);
    for (const id of [small, large, own]) await act(id, 'cancel', 'buyer', { reason: 'end of test' });
  });

  it('turns down with a reason, for good; a submitted order can be taken back before', async () => {
    const id = await create({ PLENTY: 1 });
    expect((await act(id, 'reject', 'approver', { reason: 'no' })).status).toBe(409);
    await act(id, 'submit', 'planner');
    expect(
      (await put(`/purchase-orders/${id}/lines`, 'planner', { lines: [{ product_id: 'A', quantity: 1 }] }))
        .status,
    ).toBe(409);
    expect((await act(id, 'reopen', 'planner')).json.status).toBe('draft');
    await act(id, 'submit', 'planner');
    expect((await act(id, 'reject', 'approver')).status).toBe(422);
    expect((await act(id, 'reject', 'approver', { reason: 'too many' })).json).toMatchObject({
      status: 'rejected',
      close_reason: 'too many',
      closed_by: 'approver',
      commands: [],
    });
    expect((await act(id, 'reject', 'approver', { reason: 'again' })).json.close_reason).toBe('too many');
    expect((await act(id, 'reopen', 'planner')).status).toBe(409);
  });
});

describe('a draft that mirrors suggestions', () => {
  it('becomes its own when somebody edits it: the next plan suggests nothing twice', async () => {
    const draft = (await get('/purchase-orders?status=draft&supplier_id=S1')).json.data.find(
      (one: { is_own: boolean }) => !one.is_own,
    );
    const id = draft.purchase_order_id;
    const detail = (await get(`/purchase-orders/${id}`)).json;
    expect(detail.lines.map((line: { product_id: string }) => line.product_id)).toEqual(['A', 'B']);
    const kept = await put(`/purchase-orders/${id}/lines`, 'planner', {
      lines: [{ product_id: 'A', quantity: 200, unit_cost: '2.4' }],
      reason: 'a better price for more',
    });
    expect(kept.json).toMatchObject({
      is_own: true,
      total_cost: '480.00',
      lines: [{ product_id: 'A', quantity: 200 }],
    });
    const statusOf = async (product: string) =>
      (await get(`/suggestions?status=all&product_id=${product}`)).json.data.map(
        (one: { status: string }) => one.status,
      );
    expect([await statusOf('A'), await statusOf('B')]).toEqual([['ordered'], ['dismissed']]);
    await planThrough(api.database);
    expect([await statusOf('A'), await statusOf('B')]).toEqual([['ordered'], ['dismissed']]);
    const drafts = (await get('/purchase-orders?status=draft&supplier_id=S1')).json.data;
    expect(drafts.map((one: { purchase_order_id: number }) => one.purchase_order_id)).toEqual([id]);
    const same = await put(`/purchase-orders/${id}/lines`, 'planner', {
      lines: [{ product_id: 'A', quantity: 200, unit_cost: 2.4 }],
    });
    expect(same.json).toEqual(kept.json);
    const { data } = (await get(`/purchase-orders/${id}/history`)).json;
    expect(data).toMatchObject([
      {
        command: 'edit',
        reason: 'a better price for more',
        before: { lines: { B: expect.any(String) } },
        after: { lines: { A: '200 at 2.4' } },
      },
    ]);
    const approved = await act(id, 'approve', 'approver');
    expect(approved.json.lines).toMatchObject([
      { ordered_quantity: 200, ordered_unit_cost: '2.40', ordered_date: approved.json.expected_date },
    ]);
    expect(approved.json.expected_date > AS_OF).toBe(true);
    await act(id, 'cancel', 'buyer', { reason: 'end of test' });
  });
});

describe('an acknowledgement', () => {
  it('changes what is expected, beside what was ordered; what does not come raises one alert', async () => {
    const id = await create({ PLENTY: 10, A: 20, B: 5 });
    await act(id, 'approve', 'approver');
    const before = await counted('A');
    const said = {
      promised_date: '2011-12-20',
      lines: [
        { product_id: 'A', quantity: 15, unit_cost: '2.60', promised_date: '2011-12-24' },
        { product_id: 'B', quantity: 0 },
      ],
    };
    const { json } = await act(id, 'acknowledge', 'buyer', said);
    expect(json).toMatchObject({ status: 'acknowledged', expected_date: '2011-12-24' });
    expect(json.lines).toMatchObject([
      {
        product_id: 'A',
        quantity: 15,
        ordered_quantity: 20,
        unit_cost: '2.60',
        ordered_unit_cost: '2.50',
        promised_date: '2011-12-24',
      },
      { product_id: 'B', quantity: 5, status: 'cancelled' },
      { product_id: 'PLENTY', quantity: 10, expected_date: '2011-12-20' },
    ]);
    expect(await counted('A')).toEqual([before[0], before[1]! - 5]);
    const alerts = async () =>
      (await get('/alerts')).json.data.filter((one: { key: string }) => one.key === `short_order:${id}`);
    expect(await alerts()).toMatchObject([{ type: 'short_order', closed_at: null }]);
    expect((await act(id, 'acknowledge', 'buyer', said)).json).toEqual(json);
    expect(
      (await act(id, 'acknowledge', 'buyer', { lines: [{ product_id: 'A', quantity: 25 }] })).status,
    ).toBe(409);
    expect((await act(id, 'acknowledge', 'buyer', { lines: [{ product_id: 'C' }] })).status).toBe(404);
    await act(id, 'receipts', 'warehouse', { lines: [{ product_id: 'A', quantity: 10 }] });
    expect(
      (await act(id, 'acknowledge', 'buyer', { lines: [{ product_id: 'A', quantity: 9 }] })).status,
    ).toBe(422);
    const later = await act(id, 'acknowledge', 'buyer', {
      lines: [{ product_id: 'A', promised_date: '2012-01-10' }],
    });
    expect(later.json).toMatchObject({ status: 'partially_received', expected_date: '2012-01-10' });
    expect(later.json.lines[0]).toMatchObject({ promised_date: '2011-12-24', expected_date: '2012-01-10' });
    await act(id, 'close', 'buyer', { reason: 'end of test' });
    expect(await counted('A')).toEqual([before[0]! + 10, before[1]! - 20]);
  });
});

describe('receipts', () => {
  it('name lots, say why more is taken, and can be taken back once', async () => {
    const id = await create({ A: 10 });
    await act(id, 'approve', 'approver');
    const before = await counted('A');
    const made = await act(id, 'receipts', 'warehouse', {
      receipt_id: 'LOTS-1',
      lines: [
        {
          product_id: 'A',
          quantity: 12,
          damaged: 2,
          lots: [
            { lot_code: 'L1', expiry_date: '2012-03-01', quantity: 6, damaged: 1 },
            { lot_code: 'L2', expiry_date: '2012-04-01', quantity: 4 },
          ],
        },
      ],
      accept_over: true,
      reason: 'two for nothing',
    });
    expect([made.status, made.json.detail]).toEqual([201, undefined]);
    expect(made.json.receipts).toMatchObject([
      {
        receipt_id: 'LOTS-1',
        accept_over: true,
        reason: 'two for nothing',
        lines: [
          {
            lots: [
              { lot_code: 'L1', damaged: 1 },
              { lot_code: 'L2', quantity: 4 },
            ],
          },
        ],
      },
    ]);
    expect(await counted('A')).toEqual([before[0]! + 10, before[1]! - 10]);
    const Lot = z.object({ what: z.string() });
    const lots = await api.database.select(
      Lot,
      `SELECT CONCAT_WS(' ', s.lot_code, s.expiry_date, l.quantity_change) AS what
         FROM stock_lot s
         JOIN lot_movement m ON m.lot_id = s.lot_id
         JOIN inventory_log l ON l.log_id = m.log_id
        WHERE s.product_id = 'A'
        ORDER BY l.log_id`,
    );
    expect(lots.map((one) => one.what)).toEqual(['L1 2012-03-01 6', 'L1 2012-03-01 -1', 'L2 2012-04-01 4']);
    const target = `/purchase-orders/${id}/receipts/LOTS-1/reverse`;
    expect((await post(target, 'warehouse', {})).status).toBe(422);
    expect((await post(target, 'viewer', { reason: 'no' })).status).toBe(403);
    const back = await post(target, 'warehouse', { reason: 'another order' });
    expect(back.json).toMatchObject({ status: 'approved', receipts: [], lines: [{ quantity_received: 0 }] });
    expect(await counted('A')).toEqual(before);
    expect((await post(target, 'warehouse', { reason: 'again' })).json).toEqual(back.json);
    expect(
      (await post(`/purchase-orders/${id}/receipts/NONE/reverse`, 'warehouse', { reason: 'x' })).status,
    ).toBe(404);
    const wrong = await act(id, 'receipts', 'warehouse', {
      lines: [{ product_id: 'A', quantity: 2, lots: [{ lot_code: 'L', quantity: 3 }] }],
    });
    expect(wrong.status).toBe(422);
    await act(id, 'cancel', 'buyer', { reason: 'end of test' });
  });
});

describe('landed cost', () => {
  it('spreads charges to the cent, and what came carries it', async () => {
    const id = await create({ A: 100, B: 10 });
    await act(id, 'approve', 'approver');
    const charge = (charges: unknown[], weights: unknown[] = []) =>
      put(`/purchase-orders/${id}/charges`, 'buyer', { charges, weights });
    expect((await charge([{ kind: 'freight', amount: '10.005' }])).status).toBe(422);
    expect((await charge([{ kind: 'freight', amount: 10, basis: 'weight' }])).status).toBe(422);
    const { json } = await charge(
      [
        { kind: 'freight', amount: '100.00', basis: 'weight' },
        { kind: 'duty', amount: '35.01' },
      ],
      [
        { product_id: 'A', unit_weight: 0.4 },
        { product_id: 'B', unit_weight: 6 },
      ],
    );
    // goods 250 and 100; weight 40 and 60
    expect(json).toMatchObject({ goods_cost: '350.00', charges_total: '135.01', landed_total: '485.01' });
    expect(json.lines).toMatchObject([
      { product_id: 'A', charges: '65.01', landed_unit_cost: '3.150100' },
      { product_id: 'B', charges: '70.00', landed_unit_cost: '17.000000' },
    ]);
    const came = await act(id, 'receipts', 'warehouse', { lines: [{ product_id: 'B', quantity: 10 }] });
    expect(came.json.receipts).toMatchObject([{ lines: [{ landed_unit_cost: '17.000000' }] }]);
    await act(id, 'close', 'buyer', { reason: 'A is not made any more' });
    const closed = (await get(`/purchase-orders/${id}/landed-cost`)).json;
    expect(closed).toMatchObject({ goods_cost: '100.00', charges_total: '135.01' });
    expect(closed.lines[1]).toMatchObject({ product_id: 'B', quantity: 10, charges: '135.01' });
  });
});

describe('late orders', () => {
  it('are listed, revised and alerted about once, with what runs out; a receipt or a new promise settles that', async () => {
    const id = await create({ C: 30 }, { supplier_id: 'S2' });
    await act(id, 'approve', 'approver');
    await api.database.write(
      `UPDATE purchase_order o
         JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
          SET o.ordered_on = '2011-11-20', o.expected_date = '2011-12-01', l.expected_date = '2011-12-01',
              l.ordered_date = '2011-12-01'
        WHERE o.purchase_order_id = :id`,
      { id },
    );
    const late = async () =>
      (await get('/purchase-orders?late=true')).json.data.map(
        (one: { purchase_order_id: number; late_days: number }) => [one.purchase_order_id, one.late_days],
      );
    expect(await late()).toEqual([[id, 9]]);
    const check = () =>
      api.database.transaction((tx) => checkPurchaseOrders(tx, { today: TODAY, hasPlanned: true }));
    expect(await check()).toEqual({ late: 1 });
    const alert = async () =>
      (await get('/alerts?limit=100')).json.data.find(
        (one: { key: string }) => one.key === `late_order:${id}`,
      );
    const first = await alert();
    expect(first).toMatchObject({ type: 'late_order', level: 'critical', closed_at: null });
    expect(first.message).toContain('C (C) on 2011-12-10');
    const detail = (await get(`/purchase-orders/${id}`)).json;
    expect(detail.lines[0]).toMatchObject({ is_late: true, expected_date: '2011-12-01' });
    expect(detail.lines[0].revised_date > TODAY).toBe(true);
    expect(detail.expected_date).toBe('2011-12-01');
    const raised = () =>
      api.database.write(`DELETE FROM outbox WHERE JSON_VALUE(envelope, '$.data.key') = :key`, {
        key: `late_order:${id}`,
      });
    expect((await raised()).updated).toBe(1);
    await check();
    expect((await raised()).updated).toBe(0);
    const { data } = (await get('/purchase-orders/expedite')).json;
    expect(data[0]).toMatchObject({
      purchase_order_id: id,
      late_days: 9,
      products: [{ product_id: 'C', runs_out: TODAY }],
    });
    await act(id, 'acknowledge', 'buyer', { promised_date: '2011-12-20' });
    expect((await alert()).closed_at).not.toBeNull();
    expect(await late()).toEqual([]);
    await act(id, 'acknowledge', 'buyer', { promised_date: '2011-12-05' });
    await check();
    expect((await alert()).closed_at).toBeNull();
    await act(id, 'receipts', 'warehouse', { lines: [{ product_id: 'C', quantity: 30 }] });
    expect((await alert()).closed_at).not.toBeNull();
  });

  it('make a scorecard', async () => {
    const card = (await get('/suppliers/S2/scorecard')).json;
    expect(card).toMatchObject({ supplier_id: 'S2', orders: 1, lines: 1, otif: 1, in_full: 1, fill_rate: 1 });
    expect(card.lateness).toBe(-10);
    expect((await get('/suppliers/NONE/scorecard')).status).toBe(404);
  });
});

describe('a printed order', () => {
  it('is a page, a PDF and a file; nothing of it is run', async () => {
    await api.database.write(
      `UPDATE products SET product_name = '<b>Lampe d’été</b> 灯' WHERE product_id = 'B'`,
    );
    const id = await create({ A: 3, B: 2 }, { note: 'to the back door' });
    const target = `/purchase-orders/${id}/document`;
    const html = await get(target);
    expect([html.status, html.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html.text).toContain('&lt;b&gt;Lampe d’été&lt;/b&gt; 灯');
    expect(html.text).toContain('DRAFT');
    const pdf = await get(`${target}?format=pdf`);
    expect([pdf.headers['content-type'], pdf.text.slice(0, 5)]).toEqual(['application/pdf', '%PDF-']);
    expect((await get(`${target}?format=csv`)).status).toBe(409);
    await act(id, 'approve', 'approver');
    const csv = await get(`${target}?format=csv`);
    expect(csv.text.split('\n').slice(0, 2)).toEqual([
      'reference,supplier_id,product_id,quantity,status,unit_cost,location_id,ordered_at,expected_date',
      expect.stringMatching(new RegExp(`^SI-${id},S1,A,3,open,2.50,MAIN,${TODAY},\\d{4}-\\d\\d-\\d\\d$`)),
    ]);
    expect((await get(`${target}?format=doc`)).status).toBe(422);
    await act(id, 'cancel', 'buyer', { reason: 'end of test' });
  });
});

describe('auto-restock', () => {
  it('is off, can be previewed, orders within its limits once, and is kept in the history', async () => {
    const rule = { id: 'small', max_order_value: 100_000, max_day_value: 100_000, due_only: false };
    expect((await post('/auto_restock', 'buyer')).json).toMatchObject({ is_done: true, orders: [] });
    expect((await post('/auto-restock/rules', 'buyer', rule)).status).toBe(403);
    expect((await post('/auto-restock/rules', 'approver', { ...rule, supplier_id: 'NONE' })).status).toBe(
      404,
    );
    expect((await post('/auto-restock/rules', 'approver', rule)).json).toMatchObject({
      is_active: false,
      due_only: false,
    });
    await api.database.write(`UPDATE stock SET stock_level = 0 WHERE product_id IN ('A', 'B', 'C')`);
    // today is a Saturday
    await put('/suppliers/S2/calendar', 'planner', { order_weekdays: [1], shutdowns: [] });
    await planThrough(api.database, 'after the calendar');
    const previewOf = async () => (await get('/auto-restock/preview')).json.orders;
    expect(await previewOf()).toEqual([]);
    await put('/auto-restock/rules/small', 'approver', { is_active: true, due_only: true });
    expect(await previewOf()).toMatchObject([{ supplier_id: 'S1', products: ['A'], refused: null }]);
    await put('/auto-restock/rules/small', 'approver', { due_only: false });
    const preview = await previewOf();
    expect(preview).toMatchObject([{ supplier_id: 'S1' }, { supplier_id: 'S2', products: ['C'] }]);
    const runs = await Promise.all([1, 2, 3].map(() => post('/auto_restock', 'planner')));
    expect(runs.map((run) => run.status)).toEqual([200, 200, 200]);
    const ordered = runs.flatMap((run) => run.json.orders);
    expect(ordered.map((one: { purchase_order_id: number }) => one.purchase_order_id).sort()).toEqual(
      preview.map((one: { purchase_order_id: number }) => one.purchase_order_id).sort(),
    );
    const id = ordered[0].purchase_order_id;
    expect((await get(`/purchase-orders/${id}`)).json).toMatchObject({
      status: 'approved',
      approved_by: 'auto-restock',
      submitted_by: 'auto-restock',
    });
    const { data } = (await get(`/purchase-orders/${id}/history`)).json;
    expect(data).toMatchObject([
      { command: 'submit', actor: 'auto-restock', reason: 'by rule small' },
      { command: 'approve', actor: 'auto-restock', reason: 'by rule small' },
    ]);
    const [spent] = await api.database.select(
      z.object({ spent: z.coerce.number() }),
      `SELECT spent FROM auto_restock_day WHERE rule_id = 'small'`,
    );
    expect(spent!.spent).toBeCloseTo(
      ordered.reduce((sum: number, one: { total_cost: string }) => sum + Number(one.total_cost), 0),
      6,
    );
    await put('/auto-restock/rules/small', 'approver', { is_active: false });
  });
});
