import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitEts } from '../../shared/core/forecast/ets/ets.ts';
import { fromState } from '../../shared/core/forecast/from-state.ts';
import { fitTsb } from '../../shared/core/forecast/intermittent/tsb.ts';
import { type Fitted, type History, HistoryError } from '../../shared/core/forecast/model.ts';
import { fitMovingAverage } from '../../shared/core/forecast/simple/moving-average.ts';
import { fitSeasonalNaive } from '../../shared/core/forecast/simple/seasonal-naive.ts';
import { fitSmoothing } from '../../shared/core/forecast/smoothing/slow-smoothing.ts';
import { fitTheta } from '../../shared/core/forecast/theta/theta.ts';

const models: Record<string, (history: History) => Fitted> = {
  snaive: (y) => fitSeasonalNaive(y, { period: 4 }),
  ets: (y) => fitEts(y, { period: 4, forms: ['ANN', 'AAdN', 'ANA'] }),
  theta: (y) => fitTheta(y, { period: 4 }),
  tsb: (y) => fitTsb(y),
  average: (y) => fitMovingAverage(y),
  smoothing: (y) => fitSmoothing(y),
};
const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];
const counts = fc.array(fc.nat({ max: 60 }), { minLength: 2, maxLength: 60 });
const runs = { numRuns: 60 };

describe.each(Object.entries(models))('%s', (_name, learn) => {
  test('forecasts a constant series as that constant, of any size', () => {
    for (const level of [3, 1e12, 1234567890123]) {
      const { mean } = learn(new Array(20).fill(level)).forecast(6, LEVELS);
      for (const value of mean) expect(value / level).toBeCloseTo(1, 9);
    }
  });

  test('forecasts a series without demand as zero', () => {
    expect(learn([0, 0, 0, 0, 0, 0]).forecast(3, []).mean.map(Math.abs)).toEqual([0, 0, 0]);
  });

  test('quantiles do not cross and everything is finite', () => {
    fc.assert(
      fc.property(counts, (y) => {
        const { mean, quantiles } = learn(y).forecast(5, LEVELS);
        for (let h = 0; h < 5; h++) {
          expect(Number.isFinite(mean[h])).toBe(true);
          const row = LEVELS.map((level) => quantiles[String(level)]![h]!);
          expect(row).toEqual([...row].sort((a, b) => a - b));
          expect(row.every(Number.isFinite)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('comes back from its stored state to the last bit', () => {
    fc.assert(
      fc.property(counts, fc.nat(), (y, seed) => {
        const fitted = learn(y);
        const text = JSON.stringify(fitted.toState());
        const again = fromState(JSON.parse(text));
        expect(text.length).toBeLessThan(2048);
        expect(again.forecast(6, LEVELS)).toEqual(fitted.forecast(6, LEVELS));
        expect(again.paths(6, 5, seed)).toEqual(fitted.paths(6, 5, seed));
      }),
      runs,
    );
  });

  test('a history with gaps is forecast, one without any known value is not', () => {
    const { mean } = learn([5, Number.NaN, 7, 6, Number.NaN, 5, 6, 7, 5]).forecast(4, []);
    expect(mean.every((value) => value > 3 && value < 9)).toBe(true);
    expect(() => learn([])).toThrow(HistoryError);
    expect(() => learn([Number.NaN, Number.NaN])).toThrow(HistoryError);
  });

  test('twice the demand in, twice the forecast out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 60 }), { minLength: 12, maxLength: 40 }).filter((y) => y.some((v) => v > 0)),
        (y) => {
          const once = learn(y).forecast(3, []).mean;
          const twice = learn(y.map((value) => value * 2)).forecast(3, []).mean;
          const size = Math.max(1, ...y);
          once.forEach((value, h) => {
            expect(Math.abs(twice[h]! - 2 * value) / size).toBeLessThan(1e-3);
          });
        },
      ),
      runs,
    );
  });

  test('senseless horizons and levels are refused', () => {
    const fitted = learn([1, 2, 3, 2, 1, 2, 3, 2]);
    expect(() => fitted.forecast(0, [])).toThrow(RangeError);
    expect(() => fitted.forecast(1.5, [])).toThrow(RangeError);
    expect(() => fitted.forecast(3, [1])).toThrow(RangeError);
    expect(() => fitted.paths(3, 0, 1)).toThrow(RangeError);
  });
});

test('simulated paths have the quantiles that the formulas give', () => {
  const y = [12, 15, 9, 14, 11, 16, 12, 10, 15, 13, 17, 12, 11, 14, 13, 15, 10, 12];
  for (const name of ['ets', 'theta', 'snaive', 'smoothing']) {
    const fitted = models[name]!(y);
    const { quantiles } = fitted.forecast(4, [0.1, 0.9]);
    const paths = fitted.paths(4, 20_000, 3);
    for (let h = 0; h < 4; h++) {
      const below = paths.filter((path) => path[h]! <= quantiles['0.1']![h]!).length / paths.length;
      const inside = paths.filter((path) => path[h]! <= quantiles['0.9']![h]!).length / paths.length;
      expect(below, name).toBeCloseTo(0.1, 1);
      expect(inside, name).toBeCloseTo(0.9, 1);
    }
  }
});

test('a clear season is carried on', () => {
  const season = [10, 30, 20, 60];
  const y = Array.from({ length: 40 }, (_, t) => season[t % 4]! + (t % 3));
  for (const name of ['snaive', 'ets', 'theta']) {
    const { mean } = models[name]!(y).forecast(4, []);
    mean.forEach((value, h) => void expect(Math.abs(value - season[h]!), name).toBeLessThan(6));
  }
});

test('a state of no known model is refused', () => {
  expect(() => fromState({ model: 'oracle' })).toThrow(HistoryError);
});
