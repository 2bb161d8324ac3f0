import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CategoryForecast,
  CategoryForecasts,
  GroupDetail,
  GroupSummary,
} from '../../../shared/contracts/api/group-forecast.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { planThrough, plantItems } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

const DAY_MS = 86_400_000;
/** A year that ends on Friday 2011-12-09; nothing is sold at weekends, most on Mondays. */
const daily = (units: number): [string, number][] =>
  Array.from({ length: 364 }, (_, i): [string, number] => {
    const day = new Date(Date.parse('2011-12-09T00:00:00Z') - i * DAY_MS);
    const weekday = day.getUTCDay();
    const asked = weekday === 0 || weekday === 6 ? 0 : units + ((i * 7) % 4) + (weekday === 1 ? units : 0);
    return [day.toISOString().slice(0, 10), asked];
  }).filter(([, asked]) => asked > 0);

let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  expect((await get('/forecast/forecasts/all')).json).toMatchObject({ generated_at: null, categories: [] });
  expect((await get('/forecast-groups')).json.pagination.total).toBe(0);
  await plantItems(api.database, [
    { productId: 'A', onHand: 40, leadTimeDays: 10, demand: daily(8) },
    { productId: 'B', onHand: 5, leadTimeDays: 20, demand: daily(3) },
    { productId: 'C', onHand: 100_000, leadTimeDays: 14, demand: daily(5) },
    { productId: 'D', supplierId: null, demand: daily(2) },
  ]);
  await api.database.write(
    `UPDATE products p
       JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', category VARCHAR(100) PATH '$[1]')) AS j
         ON j.id = p.product_id
        SET p.category = j.category`,
    {
      rows: json([
        ['A', 'Books & Media'],
        ['B', 'Books & Media'],
        ['C', 'Garden'],
      ]),
    },
  );
  await planThrough(api.database);
}, 60_000);
afterAll(() => api.close());

const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const BOOKS = 'Books%20%26%20Media';
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the forecast of a category', () => {
  it('answers the documented fields for 90 days unless asked otherwise', async () => {
    const { status, json: body } = await get(`/forecast/forecast/${BOOKS}`);
    expect(status).toBe(200);
    const found = CategoryForecast.parse(body);
    expect(found).toMatchObject({ category: 'Books & Media', horizon_days: 90, first_day: '2011-12-10' });
    expect(found.forecast_90_day).toBe(found.total_forecast);
    expect(found.daily_forecast).toBeUndefined();
    const { lower, upper } = found.confidence_interval;
    expect(lower).toBeLessThan(found.total_forecast);
    expect(upper).toBeGreaterThan(found.total_forecast);
    // 13.5 and 5.5 units a day of trade, and once more on Mondays
    expect(found.total_forecast).toBeGreaterThan(700);
    expect(found.total_forecast).toBeLessThan(1500);
  });

  it.each([7, 30, 60, 91, 365])('has exactly %i days on request, whose sum is the total', async (horizon) => {
    const { json: body } = await get(`/forecast/forecast/${BOOKS}?horizon=${horizon}&include_daily=true`);
    const found = CategoryForecast.parse(body);
    const days = found.daily_forecast!;
    expect(days).toHaveLength(horizon);
    expect(days[0]!.date).toBe('2011-12-10');
    expect(new Set(days.map(({ date }) => date)).size).toBe(horizon);
    expect(sum(days.map(({ forecast }) => forecast))).toBeCloseTo(found.total_forecast, 5);
    expect(body[`forecast_${horizon}_day`]).toBe(found.total_forecast);
    for (const { date, forecast, lower_ci, upper_ci } of days) {
      const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
      expect(forecast > 0).toBe(!isWeekend);
      expect(lower_ci).toBeLessThanOrEqual(upper_ci);
      if (!isWeekend) expect(upper_ci).toBeGreaterThan(forecast);
    }
  });

  it('widens with the horizon, and more slowly than the bounds of its days add up', async () => {
    const widths: number[] = [];
    for (const horizon of [30, 60, 90, 180]) {
      const { json: body } = await get(`/forecast/forecast/Garden?horizon=${horizon}&include_daily=true`);
      const { confidence_interval: total, daily_forecast: days } = CategoryForecast.parse(body);
      expect(total.upper).toBeLessThan(sum(days!.map(({ upper_ci }) => upper_ci)));
      expect(total.lower).toBeGreaterThan(sum(days!.map(({ lower_ci }) => lower_ci)));
      widths.push(total.upper - total.lower);
    }
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
  });

  it('says what it means for the stock, and nothing where nobody supplies', async () => {
    const short = CategoryForecast.parse((await get(`/forecast/forecast/${BOOKS}`)).json);
    expect(short).toMatchObject({ stock: 45, lead_time_days: 15, stockout_risk: 'critical' });
    expect(short.reorder_point!).toBeGreaterThan(short.stock);
    expect(short.safety_stock!).toBeGreaterThan(0);
    expect(short.safety_stock!).toBeLessThan(short.reorder_point!);
    const rich = CategoryForecast.parse((await get('/forecast/forecast/Garden')).json);
    expect(rich).toMatchObject({ stock: 100_000, stockout_risk: 'low' });
    const unsupplied = CategoryForecast.parse((await get('/forecast/forecast/Uncategorised')).json);
    // it is out: that is no matter of lead times
    expect(unsupplied).toMatchObject({
      lead_time_days: null,
      reorder_point: null,
      stockout_risk: 'critical',
    });
  });

  it('calls its risk by the same limits as that of single items', async () => {
    const riskAt = async (leadTimes: string) => {
      await api.database.write(
        `INSERT INTO setting (name, value) VALUES ('risk_critical_lead_times', :leadTimes)
             ON DUPLICATE KEY UPDATE value = VALUES(value)`,
        { leadTimes },
      );
      return (await get(`/forecast/forecast/${BOOKS}`)).json.stockout_risk;
    };
    // some four days of stock, and 15 until an order is there
    expect(await riskAt('0.1')).toBe('high');
    expect(await riskAt('0.9')).toBe('critical');
    await api.database.write(`DELETE FROM setting WHERE name = 'risk_critical_lead_times'`);
  });

  it('is refused with a problem for an unknown category, a horizon out of bounds, or no token', async () => {
    expect((await get('/forecast/forecast/none')).status).toBe(404);
    for (const query of ['horizon=6', 'horizon=366', 'horizon=x', 'include_daily=perhaps']) {
      const { status, headers } = await get(`/forecast/forecast/Garden?${query}`);
      expect(status).toBe(422);
      expect(headers['content-type']).toContain('application/problem+json');
    }
    expect((await api.ask('GET', '/forecast/forecast/Garden')).status).toBe(401);
  });
});

describe('the forecasts of all categories', () => {
  it.each([7, 30, 90, 365])('add up to the total over %i days', async (horizon) => {
    const { json: body } = await get(`/forecast/forecasts/all?horizon=${horizon}`);
    const found = CategoryForecasts.parse(body);
    expect(found.categories.map(({ category }) => category)).toEqual([
      'Books & Media',
      'Garden',
      'Uncategorised',
    ]);
    expect(found).toMatchObject({ horizon_days: horizon, as_of: '2011-12-09' });
    expect(Number.isNaN(Date.parse(found.generated_at!))).toBe(false);
    const totals = body.categories.map((one: Record<string, number>) => one[`forecast_${horizon}_day`]);
    expect(found.total_forecast_all_categories).toBeCloseTo(sum(totals), 5);
    const one = CategoryForecast.parse((await get(`/forecast/forecast/Garden?horizon=${horizon}`)).json);
    expect(found.categories[1]).toMatchObject({
      total_forecast: one.total_forecast,
      confidence_interval: one.confidence_interval,
    });
    const { lower, upper } = found.confidence_interval;
    expect(lower).toBeGreaterThan(sum(found.categories.map((group) => group.confidence_interval.lower)) - 1);
    expect(upper).toBeGreaterThan(found.total_forecast_all_categories);
  });
});

describe('groups', () => {
  it('are listed with the total first, then the largest, page by page', async () => {
    const { json: body } = await get('/forecast-groups');
    const found = body.data.map((one: unknown) => GroupSummary.parse(one)) as GroupSummary[];
    expect(found.map(({ level, key }) => [level, key])).toEqual([
      ['total', ''],
      ['category', 'Books & Media'],
      ['category', 'Garden'],
      ['category', 'Uncategorised'],
    ]);
    expect(found[0]!.series).toBe(4);
    expect(found[0]!.total.mean).toBeCloseTo(sum(found.slice(1).map(({ total }) => total.mean)), 5);
    const { json: second } = await get('/forecast-groups?skip=1&limit=1');
    expect(second).toEqual({ data: [body.data[1]], pagination: { skip: 1, limit: 1, total: 4 } });
  });

  it('have their history and as many weeks of forecast as asked for, labelled by what they rest on', async () => {
    const usual = GroupDetail.parse((await get('/forecast-groups/outlook')).json);
    expect(usual.forecast).toHaveLength(13);
    expect(usual.history.at(-1)!.date).toBe('2011-12-03');
    const found = GroupDetail.parse((await get(`/forecast-groups/outlook?category=${BOOKS}&weeks=20`)).json);
    expect(found.forecast.map(({ basis }) => basis)).toEqual(
      Array.from({ length: 20 }, (_, i) => (i < 13 ? 'products' : 'group')),
    );
    expect(found.total.mean).toBeCloseTo(sum(found.forecast.slice(0, 13).map(({ mean }) => mean)), 5);
    expect((await get('/forecast-groups/outlook?category=none')).status).toBe(404);
    expect((await get('/forecast-groups/outlook?weeks=54')).status).toBe(422);
  });
});
