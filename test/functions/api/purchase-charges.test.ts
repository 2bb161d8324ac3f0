import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await api.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES ('S', 'Supplier')`);
  for (const id of ['A', 'B'])
    await post('/products', { id, name: id, unit_price: 9, cost: id === 'A' ? 1 : 3 });
});
afterAll(() => api.close());

const ask = (method: string, target: string, body?: unknown) =>
  api.ask(method, target, { as: 'admin', ...(body !== undefined && { body }) });
const post = (target: string, body: unknown = {}) => ask('POST', target, body);

async function order(products: readonly string[], isApproved = true): Promise<number> {
  const { json } = await post('/purchase-orders', {
    supplier_id: 'S',
    lines: products.map((product_id) => ({ product_id, quantity: 10 })),
  });
  if (isApproved) await post(`/purchase-orders/${json.purchase_order_id}/approve`);
  return json.purchase_order_id;
}
const charge = (id: number, body: unknown) => ask('PUT', `/purchase-orders/${id}/charges`, body);
const steps = async (id: number) =>
  (await ask('GET', `/purchase-orders/${id}/history`)).json.data.filter(
    (one: { command: string }) => one.command === 'charge',
  );

it('charges said twice are kept once, and another weight of a unit is a step of the history', async () => {
  const id = await order(['A', 'B']);
  const said = {
    charges: [
      { kind: 'freight', amount: '12.50', basis: 'weight', note: 'by sea' },
      { kind: 'duty', amount: 3 },
    ],
    weights: [
      { product_id: 'A', unit_weight: 0.33333 },
      { product_id: 'B', unit_weight: 2 },
    ],
  };
  const first = await charge(id, said);
  expect([first.status, first.json.weights_missing]).toEqual([200, 0]);
  expect((await charge(id, said)).json).toEqual(first.json);
  expect(await steps(id)).toMatchObject([
    {
      before: { charges: [], weights: { A: null, B: null } },
      after: {
        charges: ['freight 12.50 by weight', 'duty 3.00 by value'],
        weights: { A: 0.3333, B: 2 },
      },
    },
  ]);
  await charge(id, { ...said, weights: [{ product_id: 'B', unit_weight: 2.5 }] });
  const last = (await steps(id)).at(-1);
  expect([last.before, last.after]).toEqual([{ weights: { B: 2 } }, { weights: { B: 2.5 } }]);
  const unknown = { charges: [], weights: [{ product_id: 'C', unit_weight: 1 }] };
  expect((await charge(id, unknown)).status).toBe(404);
});

it('goods are taken in where a weight is missing: charges by weight are spread by value, which is said', async () => {
  const id = await order(['A'], false);
  const freight = { kind: 'freight', amount: 8, basis: 'weight' };
  const refused = await charge(id, { charges: [freight] });
  expect(refused.status).toBe(422);
  const charged = { charges: [freight], weights: [{ product_id: 'A', unit_weight: 2 }] };
  expect((await charge(id, charged)).status).toBe(200);
  // a line that comes after the charge has no weight
  await ask('PUT', `/purchase-orders/${id}/lines`, {
    lines: ['A', 'B'].map((product_id) => ({ product_id, quantity: 10 })),
  });
  await post(`/purchase-orders/${id}/approve`);
  const came = await post(`/purchase-orders/${id}/receipts`, { lines: [{ product_id: 'B', quantity: 10 }] });
  expect([came.status, came.json.detail]).toEqual([201, undefined]);
  // 8.00 over goods of 10.00 and 30.00
  expect(came.json.receipts[0].lines).toMatchObject([{ landed_unit_cost: '3.600000' }]);
  expect((await ask('GET', `/purchase-orders/${id}/landed-cost`)).json).toMatchObject({ weights_missing: 1 });
});
