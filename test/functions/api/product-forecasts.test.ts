import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CategoryDays,
  DemandForecast,
  ProductForecast,
} from '../../../shared/contracts/api/product-forecast.ts';
import { Recommendation } from '../../../shared/contracts/api/recommendation.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { type Item, planThrough, plantItems } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

const LAST = Date.parse('2011-12-09T00:00:00Z');
/** Demand of the newest days up to 2011-12-09, oldest first. */
const days = (quantities: readonly number[]): [string, number][] =>
  quantities
    .map((quantity, i): [string, number] => [
      new Date(LAST - (quantities.length - 1 - i) * 86_400_000).toISOString().slice(0, 10),
      quantity,
    ])
    .filter(([, quantity]) => quantity > 0);
const repeat = (length: number, of: (i: number) => number) => Array.from({ length }, (_, i) => of(i));

const ITEMS: Item[] = [
  // 1, 2, ... 60 units a day: a line
  { productId: 'LINE', demand: days(repeat(60, (i) => i + 1)), onHand: 100, leadTimeDays: 10 },
  // sold on weekdays only
  {
    productId: 'WEEK',
    demand: days(
      repeat(364, (i) => ([0, 6].includes(new Date(LAST - (363 - i) * 86_400_000).getUTCDay()) ? 0 : 10)),
    ),
    onHand: 5,
    leadTimeDays: 7,
  },
  { productId: 'TEN', demand: days(repeat(10, () => 3)), onHand: 500, supplierId: null },
  // at two places
  { productId: 'TWO', demand: days(repeat(200, (i) => 4 + (i % 3))), onHand: 500, supplierId: null },
  {
    productId: 'TWO',
    locationId: 'SHOP',
    demand: days(repeat(200, (i) => 9 - (i % 2))),
    onHand: 500,
    supplierId: null,
  },
  { productId: 'THREE', demand: days([2, 2, 2]), onHand: 500, supplierId: null },
];
const CATEGORIES = { LINE: 'Toys', WEEK: 'Toys', TEN: 'Loose', TWO: 'Loose', THREE: 'Loose' };

let api: Api;
const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const forecast = async (target: string) =>
  ProductForecast.parse((await get(`/analytics/forecast/product/${target}`)).json);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the forecast of a product', () => {
  beforeAll(async () => {
    api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
    await plantItems(api.database, ITEMS);
    await plantItems(api.database, [{ productId: 'NEVER', demand: [], supplierId: null }]);
    await api.database.write(
      `UPDATE products p
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', category VARCHAR(100) PATH '$[1]')) AS j
           ON j.id = p.product_id
          SET p.category = j.category`,
      { rows: json(Object.entries(CATEGORIES)) },
    );
  }, 60_000);
  afterAll(() => api.close());

  it('is by a plain method before there is a plan', async () => {
    const found = await forecast('LINE?days=7');
    expect(found).toMatchObject({ asked_method: 'auto', method: 'linear_regression', as_of: '2011-12-09' });
    expect(found.forecast_values).toEqual([61, 62, 63, 64, 65, 66, 67]);
    expect(found.forecast_dates[0]).toBe('2011-12-10');
    expect(found.forecast_dates.at(-1)).toBe('2011-12-16');
    expect((await get('/analytics/forecast/category/Toys')).status).toBe(404);
    expect((await get('/forecast/inventory-recommendations')).json.pagination.total).toBe(0);
  });

  it('is the mean of the newest seven days, a line, or smoothing with 0.3, as can be worked out by hand', async () => {
    await planThrough(api.database);
    const average = await forecast('LINE?days=10&method=moving_average');
    expect(average).toMatchObject({
      method: 'moving_average',
      window: 7,
      daily_average: 57,
      history_days: 60,
    });
    expect(average.forecast_values).toEqual(repeat(10, () => 57));
    expect(average.total_forecast).toBe(570);
    const line = await forecast('LINE?days=7&method=linear_regression');
    expect(line).toMatchObject({ method: 'linear_regression', slope: 1, trend: 'Increasing' });
    expect(line.forecast_values[6]).toBeCloseTo(67, 9);
    const smooth = await forecast('LINE?days=7&method=exponential_smoothing');
    // the level lags behind a line by (1 - alpha) / alpha
    expect(smooth.alpha).toBe(0.3);
    expect(smooth.forecast_values[0]).toBeCloseTo(60 - 0.7 / 0.3, 6);
    expect(smooth).not.toHaveProperty('window');
  });

  it('is by default that of the newest plan, its weeks spread over days as the past ones were', async () => {
    const found = await forecast('WEEK?days=90');
    expect(found).toMatchObject({
      asked_method: 'auto',
      method: 'plan',
      trend: 'Stable',
      confidence: 'usual',
    });
    expect(found.forecast_dates).toHaveLength(90);
    found.forecast_dates.forEach((day, i) => {
      const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
      expect(found.forecast_values[i]! > 0).toBe(!isWeekend);
    });
    const stored = (await get('/forecasts/WEEK')).json;
    expect(sum(found.forecast_values.slice(0, 7))).toBeCloseTo(stored.forecast[0].mean, 6);
    expect(found.total_forecast!).toBeCloseTo(sum(found.forecast_values), 5);
    expect(found.run_id).toBe(stored.run_id);
  });

  it('is that of all its locations together', async () => {
    const places = await Promise.all(
      ['MAIN', 'SHOP'].map(async (place) => (await get(`/forecasts/TWO?location_id=${place}`)).json),
    );
    const found = await forecast('TWO?days=7');
    expect(found.total_forecast!).toBeCloseTo(sum(places.map((place) => place.forecast[0].mean)), 6);
    const average = await forecast('TWO?days=7&method=moving_average');
    // 4, 5, 6, 4, 5, 6, 4 and 9, 8, 9, 8, 9, 8, 9, wherever the week begins
    expect(average.daily_average! * 7).toBeGreaterThanOrEqual(34 + 59);
    expect(average.daily_average! * 7).toBeLessThanOrEqual(36 + 60);
  });

  it('says that too little is known, of each method what it needs, and stays a forecast where the plan has one', async () => {
    const few = await forecast('THREE?method=moving_average');
    expect(few).toMatchObject({ error: 'insufficient_data', points: 3, needed: 7, total_forecast: null });
    expect(few).toMatchObject({ forecast_dates: [], forecast_values: [], trend: null });
    expect(await forecast('TEN?method=linear_regression')).toMatchObject({ points: 10, needed: 14 });
    expect(await forecast('TEN?method=moving_average')).toMatchObject({ total_forecast: 90, trend: null });
    expect(await forecast('NEVER?method=exponential_smoothing')).toMatchObject({ points: 0, needed: 7 });
    expect(await forecast('THREE')).toMatchObject({ method: 'plan', confidence: 'low' });
  });

  it('in short is what it sums to', async () => {
    const found = DemandForecast.parse((await get('/analytics/demand-forecast/WEEK?days_ahead=14')).json);
    const long = await forecast('WEEK?days=14');
    expect(found).toMatchObject({ product_id: 'WEEK', forecast_period: 14, method: 'plan' });
    expect(found.predicted_demand).toBe(long.total_forecast);
  });

  it('is refused for unknown products, days out of bounds, other methods, and without a role', async () => {
    expect((await get('/analytics/forecast/product/none')).status).toBe(404);
    expect((await get('/analytics/demand-forecast/none')).status).toBe(404);
    for (const query of ['days=6', 'days=91', 'days=x', 'method=prophet'])
      expect((await get(`/analytics/forecast/product/LINE?${query}`)).status).toBe(422);
    expect((await get('/analytics/demand-forecast/LINE?days_ahead=91')).status).toBe(422);
    expect((await api.ask('GET', '/analytics/forecast/product/LINE')).status).toBe(401);
    expect((await get('/analytics/forecast/product/LINE', 'nobody')).status).toBe(403);
    expect((await get('/analytics/forecast/product/LINE/')).status).toBe(200);
  });

  it('of a category is by days, with the number of its products', async () => {
    const found = CategoryDays.parse((await get('/analytics/forecast/category/Toys?days=30')).json);
    expect(found).toMatchObject({ category: 'Toys', products_count: 2 });
    expect(found.forecast_dates).toHaveLength(30);
    expect(sum(found.forecast_values)).toBeCloseTo(found.total_forecast, 5);
    const { json: other } = await get('/forecast/forecast/Toys?horizon=30');
    expect(found.total_forecast).toBe(other.total_forecast);
    expect(found.confidence_interval).toEqual(other.confidence_interval);
    expect((await get('/analytics/forecast/category/none')).status).toBe(404);
    expect((await get('/analytics/forecast/category/Toys?days=6')).status).toBe(422);
  });

  it('of categories says what to order: the open suggestions, and nothing where nobody supplies', async () => {
    const { json: body } = await get('/forecast/inventory-recommendations');
    const [toys, loose] = body.data.map((one: unknown) => Recommendation.parse(one)) as Recommendation[];
    expect(body.pagination.total).toBe(2);
    const suggestions = (await get('/suggestions')).json.data as { product_id: string; quantity: number }[];
    expect(suggestions.length).toBeGreaterThan(0);
    expect(toys).toMatchObject({
      category: 'Toys',
      method: 'suggestions',
      recommended_order_quantity: sum(suggestions.map(({ quantity }) => quantity)),
      suggestions: suggestions.length,
      products: 2,
      products_supplied: 2,
      stock: 105,
    });
    const one = (await get('/forecast/forecast/Toys')).json;
    expect(toys).toMatchObject({
      forecast_90_day: one.forecast_90_day,
      reorder_point: one.reorder_point,
      safety_stock: one.safety_stock,
      stockout_risk: one.stockout_risk,
      confidence_interval: one.confidence_interval,
    });
    expect(toys!.daily_average).toBeCloseTo(toys!.forecast_90_day / 90, 6);
    expect(loose).toMatchObject({
      category: 'Loose',
      method: 'no_supplier',
      recommended_order_quantity: null,
      reorder_point: null,
    });
    const second = (await get('/forecast/inventory-recommendations?skip=1&limit=1')).json;
    expect(second.data).toEqual([body.data[1]]);
    expect((await get('/forecast/inventory-recommendations?limit=101')).status).toBe(422);
  });
});
