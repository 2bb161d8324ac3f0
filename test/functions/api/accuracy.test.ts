import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { dailyDemand, planAndAssess } from '../assess/accuracy-fixture.ts';
import { plantItems } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

const FIRST_PLAN = '2011-08-31';

let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  const articles = [
    ['A', 'Home', 30],
    ['B', 'Home', 14],
    ['C', 'Garden', 8],
    ['D', null, 5],
  ] as const;
  await plantItems(
    api.database,
    articles.map(([productId, , weekly]) => ({
      productId,
      onHand: 500,
      demand: dailyDemand(productId, '2010-06-01', '2011-12-01', weekly),
    })),
  );
  for (const [id, category] of articles)
    await api.database.write(`UPDATE products SET category = :category WHERE product_id = :id`, {
      id,
      category,
    });
});
afterAll(() => api.close());

const get = async (target: string) => {
  const answer = await api.ask('GET', target, { as: 'viewer' });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
};

describe('accuracy of forecasts', () => {
  test('is empty before a week is closed, and says what it is about', async () => {
    await planAndAssess(api.database, FIRST_PLAN);
    const answer = await get('/analytics/forecast-accuracy');
    expect(answer).toMatchObject({
      by: 'category',
      bucket: 'week',
      level: 'product x location',
      lag: { from: 1, to: 1 },
      weeks: 0,
      first_week_end: null,
      rows: [],
    });
    expect(answer.bias).toMatch(/positive is over-forecast/);
    expect((await get('/analytics/forecast-accuracy/quarters')).rows).toEqual([]);
    expect((await get('/forecasts/A')).accuracy).toMatchObject({ bucket: 'week', lags: [], weeks: [] });
  });

  test('comes with the next plans, by category, class, model and lag, with naive beside it', async () => {
    for (const week of [1, 2, 5, 6]) await planAndAssess(api.database, addDays(FIRST_PLAN, 7 * week));
    const byCategory = await get('/analytics/forecast-accuracy?by=category');
    expect(byCategory).toMatchObject({ weeks: 4, first_week_end: '2011-09-07', last_week_end: '2011-10-12' });
    expect(byCategory.rows.map((row: { group: string }) => row.group)).toEqual([
      'Home',
      'Garden',
      'Uncategorised',
    ]);
    const [home] = byCategory.rows;
    expect(home.forecasts).toBe(8);
    expect(home.wape).toBeGreaterThan(0);
    expect(home.value_added).toBeCloseTo(home.naive_wape - home.wape, 9);
    expect(home.relative_error).toBeCloseTo(home.wape / home.naive_wape, 9);
    const [total] = (await get('/analytics/forecast-accuracy?by=total')).rows;
    expect(total.forecasts).toBe(16);
    for (const by of ['category', 'class', 'model', 'lag']) {
      const { rows } = await get(`/analytics/forecast-accuracy?by=${by}`);
      const sum = (of: string) =>
        rows.reduce((all: number, row: Record<string, number>) => all + row[of]!, 0);
      expect(sum('forecasts')).toBe(16);
      expect(sum('actual')).toBeCloseTo(total.actual, 6);
    }
    const lags = await get('/analytics/forecast-accuracy?by=lag&lag=1-13');
    expect(lags.lag).toEqual({ from: 1, to: 13 });
    expect(lags.rows.map((row: { group: string }) => row.group)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  test('can be asked for by days and by quarter', async () => {
    const until = await get('/analytics/forecast-accuracy?by=total&to=2011-09-14');
    expect(until).toMatchObject({ weeks: 2, last_week_end: '2011-09-14' });
    const quarter = await get('/analytics/forecast-accuracy?by=total&quarter=2011-Q4');
    expect(quarter).toMatchObject({ weeks: 1, first_week_end: '2011-10-12' });
    const quarters = await get('/analytics/forecast-accuracy/quarters');
    const home = quarters.rows.filter((row: { category: string }) => row.category === 'Home');
    expect(home).toMatchObject([
      { quarter: '2011-Q3', weeks: 3, wape_change: null },
      { quarter: '2011-Q4', weeks: 1 },
    ]);
    expect(home[1].wape_change).toBeCloseTo(home[1].wape - home[0].wape, 12);
    expect(quarters.rows[1]).toMatchObject({ category: '', quarter: '2011-Q4', forecasts: 4 });
  });

  test('of one series is part of its forecast', async () => {
    const { accuracy } = await get('/forecasts/A');
    expect(accuracy.weeks.map((week: { week_end: string }) => week.week_end)).toEqual([
      '2011-09-07',
      '2011-09-14',
      '2011-09-21',
      '2011-10-12',
    ]);
    for (const week of accuracy.weeks) expect(week.low80).toBeLessThanOrEqual(week.high80);
    expect(accuracy.lags[0]).toMatchObject({ lag: 1, forecasts: 4 });
  });

  test.each([
    'lag=0',
    'lag=14',
    'lag=5-2',
    'by=colour',
    'quarter=2011-Q5',
    'quarter=2011-Q1&from=2011-01-01',
  ])('is refused for %s', async (query) => {
    const { status } = await api.ask('GET', `/analytics/forecast-accuracy?${query}`, { as: 'viewer' });
    expect(status).toBe(422);
  });
});
