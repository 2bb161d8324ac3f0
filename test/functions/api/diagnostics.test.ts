import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Diagnostics, Outliers, Spikes } from '../../../shared/contracts/api/diagnostics.ts';
import { outliers } from '../../../shared/core/forecast/diagnose/outliers.ts';
import { seriesReport } from '../../../shared/core/forecast/diagnose/series-report.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { planThrough, plantItems, weekly } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

const LAST = '2011-12-09';
const noise = (t: number) => ((t * 7919) % 23) - 11;
/** Quiet, but five times as much in the weeks around Christmas: those that come after 2011-12-09, too. */
const christmas = Array.from({ length: 156 }, (_, t) => (t % 52 < 3 ? 500 : 100) + noise(t));
const steady = Array.from({ length: 156 }, (_, t) => 80 + noise(t) + (t === 100 ? 400 : 0));
const short = [4, 6, 5, 7, 3];
/** At its lowest 13 weeks before the end, from where it rises for half a year. */
const summer = Array.from({ length: 156 }, (_, t) =>
  Math.round(300 + 250 * Math.sin((2 * Math.PI * (t - 155)) / 52) + noise(t)),
);

let api: Api;
const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });

beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand'] });
  expect(Spikes.parse((await get('/forecast/spikes')).json)).toMatchObject({ run_id: null, spikes: [] });
  expect((await get('/forecast/diagnostics/Gifts')).status).toBe(404);
  await plantItems(api.database, [
    { productId: 'X', demand: weekly(LAST, christmas) },
    { productId: 'S', demand: weekly(LAST, steady) },
    { productId: 'S', locationId: 'SHOP', demand: weekly(LAST, steady) },
    { productId: 'N', demand: weekly(LAST, short) },
    { productId: 'W', demand: weekly(LAST, summer) },
    { productId: 'C', demand: weekly(LAST, new Array(40).fill(5)) },
  ]);
  await plantItems(api.database, [{ productId: 'NEVER', demand: [], supplierId: null }]);
  await api.database.write(
    `UPDATE products p
       JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', category VARCHAR(100) PATH '$[1]')) AS j
         ON j.id = p.product_id
        SET p.category = j.category`,
    {
      rows: json([
        ['X', 'Gifts'],
        ['S', 'Steady/Goods'],
        ['N', 'New'],
        ['W', 'Summer'],
        ['C', 'Constant'],
      ]),
    },
  );
  await planThrough(api.database);
}, 60_000);
afterAll(() => api.close());

describe('diagnostics', () => {
  it('of a category are the tests of its weekly sums', async () => {
    const found = Diagnostics.parse((await get('/forecast/diagnostics/Gifts')).json);
    const report = seriesReport(christmas, 52);
    if (report.kind !== 'report') throw new Error(report.kind);
    expect(found).toMatchObject({ category: 'Gifts', status: 'tested', data_points: 156, as_of: LAST });
    expect(found.adf!.p_value).toBeCloseTo(report.dickeyFuller!.pValue, 8);
    expect(found.kpss!.statistic).toBeCloseTo(report.kpss.statistic, 8);
    expect(found.seasonality_strength!).toBeCloseTo(report.seasonStrength!, 8);
    expect(found.seasonality_strength!).toBeGreaterThan(0.64);
    expect(found.findings).toContain('a strong season of a year');
    const { baseline_regression: baseline, sarima } = found;
    expect(baseline!.terms.map(({ name }) => name)).toEqual([
      'constant',
      'trend',
      'previous',
      'season_cos',
      'season_sin',
    ]);
    expect(baseline!.terms[0]!.vif).toBeNull();
    for (const { vif } of baseline!.terms.slice(1)) expect(vif!).toBeGreaterThanOrEqual(1);
    expect(baseline!.durbin_watson).toBeCloseTo(report.baseline!.durbinWatson, 8);
    expect(baseline!.breusch_pagan.p_value).toBeCloseTo(report.baseline!.breuschPagan.pValue, 8);
    expect(baseline!.jarque_bera.p_value).toBeLessThan(0.05);
    expect(sarima!.order).toBe('(1,1,1)(1,0,1)[52]');
    expect(sarima!.aic).toBeCloseTo(report.sarima!.aic, 5);
    expect(sarima!.ljung_box!.p_value).not.toBeNull();
  });

  it('of a product are those of all its locations or of one', async () => {
    const all = Diagnostics.parse((await get('/forecast/diagnostics?product_id=S')).json);
    const one = Diagnostics.parse((await get('/forecast/diagnostics?product_id=S&location_id=SHOP')).json);
    expect(all.mean).toBeCloseTo(2 * one.mean!, 5);
    expect(one).toMatchObject({ product_id: 'S', location_id: 'SHOP', data_points: 156 });
    expect(all.adf!.is_stationary).toBe(true);
    // a name with a slash goes into the query
    const group = Diagnostics.parse((await get('/forecast/diagnostics?category=Steady%2FGoods')).json);
    expect({ ...group, category: '' }).toEqual({ ...all, category: '', product_id: undefined });
  });

  it('say that too little is known, or that nothing varies', async () => {
    expect((await get('/forecast/diagnostics/New')).json).toMatchObject({
      status: 'insufficient_data',
      error: 'insufficient_data',
      points: 5,
      needed: 24,
      adf: null,
    });
    expect((await get('/forecast/diagnostics?product_id=NEVER')).json).toMatchObject({ points: 0 });
    const { json: constant } = await get('/forecast/diagnostics/Constant');
    expect(Diagnostics.parse(constant)).toMatchObject({ status: 'constant', mean: 5, sarima: null });
    expect(constant).not.toHaveProperty('error');
  });

  it('are refused for what does not exist or is not named once', async () => {
    expect((await get('/forecast/diagnostics/none')).status).toBe(404);
    expect((await get('/forecast/diagnostics?product_id=none')).status).toBe(404);
    for (const query of ['', '?category=New&product_id=N', '?category=New&location_id=MAIN'])
      expect((await get(`/forecast/diagnostics${query}`)).status).toBe(422);
    expect((await api.ask('GET', '/forecast/diagnostics/Gifts')).status).toBe(401);
    expect((await get('/forecast/diagnostics/Gifts', 'nobody')).status).toBe(403);
  });
});

describe('outliers', () => {
  it('are flagged with their week and the rules that found them, and nothing is changed', async () => {
    const { json: body } = await get('/analytics/outliers?product_id=S&location_id=MAIN');
    const found = Outliers.parse(body);
    expect(found).toMatchObject({ product_id: 'S', period_days: 7, data_points: 156 });
    // week 100 of 156, the last of which begins on 2011-12-03
    expect(found.outliers).toEqual([
      { date: '2010-11-13', value: steady[100], rules: ['iqr', 'z', 'modified-z'] },
    ]);
    expect((await get('/analytics/outliers?product_id=S&location_id=MAIN')).json).toEqual(body);
    const group = Outliers.parse((await get('/analytics/outliers?category=Gifts')).json);
    expect(group.outliers.map(({ value }) => value)).toEqual(outliers(christmas).map(({ value }) => value));
  });

  it('are those of single days on request', async () => {
    const found = Outliers.parse((await get('/analytics/outliers?product_id=X&bucket=day')).json);
    expect(found).toMatchObject({ period_days: 1, data_points: 364 });
    // sold on one day of the week: each of them stands out by the rule that takes equal days for usual
    expect(found.outliers.at(-1)!.date).toBe(LAST);
    expect(found.outliers.every(({ value }) => value > 0)).toBe(true);
  });

  it('of too little are none, which the answer says', async () => {
    expect((await get('/analytics/outliers?product_id=NEVER')).json).toMatchObject({
      error: 'insufficient_data',
      points: 0,
      outliers: [],
    });
    expect((await get('/analytics/outliers?category=none')).status).toBe(404);
    for (const query of ['', '?category=Gifts&bucket=day', '?product_id=X&bucket=month'])
      expect((await get(`/analytics/outliers${query}`)).status).toBe(422);
  });
});

describe('spikes', () => {
  it('are the coming weeks that sell clearly more than lately, with lift and interval, most first', async () => {
    const found = Spikes.parse((await get('/forecast/spikes?min_lift=0.01')).json);
    const outlook = async (category: string) =>
      (await get(`/forecast-groups/outlook?category=${encodeURIComponent(category)}`)).json;
    const { history } = await outlook('Summer');
    const recent = history.slice(-13).map(({ quantity }: { quantity: number }) => quantity);
    const usual = recent.reduce((sum: number, value: number) => sum + value / 13, 0);
    expect(found).toMatchObject({ as_of: LAST, categories_total: 5, categories_looked_at: 5 });
    expect(found.spikes[0]!.category).toBe('Summer');
    for (const spike of found.spikes) {
      const { forecast } = await outlook(spike.category);
      const week = forecast[spike.week - 1];
      expect(week.date).toBe(spike.week_start);
      // the mean of simulated futures, whose own mean is the plan's
      expect(spike.expected_units / week.mean).toBeGreaterThan(0.8);
      expect(spike.expected_units / week.mean).toBeLessThan(1.25);
      expect(spike.lift).toBeCloseTo(spike.expected_units / spike.usual_units - 1, 6);
      expect(spike.lift_interval.lower).toBeGreaterThan(0);
      expect(spike.lift_interval.upper).toBeGreaterThanOrEqual(spike.lift_interval.lower);
      if (spike.category === 'Summer') expect(spike.usual_units).toBeCloseTo(usual, 6);
    }
    const lifts = found.spikes.map(({ lift }) => lift);
    expect(lifts).toEqual(lifts.toSorted((a, b) => b - a));
    expect(found.spikes_found).toBe(found.spikes.length);
  });

  it('of a plan that expects one are found, and left out where the lift is not reached', async () => {
    // as if the plan had seen Christmas coming
    await api.database.write(
      `UPDATE group_forecast
          SET path = JSON_SET(path, '$.mean[1]', 900.0)
        WHERE group_key = 'Gifts' AND run_id = (SELECT run_id FROM forecast_run ORDER BY run_no DESC LIMIT 1)`,
    );
    const found = Spikes.parse((await get('/forecast/spikes?weeks=4')).json);
    const [first] = found.spikes;
    expect(first).toMatchObject({ category: 'Gifts', week: 2, week_start: '2011-12-17' });
    expect(first!.lift).toBeGreaterThan(5);
    expect((await get('/forecast/spikes?weeks=1')).json.spikes).not.toContainEqual(first);
    expect((await get('/forecast/spikes?limit=1')).json.spikes).toHaveLength(1);
    expect((await get('/forecast/spikes?min_lift=10')).json.spikes).toEqual([]);
    for (const query of ['weeks=0', 'weeks=53', 'min_lift=x', 'limit=0'])
      expect((await get(`/forecast/spikes?${query}`)).status).toBe(422);
    expect((await api.ask('GET', '/forecast/spikes')).status).toBe(401);
  });
});
