import { describe, expect, it } from 'vitest';
import { fitGlobal, GlobalModel } from '../../../../shared/core/forecast/global/global-model.ts';
import type { Panel, PanelSeries } from '../../../../shared/core/forecast/panel.ts';
import { simulatedPanel } from './panel-fixture.ts';

const horizon = 8;
const options = { horizon, holdBack: 0, seed: 1, rows: 6000 };

function forecastOf(model: GlobalModel, series: PanelSeries) {
  return model.forecast(model.prepare(series), series.quantities.length - 1)!;
}

function absoluteError(forecast: ArrayLike<number>, actual: Float64Array): number {
  return actual.reduce((sum, value, h) => sum + Math.abs(value - forecast[h]!), 0);
}

/** The panel up to `back` periods before its end, and what came then. */
function split(panel: Panel, back: number) {
  const series = panel.series.map((one) => ({ ...one, quantities: one.quantities.slice(0, -back) }));
  const later = panel.series.map((one) => one.quantities.slice(-back));
  return { before: { ...panel, series }, later };
}

describe('a global model', () => {
  const panel = simulatedPanel({ count: 30, periods: 160 });
  const { before, later } = split(panel, horizon);
  const model = fitGlobal(before, options)!;

  it('forecasts a common season better than the last value and than the mean', () => {
    const errors = { model: 0, last: 0, mean: 0 };
    before.series.forEach((one, i) => {
      const y = one.quantities;
      const actual = later[i]!;
      errors.model += absoluteError(forecastOf(model, one).mean, actual);
      errors.last += absoluteError(new Float64Array(horizon).fill(y.at(-1)!), actual);
      errors.mean += absoluteError(
        new Float64Array(horizon).fill(y.reduce((a, b) => a + b) / y.length),
        actual,
      );
    });
    expect(errors.model).toBeLessThan(0.9 * errors.last);
    expect(errors.model).toBeLessThan(0.9 * errors.mean);
  });

  it('gives ascending quantiles that are not negative', () => {
    for (const one of before.series) {
      const { quantiles } = forecastOf(model, one);
      for (let h = 0; h < horizon; h++) {
        const column = quantiles.map((values) => values[h]!);
        expect(column).toEqual(column.toSorted((a, b) => a - b));
        expect(column[0]).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('looks at nothing after an origin: the future may be anything', () => {
    const one = panel.series[3]!;
    const n = one.quantities.length;
    const changed = { ...one, quantities: one.quantities.map((value, t) => (t > n - 20 ? 1e6 : value)) };
    const honest = model.forecast(model.prepare(one), n - 20);
    expect(model.forecast(model.prepare(changed), n - 20)).toEqual(honest);
  });

  it('learns nothing from what is held back', () => {
    const held = panel.series.map((one) => ({
      ...one,
      quantities: one.quantities.map((value, t, all) => (t >= all.length - 30 ? 1e5 : value)),
    }));
    const a = fitGlobal({ ...panel, series: held }, { ...options, holdBack: 30 })!;
    const b = fitGlobal(panel, { ...options, holdBack: 30 })!;
    const one = panel.series[0]!;
    expect(a.forecast(a.prepare(one), 120)).toEqual(b.forecast(b.prepare(one), 120));
  });

  it('is the same after a round trip through its file', () => {
    const again = GlobalModel.fromFile(model.toFile());
    for (const one of before.series.slice(0, 5))
      expect(forecastOf(again, one)).toEqual(forecastOf(model, one));
  });

  it('says which features it learnt from', () => {
    const shares = [...model.importance().values()];
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });

  it('is none when there is too little to learn from', () => {
    expect(fitGlobal(simulatedPanel({ count: 2, periods: 20 }), options)).toBeNull();
  });
});

it('a known promotion raises the forecast of its period', () => {
  const panel = simulatedPanel({ count: 30, periods: 120, promotion: 3, horizon });
  const model = fitGlobal(panel, options)!;
  let inside = 0;
  let outside = 0;
  for (const one of panel.series) {
    const deals = one.regressors.deal as Float64Array;
    const n = one.quantities.length;
    const level = one.quantities.reduce((a, b) => a + b) / n;
    const { mean } = forecastOf(model, one);
    const ratios = Array.from(mean, (value, h) => ({ ratio: value / level, deal: deals[n + h] }));
    for (const { ratio, deal } of ratios) {
      if (deal === 1) inside = Math.max(inside, ratio);
      else outside = Math.max(outside, ratio);
    }
  }
  expect(inside).toBeGreaterThan(1.5 * outside);
});
