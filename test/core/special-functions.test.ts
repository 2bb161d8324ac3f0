import { describe, expect, test } from 'vitest';
import { gammaQuantile, incompleteGamma } from '../../shared/core/math/incomplete-gamma.ts';
import { readGolden } from './read-golden.ts';

const golden = readGolden<{
  gamma: { a: number; x: number; lower: number; upper: number }[];
}>('special-functions');

describe('the incomplete gamma function', () => {
  test.each(golden.gamma)('of shape $a at $x agrees with 30 digits', ({ a, x, lower, upper }) => {
    const found = incompleteGamma(a, x);
    expect(Math.abs(found.lower - lower)).toBeLessThan(1e-12);
    expect(Math.abs(found.upper - upper)).toBeLessThan(1e-12);
    // The small tail keeps its digits.
    const [small, exact] = lower < upper ? [found.lower, lower] : [found.upper, upper];
    if (exact > 1e-290) expect(Math.abs(small / exact - 1)).toBeLessThan(1e-10);
  });

  test('its quantile leads back to the probability', () => {
    for (const shape of [0.02, 0.4, 1, 3.7, 60, 4000, 1e6]) {
      for (const p of [1e-6, 0.025, 0.3, 0.5, 0.9, 0.999]) {
        const x = gammaQuantile(p, shape);
        if (x > 1e-300) expect(incompleteGamma(shape, x).lower / p, `${shape} ${p}`).toBeCloseTo(1, 9);
      }
    }
  });

  test('senseless shapes and places are refused', () => {
    expect(() => incompleteGamma(0, 1)).toThrow(RangeError);
    expect(() => incompleteGamma(1, -1)).toThrow(RangeError);
    expect(() => gammaQuantile(1, 1)).toThrow(RangeError);
  });
});
