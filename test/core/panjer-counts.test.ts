import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countQuantile } from '../../shared/core/math/count-distribution.ts';
import { countLaw, countLawQuantiles, drawCount } from '../../shared/core/math/panjer-counts.ts';
import { seededRandom } from '../../shared/core/math/random.ts';

const LEVELS = [0.01, 0.1, 0.5, 0.9, 0.975, 0.999];

describe('counts of a mean and a variance', () => {
  test('have the quantiles of the negative binomial written with gamma functions', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 80, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (mean, more) => {
          const moments = { mean, variance: mean * (1 + more) };
          const expected = LEVELS.map((level) => countQuantile(level, moments));
          expect(countLawQuantiles(countLaw(moments), LEVELS)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('binomial below Poisson: 2 of 4 trials, quantiles by hand', () => {
    // P(0..4) = 1, 4, 6, 4, 1 sixteenths.
    const law = countLaw({ mean: 2, variance: 1 });
    expect(countLawQuantiles(law, [0.06, 0.07, 0.3, 0.4, 0.68, 0.69, 0.93, 0.95])).toEqual([
      0, 1, 1, 2, 2, 3, 3, 4,
    ]);
  });

  test('no variance and a whole mean is certain, and no mean is zero', () => {
    expect(countLawQuantiles(countLaw({ mean: 5, variance: 0 }), LEVELS)).toEqual(LEVELS.map(() => 5));
    expect(countLawQuantiles(countLaw({ mean: 0, variance: 3 }), LEVELS)).toEqual(LEVELS.map(() => 0));
  });

  test('far from zero the gamma law stands in without a jump', () => {
    // Poisson: the first mean still starts at its zero, the second no longer does.
    const near = countLawQuantiles(countLaw({ mean: 599, variance: 599 }), LEVELS);
    const far = countLawQuantiles(countLaw({ mean: 601, variance: 601 }), LEVELS);
    far.forEach((value, i) => void expect(Math.abs(value - near[i]! - 2)).toBeLessThanOrEqual(2));
  });

  test.each([
    { mean: 0.3, variance: 0.5 },
    { mean: 4, variance: 4 },
    { mean: 6, variance: 2 },
    { mean: 5000, variance: 9000 },
  ])('draws have mean $mean and variance $variance', (moments) => {
    const random = seededRandom(3);
    const law = countLaw(moments);
    const draws = Array.from({ length: 40_000 }, () => drawCount(law, random));
    const mean = draws.reduce((sum, value) => sum + value / draws.length, 0);
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2 / draws.length, 0);
    expect(draws.every(Number.isInteger)).toBe(true);
    expect(mean / moments.mean).toBeCloseTo(1, 1);
    expect(Math.abs(variance / moments.variance - 1)).toBeLessThan(0.06);
  });
});
