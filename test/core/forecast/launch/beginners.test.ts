import { describe, expect, it } from 'vitest';
import { forecastBeginner } from '../../../../shared/core/forecast/launch/forecast-beginner.ts';
import { launchPool, launchPoolOf } from '../../../../shared/core/forecast/launch/launch-pool.ts';
import { forecastPanel, type Panel, type PanelSeries } from '../../../../shared/core/forecast/panel.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const PATIENCE_MS = 120_000;
const AHEAD = ['other', 'other', 'other', 'other'];
const OPTIONS = { horizon: 4, levels: [0.1, 0.5, 0.9], seed: 3 };

function series(id: string, quantities: readonly number[], category: string): PanelSeries {
  const column = new Array<string>(quantities.length).fill(category);
  return {
    id,
    start: '2024-01-01',
    quantities: Float64Array.from(quantities),
    regressors: { dept: column },
  };
}

/** Items of about this level: the first are older than the records, the others were launched later and later. */
function items(category: string, level: number, count = 12): PanelSeries[] {
  const random = seededRandom(level);
  return Array.from({ length: count }, (_, i) => {
    const mean = level * (0.7 + 0.6 * random.uniform());
    const weeks = Array.from({ length: 60 - 3 * i }, () => Math.round(mean * (0.8 + 0.4 * random.uniform())));
    return series(`${category} ${i}`, weeks, category);
  });
}

const panel = (all: readonly PanelSeries[]): Panel => ({
  frequency: 'weekly',
  period: 52,
  series: all,
  known: [],
});
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a series that has just begun', { timeout: PATIENCE_MS }, () => {
  const others = [...items('tea', 8), ...items('shoes', 200)];
  it('is forecast like the launches of its category, and between those and its own weeks once it sells', async () => {
    const found = await forecastPanel(
      panel([...others, series('unsold', [], 'shoes'), series('young', [40, 44], 'shoes')]),
      OPTIONS,
    );
    const [unsold, young] = found.slice(-2);
    // Nothing of it is known, not even its category.
    expect(unsold).toMatchObject({ model: 'launch', demandClass: 'new' });
    expect(sum(unsold!.mean) / 4).toBeGreaterThan(8);
    expect(sum(unsold!.mean) / 4).toBeLessThan(200);
    expect(young).toMatchObject({ model: 'steady+launch', demandClass: 'new' });
    expect(sum(young!.mean) / 4).toBeGreaterThan(42);
    expect(sum(young!.mean) / 4).toBeLessThan(200);
    for (const { quantiles } of [unsold!, young!])
      quantiles['0.5']!.forEach((middle, h) => {
        expect(middle).toBeGreaterThanOrEqual(quantiles['0.1']![h]!);
        expect(middle).toBeLessThanOrEqual(quantiles['0.9']![h]!);
      });
    expect(found.slice(0, -2).filter(({ model }) => model.includes('launch'))).toEqual([]);
  });
  it('has the same forecast whatever the order of the series', async () => {
    const all = [...others, series('young', [40, 44, 30], 'tea')];
    const one = await forecastPanel(panel(all), OPTIONS);
    const other = await forecastPanel(panel(all.toReversed()), OPTIONS);
    expect(other.toReversed()).toEqual(one);
  });
  it('knows nothing of what lies after the origin, a regressor’s future included', async () => {
    const young = series('young', [40, 44], 'shoes');
    const told = { ...young, regressors: { dept: ['shoes', 'shoes', 'tea', 'tea', 'tea', 'tea'] } };
    const pool = launchPool(others);
    const ahead = others.map((one) => ({
      ...one,
      regressors: { dept: [...Array.from(one.quantities, () => one.id.split(' ')[0]!), ...AHEAD] },
    }));
    expect(launchPool(ahead)).toEqual(pool);
    const one = await forecastPanel(panel([...others, young]), OPTIONS);
    const other = await forecastPanel({ ...panel([...ahead, told]), known: ['dept'] }, OPTIONS);
    expect(other.at(-1)).toEqual(one.at(-1));
  });
  it('keeps the mean of its own periods when there is nothing to be like', async () => {
    const [alone] = await forecastPanel(panel([series('young', [4, 6], 'tea')]), OPTIONS);
    expect(alone).toMatchObject({ model: 'steady', mean: [5, 5, 5, 5] });
  });
});

describe('the pool of launches', () => {
  it('takes up items with eight known periods, and tells launches from what is older than the records', () => {
    const pool = launchPool([
      series('old', new Array<number>(60).fill(3), 'tea'),
      series('launched', [...new Array<number>(20).fill(0), ...new Array<number>(40).fill(5)], 'tea'),
      series('young', [1, 2, 3, 4, 5, 6, 7], 'tea'),
    ]);
    expect(pool).toMatchObject([
      { id: 'old', category: 'tea', isLaunch: false },
      { id: 'launched', category: 'tea', isLaunch: true },
    ]);
    expect(pool[1]!.quantities).toHaveLength(26);
  });
  it('goes through JSON, unknown quantities included', () => {
    const pool = launchPool([
      series('gap', [...new Array<number>(9).fill(2), Number.NaN, 0.123456789], 'tea'),
    ]);
    expect(launchPoolOf(JSON.parse(JSON.stringify(pool)))).toEqual(pool);
    const item = { id: 'new', category: 'tea', price: null, quantities: [] };
    const task = { horizon: 3, period: 52, own: null };
    expect(
      forecastBeginner(item, launchPoolOf(JSON.parse(JSON.stringify(pool))), task)!.fitted.toState(),
    ).toEqual(forecastBeginner(item, pool, task)!.fitted.toState());
  });
});
