import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countProbability, countQuantile } from '../../shared/core/math/count-distribution.ts';
import { fitLine, solveSymmetric } from '../../shared/core/math/least-squares.ts';
import { logGamma } from '../../shared/core/math/log-gamma.ts';
import { nelderMead } from '../../shared/core/math/nelder-mead.ts';
import { normalCdf, normalLoss, normalQuantile } from '../../shared/core/math/normal.ts';
import { seededRandom, seedOf } from '../../shared/core/math/random.ts';
import { sampleCeiling, sampleQuantile } from '../../shared/core/math/sample-quantile.ts';

describe('the normal distribution', () => {
  test('has the tabulated quantiles, far into the tails', () => {
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 13);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(1e-9)).toBeCloseTo(-5.997807015007687, 12);
    expect(normalCdf(-10) / 7.619853024160527e-24).toBeCloseTo(1, 12);
    expect(normalLoss(0)).toBeCloseTo(0.3989422804014327, 14);
  });

  test('its quantile function is the inverse of its distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
      }),
    );
  });

  test('refuses what is no probability', () => {
    expect(() => normalQuantile(1.1)).toThrow(RangeError);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('counts', () => {
  test('probabilities sum to 1 and have the mean they were asked for', () => {
    for (const moments of [
      { mean: 3, variance: 9 },
      { mean: 0.4, variance: 0.4 },
      { mean: 12, variance: 30 },
    ]) {
      let sum = 0;
      let mean = 0;
      for (let k = 0; k < 400; k++) {
        sum += countProbability(k, moments);
        mean += k * countProbability(k, moments);
      }
      expect(sum).toBeCloseTo(1, 9);
      expect(mean).toBeCloseTo(moments.mean, 7);
    }
  });

  test('without demand the quantile is zero', () => {
    expect(countQuantile(0.99, { mean: 0, variance: 0 })).toBe(0);
  });

  test('the gamma function continues the factorial', () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  });
});

describe('quantiles of a sample', () => {
  test('type 7 interpolates as R does by default', () => {
    expect(sampleQuantile([1, 2, 3, 4, 10], 0.9)).toBeCloseTo(7.6, 12);
    expect(sampleQuantile([5], 0.3)).toBe(5);
  });

  test('the ceiling is a value that the stated share does not exceed', () => {
    const sample = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(sampleCeiling(sample, 0.95)).toBe(95);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (values, p) => {
          const sorted = Float64Array.from(values).sort();
          const limit = sampleCeiling(sorted, p);
          expect(sorted.filter((value) => value <= limit).length / sorted.length).toBeGreaterThanOrEqual(
            p - 1e-9,
          );
        },
      ),
    );
  });
});

describe('chance', () => {
  test('the same seed gives the same numbers, the next seed others', () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.uniform());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(seedOf(1, 'a')).toBe(seedOf(1, 'a'));
    expect(seedOf(1, 'a')).not.toBe(seedOf(1, 'b'));
  });

  test('normal and gamma draws have their moments', () => {
    const random = seededRandom(42);
    const moments = (draw: () => number): [number, number] => {
      const values = Array.from({ length: 40_000 }, draw);
      const mean = values.reduce((sum, value) => sum + value / values.length, 0);
      return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0)];
    };
    const [normalMean, normalVariance] = moments(() => random.normal());
    expect(normalMean).toBeCloseTo(0, 1);
    expect(normalVariance).toBeCloseTo(1, 1);
    for (const shape of [0.3, 1, 6]) {
      const [mean, variance] = moments(() => random.gamma(shape));
      expect(mean / shape).toBeCloseTo(1, 1);
      expect(Math.abs(variance / shape - 1)).toBeLessThan(0.1);
    }
  });
});

test('Nelder-Mead finds the bottom of the valley of Rosenbrock', () => {
  const valley = (p: Float64Array): number => 100 * (p[1]! - p[0]! ** 2) ** 2 + (1 - p[0]!) ** 2;
  const { point } = nelderMead(valley, [-1.2, 1], { tolerance: 1e-14, maxEvaluations: 1000 });
  expect(point[0]).toBeCloseTo(1, 4);
  expect(point[1]).toBeCloseTo(1, 4);
});

test('a search stops at its limit of evaluations', () => {
  const { evaluations } = nelderMead((p) => p[0]! ** 2 + p[1]! ** 2, [5, 5], {
    maxEvaluations: 10,
    tolerance: 0,
  });
  expect(evaluations).toBeLessThanOrEqual(14);
});

test('least squares solves a system and leaves an empty direction at zero', () => {
  const x = solveSymmetric(Float64Array.of(4, 2, 2, 3), Float64Array.of(10, 8));
  expect(x[0]).toBeCloseTo(1.75, 12);
  expect(x[1]).toBeCloseTo(1.5, 12);
  expect([...solveSymmetric(Float64Array.of(4, 0, 0, 0), Float64Array.of(8, 0))]).toEqual([2, 0]);
  expect(fitLine([3, 5, 7])).toEqual({ level: 1, slope: 2 });
});
