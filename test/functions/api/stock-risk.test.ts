import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  InventoryAlerts,
  LowStockList,
  OutOfStockList,
  ProductInventory,
  StockoutRiskList,
} from '../../../shared/contracts/api/stock-risk.ts';
import { AS_OF, plantItems, weekly, year } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';
import { openPlanned } from './planned-api.ts';

/** A unit a day over the 91 days that count where there is no forecast. */
const A_UNIT_A_DAY: [string, number][] = [
  ['2011-12-01', 90],
  [AS_OF, 1],
];
const WEEK = { leadTimeDays: 7, demand: A_UNIT_A_DAY };

let api: Api;
const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const set = (name: string, value: string) =>
  api.database.write(
    `INSERT INTO setting (name, value) VALUES (:name, :value) ON DUPLICATE KEY UPDATE value = VALUES(value)`,
    { name, value },
  );
const risks = async (query = '') => {
  const { status, json } = await get(`/analytics/inventory/stockout-risk?${query}`);
  expect([status, api.reports]).toEqual([200, []]);
  return StockoutRiskList.parse(json);
};
const riskOf = async (id: string) => (await risks(`product_id=${id}`)).data[0]!;

describe('stock without a plan', () => {
  beforeAll(async () => {
    api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
    await plantItems(api.database, [
      ...[0, 7, 8, 14, 15, 28, 29].map((onHand) => ({ productId: `S${onHand}`, onHand, ...WEEK })),
      { productId: 'Z0', onHand: 0, leadTimeDays: 7, demand: [[AS_OF, 182]] },
      { productId: 'UNASKED', onHand: 3, leadTimeDays: 7, demand: [] },
      { productId: 'UNSOLD', onHand: 3, supplierId: null, demand: A_UNIT_A_DAY },
      { productId: 'TWO', onHand: 4, ...WEEK },
      { productId: 'TWO', locationId: 'SHOP', onHand: 100, ...WEEK },
    ]);
  });
  afterAll(() => api.close());

  it('is at risk by the lead times that it lasts, the worst first', async () => {
    const list = await risks();
    expect(list).toMatchObject({ as_of: AS_OF, limits: { critical: 1, high: 2, medium: 4 } });
    expect(list.data.map((one) => [one.product_id, one.location_id, one.stockout_risk])).toEqual([
      // of those that last as long, what is asked for most
      ['Z0', 'MAIN', 'critical'],
      ['S0', 'MAIN', 'critical'],
      ['TWO', 'MAIN', 'critical'],
      ['S7', 'MAIN', 'critical'],
      ['S8', 'MAIN', 'high'],
      ['S14', 'MAIN', 'high'],
      ['S15', 'MAIN', 'medium'],
      ['S28', 'MAIN', 'medium'],
      ['UNSOLD', 'MAIN', null],
      ['S29', 'MAIN', 'low'],
      ['TWO', 'SHOP', 'low'],
      ['UNASKED', 'MAIN', 'low'],
    ]);
    expect(list.counts).toEqual({ critical: 4, high: 2, medium: 2, low: 3, unknown: 1 });
    expect(list.data[4]).toMatchObject({
      stock_velocity: 1,
      days_until_stockout: 8,
      days_of_stock: 8,
      lead_time_days: 7,
    });
    expect(await riskOf('UNASKED')).toMatchObject({ stock_velocity: 0, days_until_stockout: null });
    expect(await riskOf('S0')).toMatchObject({ days_until_stockout: 0 });
  });

  it('is listed in pages, by risk and by place, and counted over all', async () => {
    const page = await risks('skip=1&limit=2');
    expect(page.data.map((one) => one.product_id)).toEqual(['S0', 'TWO']);
    expect(page.pagination).toEqual({ skip: 1, limit: 2, total: 12 });
    const medium = await risks('risk=medium');
    expect([medium.pagination.total, medium.counts.critical]).toEqual([2, 4]);
    expect((await risks('risk=unknown')).data[0]!.product_id).toBe('UNSOLD');
    expect((await risks('location_id=SHOP')).pagination.total).toBe(1);
    expect((await risks('category=none')).pagination.total).toBe(0);
    expect((await risks('category=Uncategorised')).pagination.total).toBe(12);
    for (const query of ['risk=bad', 'limit=501', 'limit=0', 'skip=-1'])
      expect((await get(`/analytics/inventory/stockout-risk?${query}`)).status).toBe(422);
  });

  it('follows the settings, and refuses those that make no sense', async () => {
    await set('risk_critical_lead_times', '1.5');
    expect((await riskOf('S8')).stockout_risk).toBe('critical');
    expect((await riskOf('S14')).stockout_risk).toBe('high');
    await set('risk_high_lead_times', '1');
    const refused = await get('/analytics/inventory/stockout-risk');
    expect([refused.status, refused.json.errors]).toEqual([
      422,
      [{ field: 'risk_high_lead_times', reason: 'is below risk_critical_lead_times' }],
    ]);
    await api.database.write(`DELETE FROM setting WHERE name LIKE 'risk%'`);
  });

  it('counts what comes from its day on, if it comes in time, and nothing that is late', async () => {
    const coming = async (expected: string | null) => {
      const { insertId } = await api.database.write(
        `INSERT INTO purchase_order (supplier_id, location_id, status, expected_date)
         VALUES ('S1', 'MAIN', 'approved', :expected)`,
        { expected },
      );
      await api.database.write(
        `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost)
         VALUES (:id, 'S8', 30, 1)`,
        { id: insertId! },
      );
      const row = await riskOf('S8');
      await api.database.write(`DELETE FROM purchase_order_line WHERE purchase_order_id = :id`, {
        id: insertId!,
      });
      expect(row).toMatchObject({ on_order: 30, days_until_stockout: 8 });
      return [row.days_of_stock, row.stockout_risk];
    };
    expect(await coming('2011-12-17')).toEqual([38, 'low']);
    expect(await coming('2011-12-18')).toEqual([8, 'high']);
    expect(await coming('2011-12-08')).toEqual([8, 'high']);
    // in a lead time
    expect(await coming(null)).toEqual([38, 'low']);
  });

  it('takes the lead time that deliveries have shown', async () => {
    await api.database.write(
      `INSERT INTO learnt_lead_time (supplier_id, product_id, observations, late_open, mean_days, deviation_days, evidence)
       VALUES ('S1', 'S8', 5, 0, 8, 1, '{}')`,
    );
    expect(await riskOf('S8')).toMatchObject({ lead_time_days: 8, stockout_risk: 'critical' });
    await api.database.write('DELETE FROM learnt_lead_time');
  });

  it('is low at or below a threshold, of high priority below half of it, and out without a unit', async () => {
    const lowOf = async (query: string) => {
      const { status, json } = await get(`/analytics/inventory/low-stock?${query}`);
      expect([status, api.reports]).toEqual([200, []]);
      return LowStockList.parse(json);
    };
    const asked = await lowOf('threshold=14');
    expect(asked.low_stock_products.map((one) => [one.product_id, one.priority])).toEqual([
      // of those that last as long the first by name, and those that nobody asks for last
      ['UNSOLD', 'High'],
      ['TWO', 'High'],
      ['UNASKED', 'High'],
      ['S7', 'Medium'],
      ['S8', 'Medium'],
      ['S14', 'Medium'],
    ]);
    expect(asked).toMatchObject({ as_of: AS_OF, count: 6, out_of_stock_count: 2 });
    expect(asked.low_stock_products[0]).toMatchObject({
      reorder_point: 14,
      reorder_point_source: 'threshold',
      current_stock: 3,
      stock_velocity: 1,
    });
    expect(
      (await lowOf('threshold=16')).low_stock_products.filter((one) => one.priority === 'High'),
    ).toHaveLength(4);
    expect((await lowOf('threshold=14&skip=5&limit=1')).low_stock_products[0]!.product_id).toBe('S14');
    expect((await lowOf('')).count).toBe(0);
    await api.database.write(`UPDATE products SET reorder_threshold = 20 WHERE product_id IN ('TWO', 'S0')`);
    await api.database.write(
      `INSERT INTO stock_rule (product_id, location_id, reorder_threshold) VALUES ('TWO', 'SHOP', 100), ('S29', 'SHOP', 5)`,
    );
    const ruled = await lowOf('');
    expect(ruled.low_stock_products.map((one) => [one.location_id, one.reorder_point, one.priority])).toEqual(
      [
        ['MAIN', 20, 'High'],
        ['SHOP', 100, 'Medium'],
      ],
    );
    const out = OutOfStockList.parse((await get('/analytics/inventory/out-of-stock')).json);
    expect(
      out.out_of_stock_products.map((one) => [one.product_id, one.location_id, one.reorder_point]),
    ).toEqual([
      ['Z0', 'MAIN', null],
      ['S0', 'MAIN', 20],
      // a threshold asks for some where there never was any
      ['S29', 'SHOP', 5],
    ]);
    const alerts = InventoryAlerts.parse((await get('/analytics/inventory-alerts')).json);
    expect(alerts.alerts.map((one) => [one.product_id, one.alert_type, one.reorder_threshold])).toEqual([
      ['Z0', 'out_of_stock', null],
      ['S0', 'out_of_stock', 20],
      ['S29', 'out_of_stock', 5],
      ['TWO', 'low_stock', 20],
      ['TWO', 'low_stock', 100],
    ]);
    expect((await get('/analytics/inventory-alerts?skip=4&limit=5')).json).toMatchObject({
      alerts: [{ location_id: 'SHOP', alert_type: 'low_stock' }],
      pagination: { total: 5 },
    });
  });

  it('of goods that are not sold any more, and of services, is nobody’s worry', async () => {
    await api.database.write(`UPDATE products SET is_active = 0 WHERE product_id = 'S0'`);
    expect((await risks('product_id=S0')).data).toEqual([]);
    await api.database.write(`UPDATE products SET is_active = 1, is_service = 1 WHERE product_id = 'S0'`);
    expect((await risks('product_id=S0')).data).toEqual([]);
  });
});

describe('stock with a plan', () => {
  beforeAll(async () => {
    api = await openPlanned([
      { productId: 'A', onHand: 30, unitCost: '2.5', demand: year(20) },
      { productId: 'B', onHand: 0, unitCost: '10', demand: year(5) },
      { productId: 'PLENTY', onHand: 5000, demand: year(5) },
      { productId: 'DEAD', onHand: 7, demand: weekly('2011-01-07', [3, 3]) },
    ]);
  });
  afterAll(() => api.close());

  it('is low where the plan wants goods, as many as the status counts', async () => {
    const { json } = await get('/analytics/inventory/low-stock');
    const list = LowStockList.parse(json);
    const status = (await get('/analytics/inventory/status')).json;
    expect([list.count, list.out_of_stock_count]).toEqual([
      status.low_stock_count,
      status.out_of_stock_count,
    ]);
    const [suggestion] = (await get('/suggestions?product_id=A')).json.data;
    const point = suggestion.explanation.numbers.find((one: { name: string }) => one.name === 'reorderPoint');
    expect(list.low_stock_products).toEqual([
      expect.objectContaining({
        product_id: 'A',
        reorder_point: point.value,
        reorder_point_source: 'plan',
        priority: 30 < point.value / 2 ? 'High' : 'Medium',
      }),
    ]);
  });

  it('of one product says what the plan’s policy makes of it, by location and in all', async () => {
    const of = async (id: string) => {
      const { status, json } = await get(`/analytics/inventory/product/${id}`);
      expect([status, api.reports]).toEqual([200, []]);
      return ProductInventory.parse(json);
    };
    const [suggestion] = (await get('/suggestions?product_id=A')).json.data;
    const point = suggestion.explanation.numbers.find((one: { name: string }) => one.name === 'reorderPoint');
    const a = await of('A');
    expect(a).toMatchObject({
      ...{ product_id: 'A', product_name: 'A', as_of: AS_OF, current_stock: 30, low_stock_alert: true },
      reorder_point: point.value,
      recommended_reorder_quantity: suggestion.quantity,
      locations: [{ location_id: 'MAIN', status: 'low', lead_time_days: 14, reorder_threshold: null }],
    });
    expect(a.stock_velocity).toBeGreaterThan(2.5);
    expect(a.days_until_stockout).toBeCloseTo(30 / a.stock_velocity, 6);
    expect(a.stockout_risk).toBe('critical');
    // where nothing is suggested there is a reorder point all the same
    const plenty = await of('PLENTY');
    expect(plenty.reorder_point).toBeGreaterThan(0);
    expect(plenty).toMatchObject({
      low_stock_alert: false,
      recommended_reorder_quantity: 0,
      stockout_risk: 'low',
    });
    expect(await of('B')).toMatchObject({ days_until_stockout: 0, stockout_risk: 'critical' });
    expect((await get('/analytics/inventory/product/none')).status).toBe(404);
    expect((await get('/analytics/inventory/product/A', 'nobody')).status).toBe(403);
    expect((await get('/analytics/inventory/product/A/')).status).toBe(200);
  });

  it('sums what is there, and knows nothing where there is nothing', async () => {
    await api.database.write(`INSERT INTO products (product_id, product_name) VALUES ('BARE', 'Bare')`);
    expect((await get('/analytics/inventory/product/BARE')).json).toMatchObject({
      ...{ current_stock: 0, reorder_point: null, days_until_stockout: null, stockout_risk: null },
      ...{ low_stock_alert: false, recommended_reorder_quantity: 0, locations: [] },
    });
  });

  it('answers to the names of an older system too', async () => {
    const positions = await get('/inventory/positions?product_id=A');
    expect((await get('/get_inventory?product_id=A')).json).toEqual(positions.json);
    const demand = await get('/analytics/demand-forecast/A?days_ahead=14');
    expect((await get('/predict_demand?product_id=A&days_ahead=14')).json).toEqual(demand.json);
    expect((await get('/predict_demand')).status).toBe(422);
    expect((await get('/predict_demand?product_id=none')).status).toBe(404);
  });
});

it('answers empty lists while there is no data', async () => {
  api = await openApi();
  try {
    expect(await risks()).toMatchObject({ as_of: null, data: [], pagination: { total: 0 } });
    expect((await get('/analytics/inventory/low-stock')).json).toMatchObject({
      low_stock_products: [],
      count: 0,
    });
    expect((await get('/analytics/inventory-alerts')).json).toMatchObject({ alerts: [] });
  } finally {
    await api.close();
  }
});

it('reads all of more positions and products than one answer holds, each once', async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  try {
    const many = Array.from({ length: 2_001 }, (_, i) => `P${i}`);
    await plantItems(
      api.database,
      many.flatMap((productId, i) => {
        const item = { productId, onHand: 5, ...WEEK };
        return i % 1000 === 0 ? [item, { ...item, locationId: 'SHOP' }] : [item];
      }),
    );
    const list = await risks('limit=1');
    expect([list.pagination.total, list.counts.critical]).toEqual([2_004, 2_004]);
    const { json: low } = await get('/analytics/inventory/low-stock?threshold=5&skip=1900&limit=500');
    expect([low.count, low.low_stock_products.length]).toEqual([2_004, 104]);
    const { json: abc } = await get('/analytics/abc-analysis?limit=10');
    expect(abc.pagination.total).toBe(2_001);
    const counts = Object.values(abc.summary as Record<string, { product_count: number }>);
    expect(counts.reduce((sum, { product_count }) => sum + product_count, 0)).toBe(2_001);
    const { json: categories } = await get('/analytics/category-performance');
    // 2 lines of one unit of money each a position
    expect(categories.totals.total_revenue).toBe('4008.00');
  } finally {
    await api.close();
  }
});
