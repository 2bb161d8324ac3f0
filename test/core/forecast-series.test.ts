import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forecastSeries, type SeriesInput } from '../../shared/core/forecast/auto.ts';
import { fromState } from '../../shared/core/forecast/from-state.ts';
import { HistoryError } from '../../shared/core/forecast/model.ts';
import { seededRandom } from '../../shared/core/math/random.ts';

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];
const forecast = (quantities: ArrayLike<number>, options: Partial<SeriesInput> = {}) =>
  forecastSeries({ quantities, period: 52, horizon: 6, levels: LEVELS, seed: 1, ...options });
const anyDemand = fc.oneof(
  fc.array(fc.nat({ max: 60 }), { maxLength: 70 }),
  fc.array(fc.oneof(fc.constant(0), fc.constant(0), fc.nat({ max: 300 })), { maxLength: 70 }),
  fc.array(fc.oneof(fc.constant(Number.NaN), fc.nat({ max: 9 })), { maxLength: 70 }),
);
const runs = { numRuns: 80 };

/** Counts of a Poisson process. */
function counts(length: number, rate: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => {
    const wait = (): number => -Math.log(random.uniform());
    let n = 0;
    for (let time = wait(); time < rate; time += wait()) n++;
    return n;
  });
}

describe('any demand', () => {
  test('gives finite, ordered quantiles that are not negative, and a total inside its bounds', () => {
    fc.assert(
      fc.property(anyDemand, (y) => {
        const { mean, quantiles, total } = forecast(y);
        for (let h = 0; h < 6; h++) {
          const row = LEVELS.map((level) => quantiles[String(level)]![h]!);
          expect(row).toEqual([...row].sort((a, b) => a - b));
          expect([mean[h]!, ...row].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        }
        expect(total.low95).toBeLessThanOrEqual(total.high95);
        expect(total.mean).toBeCloseTo(
          mean.reduce((sum, value) => sum + value, 0),
          6,
        );
      }),
      runs,
    );
  });

  test('forecasts the same from the stored state, which has at most 2 KB', () => {
    fc.assert(
      fc.property(anyDemand, fc.nat(), (y, seed) => {
        const found = forecast(y);
        const text = JSON.stringify(found.state);
        expect(text.length).toBeLessThanOrEqual(2048);
        const again = fromState(JSON.parse(text));
        expect(again.forecast(6, []).mean).toEqual(found.mean);
        expect(again.paths(9, 7, seed)).toEqual(found.paths(9, 7, seed));
      }),
      runs,
    );
  });

  test('gives the same with the same seed, whatever else was forecast in between', () => {
    fc.assert(
      fc.property(anyDemand, anyDemand, (y, other) => {
        const { paths: _a, ...first } = forecast(y);
        forecast(other);
        const { paths: _b, ...second } = forecast(y);
        expect(second).toEqual(first);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what little data can say', () => {
  test('no known quantity and no demand are forecast as zero', () => {
    for (const y of [[], [Number.NaN], [0], new Array(60).fill(0)]) {
      const { mean, quantiles, total } = forecast(y);
      expect(mean).toEqual(new Array(6).fill(0));
      expect(quantiles['0.975']).toEqual(new Array(6).fill(0));
      expect(total).toEqual({ mean: 0, low95: 0, high95: 0 });
    }
  });

  test('one or two periods give their mean, new, with a wide spread', () => {
    const one = forecast([8]);
    expect(one.demandClass).toBe('new');
    expect(one.mean).toEqual(new Array(6).fill(8));
    expect(one.quantiles['0.975']![0]).toBeGreaterThan(16);
    expect(forecast([8, 4]).mean[0]).toBe(6);
    expect(one.mae).toBeNull();
  });

  test('a constant series is forecast exactly, whatever its size', () => {
    for (const level of [7, 1e12, 1234567890123]) {
      const { mean, quantiles, total } = forecast(new Array(60).fill(level));
      expect(mean).toEqual(new Array(6).fill(level));
      expect(quantiles['0.025']).toEqual(new Array(6).fill(level));
      expect(total).toEqual({ mean: 6 * level, low95: 6 * level, high95: 6 * level });
    }
  });

  test('an item that has long stopped is forecast near zero', () => {
    const { mean, demandClass } = forecast([...new Array(20).fill(9), ...new Array(40).fill(0)]);
    expect(demandClass).toBe('dead');
    expect(mean[0]).toBeLessThan(0.5);
  });

  test('huge quantities stay finite and in proportion', () => {
    const y = counts(60, 20, 5);
    const small = forecast(y).mean[0]!;
    expect(forecast(y.map((value) => value * 1e12)).mean[0]! / 1e12 / small).toBeCloseTo(1, 2);
  });

  test('money may be negative, and then so may its forecast', () => {
    const y = counts(60, 4, 9).map((value) => value - 4.5);
    const { quantiles } = forecast(y);
    expect(quantiles['0.025']![0]).toBeLessThan(0);
    expect(quantiles['0.975']![0]).toBeGreaterThan(0);
  });

  test('an infinite quantity and a senseless season are named', () => {
    expect(() => forecast([1, Number.POSITIVE_INFINITY])).toThrow(HistoryError);
    expect(() => forecast([1, 2], { period: 0.5 })).toThrow(RangeError);
  });
});

describe('honest intervals', () => {
  const series = Array.from({ length: 120 }, (_, i) => counts(64, 0.4 + (i % 12), 1000 + i));
  const shares = (low: string, high: string): number => {
    let inside = 0;
    let all = 0;
    for (const y of series) {
      const { quantiles } = forecast(y.slice(0, 58));
      for (let h = 0; h < 6; h++) {
        const actual = y[58 + h]!;
        if (actual >= quantiles[low]![h]! && actual <= quantiles[high]![h]!) inside++;
        all++;
      }
    }
    return inside / all;
  };

  test('four of five outcomes are inside the 80 % interval, more where zeros weigh', () => {
    expect(shares('0.1', '0.9')).toBeGreaterThan(0.76);
    expect(shares('0.1', '0.9')).toBeLessThan(0.95);
  });

  test('nineteen of twenty are inside the 95 % interval', () => {
    expect(shares('0.025', '0.975')).toBeGreaterThan(0.91);
  });

  test('a total is more certain than the sum of its bounds', () => {
    const { total, quantiles } = forecast(counts(60, 10, 3));
    const sum = (level: string): number => quantiles[level]!.reduce((a, b) => a + b, 0);
    expect(total.high95 - total.low95).toBeLessThan(sum('0.975') - sum('0.025'));
    expect(total.low95).toBeLessThan(total.mean);
    expect(total.high95).toBeGreaterThan(total.mean);
  });
});

test('whole numbers have futures of whole numbers', () => {
  const [path] = forecast(counts(60, 3, 11)).paths(6, 1, 5);
  expect([...path!].every(Number.isInteger)).toBe(true);
});

test('a weekly rhythm of days is carried on', () => {
  const noise = counts(84, 3, 21);
  const y = noise.map((value, t) => value + (t % 7 === 5 ? 40 : 10));
  const { mean, model } = forecast(y, { period: 7, horizon: 7 });
  expect(mean[5]! / mean[2]!).toBeGreaterThan(2.5);
  expect(model).toContain('ets');
});

test('the errors reported are those of past origins', () => {
  const steady = forecast(counts(60, 10, 31));
  expect(steady.mae).toBeGreaterThan(1);
  expect(steady.mae).toBeLessThan(6);
  expect(steady.rmse).toBeGreaterThanOrEqual(steady.mae!);
});
