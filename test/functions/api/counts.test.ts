import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(async () => {
  expect(await findViolations(api.database)).toEqual([]);
  await api.close();
});

const post = (target: string, body: unknown = {}, as = 'warehouse') => api.ask('POST', target, { as, body });
const get = (target: string, as = 'planner') => api.ask('GET', target, { as });
const stockOf = async (id: string) => (await get(`/products/${id}`)).json.current_stock;
const movementsOf = (productId: string) =>
  api.database.select(
    z.object({ change_type: z.string(), quantity_change: z.int(), date: z.string() }),
    `SELECT change_type, quantity_change, CAST(date AS CHAR) AS date
       FROM inventory_log WHERE product_id = :productId ORDER BY log_id`,
    { productId },
  );

async function stocked(products: Record<string, number>, more: object = {}) {
  for (const [id, units] of Object.entries(products)) {
    const made = await post('/products', { id, name: id, unit_price: 10, cost: '2.50', ...more });
    expect(made.status).toBe(201);
    if (units > 0) await opening(id, units);
  }
}

async function opening(productId: string, units: number) {
  await api.database.transaction((tx) =>
    recordMovements(
      tx,
      [
        {
          key: `opening:${productId}`,
          productId,
          locationId: 'MAIN',
          date: '2011-11-01 08:00:00.000',
          quantityChange: units,
          type: 'opening',
          reason: null,
          referenceId: productId,
        },
      ],
      { actor: 'test' },
    ),
  );
}

const line = (product_id: string, counted: number, counted_at?: string) => ({
  product_id,
  counted,
  ...(counted_at && { counted_at }),
});

it('books the difference to the level at the time of counting: what was sold since stays sold', async () => {
  await stocked({ A: 10, B: 10, C: 10 });
  const sheet = await post('/counts', { product_ids: ['A', 'B', 'C'] });
  expect(sheet.status).toBe(201);
  const id = sheet.json.count_id;
  await post(`/counts/${id}/lines`, { lines: [line('A', 3, '2011-12-01T09:00:00Z')] });
  const again = [line('A', 8, '2011-12-01T10:00:00Z'), line('B', 10, '2011-12-01T10:00:00Z')];
  await post(`/counts/${id}/lines`, { lines: again });
  const order = { id: 'O1', product_id: 'A', quantity: 5, order_date: '2011-12-02' };
  expect((await post('/orders', order)).status).toBe(201);
  const closed = await post(`/counts/${id}/close`);
  expect(closed.json).toMatchObject({
    status: 'closed',
    products: 3,
    counted: 2,
    accuracy: 0.5,
    lost_units: 2,
    lost_cost: '5.00',
    gained_units: 0,
    closed_by: 'warehouse',
    lines: [
      { product_id: 'A', expected: 10, counted: 8, variance: -2, variance_cost: '-5.00', is_accurate: false },
      { product_id: 'B', expected: 10, counted: 10, variance: 0, is_accurate: true },
      { product_id: 'C', expected: null, counted: null, variance: null, is_accurate: null },
    ],
  });
  expect(await movementsOf('A')).toMatchObject([
    { change_type: 'opening' },
    { change_type: 'sale', quantity_change: -5 },
    { change_type: 'count', quantity_change: -2, date: '2011-12-01 10:00:00.000' },
  ]);
  expect([await stockOf('A'), await stockOf('B'), await stockOf('C')]).toEqual([3, 10, 10]);
  expect(await movementsOf('B')).toHaveLength(1);
  expect((await post(`/counts/${id}/close`)).json).toEqual(closed.json);
  expect((await post(`/counts/${id}/lines`, { lines: again })).status).toBe(409);
  expect((await post(`/counts/${id}/cancel`, { reason: 'x' })).status).toBe(409);
});

it('a blind sheet hides what should be there from who counts, until it is closed', async () => {
  await stocked({ D: 4 });
  const { count_id: id, lines } = (await post('/counts', { product_ids: ['D'] })).json;
  expect(lines).toMatchObject([{ product_id: 'D', expected: null }]);
  expect((await get(`/counts/${id}`, 'warehouse')).json.lines[0].expected).toBeNull();
  for (const role of ['planner', 'admin', 'warehouse planner'])
    expect((await get(`/counts/${id}`, role)).json.lines[0].expected).toBe(4);
  await post(`/counts/${id}/lines`, { lines: [line('D', 4)] });
  expect((await post(`/counts/${id}/close`)).json.lines[0].expected).toBe(4);
  const open = (await post('/counts', { product_ids: ['D'], blind: false })).json;
  expect(open.lines[0].expected).toBe(4);
});

it('a count can be given up, and then nothing is booked', async () => {
  await stocked({ E: 4 });
  const { count_id: id } = (await post('/counts', { product_ids: ['E'] })).json;
  expect((await post(`/counts/${id}/close`)).status).toBe(409);
  await post(`/counts/${id}/lines`, { lines: [line('E', 1)] });
  expect((await post(`/counts/${id}/cancel`)).status).toBe(422);
  expect((await post(`/counts/${id}/cancel`, { reason: 'wrong aisle' })).json.status).toBe('cancelled');
  expect((await post(`/counts/${id}/close`)).status).toBe(409);
  expect(await stockOf('E')).toBe(4);
});

it('sheets are made of named products, of a category, or of all that lies there', async () => {
  await stocked({ F1: 1, F2: 0 }, { category: 'Lamps' });
  const ids = (answer: { json: { lines: { product_id: string }[] } }) =>
    answer.json.lines.map(({ product_id }) => product_id);
  expect(ids(await post('/counts', { category: 'Lamps' }))).toEqual(['F1', 'F2']);
  expect(ids(await post('/counts'))).toEqual(['A', 'B', 'C', 'D', 'E', 'F1']);
  expect((await post('/counts', { product_ids: ['F1', 'none'] })).status).toBe(404);
  expect((await post('/counts', { category: 'none' })).status).toBe(422);
  expect((await post('/counts', { location_id: 'none' })).status).toBe(404);
  expect((await post('/counts', {}, 'viewer')).status).toBe(403);
  expect((await get('/counts?status=open')).json.pagination.total).toBe(3);
  const { count_id: id } = (await post('/counts', { product_ids: ['F1'] })).json;
  const note = (...lines: unknown[]) => post(`/counts/${id}/lines`, { lines });
  expect((await note(line('F2', 1))).status).toBe(404);
  expect((await note(line('F1', -1))).status).toBe(422);
  expect((await note(line('F1', 1, '2012-01-01'))).status).toBe(422);
  expect((await post('/counts/9999/close')).status).toBe(404);
});

it('closed at the same time from two sides, it is booked once', async () => {
  await stocked({ G: 9 });
  const { count_id: id } = (await post('/counts', { product_ids: ['G'], tolerance_percent: 25 })).json;
  await post(`/counts/${id}/lines`, { lines: [line('G', 7)] });
  const answers = await Promise.all([1, 2, 3].map(() => post(`/counts/${id}/close`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers[0]!.json).toMatchObject({ accuracy: 1, lost_units: 2 });
  expect(await stockOf('G')).toBe(7);
});

it('shrinkage is what is missing at cost over what was sold at cost, gains beside it, ranked', async () => {
  await stocked({ H1: 100, H2: 100 }, { category: 'Hats' });
  for (const [id, product_id, quantity] of [
    ['H1', 'H1', 40],
    ['H2', 'H2', 40],
  ])
    await post('/orders', { id, product_id, quantity, order_date: '2011-12-03' });
  const { count_id: id } = (await post('/counts', { category: 'Hats' })).json;
  await post(`/counts/${id}/lines`, {
    lines: [line('H1', 40, '2011-12-04T00:00:00Z'), line('H2', 61, '2011-12-04T00:00:00Z')],
  });
  await post(`/counts/${id}/close`);
  const report = (await get('/inventory/shrinkage?from=2011-12-03&to=2011-12-05')).json;
  expect(report.data).toMatchObject([
    {
      product_id: 'H1',
      location_id: 'MAIN',
      lost_units: 20,
      lost_cost: '50.00',
      sold_units: 40,
      sold_cost: '100.00',
      rate: 0.5,
      lines_counted: 1,
      lines_accurate: 0,
    },
    { product_id: 'H2', lost_units: 0, gained_units: 1, gained_cost: '2.50', rate: 0 },
  ]);
  // 10 expected of each: (20 - 10) / sqrt(10)
  expect(report.data[0].anomaly).toBeCloseTo(3.162, 3);
  expect(report.data[1].anomaly).toBeLessThan(0);
  expect(report.total).toMatchObject({ lost_cost: '50.00', sold_cost: '200.00', rate: 0.25 });
  const by = async (what: string) =>
    (await get(`/inventory/shrinkage?from=2011-12-01&to=2011-12-10&by=${what}`)).json;
  expect((await by('category')).data[0]).toMatchObject({ category: 'Hats', rate: 0.25, product_id: null });
  expect((await by('location')).data).toMatchObject([{ location_id: 'MAIN', lost_units: 24 }]);
  expect((await by('product')).data[0]).toMatchObject({ product_id: 'H1', location_id: null });
  expect((await by('shelf')).status).toBe(422);
  const nothing = (await get('/inventory/shrinkage?from=2010-01-01&to=2010-01-02')).json;
  expect([nothing.data, nothing.total.rate, nothing.total.lost_cost]).toEqual([[], null, '0.00']);
});

it('counts stock once, however many sheets found the same and are closed at once', async () => {
  await stocked({ TWICE: 10 });
  const sheets: number[] = [];
  for (let sheet = 0; sheet < 4; sheet++) {
    const { count_id: id } = (await post('/counts', { product_ids: ['TWICE'] })).json;
    await post(`/counts/${id}/lines`, { lines: [line('TWICE', 7)] });
    sheets.push(id);
  }
  const closed = await Promise.all(sheets.map((id) => post(`/counts/${id}/close`)));
  expect(closed.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await stockOf('TWICE')).toBe(7);
});

it('dates what is counted without a time after the last movement where the data have ended long ago', async () => {
  const past = await openApi({ now: () => new Date('2026-11-21T08:00:00Z') });
  try {
    const ask = (target: string, body: unknown = {}) => past.ask('POST', target, { as: 'warehouse', body });
    await ask('/products', { id: 'LATE', name: 'LATE', unit_price: 10 });
    const booked = { product_id: 'LATE', type: 'receipt', quantity_change: 14 };
    await ask('/movements', { ...booked, id: 'r', effective_at: '2011-12-01T08:00:00Z' });
    const order = { id: 'AFTERNOON', product_id: 'LATE', quantity: 4, order_date: '2011-12-09T15:00:00Z' };
    expect((await ask('/orders', order)).status).toBe(201);
    const { count_id: id } = (await ask('/counts', { product_ids: ['LATE'] })).json;
    const noted = await ask(`/counts/${id}/lines`, { lines: [line('LATE', 10)] });
    expect(noted.json.lines[0].counted_at).toBe('2011-12-09T15:00:00.000Z');
    await ask(`/counts/${id}/close`);
    const { json } = await past.ask('GET', '/products/LATE', { as: 'planner' });
    expect(json.current_stock).toBe(10);
    expect(await findViolations(past.database)).toEqual([]);
  } finally {
    await past.close();
  }
});
