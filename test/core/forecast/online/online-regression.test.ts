import { describe, expect, it } from 'vitest';
import { fromState } from '../../../../shared/core/forecast/from-state.ts';
import {
  fitOnlineRegression,
  onlineRegressionOf,
  regressionInputs,
} from '../../../../shared/core/forecast/online/online-regression.ts';
import { solveSymmetric } from '../../../../shared/core/math/least-squares.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const random = seededRandom(5);
const AHEAD = 10;
const x = [0, 1].map(() => Float64Array.from({ length: 90 + AHEAD }, () => random.normal()));
const y = Float64Array.from({ length: 90 }, (_, t) => 40 + 6 * x[0]![t]! - 3 * x[1]![t]! + random.normal());

describe('regression learned one quantity at a time', () => {
  it('has the weights of ridge regression when nothing is forgotten', () => {
    const { weights } = fitOnlineRegression(y, { inputs: x, forgetting: 1 }).toState();
    const rows = Array.from(y, (_, t) => [1, x[0]![t]!, x[1]![t]!]);
    const a = new Float64Array(9);
    const b = new Float64Array(3);
    rows.forEach((row, t) => {
      row.forEach((value, i) => {
        b[i]! += value * y[t]!;
        row.forEach((other, j) => {
          a[3 * i + j]! += value * other;
        });
      });
    });
    [1e-6, 1, 1].forEach((penalty, i) => {
      a[4 * i]! += penalty;
    });
    solveSymmetric(a, b).forEach((weight, i) => {
      expect(weights[i]).toBeCloseTo(weight, 6);
    });
  });

  it('stops and goes on from its state to the last bit, in at most 2 KB', () => {
    for (const period of [1, 7, 12, 52]) {
      const inputs = Array.from({ length: regressionInputs(period) }, (_, k) =>
        x[k % 2]!.map((v) => v / (k + 1.1)),
      );
      const whole = fitOnlineRegression(y, { period, inputs });
      const half = fitOnlineRegression(y.subarray(0, 50), {
        period,
        inputs: inputs.map((c) => c.subarray(0, 60)),
      });
      const revived = onlineRegressionOf(JSON.parse(JSON.stringify(half.toState())));
      for (let t = 50; t < y.length; t++)
        revived.observe(
          y[t]!,
          inputs.map((column) => column[t]!),
        );
      revived.expect(inputs.map((column) => column.subarray(y.length)));
      expect(revived.toState()).toEqual(whole.toState());
      const text = JSON.stringify(whole.toState());
      expect(text.length).toBeLessThanOrEqual(2048);
      expect(fromState(JSON.parse(text)).forecast(AHEAD, [0.2])).toEqual(whole.forecast(AHEAD, [0.2]));
      expect(fromState(JSON.parse(text)).paths(AHEAD, 3, 1)).toEqual(whole.paths(AHEAD, 3, 1));
    }
  });

  it('paths have the deviation of its intervals', () => {
    const fitted = fitOnlineRegression(y, { inputs: x });
    const paths = fitted.paths(AHEAD, 4000, 3);
    const { mean, quantiles } = fitted.forecast(AHEAD, [0.9]);
    for (const h of [0, 9]) {
      const above = paths.filter((path) => path[h]! > quantiles['0.9']![h]!).length / paths.length;
      expect(Math.abs(above - 0.1)).toBeLessThan(0.02);
      expect(paths.reduce((sum, path) => sum + path[h]!, 0) / paths.length).toBeCloseTo(mean[h]!, 0);
    }
  });

  it('knows a season of seven days whole, and follows a new level', () => {
    const days = Float64Array.from(
      { length: 140 },
      (_, t) => 20 + [5, 0, -4, 2, 9, 11, -3][t % 7]! + (t < 100 ? 0 : 30),
    );
    const { mean } = fitOnlineRegression(days, { period: 7 }).forecast(7, []);
    mean.forEach((value, h) => {
      expect(Math.abs(value - (50 + [5, 0, -4, 2, 9, 11, -3][h]!))).toBeLessThan(4);
    });
  });

  it('leaves unknown quantities out, and refuses what it cannot know', () => {
    const holes = y.map((value, t) => (t % 9 === 4 ? Number.NaN : value));
    const { weights } = fitOnlineRegression(holes, { inputs: x }).toState();
    expect(Math.abs(weights[1]! - 6)).toBeLessThan(0.5);
    const fitted = fitOnlineRegression(y, { inputs: x });
    expect(() => fitted.forecast(AHEAD + 1, [])).toThrow('inputs known for 10');
    expect(() => fitted.observe(1)).toThrow('0 inputs instead of 2');
    expect(() => fitOnlineRegression([Number.NaN])).toThrow('known quantities');
    expect(() => fitOnlineRegression([1, Number.POSITIVE_INFINITY])).toThrow('infinite');
    expect(() => fitOnlineRegression([1, 2], { inputs: [[1, Number.NaN, 3]] })).toThrow(
      'unknown within the history',
    );
  });

  it('forecasts a constant exactly', () => {
    for (const value of [0, 7, 0.1, -3e9]) {
      const fitted = fitOnlineRegression([Number.NaN, ...new Array(30).fill(value)], { period: 7 });
      const { mean, quantiles } = fitted.forecast(3, [0.1, 0.9]);
      expect([...mean, ...quantiles['0.1']!, ...quantiles['0.9']!]).toEqual(new Array(9).fill(value));
    }
  });

  it('stays within 2 KB however far its inputs are known, and forecasts as far', () => {
    const count = 400 + 900;
    for (const period of [7, 52]) {
      const wide = Array.from({ length: regressionInputs(period) }, () =>
        Float64Array.from({ length: count }, () => random.normal()),
      );
      const sales = Float64Array.from(
        { length: 400 },
        (_, t) => 1e-5 * (40 + 6 * wide[0]![t]! + random.normal()),
      );
      for (const horizon of [1, 52, 104, 364, 900]) {
        const inputs = wide.map((column) => column.subarray(0, 400 + horizon));
        const fitted = fitOnlineRegression(sales, { period, inputs });
        const text = JSON.stringify(fitted.toState());
        expect(text.length).toBeLessThanOrEqual(2048);
        const { mean } = fitted.forecast(horizon, []);
        expect(fromState(JSON.parse(text)).forecast(horizon, []).mean).toEqual(mean);
        // The first period of a short and of a long horizon is the same but for the steps of the store.
        const near = fitOnlineRegression(sales, { period, inputs: wide.map((c) => c.subarray(0, 401)) });
        expect(Math.abs(mean[0]! - near.forecast(1, []).mean[0]!)).toBeLessThan(
          1e-5 * (horizon > 450 ? 0.5 : 0.01),
        );
      }
    }
    const beyond = fitOnlineRegression([1, 2, 3], { inputs: [new Float64Array(3 + 901)] });
    expect(() => beyond.forecast(901, [])).toThrow('inputs known for 900');
  });
});
