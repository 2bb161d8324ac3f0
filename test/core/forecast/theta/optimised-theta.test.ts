import { describe, expect, test } from 'vitest';
import { optimiseTheta } from '../../../../shared/core/forecast/theta/optimise-theta.ts';
import { fitOptimisedTheta } from '../../../../shared/core/forecast/theta/optimised-theta.ts';
import { fitTheta } from '../../../../shared/core/forecast/theta/theta.ts';
import { readGolden } from '../../read-golden.ts';

const { series } = readGolden<{ series: Record<string, { m: number; y: number[] }> }>('ets-forms');
const { cases } = readGolden<{
  cases: { series: string; m: number; h: number; deseasonalised: boolean; sigma2: number; mean: number[] }[];
}>('theta-fixed');

describe('the standard method agrees with R thetaf', () => {
  test.each(cases)('on $series', (given) => {
    const fitted = fitTheta(series[given.series]!.y, { period: given.m });
    const { factors, variance } = fitted.toState();
    expect(factors.length > 0).toBe(given.deseasonalised);
    expect(variance / given.sigma2).toBeCloseTo(1, 5);
    const { mean } = fitted.forecast(given.h, []);
    given.mean.forEach((value, h) => void expect(Math.abs(mean[h]! / value - 1)).toBeLessThan(1e-3));
  });
});

/** The definition: 1/theta of the smoothed theta line and 1 - 1/theta of the straight line through the history. */
function byThetaLines(
  y: readonly number[],
  alpha: number,
  theta: number,
  firstLevel: number,
  horizon: number,
) {
  const n = y.length;
  const middle = (n + 1) / 2;
  const mean = y.reduce((sum, value) => sum + value / n, 0);
  const above = y.reduce((sum, value, i) => sum + (i + 1 - middle) * (value - mean), 0);
  const below = y.reduce((sum, _, i) => sum + (i + 1 - middle) ** 2, 0);
  const line = (t: number): number => mean + (above / below) * (t - middle);
  let level = theta * firstLevel;
  let squares = 0;
  y.forEach((value, i) => {
    squares += (value - level / theta - (1 - 1 / theta) * line(i + 1)) ** 2;
    level += alpha * (theta * value + (1 - theta) * line(i + 1) - level);
  });
  const points = Array.from({ length: horizon }, (_, h) => level / theta + (1 - 1 / theta) * line(n + h + 1));
  return { squares, points };
}

test.each(['air', 'sim_arma', 'accdeaths'])('OTM on %s is the theta lines of its definition', (name) => {
  const { y } = series[name]!;
  const { weights, firstLevel, squares } = optimiseTheta(Float64Array.from(y), false);
  const theta = 1 / (1 - weights.share);
  const defined = byThetaLines(y, weights.alpha, theta, firstLevel, 1);
  const { mean } = fitOptimisedTheta(y).forecast(1, []);
  expect(mean[0]! / defined.points[0]!).toBeCloseTo(1, 9);
  expect(defined.squares / squares).toBeCloseTo(1, 9);
});

test.each(['air', 'sim_arma', 'accdeaths', 'ukgas'])('no other weight or theta fits %s better', (name) => {
  const { y } = series[name]!;
  const { squares } = optimiseTheta(Float64Array.from(y), false);
  for (const alpha of [0.05, 0.2, 0.5, 0.8, 0.95]) {
    for (const theta of [1, 1.5, 2, 4, 20]) {
      for (const share of [0.2, 0.5, 1]) {
        const other = byThetaLines(y, alpha, theta, share * y[0]!, 1);
        expect(squares).toBeLessThanOrEqual(other.squares * (1 + 1e-9));
      }
    }
  }
});

test('the dynamic line is the least-squares line through what was seen', () => {
  const y = [3, 5, 4, 8, 9, 7, 12];
  const { position } = optimiseTheta(Float64Array.from(y), true);
  // By hand: mean 48/7, slope sum (t - 4)(y - mean) / 28 = 36/28.
  expect(position.slope).toBeCloseTo(36 / 28, 12);
  expect(position.mean).toBeCloseTo(48 / 7, 12);
  expect(position.intercept).toBeCloseTo(48 / 7 - (36 / 28) * 4, 12);
});

test('the dynamic form carries a trend on, and its formula for the spread is that of its futures', () => {
  const y = Array.from({ length: 60 }, (_, t) => 20 + 2 * t + ((t * 13) % 7));
  const fitted = fitOptimisedTheta(y, { isDynamic: true });
  const { mean, quantiles } = fitted.forecast(12, [0.1, 0.9]);
  expect(mean[11]! - mean[0]!).toBeGreaterThan(11);
  const paths = fitted.paths(12, 20_000, 9);
  for (const h of [0, 5, 11]) {
    const inside = paths.filter(
      (path) => path[h]! > quantiles['0.1']![h]! && path[h]! < quantiles['0.9']![h]!,
    );
    expect(Math.abs(inside.length / paths.length - 0.8)).toBeLessThan(0.02);
  }
});
