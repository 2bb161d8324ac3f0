import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AbcAnalysis,
  CategoryPerformance,
  ProductPerformance,
  TopProducts,
} from '../../../shared/contracts/api/performance.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
async function post(target: string, body: unknown): Promise<void> {
  const { status, text } = await api.ask('POST', target, { as: 'admin', body });
  expect([target, status, status < 300 ? '' : text]).toEqual([target, status < 300 ? status : 201, '']);
}
const noon = (day: string) => `${day}T12:00:00Z`;
const order = (id: string, productId: string, quantity: number, day: string, more: object = {}) =>
  post('/orders', { id, product_id: productId, quantity, order_date: noon(day), ...more });
const asked = async (target: string) => {
  const { status, text, json } = await get(target);
  expect([api.reports, status, status === 200 ? '' : text]).toEqual([[], 200, '']);
  return json;
};

/*
 * A year that ends on 2011-12-09, net: A 800 (80 %), B 150 (95 %), C 49, D 1, E nothing; F sells at a loss before it only.
 * Five of A came back: 85 sold, 80 kept. The year before F sold 900 and A 100.
 */
beforeAll(async () => {
  api = await openApi();
  const product = (id: string, category: string | null, price: number, cost: number | null) =>
    post('/products', { id, name: `Name of ${id}`, category, unit_price: price, cost, current_stock: 500 });
  await product('A', 'Toys', 10, 4);
  await product('B', 'Pens', 15, 14);
  await product('C', 'Toys', 1, null);
  await product('D', 'Pens', 0.5, 0.1);
  await product('E', null, 7, 1);
  await product('F', 'Toys', 9, 10);
  await order('O0', 'F', 100, '2010-11-01');
  await order('O1', 'A', 10, '2010-11-02');
  await order('O2', 'A', 85, '2011-03-01');
  await post('/orders/O2/returns', {
    returned_at: noon('2011-03-05'),
    lines: [{ line: 1, quantity: 5, reason: 'defective' }],
  });
  await order('O3', 'B', 10, '2011-04-01');
  await order('O4', 'C', 49, '2011-05-01');
  await order('O5', 'D', 2, '2011-12-09');
});
afterAll(async () => {
  expect(await findViolations(api.database)).toEqual([]);
  await api.close();
});

it('classes all products by the revenue of a year, each once, the one that crosses a cut in the better class', async () => {
  const abc = AbcAnalysis.parse(await asked('/analytics/abc-analysis'));
  expect(abc).toMatchObject({ from: '2010-12-10', to: '2011-12-09', days: 365, crossing: 'better' });
  expect(
    abc.analysis.map((one) => [
      one.product_id,
      one.total_revenue,
      one.total_quantity,
      one.abc_class,
      one.rank,
    ]),
  ).toEqual([
    ['A', '800.00', 80, 'A', 1],
    ['B', '150.00', 10, 'B', 2],
    // begins at 95 %
    ['C', '49.00', 49, 'C', 3],
    ['D', '1.00', 2, 'C', 4],
    ['E', '0.00', 0, 'C', 5],
    ['F', '0.00', 0, 'C', 6],
  ]);
  expect(abc.analysis[1]!.revenue_pct).toBeCloseTo(15, 9);
  expect(abc.analysis[1]!.cumulative_pct).toBeCloseTo(95, 9);
  expect(abc.analysis.map((one) => one.volume_class).join('')).toBe('ABACCC');
  expect(abc.analysis.map((one) => one.category_class).join('')).toBe('AABCCC');
  expect(abc.summary).toEqual({
    A: {
      product_count: 1,
      product_pct: expect.closeTo(100 / 6, 9),
      total_revenue: '800.00',
      revenue_pct: expect.closeTo(80, 9),
      total_quantity: 80,
      avg_revenue_per_product: '800.00',
    },
    B: expect.objectContaining({ product_count: 1, total_revenue: '150.00' }),
    C: expect.objectContaining({
      product_count: 4,
      total_revenue: '50.00',
      avg_revenue_per_product: '12.50',
    }),
  });
  expect(abc.matrix).toHaveLength(9);
  expect(abc.matrix.reduce((sum, { product_count }) => sum + product_count, 0)).toBe(6);
  expect(abc.matrix).toContainEqual(
    expect.objectContaining({ abc_class: 'C', volume_class: 'A', product_count: 1 }),
  );
  expect(abc.categories.map((one) => [one.category, one.total_revenue, one.class_counts])).toEqual([
    ['Toys', '849.00', { A: 1, B: 1, C: 1 }],
    ['Pens', '151.00', { A: 1, B: 0, C: 1 }],
    [null, '0.00', { A: 0, B: 0, C: 1 }],
  ]);
  expect(abc.recommendations.map((one) => [one.class, one.product_count])).toEqual([
    ['A', 1],
    ['B', 1],
    ['C', 4],
  ]);
});

it('tells how steady classes are since the period before', async () => {
  const abc = AbcAnalysis.parse(await asked('/analytics/abc-analysis'));
  // F made 90 % of the year before and A the rest, which begins below 95 %
  expect(abc.analysis.map((one) => one.class_before).join('')).toBe('BCCCCA');
  expect(abc.stability).toEqual({
    ...{ from: '2009-12-10', to: '2010-12-09', kept: 3, changed: 3, kept_pct: 50 },
    changes: [
      { from: 'A', to: 'C', product_count: 1 },
      { from: 'B', to: 'A', product_count: 1 },
      { from: 'C', to: 'B', product_count: 1 },
    ],
  });
  const first = AbcAnalysis.parse(await asked('/analytics/abc-analysis?from=2010-01-01&to=2010-12-31'));
  expect(first.stability).toBeNull();
  await api.database.write(
    `INSERT INTO series_class (product_id, location_id, class, yearly_value, since, previous)
     VALUES ('A', 'MAIN', 'AX', 800, '2011-12-01', 'BX'), ('B', 'MAIN', 'BY', 150, '2009-01-01', 'AX'),
            ('C', 'MAIN', 'CZ', 49, '2011-12-01', NULL)`,
  );
  expect((await asked('/analytics/abc-analysis')).plan_changes).toEqual([
    { from: 'BX', to: 'AX', series: 1 },
  ]);
  expect((await asked('/analytics/abc-analysis?category=Pens')).plan_changes).toEqual([]);
});

it('classes by place, category and page', async () => {
  const pens = AbcAnalysis.parse(await asked('/analytics/abc-analysis?category=Pens'));
  expect(pens.analysis.map((one) => [one.product_id, one.abc_class])).toEqual([
    ['B', 'A'],
    ['D', 'C'],
  ]);
  await post('/locations', { id: 'SHOP', name: 'Shop', type: 'store' });
  const shop = AbcAnalysis.parse(await asked('/analytics/abc-analysis?location_id=SHOP'));
  expect(shop.summary.C).toMatchObject({ product_count: 6, total_revenue: '0.00', revenue_pct: 0 });
  const page = AbcAnalysis.parse(await asked('/analytics/abc-analysis?skip=4&limit=10'));
  expect(page.analysis.map((one) => one.rank)).toEqual([5, 6]);
  expect(page.pagination).toEqual({ skip: 4, limit: 10, total: 6 });
  expect(page.summary.A.product_count).toBe(1);
  for (const query of ['limit=9', 'limit=1001', 'from=2011-12-01&to=2011-11-01', 'from=yesterday'])
    expect((await get(`/analytics/abc-analysis?${query}`)).status).toBe(422);
  expect((await get('/analytics/abc-analysis?location_id=nowhere')).status).toBe(404);
  expect((await api.ask('GET', '/analytics/abc-analysis')).status).toBe(401);
});

it('ranks products by each metric', async () => {
  const top = async (query: string) => {
    const { top_products, metric } = TopProducts.parse(await asked(`/analytics/top-products?${query}`));
    return [metric, top_products.map((one) => [one.product_id, one.value])];
  };
  expect(await top('')).toEqual([
    'revenue',
    [
      ['A', '800.00'],
      ['B', '150.00'],
      ['C', '49.00'],
      ['D', '1.00'],
    ],
  ]);
  // of C nobody knows the cost
  expect(await top('metric=profit')).toEqual([
    'profit',
    [
      ['A', '480.00'],
      ['B', '10.00'],
      ['D', '0.80'],
    ],
  ]);
  expect(await top('metric=quantity&limit=2')).toEqual([
    'quantity',
    [
      ['A', 80],
      ['C', 49],
    ],
  ]);
  // no plan: of the last 91 days, in which D alone was sold
  expect(await top('metric=velocity')).toEqual(['velocity', [['D', 2 / 91]]]);
  for (const query of ['metric=fame', 'limit=0', 'limit=101'])
    expect((await get(`/analytics/top-products?${query}`)).status).toBe(422);
});

it('tells best and worst products, margins only of those that sold enough', async () => {
  const found = ProductPerformance.parse(await asked('/analytics/product-performance'));
  const ids = (list: readonly { product_id: string }[]) => list.map((one) => one.product_id).join('');
  expect(ids(found.best_by_revenue)).toBe('ABCD');
  expect(ids(found.worst_by_revenue)).toBe('DCBA');
  // D sold for 1.00 only, and C has no cost
  expect(ids(found.best_by_margin)).toBe('AB');
  expect(ids(found.worst_by_margin)).toBe('');
  expect(found).toMatchObject({ best_margin_from: '100.00', worst_margin_from: '1000.00' });
  expect(found.best_by_revenue[0]).toEqual({
    ...{ product_id: 'A', product_name: 'Name of A', category: 'Toys' },
    ...{ revenue: '800.00', profit: '480.00', units_sold: 80, profit_margin: 60, order_count: 1 },
  });
  expect(found.best_by_revenue[2]).toMatchObject({ profit: null, profit_margin: null });
  expect(found.recommendations.best_performers).toHaveLength(3);
  for (const limit of [4, 51])
    expect((await get(`/analytics/product-performance?limit=${limit}`)).status).toBe(422);
});

it('calls a margin the worst from a revenue of 1,000 on', async () => {
  const both = 'from=2010-01-01&to=2011-12-09';
  const before = ProductPerformance.parse(await asked(`/analytics/product-performance?${both}`));
  expect(before.worst_by_margin).toEqual([]);
  await order('O6', 'F', 11, '2010-11-03');
  await order('O7', 'F', 1, '2010-11-03', { unit_price: 1 });
  const found = ProductPerformance.parse(await asked(`/analytics/product-performance?${both}`));
  expect(found.worst_by_margin.map((one) => [one.product_id, one.revenue, one.order_count])).toEqual([
    ['F', '1000.00', 3],
  ]);
  expect(found.recommendations.margin_optimization).toEqual([
    'Look at price or cost of Name of F (F): a margin of -12.0 %',
  ]);
});

it('shares revenue and profit among categories', async () => {
  const { categories, totals } = CategoryPerformance.parse(await asked('/analytics/category-performance'));
  expect(totals).toEqual({ total_revenue: '1000.00', total_profit: '490.80', total_categories: 2 });
  expect(categories.map((one) => [one.category, one.revenue, one.profit, one.product_count])).toEqual([
    ['Toys', '849.00', '480.00', 2],
    ['Pens', '151.00', '10.80', 2],
  ]);
  expect(categories[0]).toMatchObject({
    units_sold: 129,
    order_count: 2,
    avg_order_value: '424.50',
    // of the revenue whose cost is known
    profit_margin: 60,
  });
  const sum = (of: (one: (typeof categories)[number]) => number | null) =>
    categories.reduce((total, one) => total + of(one)!, 0);
  expect(sum((one) => one.revenue_share)).toBeCloseTo(100, 9);
  expect(sum((one) => one.profit_share)).toBeCloseTo(100, 9);
  expect((await asked('/analytics/category-performance?from=2009-01-01&to=2009-01-31')).categories).toEqual(
    [],
  );
});
