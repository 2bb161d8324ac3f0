import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arimaOptimum, fitArima } from '../../../../shared/core/forecast/arima/arima.ts';
import { fitAutoArima } from '../../../../shared/core/forecast/arima/auto-arima.ts';
import {
  boundedLogNormalMean,
  fitSarimaWeeklyLog,
} from '../../../../shared/core/forecast/arima/sarima-weekly-log.ts';
import { fromState } from '../../../../shared/core/forecast/from-state.ts';
import { type Fitted, type History, HistoryError } from '../../../../shared/core/forecast/model.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
const MODELS: readonly (readonly [string, (y: History) => Fitted])[] = [
  ['ARIMA(1,1,1)', (y) => fitArima(y, { order: { p: 1, d: 1, q: 1 } })],
  ['ARIMA(2,0,1) with mean', (y) => fitArima(y, { order: { p: 2, q: 1 } })],
  [
    'SARIMA(0,1,1)(0,1,1)[4]',
    (y) => fitArima(y, { order: { d: 1, q: 1, D: 1, Q: 1, period: 4 }, constant: false }),
  ],
  ['ARIMA(1,0,0) with waves', (y) => fitArima(y, { order: { p: 1, period: 12 }, pairs: 2 })],
  ['the automatic one', (y) => fitAutoArima(y, { period: 4 })],
  ['the weekly one', (y) => fitSarimaWeeklyLog(y)],
];

const demands = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 500 })), { minLength: 24, maxLength: 60 });

function weekly(length: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  let level = 3;
  return Float64Array.from({ length }, (_, t) => {
    level += 0.05 * random.normal();
    const season = 0.4 * Math.sin((2 * Math.PI * t) / 52);
    return Math.max(0, Math.round(Math.exp(level + season + 0.3 * random.normal())));
  });
}

describe.each(MODELS)('%s', (_, model) => {
  it('forecasts the same after storage, to the last bit, within 2 KB', () => {
    fc.assert(
      fc.property(demands, (y) => {
        const fitted = model(y);
        const text = JSON.stringify(fitted.toState());
        const revived = fromState(JSON.parse(text));
        expect(revived.forecast(9, LEVELS)).toEqual(fitted.forecast(9, LEVELS));
        expect(revived.paths(9, 3, 7)).toEqual(fitted.paths(9, 3, 7));
        expect(text.length).toBeLessThanOrEqual(2048);
      }),
      { numRuns: 15 },
    );
  });

  it('has finite forecasts whose quantiles do not cross', () => {
    fc.assert(
      fc.property(demands, (y) => {
        const { mean, quantiles } = model(y).forecast(13, LEVELS);
        const top = Math.max(...y, 1);
        for (let h = 0; h < 13; h++) {
          expect(Math.abs(mean[h]!)).toBeLessThan(1000 * top);
          for (let i = 1; i < LEVELS.length; i++) {
            expect(quantiles[String(LEVELS[i])]![h]).toBeGreaterThanOrEqual(
              quantiles[String(LEVELS[i - 1])]![h]!,
            );
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it('forecasts a constant exactly', () => {
    for (const value of [0, 3, 1e12]) {
      for (const length of [1, 2, 30]) {
        const { mean, quantiles } = model(new Float64Array(length).fill(value)).forecast(3, [0.1, 0.9]);
        for (const found of [...mean, ...quantiles['0.1']!, ...quantiles['0.9']!]) {
          expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-12 * value);
        }
      }
    }
  });

  it('answers odd histories with a finite forecast or a HistoryError', () => {
    const base = [4, 9, 3, 7, 8, 2, 9, 4, 6, 1, 7, 3, 9, 5, 6, 2, 8, 4, 7, 3, 9, 4, 6, 2, 5, 8];
    const odd: number[][] = [
      [],
      [5],
      [5, 7],
      [5, 7, 4],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
      [Number.NaN],
      [Number.NaN, Number.NaN, 3],
      [...base, Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY, ...base],
      base.map((value) => value * 1e12),
      base.map((value) => value * 1e-12),
      base.map((value) => value * 1e-300),
      base.map((value) => value * 1e280),
      base.map((value, i) => (i % 2 ? value : Number.NaN)),
      base.map((value, i) => (i < 20 ? 0 : value)),
      [...new Array<number>(40).fill(0), 1e9],
      base.map((_, i) => i % 4),
      base.map((_, i) => 2 ** i),
      base.map((value, i) => (i === 9 ? 1e15 : value)),
      [...base, Number.NaN, Number.NaN],
    ];
    for (const y of odd) {
      let fitted: Fitted;
      try {
        fitted = model(y);
      } catch (error) {
        expect(error).toBeInstanceOf(HistoryError);
        continue;
      }
      const { mean, quantiles } = fitted.forecast(26, [0.05, 0.95]);
      const top = y.reduce(
        (most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))),
        1,
      );
      for (const value of [...mean, ...quantiles['0.05']!, ...quantiles['0.95']!]) {
        expect(Math.abs(value)).toBeLessThan(1e4 * top);
      }
    }
  });

  it('refuses a senseless horizon, level or number of paths', () => {
    const fitted = model(weekly(60, 1));
    expect(() => fitted.forecast(0, [])).toThrow(RangeError);
    expect(() => fitted.forecast(3, [1])).toThrow(RangeError);
    expect(() => fitted.paths(3, 0, 1)).toThrow(RangeError);
  });

  it('simulates paths that spread like its quantiles', () => {
    const fitted = model(weekly(120, 5));
    const { quantiles, mean } = fitted.forecast(6, [0.1, 0.9]);
    const paths = fitted.paths(6, 4000, 11);
    for (let h = 0; h < 6; h++) {
      const below = paths.filter((path) => path[h]! <= quantiles['0.1']![h]!).length / paths.length;
      const above = paths.filter((path) => path[h]! >= quantiles['0.9']![h]!).length / paths.length;
      expect(below).toBeGreaterThan(0.08);
      expect(below).toBeLessThan(0.12);
      expect(above).toBeGreaterThan(0.08);
      expect(above).toBeLessThan(0.12);
      const average = paths.reduce((sum, path) => sum + path[h]!, 0) / paths.length;
      expect(Math.abs(average / mean[h]! - 1)).toBeLessThan(0.03);
    }
  });
});

describe('every model on the scale of the data', () => {
  it.each(MODELS.slice(0, 5))('%s: ten times the data is ten times the forecast', (_, model) => {
    const y = weekly(80, 3);
    const once = model(y).forecast(5, [0.9]);
    const tenfold = model(y.map((value) => 10 * value)).forecast(5, [0.9]);
    for (let h = 0; h < 5; h++) {
      expect(Math.abs(tenfold.mean[h]! / (10 * once.mean[h]!) - 1)).toBeLessThan(1e-4);
      expect(Math.abs(tenfold.quantiles['0.9']![h]! / (10 * once.quantiles['0.9']![h]!) - 1)).toBeLessThan(
        1e-4,
      );
    }
  });
});

describe('states of long seasons', () => {
  it.each([
    { p: 1, d: 1, q: 1, P: 1, D: 0, Q: 1, period: 52 },
    { p: 2, d: 1, q: 2, P: 1, D: 1, Q: 1, period: 52 },
    { p: 2, d: 0, q: 1, P: 2, D: 1, Q: 2, period: 52 },
  ])('%o is stored in 2 KB and forecasts the same from there', (order) => {
    const fitted = fitArima(weekly(208, 9), { order, search: { starts: 1, climbs: 1, tolerance: 1 } });
    const text = JSON.stringify(fitted.toState());
    expect(text.length).toBeLessThanOrEqual(2048);
    expect(fromState(JSON.parse(text)).forecast(60, [0.9])).toEqual(fitted.forecast(60, [0.9]));
  });

  it('a year of days is modelled by waves, and orders that would need a longer state are refused', () => {
    const y = Float64Array.from(weekly(800, 6), (value, t) => value + 60 * Math.cos((2 * Math.PI * t) / 365));
    const state = fitAutoArima(y, { period: 365 }).toState();
    expect(state.waves.length).toBeGreaterThan(0);
    expect(JSON.stringify(state).length).toBeLessThanOrEqual(2048);
    expect(() => fitArima(y, { order: { P: 1, period: 365 } })).toThrow(RangeError);
  });

  it('the weekly model of five years is one of them', () => {
    const fitted = fitSarimaWeeklyLog(weekly(260, 2));
    expect(fitted.toState().inner.orders).toEqual([1, 1, 1, 1, 0, 1, 52]);
    expect(JSON.stringify(fitted.toState()).length).toBeLessThanOrEqual(2048);
  });
});

describe('regressors', () => {
  const random = seededRandom(4);
  const promo = Array.from({ length: 160 }, () => (random.uniform() < 0.2 ? 1 : 0));
  let noise = 0;
  const y = promo.slice(0, 150).map((on, t) => {
    noise = 0.6 * noise + random.normal();
    return 50 + 20 * on + 8 * Math.cos((2 * Math.PI * t) / 52) + noise;
  });
  const options = { order: { p: 1, period: 52 }, pairs: 1, inputs: [promo] };

  it('finds a known input, a mean and a wave', () => {
    const { effects, coefficients } = arimaOptimum(y, options);
    expect(Math.abs(effects[0]! - 50)).toBeLessThan(1);
    expect(Math.abs(effects[1]! - 8)).toBeLessThan(1);
    expect(Math.abs(effects[3]! - 20)).toBeLessThan(0.5);
    expect(Math.abs(coefficients[0]! - 0.6)).toBeLessThan(0.2);
  });

  it('adds the input to the periods it is known for, and refuses others', () => {
    const fitted = fitArima(y, options);
    const without = fitArima(y, { ...options, inputs: [[...promo.slice(0, 150), ...new Array(10).fill(0)]] });
    const { mean } = fitted.forecast(10, []);
    const plain = without.forecast(10, []).mean;
    const { effects } = arimaOptimum(y, options);
    for (let h = 0; h < 10; h++) expect(mean[h]! - plain[h]!).toBeCloseTo(effects[3]! * promo[150 + h]!, 6);
    expect(() => fitted.forecast(11, [])).toThrow(RangeError);
  });

  it('an input that another one repeats changes nothing', () => {
    const once = arimaOptimum(y, options).logLikelihood;
    const twice = arimaOptimum(y, {
      ...options,
      inputs: [promo, promo.map((value) => 3 * value)],
    }).logLikelihood;
    expect(twice).toBeCloseTo(once, 5);
  });

  it('a line is a drift, forecast exactly', () => {
    const line = Array.from({ length: 30 }, (_, t) => 5 + 3 * t);
    const { mean, quantiles } = fitArima(line, { order: { p: 1, d: 1 }, constant: true }).forecast(4, [0.9]);
    for (let h = 0; h < 4; h++) {
      expect(mean[h]).toBeCloseTo(95 + 3 * h, 9);
      expect(quantiles['0.9']![h]).toBeCloseTo(95 + 3 * h, 9);
    }
  });
});

describe('the way back from logarithms', () => {
  it('is the mean of the log-normal where bounds are far', () => {
    expect(boundedLogNormalMean(4, 0.5, 1e9)).toBeCloseTo(Math.exp(4 + 0.125) - 1, 9);
  });

  it('is the mean of what is simulated where bounds are near', () => {
    const random = seededRandom(8);
    let sum = 0;
    for (let i = 0; i < 200_000; i++)
      sum += Math.min(6, Math.max(0, Math.expm1(0.8 + 1.1 * random.normal())));
    expect(Math.abs(boundedLogNormalMean(0.8, 1.1, 6) - sum / 200_000)).toBeLessThan(0.02);
  });

  it('stays between nothing and the bound however wide the spread', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (mu, s, most) => {
          const mean = boundedLogNormalMean(mu, s, most);
          expect(mean).toBeGreaterThanOrEqual(0);
          expect(mean).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('does not take quantities below zero', () => {
    expect(() => fitSarimaWeeklyLog([1, 2, -1, 4, 5, 6, 7, 8, 9])).toThrow(HistoryError);
  });
});
