import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_ROLES } from '../../../functions/api/purchasing/purchase-order-commands.ts';
import { ROLES } from '../../../shared/contracts/role.ts';
import {
  PURCHASE_ORDER_COMMANDS,
  type PurchaseOrderCommand,
} from '../../../shared/core/inventory/purchase-order-states.ts';
import { holdOrder } from '../../../shared/data/purchasing/purchase-transition-store.ts';
import { plantItems } from '../planning/planning-fixture.ts';
import { type Answer, type Api, openApi } from './api-fixture.ts';

/** What a careful planner expects of orders by hand, around the day 2011-12-10 of the fixture's clock. */
const TODAY = '2011-12-10';

let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  await plantItems(api.database, [
    {
      productId: 'PACK',
      supplierId: 'S1',
      unitCost: '2.5',
      minimumQuantity: 24,
      orderMultiple: 12,
      leadTimeDays: 9,
      demand: [],
    },
    { productId: 'LOOSE', supplierId: 'S1', unitCost: '0.3333', demand: [] },
    { productId: 'OTHER', supplierId: 'S2', unitCost: '4', demand: [] },
  ]);
  await api.database.write(
    `UPDATE supplier_item SET price_breaks = '[[100,"2.25"],[500,"2"]]', maximum_quantity = 600 WHERE product_id = 'PACK'`,
  );
  await api.database.write(`UPDATE supplier SET minimum_order = 100 WHERE supplier_id = 'S1'`);
});
afterAll(() => api.close());

const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const post = (target: string, as: string, body: unknown = {}) => api.ask('POST', target, { as, body });
const act = (id: number, command: string, as: string, body: unknown = {}): Promise<Answer> =>
  post(`/purchase-orders/${id}/${command}`, as, body);
const line = (product_id: string, quantity: number, more: object = {}) => ({ product_id, quantity, ...more });
async function create(lines: object[], more: object = {}) {
  const made = await post('/purchase-orders', 'buyer', { supplier_id: 'S1', lines, ...more });
  expect([made.status, made.json.detail]).toEqual([201, undefined]);
  return made.json;
}
async function ordered(lines: object[]): Promise<number> {
  const { purchase_order_id: id } = await create(lines);
  expect((await act(id, 'approve', 'approver')).status).toBe(200);
  return id;
}

describe('goods come', () => {
  it('after they were ordered and not in the future, to the minute where the minute is said', async () => {
    const id = await ordered([line('LOOSE', 10)]);
    const receive = async (received_at: string) => {
      const { status, json } = await act(id, 'receipts', 'warehouse', {
        received_at,
        lines: [line('LOOSE', 1)],
      });
      return [status, json.errors];
    };
    expect(await receive('2011-12-09')).toEqual([
      422,
      [{ field: 'received_at', reason: `is before ${TODAY}, when it was ordered` }],
    ]);
    expect((await receive('2011-12-09T23:59:59Z'))[0]).toBe(422);
    // it is 08:00; far in the east the next day has not begun either
    const future = [422, [{ field: 'received_at', reason: 'is in the future' }]];
    for (const day of ['2011-12-11', '2011-12-10T09:00:00Z', '2012-01-01'])
      expect(await receive(day)).toEqual(future);
    expect((await receive('2011-12-10T12:30:00+05:00'))[0]).toBe(201);
    expect((await receive(TODAY))[0]).toBe(201);
  });

  it('for orders of files as early as the file says, and whenever it says nothing', async () => {
    const imported = async (approvedAt: string) => {
      const { insertId } = await api.database.write(
        `INSERT INTO purchase_order (reference, supplier_id, location_id, status, approved_at)
         VALUES (UUID(), 'S1', 'MAIN', 'approved', ${approvedAt})`,
      );
      await api.database.write(
        `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost)
         VALUES (:id, 'LOOSE', 5, 1)`,
        { id: insertId! },
      );
      return async (received_at: string) =>
        (await act(insertId!, 'receipts', 'warehouse', { received_at, lines: [line('LOOSE', 1)] })).status;
    };
    const said = await imported(`'2011-10-03'`);
    expect([await said('2011-10-02'), await said('2011-10-03')]).toEqual([422, 201]);
    const unsaid = await imported('UTC_TIMESTAMP(3)');
    expect(await unsaid('2011-10-02')).toBe(201);
  });
});

describe('two at once', () => {
  it('approve one order: both are told who has', async () => {
    const { purchase_order_id: id } = await create([line('LOOSE', 10)]);
    const answers = await Promise.all(
      ['anna', 'bert', 'carl'].map((username) =>
        api.ask('POST', `/purchase-orders/${id}/approve`, {
          as: 'approver',
          body: {},
          claims: { username },
        }),
      ),
    );
    const by = (await get(`/purchase-orders/${id}`)).json.approved_by;
    expect(answers.map(({ status, json }) => [status, json.status, json.approved_by])).toEqual(
      Array(3).fill([200, 'approved', by]),
    );
    const { data } = (await get(`/purchase-orders/${id}/history`)).json;
    expect(data.filter((step: { command: string }) => step.command === 'approve')).toMatchObject([
      { actor: by },
    ]);
  });

  it('get the answer that was committed, whatever was read before the order was free', async () => {
    const { purchase_order_id: id } = await create([line('LOOSE', 10)]);
    await act(id, 'submit', 'buyer');
    let late: Promise<Answer>[] = [];
    await api.database.transaction(async (tx) => {
      await holdOrder(tx, id);
      late = ['approve', 'reject'].map((command) => act(id, command, 'approver', { reason: 'so it is' }));
      await pause(300);
      await tx.write(
        `UPDATE purchase_order SET status = 'approved', approved_by = 'somebody' WHERE purchase_order_id = :id`,
        { id },
      );
    });
    const [approved, rejected] = await Promise.all(late);
    expect([approved!.status, approved!.json.status, approved!.json.approved_by]).toEqual([
      200,
      'approved',
      'somebody',
    ]);
    expect(rejected!.status).toBe(409);
    // whoever may approve nothing is not told which orders there are
    expect((await act(999_999, 'approve', 'buyer')).status).toBe(403);
    expect((await act(999_999, 'approve', 'approver')).status).toBe(404);
  });
});

describe('an order by hand', () => {
  it('warns of every term of its supplier that it breaks, for as long as it can be changed', async () => {
    const made = await create([line('PACK', 7), line('LOOSE', 3), line('OTHER', 1, { unit_cost: 4 })]);
    expect(made.warnings.map(({ product_id, rule }: Record<string, string>) => [product_id, rule])).toEqual([
      [null, 'minimum_order'],
      ['OTHER', 'not_supplied'],
      ['PACK', 'minimum_quantity'],
      ['PACK', 'order_multiple'],
    ]);
    expect(made.warnings[0].words).toBe('S1 takes no order below 100.00 GBP, and this one comes to 22.50');
    const id = made.purchase_order_id;
    const put = (lines: object[]) =>
      api.ask('PUT', `/purchase-orders/${id}/lines`, { as: 'buyer', body: { lines } });
    expect((await put([line('PACK', 612)])).json.warnings).toMatchObject([
      { product_id: 'PACK', rule: 'maximum_quantity' },
    ]);
    expect((await put([line('PACK', 48)])).json.warnings).toEqual([]);
    await api.database.write(`UPDATE products SET is_active = 0 WHERE product_id = 'PACK'`);
    await api.database.write(`UPDATE supplier SET is_active = 0 WHERE supplier_id = 'S1'`);
    expect((await act(id, 'submit', 'buyer')).json.warnings).toMatchObject([
      { product_id: null, rule: 'supplier_inactive' },
      { product_id: 'PACK', rule: 'product_inactive' },
    ]);
    expect((await act(id, 'approve', 'approver')).json.warnings).toEqual([]);
    await api.database.write(`UPDATE products SET is_active = 1 WHERE product_id = 'PACK'`);
    await api.database.write(`UPDATE supplier SET is_active = 1 WHERE supplier_id = 'S1'`);
  });

  it('costs what so many cost, and comes after the lead time, where nobody says otherwise', async () => {
    const priceOf = async (quantity: number) => (await create([line('PACK', quantity)])).lines[0].unit_cost;
    expect([await priceOf(96), await priceOf(108), await priceOf(504)]).toEqual(['2.50', '2.25', '2.00']);
    const made = await create([line('PACK', 504, { unit_cost: '2.1' })]);
    expect(made.lines[0].unit_cost).toBe('2.10');
    const { json } = await act(made.purchase_order_id, 'approve', 'approver');
    expect(json).toMatchObject({ expected_date: '2011-12-19', lines: [{ expected_date: '2011-12-19' }] });
  });

  it('is the sum of its lines, each rounded to the cent, whoever names it', async () => {
    const thirds = { unit_cost: '0.3333' };
    const {
      purchase_order_id: id,
      total_cost,
      lines,
    } = await create([line('LOOSE', 2), line('OTHER', 2, thirds)]);
    expect([total_cost, lines.map((one: { cost: string }) => one.cost)]).toEqual(['1.34', ['0.67', '0.67']]);
    expect((await get(`/purchase-orders/${id}/landed-cost`)).json.goods_cost).toBe('1.34');
  });
});

describe('what a line says', () => {
  const statesOf = async (id: number) =>
    (await get(`/purchase-orders/${id}/lines`)).json.data.map((one: { status: string }) => one.status);

  it('follows what has come of it, and what became of its order', async () => {
    const id = await ordered([line('LOOSE', 10), line('OTHER', 5, { unit_cost: 4 }), line('PACK', 24)]);
    expect(await statesOf(id)).toEqual(['open', 'open', 'open']);
    await act(id, 'receipts', 'warehouse', { lines: [line('LOOSE', 10), line('OTHER', 2)] });
    expect(await statesOf(id)).toEqual(['received', 'partially_received', 'open']);
    const { json } = await act(id, 'acknowledge', 'buyer', { lines: [line('PACK', 0)] });
    expect(json.lines.map((one: { status: string }) => one.status)).toEqual([
      'received',
      'partially_received',
      'cancelled',
    ]);
    await act(id, 'close', 'buyer', { reason: 'the rest is not made any more' });
    expect(await statesOf(id)).toEqual(['received', 'closed', 'cancelled']);
    const csv = (await get(`/purchase-orders/${id}/document?format=csv`)).text;
    expect(
      csv
        .split('\n')
        .slice(1, 4)
        .map((row) => row.split(',')[4]),
    ).toEqual(['closed', 'closed', 'cancelled']);
  });

  it('is cancelled with its order, which can still be printed', async () => {
    const id = await ordered([line('PACK', 48)]);
    await act(id, 'cancel', 'buyer', { reason: 'not needed' });
    expect(await statesOf(id)).toEqual(['cancelled']);
    const page = (await get(`/purchase-orders/${id}/document`)).text;
    expect(page).toContain('CANCELLED');
    expect(page).toContain('120.00 GBP');
  });
});

describe('what may be done next', () => {
  const commandsOf = async (id: number, as: string) =>
    (await get(`/purchase-orders/${id}`, as)).json.commands;

  it('is what the routes allow the one who asks, up to the limit of approval', async () => {
    const { purchase_order_id: id } = await create([line('PACK', 48)]);
    expect(await commandsOf(id, 'viewer')).toEqual([]);
    expect(await commandsOf(id, 'warehouse')).toEqual([]);
    expect(await commandsOf(id, 'buyer')).toEqual(['edit', 'submit', 'cancel']);
    expect(await commandsOf(id, 'approver')).toEqual(['approve']);
    expect(await commandsOf(id, 'admin')).toEqual(['edit', 'submit', 'approve', 'cancel']);
    const limit = '/approval-limits/approver/GBP';
    await api.ask('PUT', limit, { as: 'admin', body: { max_amount: '119.99' } });
    expect(await commandsOf(id, 'approver')).toEqual([]);
    await api.ask('DELETE', limit, { as: 'admin' });
    const fourEyes = (four_eyes: boolean) =>
      api.ask('PUT', '/purchasing/settings', { as: 'admin', body: { four_eyes } });
    await fourEyes(true);
    expect(await commandsOf(id, 'approver')).toEqual([]);
    const own = await act(id, 'submit', 'admin');
    expect(own.json.commands).toEqual(['reopen', 'reject', 'cancel']);
    expect(await commandsOf(id, 'approver')).toEqual(['approve', 'reject']);
    await fourEyes(false);
    await act(id, 'approve', 'approver');
    expect(await commandsOf(id, 'warehouse')).toEqual(['receive']);
    expect(await commandsOf(id, 'planner')).toEqual(['receive', 'close', 'cancel']);
    expect(await commandsOf(id, 'buyer')).toEqual(['send', 'acknowledge', 'receive', 'close', 'cancel']);
  });

  it('and no route does for a role what is not offered to it', async () => {
    const { purchase_order_id: id } = await create([line('PACK', 48)]);
    const at: Partial<Record<PurchaseOrderCommand, [method: string, path: string]>> = {
      edit: ['PUT', 'lines'],
      receive: ['POST', 'receipts'],
      reverse_receipt: ['POST', 'receipts/R/reverse'],
    };
    for (const command of PURCHASE_ORDER_COMMANDS)
      for (const role of ROLES) {
        if (role === 'admin' || COMMAND_ROLES[command].includes(role)) continue;
        const [method, path] = at[command] ?? ['POST', command];
        const { status } = await api.ask(method, `/purchase-orders/${id}/${path}`, { as: role, body: {} });
        expect([command, role, status]).toEqual([command, role, 403]);
      }
    expect((await get(`/purchase-orders/${id}`)).json.status).toBe('draft');
  });
});

describe('what is not there', () => {
  it('is refused by its name', async () => {
    const missing = async (asked: Promise<Answer>) => {
      const { status, json } = await asked;
      return [status, json.errors?.[0].field];
    };
    const allocation = { of: 'products', strategy: 'average', limit: { units: 10 }, supplier_id: 'NOBODY' };
    expect(await missing(post('/allocations', 'buyer', allocation))).toEqual([404, 'supplier_id']);
    expect(
      await missing(post('/allocations', 'buyer', { ...allocation, supplier_id: 'S1', location_id: 'NO' })),
    ).toEqual([404, 'location_id']);
    const why = '/suggestions/why?product_id=PACK&location_id=';
    expect(await missing(get(`${why}NOWHERE`))).toEqual([404, 'location_id']);
    expect((await get(`${why}MAIN`)).json.answer).toBe('no_forecast');
  });
});

describe('suggestions of one supplier', () => {
  it('come to the sum of what is shown of each', async () => {
    await api.database.write(
      `INSERT INTO suggestion (run_id, product_id, location_id, supplier_id, status, quantity, unit_cost, order_by,
                               money_at_risk, explanation)
       VALUES ('R', 'LOOSE', 'MAIN', 'S1', 'open', 1, 0.3333, '2011-12-10', 0.3333, '{}'),
              ('R', 'PACK', 'MAIN', 'S1', 'open', 1, 0.3333, '2011-12-10', 0.3333, '{}'),
              ('R', 'OTHER', 'MAIN', 'S1', 'open', 1, 0.3333, '2011-12-10', 0.3333, '{}')`,
    );
    const { data } = (await get('/suggestions/by-supplier')).json;
    expect(data).toMatchObject([
      { supplier_id: 'S1', suggestions: 3, cost: '0.99', money_at_risk: '0.99', shortfall: '99.01' },
    ]);
    await api.database.write(`DELETE FROM suggestion`);
  });
});

describe('rules of auto-restock', () => {
  const rule = { max_order_value: 500, max_day_value: 800 };
  const make = (id: string, more: object) =>
    post('/auto-restock/rules', 'approver', { id, ...rule, ...more });
  const fieldsOf = ({ status, json }: Answer) => [
    status,
    json.errors?.map(({ field }: { field: string }) => field),
  ];

  it('whose limits contradict each other, or their supplier, are refused', async () => {
    const limits = [422, ['max_order_value', 'max_day_value']];
    expect(fieldsOf(await make('R1', { max_day_value: '499.99' }))).toEqual(limits);
    expect(fieldsOf(await make('R1', { supplier_id: 'S1', currency: 'EUR' }))).toEqual([
      422,
      ['currency', 'supplier_id'],
    ]);
    expect(fieldsOf(await make('R1', { supplier_id: 'S1', max_order_value: '99.99' }))).toEqual([
      422,
      ['max_order_value', 'supplier_id'],
    ]);
    expect((await make('R1', { supplier_id: 'S1' })).status).toBe(201);
    const change = (body: object) => api.ask('PUT', '/auto-restock/rules/R1', { as: 'approver', body });
    expect(fieldsOf(await change({ max_day_value: 400 }))).toEqual(limits);
    expect(fieldsOf(await change({ max_order_value: 900 }))).toEqual(limits);
    expect((await change({ max_order_value: 900, max_day_value: 900 })).status).toBe(200);
    await api.database.write(`UPDATE supplier SET minimum_order = 1000 WHERE supplier_id = 'S1'`);
    expect((await change({ is_active: true })).status).toBe(422);
    expect((await change({ is_active: false })).status).toBe(200);
    await api.database.write(`UPDATE supplier SET minimum_order = 100 WHERE supplier_id = 'S1'`);
  });
});
