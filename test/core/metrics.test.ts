import { expect, test } from 'vitest';
import * as metrics from '../../shared/core/forecast/evaluate/metrics.ts';

const actual = [10, 0, 20, 10];
const forecast = [12, 1, 15, 10];

test('absolute errors of 2, 1, 5 and 0 have the mean 2', () => {
  expect(metrics.meanAbsoluteError(actual, forecast)).toBe(2);
});

test('squared errors of 4, 1, 25 and 0 have the root mean 2.739', () => {
  expect(metrics.rootMeanSquaredError(actual, forecast)).toBeCloseTo(Math.sqrt(7.5), 12);
});

test('an error of 8 on 40 sold is 20 %, and 2 too little on 40 a bias of -5 %', () => {
  expect(metrics.weightedAbsoluteError(actual, forecast)).toBeCloseTo(0.2, 12);
  expect(metrics.bias(actual, forecast)).toBeCloseTo(-0.05, 12);
});

test('a forecast of 1 where nothing was sold counts 200 in sMAPE, 0 on 0 counts nothing', () => {
  expect(metrics.symmetricPercentageError([0, 0], [1, 0])).toBe(100);
});

test('MASE divides by the mean change over a season of the training part', () => {
  const training = [1, 3, 2, 6];
  expect(metrics.scaledAbsoluteError([5], [2], training, 1)).toBeCloseTo(3 / (7 / 3), 12);
  expect(metrics.scaledAbsoluteError([5], [2], training, 2)).toBeCloseTo(3 / 2, 12);
  expect(metrics.scaledAbsoluteError([5], [2], [4, 4, 4], 1)).toBeNaN();
});

test('RMSSE leaves out the time before the first sale', () => {
  expect(metrics.scaledSquaredError([6], [4], [0, 0, 2, 4])).toBeCloseTo(1, 12);
});

test('pinball loss charges what is above a high quantile more than what is below it', () => {
  expect(metrics.pinballLoss(12, 10, 0.9)).toBeCloseTo(1.8, 12);
  expect(metrics.pinballLoss(8, 10, 0.9)).toBeCloseTo(0.2, 12);
});

test('the weighted quantile loss of the median alone is the WAPE', () => {
  expect(metrics.weightedQuantileLoss(actual, { '0.5': forecast })).toBeCloseTo(0.2, 12);
  expect(metrics.weightedQuantileLoss([10], { '0.1': [10], '0.9': [12] })).toBeCloseTo(0.02, 12);
});

test('coverage counts the bounds in', () => {
  expect(metrics.coverage([1, 2, 3, 4], [1, 3, 3, 5], [1, 4, 3, 6])).toBe(0.5);
});

test('unknown actuals do not count, and nothing sold has no relative error', () => {
  expect(metrics.meanAbsoluteError([Number.NaN, 4], [100, 3])).toBe(1);
  expect(metrics.weightedAbsoluteError([0, 0], [1, 1])).toBeNaN();
  expect(metrics.meanAbsoluteError([], [])).toBeNaN();
});
