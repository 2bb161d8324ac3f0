import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;

beforeAll(async () => {
  api = await openApi();
});

afterAll(async () => {
  await api.close();
});

test('GET /imports/formats tells what can be imported: our columns, and how other systems are known', async () => {
  const { status, json } = await api.ask('GET', '/imports/formats', { as: 'viewer' });
  expect(status).toBe(200);
  expect(json.templates).toContainEqual({
    name: 'order_headers',
    required: ['order_id', 'date'],
    optional: ['status', 'customer_id', 'seller_id', 'payment_method', 'city', 'state', 'country'],
  });
  expect(json.other_systems).toContainEqual({
    name: 'amazon_afn_inventory',
    signatures: [['seller-sku', 'fulfillment-channel-sku', 'warehouse-condition-code', 'quantity available']],
  });
});
