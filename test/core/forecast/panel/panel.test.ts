import { describe, expect, it } from 'vitest';
import { forecastMembers } from '../../../../shared/core/forecast/combine/forecast-members.ts';
import { PanelModel } from '../../../../shared/core/forecast/combine/panel-model.ts';
import { trainPanel } from '../../../../shared/core/forecast/combine/train-panel.ts';
import { forecastEach, forecastPanel, type MapSeries } from '../../../../shared/core/forecast/panel.ts';
import { simulatedPanel } from './panel-fixture.ts';

const mapSeries: MapSeries = async (task, series) => forecastEach(task, series);
const options = { horizon: 8, levels: [0.1, 0.5, 0.9], seed: 1 };

describe('a panel', () => {
  const panel = simulatedPanel({ count: 6, periods: 60 });

  it('has the same forecasts in any order of its series, and the same again', async () => {
    const forward = await forecastPanel(panel, options);
    const backward = await forecastPanel({ ...panel, series: panel.series.toReversed() }, options);
    expect(backward.toReversed()).toEqual(forward);
    expect(forward[0]!.model).toContain('global');
  });

  it('forecasts counts in whole numbers, ascending by level', async () => {
    for (const { quantiles } of await forecastPanel(panel, options)) {
      for (let h = 0; h < options.horizon; h++) {
        const column = options.levels.map((level) => quantiles[String(level)]![h]!);
        expect(column).toEqual(column.toSorted((a, b) => a - b));
        for (const value of column) expect(Number.isInteger(value)).toBe(true);
      }
    }
  });

  it('keeps constants and series without demand to their own history, and beginners to their own and the launches of others', async () => {
    const odd = [
      { id: 'constant', start: '2020-01-06', quantities: new Float64Array(60).fill(7), regressors: {} },
      { id: 'nothing', start: '2020-01-06', quantities: new Float64Array(60), regressors: {} },
      { id: 'beginner', start: '2021-02-15', quantities: Float64Array.of(3, 4), regressors: {} },
    ];
    const found = await forecastPanel({ ...panel, series: [...panel.series, ...odd] }, options);
    const [constant, nothing, beginner] = found.slice(-3);
    expect(constant!.mean).toEqual(new Array(8).fill(7));
    expect(nothing!.mean).toEqual(new Array(8).fill(0));
    expect(beginner!.demandClass).toBe('new');
    expect(beginner!.model).toBe('steady+launch');
    // its own mean is 3.5
    expect(beginner!.mean[0]).toBeGreaterThan(2.5);
    expect(beginner!.mean[0]).toBeLessThan(6);
  });

  it('may have series of any name, but each name once', async () => {
    const few = panel.series.slice(0, 2);
    const named = few.map((series, i) => ({ ...series, id: ['constructor', 'toString'][i]! }));
    const found = await forecastPanel({ ...panel, series: named }, options);
    expect(found.map(({ id }) => id)).toEqual(['constructor', 'toString']);
    await expect(forecastPanel({ ...panel, series: [few[0]!, few[0]!] }, options)).rejects.toThrow(
      `two series are named ${few[0]!.id}`,
    );
    await expect(forecastPanel(panel, { ...options, model: 'constructor' })).rejects.toThrow(
      'there is no model named constructor',
    );
  });

  it('names the series with an infinite quantity', async () => {
    const [first, ...others] = panel.series;
    const broken = { ...first!, quantities: Float64Array.of(1, Number.POSITIVE_INFINITY, 2) };
    await expect(forecastPanel({ ...panel, series: [broken, ...others] }, options)).rejects.toThrow(
      `a quantity of series ${first!.id} is infinite`,
    );
  });

  it('of one series is forecast as well', async () => {
    const [only] = await forecastPanel({ ...panel, series: panel.series.slice(0, 1) }, options);
    expect(only!.model).not.toContain('global');
    expect(only!.mean.every((value) => value > 0)).toBe(true);
  });
});

it('what was learnt from a panel forecasts the same after a round trip through its file', async () => {
  const panel = simulatedPanel({ count: 6, periods: 60 });
  const model = await trainPanel(panel, { horizon: 8, seed: 1, mapSeries });
  const again = PanelModel.fromFile(model.toFile());
  const own = await forecastMembers(panel.series, model.singles, { ...options, period: 52, mapSeries });
  panel.series.forEach((series, i) => {
    const forecasts = own.map((list) => list[i]!);
    expect(again.combine(series, forecasts, [0.3])).toEqual(model.combine(series, forecasts, [0.3]));
  });
});
