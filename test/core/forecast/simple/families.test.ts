import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitEts } from '../../../../shared/core/forecast/ets/ets.ts';
import { fromState } from '../../../../shared/core/forecast/from-state.ts';
import { type Fitted, type History, HistoryError } from '../../../../shared/core/forecast/model.ts';
import { fitDrift } from '../../../../shared/core/forecast/simple/drift.ts';
import { fitLinearTrend } from '../../../../shared/core/forecast/simple/linear-trend.ts';
import { fitSeasonalNaive } from '../../../../shared/core/forecast/simple/seasonal-naive.ts';
import { fitStl } from '../../../../shared/core/forecast/stl/stl-forecast.ts';
import { fitOptimisedTheta } from '../../../../shared/core/forecast/theta/optimised-theta.ts';

const models: Record<string, { learn: (history: History) => Fitted; needs: number }> = {
  naive: { learn: (y) => fitSeasonalNaive(y), needs: 1 },
  drift: { learn: fitDrift, needs: 1 },
  line: { learn: fitLinearTrend, needs: 1 },
  'all forms of ets': { learn: (y) => fitEts(y, { period: 4 }), needs: 1 },
  'ets with growth': { learn: (y) => fitEts(y, { period: 4, forms: ['ANN', 'MMN', 'MMdM'] }), needs: 1 },
  stl: { learn: (y) => fitStl(y, { periods: [4] }), needs: 1 },
  'stl over drift': { learn: (y) => fitStl(y, { periods: [4], learn: fitDrift, robust: true }), needs: 1 },
  otm: { learn: (y) => fitOptimisedTheta(y, { period: 4 }), needs: 2 },
  dotm: { learn: (y) => fitOptimisedTheta(y, { period: 4, isDynamic: true }), needs: 2 },
};
const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];
const quantities = fc.array(fc.nat({ max: 60 }), { minLength: 2, maxLength: 50 });
const runs = { numRuns: 30 };

describe.each(Object.entries(models))('%s', (_name, { learn, needs }) => {
  test('a constant series is forecast as that constant, of any size', () => {
    for (const level of [0.001, 3, 1e12]) {
      const { mean, quantiles } = learn(new Array(24).fill(level)).forecast(6, [0.9]);
      for (const value of mean) expect(value / level).toBeCloseTo(1, 9);
      for (const value of quantiles['0.9']!) expect(value / level).toBeCloseTo(1, 5);
    }
    expect(learn(new Array(24).fill(0)).forecast(3, [0.9]).mean.map(Math.abs)).toEqual([0, 0, 0]);
  });

  test('quantiles do not cross, all is finite, and the stored state gives the same to the last bit', () => {
    fc.assert(
      fc.property(quantities, fc.nat(), (y, seed) => {
        const fitted = learn(y);
        const forecast = fitted.forecast(9, LEVELS);
        for (let h = 0; h < 9; h++) {
          const row = LEVELS.map((level) => forecast.quantiles[String(level)]![h]!);
          expect(row).toEqual([...row].sort((a, b) => a - b));
          expect([forecast.mean[h]!, ...row].every(Number.isFinite)).toBe(true);
        }
        const text = JSON.stringify(fitted.toState());
        expect(text.length).toBeLessThan(2048);
        const again = fromState(JSON.parse(text));
        expect(again.forecast(9, LEVELS)).toEqual(forecast);
        expect(again.paths(9, 4, seed)).toEqual(fitted.paths(9, 4, seed));
      }),
      runs,
    );
  });

  test('the scale of the data is the scale of the forecast', () => {
    const y = Array.from({ length: 40 }, (_, t) => 30 + (t % 4) * 5 + ((t * 17) % 11));
    const once = learn(y).forecast(5, [0.9]);
    for (const scale of [1e-3, 7, 1e10]) {
      const scaled = learn(y.map((value) => value * scale)).forecast(5, [0.9]);
      once.mean.forEach((value, h) => {
        expect(scaled.mean[h]! / (scale * value)).toBeCloseTo(1, 3);
        expect(scaled.quantiles['0.9']![h]! / (scale * once.quantiles['0.9']![h]!)).toBeCloseTo(1, 3);
      });
    }
  });

  test('nothing known or infinite is refused, the least that is needed is enough', () => {
    expect(() => learn([])).toThrow(HistoryError);
    expect(() => learn([Number.NaN, Number.NaN])).toThrow(HistoryError);
    expect(() => learn([1, 2, Number.POSITIVE_INFINITY, 3, 4, 5, 6, 7, 8])).toThrow(HistoryError);
    const { mean } = learn(new Array(needs).fill(5)).forecast(2, LEVELS);
    for (const value of mean) expect(value).toBeCloseTo(5, 9);
    const fitted = learn([4, 6, 5, 7, 6, 8]);
    expect(() => fitted.forecast(0, [])).toThrow(RangeError);
    expect(() => fitted.forecast(2, [0])).toThrow(RangeError);
    expect(() => fitted.paths(2, 0, 1)).toThrow(RangeError);
  });

  test('gaps are lived with', () => {
    const y = Array.from({ length: 36 }, (_, t) =>
      t % 5 === 3 ? Number.NaN : 20 + (t % 4) * 2 + ((t * 7) % 3),
    );
    const { mean } = learn(y).forecast(4, []);
    expect(mean.every((value) => value > 14 && value < 34)).toBe(true);
  });
});
