import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryError } from '../../../../shared/core/forecast/model.ts';
import { fitSeasonalNaive } from '../../../../shared/core/forecast/simple/seasonal-naive.ts';
import { mstl } from '../../../../shared/core/forecast/stl/mstl.ts';
import { packSeason, unpackSeason } from '../../../../shared/core/forecast/stl/season-pattern.ts';
import { type Decomposition, type StlOptions, stl } from '../../../../shared/core/forecast/stl/stl.ts';
import { fitStl } from '../../../../shared/core/forecast/stl/stl-forecast.ts';
import { readGolden } from '../../read-golden.ts';

type Parts = Record<'seasonal' | 'trend' | 'remainder', number[]>;
interface Excerpt {
  head: number[];
  tail: number[];
}
const golden = readGolden<{
  stl: Record<string, Parts>;
  robust: Parts;
  mstl: Record<'Trend' | 'Seasonal12' | 'Remainder', Excerpt>;
  stlf: {
    series: string;
    transform: string;
    m: number;
    h: number;
    method: string;
    mean: number[];
    lower80: number[];
    upper95: number[];
  }[];
}>('stl');
const { series } = readGolden<{ series: Record<string, { y: number[] }> }>('ets-forms');
const air = Float64Array.from(series.air!.y, Math.log);

function expectNear(found: ArrayLike<number>, wanted: readonly number[], from = 0): void {
  wanted.forEach((value, i) => void expect(Math.abs(found[from + i]! - value)).toBeLessThan(1e-9));
}

function expectParts(found: Decomposition, wanted: Parts): void {
  expect(wanted.trend).toHaveLength(air.length);
  expectNear(found.seasonal, wanted.seasonal);
  expectNear(found.trend, wanted.trend);
  expectNear(found.remainder, wanted.remainder);
}

describe('decomposition agrees with R and statsmodels', () => {
  const cases: [string, Partial<StlOptions>][] = [
    ['air_log_periodic', { seasonalWindow: 'periodic' }],
    ['air_log_s7', { seasonalWindow: 7 }],
    ['air_log_s7_jump1', { seasonalWindow: 7, jump: 1 }],
  ];
  test.each(cases)('%s', (name, options) => {
    expectParts(stl(air, { period: 12, ...options }), golden.stl[name]!);
  });

  test('robust, as statsmodels does it', () => {
    const settings = { seasonalWindow: 7, seasonalDegree: 1, jump: 1, inner: 2, outer: 15 } as const;
    expectParts(stl(air, { period: 12, robust: true, ...settings }), golden.robust);
  });

  test('with the windows of mstl', () => {
    const found = mstl(air, { periods: [12] })!;
    for (const [part, wanted] of [
      [found.trend, golden.mstl.Trend],
      [found.seasons[0]!.seasonal, golden.mstl.Seasonal12],
      [found.remainder, golden.mstl.Remainder],
    ] as const) {
      expectNear(part, wanted.head);
      expectNear(part, wanted.tail, air.length - wanted.tail.length);
    }
  });
});

test('the parts add up to the series, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 30, maxLength: 90 }),
      fc.boolean(),
      (values, robust) => {
        const y = Float64Array.from(values);
        const parts = mstl(y, { periods: [4, 14], robust })!;
        const size = Math.max(1, ...values.map(Math.abs));
        for (let t = 0; t < y.length; t++) {
          const seasons = parts.seasons.reduce((sum, { seasonal }) => sum + seasonal[t]!, 0);
          expect(Math.abs(seasons + parts.trend[t]! + parts.remainder[t]! - y[t]!) / size).toBeLessThan(1e-9);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('an outlier moves a robust trend less', () => {
  const y = Float64Array.from(
    { length: 120 },
    (_, t) => 50 + 10 * Math.sin((t * Math.PI) / 6) + ((t * 7) % 5) / 5,
  );
  const hit = y.slice();
  hit[60] = 500;
  const move = (robust: boolean): number => {
    const options = { period: 12, seasonalWindow: 11, robust };
    return Math.abs(stl(hit, options).trend[60]! - stl(y, options).trend[60]!);
  };
  expect(move(true)).toBeLessThan(move(false) / 10);
});

test('two seasons on top of each other are told apart', () => {
  const week = (t: number): number => [0, 3, 5, 4, 2, -6, -8][t % 7]!;
  const month = (t: number): number => 12 * Math.sin((2 * Math.PI * t) / 30);
  const y = Float64Array.from({ length: 420 }, (_, t) => 100 + t / 10 + week(t) + month(t));
  const { seasons } = mstl(y, { periods: [30, 7] })!;
  expect(seasons.map(({ period }) => period)).toEqual([7, 30]);
  for (let t = 100; t < 300; t++) {
    expect(Math.abs(seasons[0]!.seasonal[t]! - week(t))).toBeLessThan(0.5);
    expect(Math.abs(seasons[1]!.seasonal[t]! - month(t))).toBeLessThan(0.8);
  }
  const { mean } = fitStl(y, { periods: [7, 30] }).forecast(60, []);
  mean.forEach((value, h) => {
    const t = 420 + h;
    expect(Math.abs(value - (100 + t / 10 + week(t) + month(t)))).toBeLessThan(2);
  });
});

test('too short, broken or senseless input is refused', () => {
  expect(() => stl(new Float64Array(23), { period: 12 })).toThrow(HistoryError);
  expect(() => stl(Float64Array.of(1, Number.NaN, 3, 4), { period: 2 })).toThrow(HistoryError);
  expect(() => stl(new Float64Array(40), { period: 1 })).toThrow(RangeError);
  expect(() => fitStl([1, 2, 3], { periods: [365, 168] })).toThrow(RangeError);
  expect(mstl(new Float64Array(24), { periods: [12] })).toBeNull();
});

describe('forecast by decomposition', () => {
  const map: Record<string, (x: number) => number> = { none: (x) => x, log: Math.log };
  test.each(golden.stlf)('$method on $series ($transform) agrees with stlf', (given) => {
    const y = series[given.series]!.y.map(map[given.transform]!);
    const isNaive = given.method === 'naive';
    const learn = isNaive ? { learn: (rest: Float64Array) => fitSeasonalNaive(rest) } : {};
    const { mean, quantiles } = fitStl(y, { periods: [given.m], ...learn }).forecast(given.h, [0.1, 0.975]);
    const tolerance = isNaive ? 1e-8 : 1e-2;
    for (let h = 0; h < given.h; h++) {
      expect(Math.abs(mean[h]! / given.mean[h]! - 1)).toBeLessThan(tolerance);
      expect(Math.abs(quantiles['0.1']![h]! / given.lower80[h]! - 1)).toBeLessThan(tolerance);
      expect(Math.abs(quantiles['0.975']![h]! / given.upper95[h]! - 1)).toBeLessThan(tolerance);
    }
  });

  test('a year of weeks and a year of days with weeks both fit into 2 KB', () => {
    const daily = Array.from(
      { length: 800 },
      (_, t) => 30 + 9 * Math.sin(t / 58) + (t % 7) + Math.sqrt(t % 11),
    );
    for (const periods of [[52], [7, 364]]) {
      const { seasons } = fitStl(daily, { periods }).toState();
      expect(seasons).toHaveLength(periods.length);
      expect(JSON.stringify(fitStl(daily, { periods }).toState()).length).toBeLessThan(2048);
    }
  });
});

test('a packed season is the season', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 400 }),
      (values) => {
        const pattern = packSeason(values);
        const back = unpackSeason(JSON.parse(JSON.stringify(pattern)));
        const range = Math.max(...values) - Math.min(...values);
        expect(back).toHaveLength(values.length);
        values.forEach((value, i) => {
          expect(Math.abs(back[i]! - value)).toBeLessThanOrEqual(2.1e-6 * range + 1e-9 * Math.abs(value));
        });
      },
    ),
  );
});
