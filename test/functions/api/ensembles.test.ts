import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EnsembleCompared,
  EnsembleForecast,
  EnsembleForecasts,
  EnsembleStatus,
  EnsembleTraining,
  EnsembleWeights,
} from '../../../shared/contracts/api/ensemble.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { planThrough, plantItems, weekly } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

const LAST = '2011-12-09';
const wave = (weeks: number, level: number) =>
  weekly(
    LAST,
    Array.from({ length: weeks }, (_, t) =>
      Math.round(level * (1 + 0.5 * Math.sin((2 * Math.PI * t) / 52)) + ((t * 7919) % 11)),
    ),
  );
const CATEGORIES = { A: 'Garden', B: 'Garden', C: 'Bath & Bed', D: 'New' };

let api: Api;
const get = (target: string, as = 'viewer') => api.ask('GET', `/forecast/ensemble/${target}`, { as });
const train = (query = '', as = 'planner', headers = {}) =>
  api.ask('POST', `/forecast/ensemble/train${query}`, { as, headers });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand'] });
  expect(EnsembleStatus.parse((await get('status')).json)).toMatchObject({
    ensemble_available: false,
    categories_total: 0,
    as_of: null,
  });
  expect(EnsembleTraining.parse((await train()).json)).toMatchObject({ success: false, results: [] });
  expect((await get('forecasts/all')).json.categories).toEqual([]);
  expect((await get('weights')).json.categories).toEqual([]);
  await plantItems(api.database, [
    { productId: 'A', demand: wave(156, 200) },
    { productId: 'B', demand: wave(156, 40) },
    { productId: 'C', demand: wave(60, 50) },
    { productId: 'D', demand: wave(10, 30) },
  ]);
  await api.database.write(
    `UPDATE products p
       JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', category VARCHAR(100) PATH '$[1]')) AS j
         ON j.id = p.product_id
        SET p.category = j.category`,
    { rows: json(Object.entries(CATEGORIES)) },
  );
  await planThrough(api.database);
}, 60_000);
afterAll(() => api.close());

describe('ensembles', () => {
  it('are not there before they are trained, which the answer says', async () => {
    const { status, json: body } = await get('forecast/Garden');
    expect(status).toBe(404);
    expect(body.detail).toContain('POST /forecast/ensemble/train');
    expect((await get('status')).json).toMatchObject({ ensemble_available: false, categories_total: 3 });
  });

  it('are trained by planners, of each category with enough history, and stay', async () => {
    for (const role of ['viewer', 'buyer', 'warehouse']) expect((await train('', role)).status).toBe(403);
    expect((await api.ask('POST', '/forecast/ensemble/train')).status).toBe(401);
    for (const query of ['?validation_weeks=3', '?validation_weeks=17', '?validation_weeks=x'])
      expect((await train(query)).status).toBe(422);
    expect((await train('?category=none')).status).toBe(404);
    const { status, json: body } = await train();
    expect(status).toBe(200);
    const found = EnsembleTraining.parse(body);
    expect(found).toMatchObject({ success: true, categories_trained: 2, categories_remaining: 0 });
    expect(found.results.map(({ category, status: state }) => [category, state])).toEqual([
      ['Garden', 'trained'],
      ['Bath & Bed', 'trained'],
      ['New', 'insufficient_data'],
    ]);
    for (const { weights, errors } of found.results.slice(0, 2)) {
      expect(sum(Object.values(weights))).toBeCloseTo(1, 9);
      const names = Object.keys(weights).sort((a, b) => errors[a]!.mae! - errors[b]!.mae!);
      for (let i = 1; i < names.length; i++)
        expect(weights[names[i]!]!).toBeLessThan(weights[names[i - 1]!]!);
    }
    expect(found.results[1]!.left_out).toEqual([{ name: 'stl', reason: '52 periods, at least 104 needed' }]);
    expect(found.results[2]).toMatchObject({ data_points: 10, needed: 20, weights: {} });
    expect((await get('status')).json).toMatchObject({
      ensemble_available: true,
      categories_trained: 2,
      categories_outdated: 0,
    });
  });

  it('answer a repeated training with the same key as the first time, and the same data with the same weights', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await train('?category=Garden', 'planner', headers);
    expect((await train('?category=Garden', 'planner', headers)).text).toBe(first.text);
    const again = EnsembleTraining.parse((await train('?category=Garden')).json);
    expect(again.results).toEqual(first.json.results);
  });

  it('are trained anew by other weeks, those that lack them first', async () => {
    const one = EnsembleTraining.parse((await train('?validation_weeks=16&category=Garden')).json);
    expect(one).toMatchObject({ categories_trained: 1, categories_remaining: 1 });
    const rest = EnsembleTraining.parse((await train('?validation_weeks=16')).json);
    expect(rest.results[0]!.category).toBe('Bath & Bed');
    expect(rest.categories_remaining).toBe(0);
    await train();
  });

  it('forecast a category week by week with bounds, and a total whose bounds are narrower than their sums', async () => {
    const { json: body } = await get('forecast/Garden?weeks=13');
    const found = EnsembleForecast.parse(body);
    expect(found).toMatchObject({ category: 'Garden', horizon_weeks: 13, as_of: LAST, weights_as_of: LAST });
    expect(found.forecast_dates).toHaveLength(13);
    expect(found.forecast_dates[0]).toBe('2011-12-10');
    expect(sum(found.forecast)).toBeCloseTo(found.forecast_total, 5);
    found.forecast.forEach((value, i) => {
      const expected = sum(
        Object.entries(found.members).map(([name, mean]) => found.weights[name]! * mean[i]!),
      );
      expect(value).toBeCloseTo(expected, 5);
      expect(found.lower_bound[i]!).toBeLessThanOrEqual(value);
      expect(found.upper_bound[i]!).toBeGreaterThanOrEqual(value);
    });
    expect(found.total_interval.upper).toBeLessThan(sum(found.upper_bound));
    expect((await get('forecast/Garden?weeks=13')).json).toEqual(body);
    expect((await get('forecast/garden/')).json.category).toBe('Garden');
    expect((await get('forecast/none')).status).toBe(404);
    expect((await get('forecast/New')).status).toBe(404);
    for (const weeks of [0, 53, 'x']) expect((await get(`forecast/Garden?weeks=${weeks}`)).status).toBe(422);
    expect((await get('forecast/Garden?weeks=52')).status).toBe(200);
  });

  it('forecast all categories that have one, page by page, the same', async () => {
    const all = EnsembleForecasts.parse((await get('forecasts/all?weeks=6')).json);
    expect(all.categories.map(({ category }) => category)).toEqual(['Garden', 'Bath & Bed']);
    expect(all.pagination.total).toBe(2);
    const one = EnsembleForecast.parse((await get('forecast/Garden?weeks=6')).json);
    expect(all.categories[0]).toMatchObject({
      forecast_total: one.forecast_total,
      weekly_forecast: one.forecast,
      weights: one.weights,
    });
    const second = EnsembleForecasts.parse((await get('forecasts/all?weeks=6&skip=1&limit=1')).json);
    expect(second.categories).toEqual([all.categories[1]]);
    expect((await get('forecasts/all?limit=51')).status).toBe(422);
  });

  it('tell their weights and errors, and the weights on average', async () => {
    const found = EnsembleWeights.parse((await get('weights')).json);
    expect(found.categories.map((one) => one.category)).toEqual(['Garden', 'Bath & Bed']);
    expect(sum(Object.values(found.average_weights))).toBeCloseTo(1, 9);
    const [garden, bath] = found.categories.map(({ weights }) => weights);
    expect(found.average_weights.theta).toBeCloseTo((garden!.theta! + bath!.theta!) / 2, 9);
    expect(found.average_weights.stl).toBeCloseTo(garden!.stl! / 2, 9);
    expect(found.categories[0]).toMatchObject({
      data_points: 156,
      validation_weeks: 8,
      trained_by: 'planner',
    });
  });

  it('are compared with SARIMA over the same weeks from the same data, with the errors of both', async () => {
    const found = EnsembleCompared.parse((await get('compare/Garden?weeks=6')).json);
    expect(found.error).toBeUndefined();
    expect(found.data_cut).toMatchObject({ weeks: 150, as_of: '2011-10-28', judged_weeks: 6 });
    const path = (await api.ask('GET', '/forecast-groups/outlook?category=Garden', { as: 'viewer' })).json;
    const newest = path.history.slice(-6).map(({ quantity }: { quantity: number }) => quantity);
    expect(found.data_cut!.actual_total).toBe(sum(newest));
    for (const one of [found.sarima!, found.ensemble!]) {
      expect(one.total_forecast).toBeGreaterThan(0);
      expect(one.backtest.errors.mae).toBeGreaterThan(0);
      expect(one.backtest.errors.wape).toBeLessThan(1);
    }
    expect(sum(Object.values(found.ensemble!.backtest_weights))).toBeCloseTo(1, 9);
    expect(found.seasonal_naive!.mae).toBeGreaterThanOrEqual(0);
    const few = EnsembleCompared.parse((await get('compare/New')).json);
    expect(few).toMatchObject({ error: 'insufficient_data', points: 10, needed: 24, sarima: null });
    expect((await get('compare/none')).status).toBe(404);
    expect((await get('compare/Garden?weeks=13')).status).toBe(422);
  });
});
