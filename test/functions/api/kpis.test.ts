import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
const NOVEMBER = 'from=2011-11-01&to=2011-11-30';

async function post(target: string, body: unknown, expected = 201): Promise<Record<string, never>> {
  const { status, text, json } = await api.ask('POST', target, { as: 'admin', body });
  expect([target, status, status === expected ? '' : text]).toEqual([target, expected, '']);
  return json;
}
const get = (target: string) => api.ask('GET', target, { as: 'viewer' });
const kpisOf = async (query: string) => {
  const { status, text, json } = await get(`/kpis?${query}`);
  expect(api.reports).toEqual([]);
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  return json;
};
const noon = (day: string) => `${day}T12:00:00Z`;
const move = (id: string, productId: string, type: string, units: number, day: string, more: object = {}) =>
  post('/movements', {
    id,
    product_id: productId,
    type,
    quantity_change: units,
    effective_at: noon(day),
    ...more,
  });
const order = (id: string, productId: string, quantity: number, day: string, expected = 201, more = {}) =>
  post('/orders', { id, product_id: productId, quantity, order_date: noon(day), ...more }, expected);

/*
 * A golden month, worked out by hand. Product A at MAIN costs 4 and sells at 10; it has 20 units before November.
 *   3rd 5 sold; 10th 15 sold, none left; 12th 4 asked for and refused; 16th 30 come, ordered on the 6th, promised for the
 *   15th, quoted 7 days, charged 4.20 instead of 4; 20th 10 sold; 25th 2 of these come back; 26th 1 breaks; 28th a count
 *   finds 20 instead of 21.
 * Closing stock: 2 days of 20, 7 of 15, 6 of 0, 4 of 30, 5 of 20, 1 of 22, 2 of 21, 3 of 20 = 489 unit-days.
 */
beforeAll(async () => {
  api = await openApi();
  await post('/locations', { id: 'SHOP', name: 'Shop', type: 'store' });
  await post('/products', { id: 'A', name: 'A', category: 'Toys', unit_price: 10, cost: 4 });
  await post('/products', { id: 'B', name: 'B', category: 'Pens', unit_price: 3, cost: 1 });
  await api.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES ('S', 'Supplier')`);
  await api.database.write(
    `INSERT INTO supplier_item (supplier_id, product_id, unit_cost, lead_time_days) VALUES ('S', 'A', 4, 7)`,
  );
  await move('m1', 'A', 'opening', 20, '2011-10-31');
  await order('O1', 'A', 5, '2011-11-03');
  await order('O2', 'A', 15, '2011-11-10');
  await move('m2', 'B', 'opening', 10, '2011-11-11', { location_id: 'SHOP' });
  await order('O3', 'A', 4, '2011-11-12', 409);
  const { insertId } = await api.database.write(
    `INSERT INTO purchase_order (supplier_id, location_id, status, ordered_on, approved_at)
     VALUES ('S', 'MAIN', 'approved', '2011-11-06', '2011-11-06 09:00:00')`,
  );
  await api.database.write(
    `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost, ordered_quantity,
                                      ordered_unit_cost, ordered_date, promised_date)
     VALUES (:id, 'A', 30, 4.2, 30, 4, '2011-11-13', '2011-11-15')`,
    { id: insertId! },
  );
  await post(`/purchase-orders/${insertId}/receipts`, {
    received_at: noon('2011-11-16'),
    lines: [{ product_id: 'A', quantity: 30 }],
  });
  await order('O4', 'A', 10, '2011-11-20');
  await order('O5', 'B', 2, '2011-11-21', 201, { location_id: 'SHOP' });
  await post('/orders/O4/returns', {
    returned_at: noon('2011-11-25'),
    lines: [{ line: 1, quantity: 2, reason: 'defective' }],
  });
  await move('m3', 'A', 'damage', -1, '2011-11-26');
  const { count_id: id } = await post('/counts', { product_ids: ['A'] });
  await post(
    `/counts/${id}/lines`,
    { lines: [{ product_id: 'A', counted: 20, counted_at: noon('2011-11-28') }] },
    200,
  );
  await post(`/counts/${id}/close`, {}, 200);
});
afterAll(async () => {
  expect(await findViolations(api.database)).toEqual([]);
  await api.close();
});

it('computes a month as it was worked out by hand', async () => {
  const report = await kpisOf(`${NOVEMBER}&category=Toys`);
  expect(report).toMatchObject({ from: '2011-11-01', to: '2011-11-30', days: 30, units_without_cost: 0 });
  const values = Object.fromEntries(
    Object.entries(report.kpis).map(([name, kpi]) => [name, (kpi as { value: unknown }).value]),
  );
  const averageCost = (489 * 4) / 30;
  const near = (value: number) => expect.closeTo(value, 9);
  expect(values).toEqual({
    unit_fill_rate: near(30 / 34),
    // 5 whole days out, after 30 units on the other 25
    unit_fill_rate_estimated: near(30 / 36),
    line_fill_rate: 3 / 4,
    order_fill_rate: 3 / 4,
    perfect_order_rate: 2 / 4,
    backorder_rate: 0,
    in_stock_rate: 24 / 30,
    stockout_rate: 6 / 30,
    cycle_service_level: 0,
    lost_units: 4,
    lost_value: '40.00',
    lost_units_estimated: 6,
    lost_value_estimated: '60.00',
    lost_margin_estimated: '36.00',
    average_inventory: '65.20',
    turnover: near(112 / averageCost),
    turnover_annualised: near(((112 / averageCost) * 365) / 30),
    days_of_inventory: near((averageCost / 112) * 30),
    days_of_cover: null,
    weeks_of_supply: null,
    stock_to_sales: near(20 / 30),
    gmroi: near((280 - 112) / averageCost),
    gmroi_annualised: near((((280 - 112) / averageCost) * 365) / 30),
    sell_through_of_received: 1,
    sell_through_of_available: 30 / 50,
    carrying_cost: '1.3397',
    excess_value: null,
    shrinkage_rate: near(4 / 120),
    count_gain_rate: 0,
    record_accuracy: 0,
    return_rate: near(2 / 30),
    // what breaks is no waste
    waste_rate: 0,
    supplier_otif: 0,
    supplier_fill_rate: 1,
    lead_time_mean: 10,
    lead_time_variation: 0,
    lead_time_bias: 3,
    price_variance: near(0.05),
    forecast_bias: null,
    tracking_signal: null,
  });
  expect(report.kpis.turnover).toMatchObject({ numerator: '112.00', denominator: '65.20', unit: 'turns' });
  expect(report.kpis.excess_value.reason).toBe('there is no complete plan');
});

it('takes a place with all in it, a category, or everything; the parts add up', async () => {
  const sold = async (query: string) => (await kpisOf(query)).kpis.unit_fill_rate.numerator;
  expect(await sold(NOVEMBER)).toBe(32);
  expect(await sold(`${NOVEMBER}&location_id=SHOP`)).toBe(2);
  expect(await sold(`${NOVEMBER}&category=pens`)).toBe(2);
  expect(await sold(`${NOVEMBER}&category=Toys&location_id=SHOP`)).toBe(0);
  const shop = await kpisOf(`${NOVEMBER}&location_id=SHOP`);
  // ten units on ten days, eight on the other ten; before the 11th the ledger knew nothing
  expect(shop.kpis.in_stock_rate).toMatchObject({ value: 1, denominator: 20 });
  expect(shop.kpis.average_inventory.value).toBe('6.00');
  expect(shop.kpis.lead_time_mean.value).toBeNull();
  expect(shop.kpis.forecast_bias.reason).toBe('accuracy is kept by category, not by location');
});

it('an order that was refused and taken later was asked for once, and not filled at once', async () => {
  await order('L1', 'B', 50, '2011-11-22', 409, { location_id: 'SHOP' });
  const before = (await kpisOf(`${NOVEMBER}&category=Pens`)).kpis;
  expect(before.unit_fill_rate).toMatchObject({ numerator: 2, denominator: 52 });
  await move('m4', 'B', 'receipt', 50, '2011-11-23', { location_id: 'SHOP' });
  await order('L1', 'B', 50, '2011-11-23', 201, { location_id: 'SHOP' });
  const after = (await kpisOf(`${NOVEMBER}&category=Pens`)).kpis;
  expect(after.unit_fill_rate).toMatchObject({ numerator: 2, denominator: 52 });
  expect(after.order_fill_rate).toMatchObject({ numerator: 1, denominator: 2 });
  expect(after.lost_units.value).toBe(0);
});

it('units sold before there is stock are backordered', async () => {
  await api.database.write(`UPDATE products SET backorders_allowed = 1 WHERE product_id = 'B'`);
  await order('K1', 'B', 20, '2011-11-29', 201, { location_id: 'SHOP' });
  const { backorder_rate, unit_fill_rate, order_fill_rate } = (await kpisOf(`${NOVEMBER}&category=Pens`))
    .kpis;
  expect(backorder_rate).toMatchObject({ numerator: 12, denominator: 72 });
  expect(unit_fill_rate.numerator).toBe(72 - 50 - 12);
  expect(order_fill_rate).toMatchObject({ numerator: 1, denominator: 3 });
  await move('m5', 'B', 'receipt', 12, '2011-11-30', { location_id: 'SHOP' });
  await api.database.write(`UPDATE products SET backorders_allowed = 0 WHERE product_id = 'B'`);
});

it('stock of every day equals the snapshots, so that averages of parts of a month make that of the month', async () => {
  const { json } = await get('/inventory/snapshots?product_id=A&from=2011-11-01&to=2011-11-30');
  const closing = json.data.map((day: { closing: number }) => day.closing);
  expect(closing.reduce((sum: number, level: number) => sum + level, 0)).toBe(489);
  let weighted = 0;
  for (let from = '2011-11-01'; from <= '2011-11-30'; from = addDays(from, 10)) {
    const part = await kpisOf(`from=${from}&to=${addDays(from, 9)}&category=Toys`);
    weighted += Number(part.kpis.average_inventory.numerator);
  }
  expect(weighted).toBeCloseTo(489 * 4, 6);
});

it('figures of a plan: cover walks the forecast, excess is beyond it, bias is of closed weeks', async () => {
  const db = api.database;
  await db.write(
    `INSERT INTO forecast_run (run_id, cause, as_of, plan_hash, settings, series, chunks, status)
     VALUES ('run', 'api', '2011-11-30', 'hash', '{}', 1, 1, 'done')`,
  );
  await db.write(
    `INSERT INTO forecast (run_id, product_id, location_id, forecast_date, period_days, horizon, forecast_qty,
                           confidence_low, confidence_high, model_used, demand_class, path, state)
     VALUES ('run', 'A', 'MAIN', '2011-12-01', 7, 3, 14, 0, 20, 'ets', 'smooth', '{"mean":[8,4,2]}', '{}')`,
  );
  await db.write(
    `INSERT INTO accuracy_cell (bucket_end, lag, kind, name, scored, censored, actual, error, absolute_error,
                                naive_error, quantile_loss, inside80, inside95)
     VALUES ('2011-11-07', 1, 'category', 'Toys', 1, 0, 10, 4, 4, 1, 1, 1, 1),
            ('2011-11-14', 1, 'category', 'Toys', 1, 0, 10, -2, 2, 1, 1, 1, 1),
            ('2011-11-21', 2, 'category', 'Toys', 1, 0, 10, 9, 9, 1, 1, 1, 1)`,
  );
  // 20 on hand, 14 forecast
  const toys = (await kpisOf(`${NOVEMBER}&category=Toys`)).kpis;
  expect(toys.days_of_cover).toMatchObject({
    value: null,
    reason: 'it lasts longer than the forecast of 21 days',
  });
  expect(toys.excess_value.value).toBe('24.00');
  expect(toys.weeks_of_supply.value).toBeCloseTo(20 / (14 / 3), 9);
  expect(toys.forecast_bias.value).toBeCloseTo(2 / 20, 12);
  expect(toys.tracking_signal.value).toBeCloseTo(2 / 3, 12);
  await move('m6', 'A', 'damage', -10, '2011-11-30');
  const less = (await kpisOf(`${NOVEMBER}&category=Toys&location_id=MAIN`)).kpis;
  expect(less.days_of_cover.value).toBeCloseTo(7 + 3.5, 9);
  expect(less.excess_value.value).toBe('0.00');
});

it('the holding rate is a setting', async () => {
  await api.database.write(`INSERT INTO setting (name, value) VALUES ('holding_rate', '0.5')`);
  const half = await kpisOf('from=2011-11-01&to=2011-11-25&category=Toys');
  await api.database.write(`DELETE FROM setting WHERE name = 'holding_rate'`);
  const quarter = await kpisOf('from=2011-11-01&to=2011-11-25&category=Toys');
  expect(Number(half.kpis.carrying_cost.value)).toBeCloseTo(2 * Number(quarter.kpis.carrying_cost.value), 3);
});

it('by default it is the 30 days up to the business day; what is no period is refused', async () => {
  const report = await kpisOf('');
  expect(report).toMatchObject({ as_of: '2011-11-29', from: '2011-10-31', to: '2011-11-29', days: 30 });
  for (const query of ['from=2011-11-02&to=2011-11-01', 'from=1900-01-01', 'to=yesterday', 'from=2011-02-30'])
    expect([query, (await get(`/kpis?${query}`)).status]).toEqual([query, 422]);
  expect((await get('/kpis?location_id=nowhere')).status).toBe(404);
  expect((await api.ask('GET', '/kpis')).status).toBe(401);
});

it('a period in which nothing was known has reasons instead of figures', async () => {
  const { kpis } = await kpisOf('from=2001-01-01&to=2001-12-31&category=Nothing');
  expect(kpis.in_stock_rate).toMatchObject({ value: null, reason: expect.any(String), denominator: 0 });
  expect(kpis.turnover.value).toBeNull();
});

it('figures of a product: turnover on average stock, shares, the last sale, and a trend beyond a tenth', async () => {
  const { status, json, text } = await get(`/analytics/product-metrics?${NOVEMBER}&category=Toys`);
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  // 10 units broke on the 30th since the month was worked out
  expect(json).toMatchObject({
    days: 30,
    total_revenue: '280.00',
    total_margin: '168.00',
    pagination: { total: 1 },
  });
  expect(json.data).toEqual([
    {
      product_id: 'A',
      product_name: 'A',
      category: 'Toys',
      average_units: expect.closeTo(479 / 30, 9),
      units_sold: 28,
      revenue: '280.00',
      margin: '168.00',
      turnover: expect.closeTo((28 * 30) / 479, 9),
      days_of_stock: expect.closeTo(479 / 28, 9),
      revenue_share: 1,
      margin_share: 1,
      days_since_last_sale: 10,
      demand_change: -0.5,
      demand_trend: 'falling',
    },
  ]);
  const all = await get(`/analytics/product-metrics?${NOVEMBER}`);
  const shares = all.json.data.map((row: { revenue_share: number }) => row.revenue_share);
  expect(shares.reduce((sum: number, share: number) => sum + share, 0)).toBeCloseTo(1, 12);
  const one = await get('/analytics/product-metrics?from=2011-11-20&to=2011-11-20');
  expect(one.json.data[0]).toMatchObject({ demand_trend: 'none', demand_change: null });
});

const RATES = [
  'unit_fill_rate',
  'unit_fill_rate_estimated',
  'line_fill_rate',
  'order_fill_rate',
  'perfect_order_rate',
  'backorder_rate',
  'in_stock_rate',
] as const;

it('what was refused in one period and sold in another counts on the day of its sale: rates of any period lie between 0 and 1', async () => {
  await post('/products', { id: 'C', name: 'C', category: 'Late', unit_price: 2, cost: 1 });
  await move('c1', 'C', 'opening', 3, '2010-12-01');
  await order('C1', 'C', 3, '2010-12-05');
  await order('C2', 'C', 10, '2010-12-07', 409);
  await move('c2', 'C', 'receipt', 30, '2010-12-15');
  await order('C2', 'C', 10, '2010-12-20');
  // refused for 40, ordered again for 12; refused, then sold before it was there; never ordered again
  await order('C3', 'C', 40, '2010-12-21', 409);
  await order('C3', 'C', 12, '2010-12-22');
  await order('C4', 'C', 15, '2010-12-23', 409);
  await order('C5', 'C', 9, '2010-12-23', 409);
  await api.database.write(`UPDATE products SET backorders_allowed = 1 WHERE product_id = 'C'`);
  await order('C4', 'C', 15, '2010-12-24');
  await move('c3', 'C', 'receipt', 7, '2010-12-26');

  const of = async (from: string, to: string) => (await kpisOf(`from=${from}&to=${to}&category=Late`)).kpis;
  expect(await of('2010-12-01', '2010-12-09')).toMatchObject({
    unit_fill_rate: { value: 1, numerator: 3, denominator: 3 },
    line_fill_rate: { value: 1 },
    order_fill_rate: { value: 1 },
  });
  expect(await of('2010-12-10', '2010-12-31')).toMatchObject({
    unit_fill_rate: { value: 0, numerator: 0, denominator: 10 + 12 + 15 + 9 },
    line_fill_rate: { numerator: 0, denominator: 4 },
    order_fill_rate: { numerator: 0, denominator: 4 },
    backorder_rate: { numerator: 7 },
    lost_units: { value: 9 },
  });
  for (let from = '2010-12-01'; from <= '2010-12-29'; from = addDays(from, 4))
    for (let to = from; to <= '2010-12-31'; to = addDays(to, 3)) {
      const kpis = await of(from, to);
      for (const name of RATES) {
        if (kpis[name].value === null) continue;
        expect([from, to, name, kpis[name].value]).toEqual([from, to, name, expect.any(Number)]);
        expect(kpis[name].value).toBeGreaterThanOrEqual(0);
        expect(kpis[name].value).toBeLessThanOrEqual(1);
      }
    }
}, 60_000);

it('what was missed is estimated from the days that are counted: sales before the ledger knew the stock are of other days', async () => {
  await post('/products', { id: 'D', name: 'D', category: 'Known late', unit_price: 2, cost: 1 });
  await api.database.write(`UPDATE products SET backorders_allowed = 1 WHERE product_id = 'D'`);
  await order('D1', 'D', 30, '2011-01-03');
  await move('d1', 'D', 'opening', 40, '2011-01-11');
  await order('D2', 'D', 10, '2011-01-12');
  const { kpis } = await kpisOf('from=2011-01-01&to=2011-01-20&category=Known%20late');
  expect(kpis.in_stock_rate).toMatchObject({ numerator: 1, denominator: 10 });
  // 10 units on the 11th and 12th, eight whole days out after them
  expect(kpis.lost_units_estimated.value).toBe(40);
});

it('the waste rate is one, wherever it is asked: what expired and was sold below cost, and not what broke', async () => {
  await post('/products', { id: 'W', name: 'W', category: 'Spoilt', unit_price: 6, cost: 8 });
  await move('w1', 'W', 'opening', 9, '2011-11-01');
  await order('W1', 'W', 1, '2011-11-02');
  await move('w2', 'W', 'expiry', -1, '2011-11-03');
  await move('w3', 'W', 'damage', -2, '2011-11-03');
  const { data } = await move('w4', 'W', 'expiry', -3, '2011-11-04');
  const [mistaken] = data as never as readonly { log_id: number }[];
  await post(`/movements/${mistaken!.log_id}/reverse`, { reason: 'not expired' });
  const { kpis } = await kpisOf('category=Spoilt');
  expect(kpis.waste_rate).toMatchObject({ value: (8 + 2) / 8, numerator: '10.00', denominator: '8.00' });
  for (const of of ['category=Spoilt', 'product_id=W', 'product_id=W&location_id=MAIN']) {
    const { losses } = (await get(`/waste/summary?days=30&${of}`)).json;
    expect(losses).toMatchObject({ waste_rate: kpis.waste_rate.value, markdown_loss: '2.00' });
    expect(losses).toMatchObject({
      expired_units: 1,
      expired_cost: '8.00',
      damaged_units: 2,
      damaged_cost: '16.00',
    });
  }
  const elsewhere = (await get('/waste/summary?days=30&product_id=W&location_id=SHOP')).json.losses;
  expect(elsewhere).toMatchObject({ waste_rate: null, expired_units: 0 });
});
