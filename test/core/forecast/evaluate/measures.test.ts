import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as metrics from '../../../../shared/core/forecast/evaluate/metrics.ts';
import { percentageError } from '../../../../shared/core/forecast/evaluate/percentage-error.ts';
import { pitCoverage } from '../../../../shared/core/forecast/evaluate/pit-coverage.ts';
import { rSquared } from '../../../../shared/core/forecast/evaluate/r-squared.ts';
import { trackingSignal } from '../../../../shared/core/forecast/evaluate/tracking-signal.ts';

const actual = [10, 20, 0, 30];
const forecast = [12, 15, 1, 30];

test('the measures of four periods, worked by hand', () => {
  // Errors 2, -5, 1, 0 (forecast - actual).
  expect(metrics.meanAbsoluteError(actual, forecast)).toBeCloseTo(8 / 4, 12);
  expect(metrics.rootMeanSquaredError(actual, forecast)).toBeCloseTo(Math.sqrt(30 / 4), 12);
  expect(metrics.weightedAbsoluteError(actual, forecast)).toBeCloseTo(8 / 60, 12);
  expect(metrics.bias(actual, forecast)).toBeCloseTo(-2 / 60, 12);
  expect(metrics.symmetricPercentageError(actual, forecast)).toBeCloseTo(
    (400 / 22 + 1000 / 35 + 200 + 0) / 4,
    12,
  );
  // 20 %, 25 % and 0 %: the period without demand has no percentage.
  expect(percentageError(actual, forecast)).toBeCloseTo(15, 12);
  // Mean 15, deviations -5, 5, -15, 15: 500.
  expect(rSquared(actual, forecast)).toBeCloseTo(1 - 30 / 500, 12);
});

test('the scaled measures of a training part, worked by hand', () => {
  // Steps 2, -1, 3: mean absolute 2, mean square 14/3.
  const training = [4, 6, 5, 8];
  expect(metrics.scaledAbsoluteError(actual, forecast, training, 1)).toBeCloseTo(1, 12);
  expect(metrics.scaledSquaredError(actual, forecast, training)).toBeCloseTo(Math.sqrt(7.5 / (14 / 3)), 12);
});

test('quantile loss and coverages, worked by hand', () => {
  expect(metrics.pinballLoss(10, 8, 0.9)).toBeCloseTo(1.8, 12);
  expect(metrics.pinballLoss(8, 10, 0.9)).toBeCloseTo(0.2, 12);
  expect(metrics.weightedQuantileLoss([10, 8], { '0.9': [8, 10] })).toBeCloseTo((2 * 2) / 18, 12);
  expect(metrics.coverage([1, 5, 9], [0, 6, 9], [2, 8, 9])).toBeCloseTo(2 / 3, 12);
  expect(pitCoverage(0, [0.1, 0.5, 0.9], [0, 0, 2], 0.1, 0.9)).toBeCloseTo(6 / 7, 12);
});

test('the tracking signal, worked by hand: errors -2, 5, -1, 0', () => {
  const found = trackingSignal(actual, forecast);
  expect([...found]).toEqual([-1, 3 / 3.5, 2 / (8 / 3), 2 / 2]);
});

test('a forecast that is always too low drives the tracking signal up by one a period', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 50 }), (periods, miss) => {
      const y = new Array<number>(periods).fill(100);
      const signal = trackingSignal(
        y,
        y.map((value) => value - miss),
      );
      expect(signal[periods - 1]).toBeCloseTo(periods, 9);
    }),
  );
});

test('unknown actuals count nowhere, and measures without a base say so', () => {
  expect(percentageError([Number.NaN, 10], [5, 9])).toBeCloseTo(10, 12);
  expect(rSquared([Number.NaN, 1, 3], [9, 1, 3])).toBe(1);
  expect([...trackingSignal([Number.NaN, 4], [1, 2])]).toEqual([0, 1]);
  expect(percentageError([0, 0], [1, 1])).toBeNaN();
  expect(rSquared([2, 2], [1, 1])).toBeNaN();
  expect(rSquared([1, 2, 3], [2, 2, 2])).toBe(0);
});
