import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { autoRestock } from '../../../functions/restock/auto-restock.ts';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { calmDelivery, MemoryQueue, plantItems, plantRun } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

/** What a person made less of, and then ordered: the planner does not ask for the rest again. */

/** One for each test, or two. */
const BOUGHT = ['A', 'B', 'C', 'D', 'E1', 'E2', 'F'];

let api: Api;
let plans = 0;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  await api.database.write(
    `INSERT INTO location (location_id, name, parent_id) VALUES ('SHOP', 'Shop', 'MAIN')`,
  );
  await plantItems(api.database, [
    ...BOUGHT.map((productId) => ({
      productId,
      supplierId: `OF ${productId[0]}`,
      onHand: 0,
      demand: [],
      orderMultiple: 5,
      minimumQuantity: 20,
    })),
    { productId: 'T', locationId: 'SHOP', onHand: 0, demand: [], supplierId: null },
    { productId: 'T', onHand: 900, demand: [], supplierId: null },
  ]);
}, 120_000);
afterAll(() => api.close());
const KEYS = [
  ...BOUGHT.map((productId) => ({ productId, locationId: 'MAIN' })),
  { productId: 'T', locationId: 'MAIN' },
  { productId: 'T', locationId: 'SHOP' },
];
async function plan(change: { weeklyDemand?: number; asOf?: string } = {}): Promise<void> {
  const runId = `run-${++plans}`;
  await plantRun(api.database, runId, [KEYS], change);
  const ready = { type: 'ForecastsReady', runId } as const;
  await restockRun({ database: api.database, restockQueue: new MemoryQueue() }, ready, calmDelivery);
}

const post = async (target: string, as: string, body: unknown = {}) => {
  const { status, json } = await api.ask('POST', target, { as, body });
  expect([200, 201], JSON.stringify(json)).toContain(status);
  return json;
};
const open = (productId: string) =>
  api.database.select(
    z.object({ suggestion_id: z.int(), quantity: z.int(), kind: z.string() }),
    `SELECT suggestion_id, quantity, kind FROM suggestion WHERE status = 'open' AND product_id = :productId`,
    { productId },
  );
const why = async (productId: string, location = 'MAIN') =>
  (await api.ask('GET', `/suggestions/why?product_id=${productId}&location_id=${location}`, { as: 'viewer' }))
    .json;
const cut = (id: number, quantity: number) =>
  post(`/suggestions/${id}/edit`, 'planner', { quantity, reason: 'demand will fall' });

/** Plans, makes less of it and orders that; the order and what was needed. */
async function cutAndOrdered(productId: string): Promise<{ order: number; needed: number; until: string }> {
  await plan();
  const [wanted] = await open(productId);
  const { suggestion_id: id, quantity: needed } = wanted!;
  const { edited_until: until } = await cut(id, 20);
  const { suggestion } = await post(`/suggestions/${id}/order`, 'buyer');
  return { order: suggestion.purchase_order_id, needed, until };
}

describe('what a person made less of and ordered', () => {
  it('is not suggested again, neither as a draft nor once it is approved or has come', async () => {
    const { order, needed, until } = await cutAndOrdered('A');
    await plan();
    expect(await open('A')).toEqual([]);
    await post(`/purchase-orders/${order}/approve`, 'approver');
    await plan({ weeklyDemand: 11 });
    await plan();
    expect(await open('A')).toEqual([]);
    expect(await why('A')).toMatchObject({
      answer: 'ordered',
      words: expect.stringContaining(
        `Somebody ordered 20 of ${needed} units; that holds until ${until} or until the need has grown by more than a quarter.`,
      ),
    });
    await post(`/purchase-orders/${order}/receipts`, 'warehouse', {
      lines: [{ product_id: 'A', quantity: 20 }],
    });
    await plan();
    expect(await open('A')).toEqual([]);
  });

  it('is when the need has grown by a quarter, or when its window is over', async () => {
    const { order, needed, until } = await cutAndOrdered('B');
    await post(`/purchase-orders/${order}/approve`, 'approver');
    await plan({ weeklyDemand: 16 });
    const [grown] = await open('B');
    expect(grown!.quantity).toBeGreaterThan(needed * 1.25 - 20);
    await api.database.write(`DELETE FROM suggestion WHERE suggestion_id = :id`, {
      id: grown!.suggestion_id,
    });
    await plan({ asOf: new Date(Date.parse(until) - 86_400_000).toISOString().slice(0, 10) });
    expect(await open('B')).toEqual([]);
    await plan({ asOf: until });
    expect(await open('B')).toHaveLength(1);
  });

  it.each([
    ['C', 'cancelled', (id: number) => post(`/purchase-orders/${id}/cancel`, 'buyer', { reason: 'no' })],
    [
      'D',
      'closed before all of it came',
      async (id: number) => {
        const lines = [{ product_id: 'D', quantity: 5 }];
        await post(`/purchase-orders/${id}/receipts`, 'warehouse', { lines });
        await post(`/purchase-orders/${id}/close`, 'buyer', { reason: 'no more comes' });
      },
    ],
  ])('is when the order is given up: %s, %s', async (product, _, end) => {
    const { order, needed } = await cutAndOrdered(product);
    await post(`/purchase-orders/${order}/approve`, 'approver');
    await plan();
    expect(await open(product)).toEqual([]);
    await end(order);
    await plan();
    expect((await open(product))[0]!.quantity).toBeGreaterThanOrEqual(needed - 5);
  });

  it('nor is what somebody takes out of a line of a draft', async () => {
    await plan();
    const [wanted] = await open('F');
    const { purchase_order_id: id } = (
      await api.ask('GET', `/suggestions/${wanted!.suggestion_id}`, { as: 'viewer' })
    ).json;
    const edit = (quantity: number) =>
      api.ask('PUT', `/purchase-orders/${id}`, {
        as: 'buyer',
        body: { lines: [{ product_id: 'F', quantity }], reason: 'too much' },
      });
    for (const quantity of [30, 20]) {
      expect((await edit(quantity)).status).toBe(200);
      await plan();
      expect(await open('F')).toEqual([]);
      const left = await api.ask('GET', `/suggestions/${wanted!.suggestion_id}`, { as: 'viewer' });
      expect(left.json).toMatchObject({
        status: 'ordered',
        quantity,
        need_quantity: wanted!.quantity,
        edited_why: 'too much',
      });
    }
    expect((await edit(wanted!.quantity)).status).toBe(200);
    const back = await api.ask('GET', `/suggestions/${wanted!.suggestion_id}`, { as: 'viewer' });
    expect(back.json).toMatchObject({ quantity: wanted!.quantity, edited_by: null, edited_until: null });
  });

  it('nor is the rest of a transfer', async () => {
    await plan();
    const [offer] = await open('T');
    expect(offer!.kind).toBe('transfer');
    await cut(offer!.suggestion_id, 5);
    await post(`/suggestions/${offer!.suggestion_id}/order`, 'buyer');
    await plan();
    expect(await open('T')).toEqual([]);
    expect((await why('T', 'SHOP')).answer).toBe('ordered');
  });

  it('is no reason to spend more: what an allocation cut, no rule buys', async () => {
    await plan();
    const wanted = async () => [...(await open('E1')), ...(await open('E2'))];
    const units = (await wanted()).reduce((sum, { quantity }) => sum + quantity, 0);
    await post('/allocations', 'planner', {
      limit: { units: units - 20 },
      strategy: 'fair',
      supplier_id: 'OF E',
      apply: true,
    });
    const rule = { id: 'E', supplier_id: 'OF E', max_order_value: 400, max_day_value: 1000 };
    await post('/auto-restock/rules', 'admin', rule);
    await api.database.write(`UPDATE auto_restock_rule SET is_active = 1`);
    const spend = async () =>
      (await api.database.transaction((tx) => autoRestock(tx, new Date('2011-12-10T08:00:00Z')))).orders;
    expect(await spend()).toMatchObject([{ lines: 2, refused: null }]);
    await plan();
    expect(await wanted()).toEqual([]);
    expect(await spend()).toEqual([]);
  });
});
