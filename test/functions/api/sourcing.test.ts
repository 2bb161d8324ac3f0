import { afterAll, beforeAll, expect, test } from 'vitest';
import { SourceRequested } from '../../../shared/contracts/messages.ts';
import { RETAIL_CATEGORIES } from '../../../shared/core/sourcing/retail-categories.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
let hasKey = true;
beforeAll(async () => {
  api = await openApi({ hasSearchKey: async () => hasKey });
});
afterAll(() => api.close());

const post = (body: unknown, key?: string, as = 'planner') =>
  api.ask('POST', '/sourcing', {
    as,
    body,
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });

test('a request answers what will be done, sends one message, and can be read at once', async () => {
  const sent = api.sent.length;
  const answer = await post({
    categories: ['Lamps', 'Rugs'],
    country: 'GB',
    seed: 3,
    stock_per_category: '1,000',
  });
  expect(answer.status).toBe(202);
  expect(answer.json).toMatchObject({
    status: 'running',
    engine: 'amazon',
    country: 'GB',
    currency: 'GBP',
    seed: 3,
    requested_by: 'planner',
    searches: 0,
    is_synthetic: true,
    categories: [
      { category: 'Lamps', status: 'waiting', stock: 1000 },
      { category: 'Rugs', status: 'waiting', stock: 1000 },
    ],
    products: [],
  });
  const [message, ...more] = api.sent.slice(sent);
  expect(more).toEqual([]);
  expect(SourceRequested.parse(message)).toMatchObject({ sourcingId: answer.json.sourcing_id, position: 0 });
  const read = await api.ask('GET', `/sourcing/${answer.json.sourcing_id}`, { as: 'viewer' });
  expect(read.json).toEqual(answer.json);
});

test('the same Idempotency-Key asks once', async () => {
  const sent = api.sent.length;
  const first = await post({ categories: ['Mugs'] }, 'sourcing-1');
  const second = await post({ categories: ['Mugs'] }, 'sourcing-1');
  expect(second.json).toEqual(first.json);
  expect(api.sent.length).toBe(sent + 1);
  expect((await post({ categories: ['Cups'] }, 'sourcing-1')).status).toBe(422);
});

test('without categories ten of the vocabulary are drawn, with stocks between 300 and 2,500', async () => {
  const { json } = await post({});
  expect(json.categories).toHaveLength(10);
  for (const { category, stock } of json.categories) {
    expect(RETAIL_CATEGORIES).toContain(category);
    expect(stock).toBeGreaterThanOrEqual(300);
    expect(stock).toBeLessThanOrEqual(2500);
  }
  expect((await post({ category_count: 100 })).json.categories).toHaveLength(100);
});

test.each([
  [{ engine: 'etsy' }, /engine/],
  [{ engine: 'walmart', country: 'DE' }, /is not a country of this engine/],
  [{ engine: 'ebay', country: 'IN' }, /is not a country of this engine/],
  [{ country: 'us' }, /country/],
  [{ categories: [] }, /categories/],
  [{ categories: ['Lamps', 'lamps'] }, /has a name twice/],
  [{ categories: ['a\u0007b'] }, /control characters/],
  [{ categories: ['Lamps'], category_count: 3 }, /cannot be given beside categories/],
  [{ stock_per_category: -1 }, /stock_per_category/],
  [{ stock_per_category: 2.5 }, /whole number/],
  [{ per_category: 51 }, /per_category/],
  [{ most_searches: 0 }, /most_searches/],
  [{ pages: 3 }, /pages/],
])('%j is refused by name', async (body, reason) => {
  const answer = await post(body);
  expect(answer.status).toBe(422);
  expect(answer.text).toMatch(reason);
});

test('an unknown location and an unknown sourcing are missing', async () => {
  expect((await post({ locations: ['MAIN', 'NOWHERE'] })).json.detail).toBe('There is no location NOWHERE');
  expect((await api.ask('GET', '/sourcing/none', { as: 'viewer' })).status).toBe(404);
});

test('only planners and administrators may ask', async () => {
  for (const role of ['viewer', 'buyer', 'approver', 'warehouse'])
    expect((await post({ categories: ['Pens'] }, undefined, role)).status, role).toBe(403);
  expect((await post({ categories: ['Pens'] }, undefined, 'admin')).status).toBe(202);
});

test('without a key the request is refused in a clear sentence, and nothing is sent', async () => {
  const sent = api.sent.length;
  hasKey = false;
  const answer = await post({ categories: ['Pens'] });
  hasKey = true;
  expect(answer.status).toBe(409);
  expect(answer.json.detail).toMatch(/^Products cannot be sourced: no key for the search API is set/);
  expect(api.sent.length).toBe(sent);
});
