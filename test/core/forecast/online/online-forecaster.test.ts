import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromState } from '../../../../shared/core/forecast/from-state.ts';
import { HistoryError } from '../../../../shared/core/forecast/model.ts';
import {
  fitOnline,
  onlineForecaster,
  onlineOf,
} from '../../../../shared/core/forecast/online/online-forecaster.ts';
import { pageHinkley } from '../../../../shared/core/forecast/online/page-hinkley.ts';
import { prequential } from '../../../../shared/core/forecast/online/prequential.ts';
import {
  packed,
  unpacked,
  updateLeastSquares,
} from '../../../../shared/core/forecast/online/recursive-least-squares.ts';
import { solveSymmetric } from '../../../../shared/core/math/least-squares.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];
const values = fc.array(fc.oneof(fc.nat({ max: 60 }), fc.constant(Number.NaN)), {
  minLength: 0,
  maxLength: 60,
});
const histories = values.map((y) => [3, ...y]);

/** Mean absolute one-step error at each time, over many series that jump from 20 to 50. */
function errorsAroundShift(
  shift: number,
  length: number,
): { online: number[]; batch: number[]; alarms: number } {
  const online = new Array<number>(length).fill(0);
  const batch = new Array<number>(length).fill(0);
  const series = 40;
  let alarms = 0;
  for (let seed = 0; seed < series; seed++) {
    const random = seededRandom(seed);
    const learner = onlineForecaster({ period: 7 });
    const seen: number[] = [];
    let fixed = 0;
    let isFound = false;
    for (let t = 0; t < length; t++) {
      const value = (t < shift ? 20 : 50) + 3 * random.normal();
      if (t > 0) online[t]! += Math.abs(value - learner.forecast(1, []).mean[0]!) / series;
      if (t === shift) fixed = fitOnline(seen, { period: 7 }).forecast(1, []).mean[0]!;
      if (t >= shift) batch[t]! += Math.abs(value - fixed) / series;
      if (learner.observe(value) && t >= shift && t < shift + 8) isFound = true;
      seen.push(value);
    }
    if (isFound) alarms++;
  }
  return { online, batch, alarms: alarms / series };
}

const meanOf = (of: readonly number[]): number => of.reduce((sum, value) => sum + value / of.length, 0);

describe('the online forecaster', () => {
  test('is back at its usual error 12 events after a level shift of ten deviations', () => {
    const { online, batch, alarms } = errorsAroundShift(200, 240);
    const usual = meanOf(online.slice(120, 200));
    expect(online[200]).toBeGreaterThan(5 * usual);
    expect(meanOf(online.slice(212, 240))).toBeLessThan(1.5 * usual);
    // A model that was fitted once never comes back.
    expect(meanOf(batch.slice(212, 240))).toBeGreaterThan(8 * usual);
    expect(alarms).toBeGreaterThan(0.6);
  });

  test('a restart after any value changes nothing, to the last bit', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 60 }), fc.boolean(), fc.nat(), (y, cut, hasWave, seed) => {
        const whole = fitOnline(y, { period: 5, hasWave });
        const first = onlineForecaster({ period: 5, hasWave });
        for (const value of y.slice(0, cut)) first.observe(value);
        const second =
          first.toState().memory.seen > 0
            ? onlineOf(JSON.parse(JSON.stringify(first.toState())))
            : onlineForecaster({ period: 5, hasWave });
        for (const value of y.slice(cut)) second.observe(value);
        expect(second.toState()).toEqual(whole.toState());
        const again = fromState(JSON.parse(JSON.stringify(whole.toState())));
        expect(again.forecast(6, LEVELS)).toEqual(whole.forecast(6, LEVELS));
        expect(again.paths(6, 3, seed)).toEqual(whole.paths(6, 3, seed));
      }),
      { numRuns: 80 },
    );
  });

  test('its state is at most 2 KB, of a year of weeks and after twenty years of them', () => {
    const random = seededRandom(8);
    const learner = onlineForecaster({ period: 52 });
    for (let t = 0; t < 1040; t++) learner.observe(1000 * random.uniform());
    expect(JSON.stringify(learner.toState()).length).toBeLessThan(2048);
  });

  test('quantiles are in order, finite and not negative for demand', () => {
    fc.assert(
      fc.property(histories, (y) => {
        const { mean, quantiles } = fitOnline(y, { period: 4, hasWave: true }).forecast(8, LEVELS);
        for (let h = 0; h < 8; h++) {
          const row = LEVELS.map((level) => quantiles[String(level)]![h]!);
          expect(row).toEqual([...row].sort((a, b) => a - b));
          expect(row.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
          expect(mean[h]!).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 80 },
    );
  });

  test('twice the demand in, twice the forecast out', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 10, maxLength: 60 }), (y) => {
        const once = fitOnline(y, { period: 7 }).forecast(3, []).mean;
        const twice = fitOnline(
          y.map((value) => value * 2),
          { period: 7 },
        ).forecast(3, []).mean;
        once.forEach(
          (value, h) => void expect(Math.abs(twice[h]! - 2 * value)).toBeLessThan(1e-6 * (1 + value)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('learns a season, and then earns its use over smoothing', () => {
    const random = seededRandom(2);
    const season = [10, 12, 11, 13, 20, 35, 5];
    const y = Array.from({ length: 350 }, (_, t) => season[t % 7]! + random.normal());
    const fitted = fitOnline(y, { period: 7 });
    const { mean } = fitted.forecast(7, []);
    mean.forEach((value, h) => void expect(Math.abs(value - season[h]!)).toBeLessThan(3.5));
    expect(fitted.earnsUse(0.5)).toBe(true);
    expect(fitOnline(y.slice(0, 10), { period: 7 }).earnsUse()).toBe(false);
  });

  test('its intervals hold about what they promise, one and six periods ahead', () => {
    const random = seededRandom(3);
    let inside = 0;
    let points = 0;
    for (let series = 0; series < 150; series++) {
      const y = Array.from({ length: 126 }, () => 40 + 6 * random.normal());
      const { quantiles } = fitOnline(y.slice(0, 120), { period: 7 }).forecast(6, [0.1, 0.9]);
      for (const h of [0, 5]) {
        points++;
        const value = y[120 + h]!;
        if (value >= quantiles['0.1']![h]! && value <= quantiles['0.9']![h]!) inside++;
      }
    }
    expect(inside / points).toBeGreaterThan(0.72);
    expect(inside / points).toBeLessThan(0.9);
  });

  test('refuses a history without a known quantity and options without sense', () => {
    expect(() => fitOnline([])).toThrow(HistoryError);
    expect(() => fitOnline([Number.NaN])).toThrow(HistoryError);
    expect(() => fitOnline([1, Number.POSITIVE_INFINITY])).toThrow(HistoryError);
    expect(() => fitOnline([1], { period: 61 })).toThrow(RangeError);
    expect(() => fitOnline([1], { forgetting: 0 })).toThrow(RangeError);
  });
});

test('recursive least squares without forgetting is ridge regression', () => {
  const random = seededRandom(6);
  const weights = new Float64Array(3);
  const covariance = Float64Array.of(100, 0, 0, 0, 100, 0, 0, 0, 100);
  const gram = Float64Array.of(0.01, 0, 0, 0, 0.01, 0, 0, 0, 0.01);
  const moment = new Float64Array(3);
  for (let t = 0; t < 50; t++) {
    const x = Float64Array.of(1, random.normal(), random.normal());
    const y = 2 + x[1]! - 3 * x[2]! + random.normal();
    const predicted = weights[0]! * x[0]! + weights[1]! * x[1]! + weights[2]! * x[2]!;
    updateLeastSquares({ weights, covariance }, x, y - predicted, 1, 1e9, new Float64Array(3));
    for (let i = 0; i < 3; i++) {
      moment[i]! += x[i]! * y;
      for (let j = 0; j < 3; j++) gram[i * 3 + j]! += x[i]! * x[j]!;
    }
  }
  const ridge = solveSymmetric(gram, moment);
  ridge.forEach((value, i) => void expect(weights[i]).toBeCloseTo(value, 9));
  expect(unpacked(packed(covariance, 3), 3)).toEqual(covariance);
});

describe('the drift test of Page and Hinkley', () => {
  test('finds a shift either way within ten values, and rarely cries without one', () => {
    const random = seededRandom(1);
    let alarms = 0;
    const calm = pageHinkley();
    for (let t = 0; t < 20_000; t++) if (calm.observe(random.normal())) alarms++;
    expect(alarms).toBeLessThan(40);
    for (const direction of [-1, 1]) {
      const watch = pageHinkley();
      for (let t = 0; t < 40; t++) watch.observe(0.3 * random.normal());
      const found = Array.from({ length: 10 }, () => watch.observe(3 * direction));
      expect(found).toContain(true);
    }
  });

  test('by hand: with tolerance 0 and threshold 2 the values 0, 0, 3 are drift', () => {
    const watch = pageHinkley({ tolerance: 0, threshold: 1.9 });
    // The mean after the third value is 1: a deviation of 2.
    expect([0, 0, 3].map((value) => watch.observe(value))).toEqual([false, false, true]);
    expect(watch.toState()).toEqual({ count: 0, mean: 0, rise: 0, fall: 0 });
  });
});

test('prequential errors are plain means first and fade later, and a margin must be earned', () => {
  const score = prequential(4);
  for (const [actual, model, rival] of [
    [10, 9, 12],
    [10, 12, 6],
  ] as const) {
    score.observe(actual, model, rival);
  }
  expect(score.toState()).toEqual({ count: 2, model: 1.5, rival: 3 });
  for (let i = 0; i < 40; i++) score.observe(5, 5, 7);
  expect(score.toState().model).toBeLessThan(1e-4);
  expect(score.earnsUse(1, 20)).toBe(true);
  expect(score.earnsUse(1, 50)).toBe(false);
  const again = prequential(4, JSON.parse(JSON.stringify(score.toState())));
  expect(again.toState()).toEqual(score.toState());
});
