import { expect, test } from 'vitest';
import { fitDrift } from '../../../../shared/core/forecast/simple/drift.ts';
import { fitLinearTrend } from '../../../../shared/core/forecast/simple/linear-trend.ts';

test('drift: the line from the first to the last value goes on', () => {
  const fitted = fitDrift([10, 14, 12, 19]);
  expect(fitted.forecast(2, []).mean).toEqual([22, 25]);
  // Steps 4, -2, 7 around 3: s^2 = (1 + 25 + 16) / 2 = 21; one ahead 21 (1 + 1/3) = 28.
  const { quantiles } = fitted.forecast(1, [0.975]);
  expect(quantiles['0.975']![0]).toBeCloseTo(22 + 1.959963985 * Math.sqrt(28), 6);
});

test('drift: unknown periods at the end widen the spread', () => {
  const known = fitDrift([10, 14, 12, 19]).forecast(3, [0.9]);
  const silent = fitDrift([10, 14, 12, 19, Number.NaN, Number.NaN]).forecast(1, [0.9]);
  expect(silent.mean[0]).toBe(known.mean[2]);
  expect(silent.quantiles['0.9']![0]).toBeCloseTo(known.quantiles['0.9']![2]!, 12);
});

test('line: least squares with the textbook spread', () => {
  const fitted = fitLinearTrend([1, 3, 2, 5, 4]);
  // Slope 8/10, mean 3; SSE 3.6, s^2 1.2; three from the middle: 1.2 (1 + 1/5 + 9/10) = 2.52.
  const { mean, quantiles } = fitted.forecast(1, [0.975]);
  expect(mean[0]).toBeCloseTo(3 + 0.8 * 3, 12);
  expect(quantiles['0.975']![0]! - mean[0]!).toBeCloseTo(1.959963985 * Math.sqrt(2.52), 6);
});

test('line: a gap in a straight line changes nothing', () => {
  const { mean } = fitLinearTrend([2, 4, Number.NaN, 8, 10]).forecast(2, []);
  expect(mean[0]).toBeCloseTo(12, 10);
  expect(mean[1]).toBeCloseTo(14, 10);
});
