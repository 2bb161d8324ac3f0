import { describe, expect, it } from 'vitest';
import { forecastPanel } from '../../../../shared/core/forecast/panel.ts';
import { simulatedPanel } from './panel-fixture.ts';

const options = { horizon: 8, levels: [0.1, 0.5, 0.9], seed: 1 };
const panel = simulatedPanel({ count: 6, periods: 80, promotion: 3 });

describe.each(['boosting', 'forest'])('%s by name', (model) => {
  it('forecasts promotions that are known ahead', async () => {
    const found = await forecastPanel(panel, { ...options, model });
    let lifted = 0;
    let plain = 0;
    found.forEach(({ mean, model: name }, i) => {
      expect(name).toBe(model);
      const { quantities, regressors } = panel.series[i]!;
      const level = quantities.reduce((sum, value) => sum + value, 0) / quantities.length;
      mean.forEach((value, h) => {
        if (regressors.deal![quantities.length + h] === 1) lifted += value / level;
        else plain += value / level;
      });
    });
    const ons = panel.series.reduce(
      (sum, { regressors, quantities }) =>
        sum + (regressors.deal as Float64Array).slice(quantities.length).reduce((a, b) => a + b, 0),
      0,
    );
    expect(lifted / ons / (plain / (8 * options.horizon - ons))).toBeGreaterThan(1.7);
  });

  it('has ascending quantiles, and the same in any order of the series', async () => {
    const forward = await forecastPanel(panel, { ...options, model });
    const backward = await forecastPanel(
      { ...panel, series: panel.series.toReversed() },
      { ...options, model },
    );
    expect(backward.toReversed()).toEqual(forward);
    for (const { quantiles } of forward) {
      for (let h = 0; h < options.horizon; h++) {
        const column = options.levels.map((level) => quantiles[String(level)]![h]!);
        expect(column).toEqual(column.toSorted((a, b) => a - b));
      }
    }
  });

  it('leaves to single models what it cannot forecast', async () => {
    const odd = { id: 'beginner', start: '2022-02-07', quantities: Float64Array.of(3), regressors: {} };
    const found = await forecastPanel({ ...panel, series: [...panel.series, odd] }, { ...options, model });
    expect(found.at(-1)!.model).not.toBe(model);
    expect(found.at(-1)!.mean).toHaveLength(8);
    const [alone] = await forecastPanel({ ...panel, series: [odd] }, { ...options, model });
    expect(alone!.mean).toHaveLength(8);
  });
});
