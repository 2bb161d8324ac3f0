import { describe, expect, test } from 'vitest';
import { incompleteBeta } from '../../shared/core/math/incomplete-beta.ts';
import { gammaQuantile, incompleteGamma } from '../../shared/core/math/incomplete-gamma.ts';
import { chiSquareTail, fisherTail, studentTails } from '../../shared/core/math/p-values.ts';
import { readGolden } from './read-golden.ts';

const golden = readGolden<{
  gamma: { a: number; x: number; lower: number; upper: number }[];
  beta: { a: number; b: number; x: number; lower: number; upper: number }[];
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

describe('the incomplete beta function', () => {
  test.each(golden.beta)('of $a and $b at $x agrees with 30 digits', ({ a, b, x, lower, upper }) => {
    const found = incompleteBeta(a, b, x);
    expect(Math.abs(found.lower - lower)).toBeLessThan(1e-11);
    expect(Math.abs(found.upper - upper)).toBeLessThan(1e-11);
    const [small, exact] = lower < upper ? [found.lower, lower] : [found.upper, upper];
    if (exact > 1e-290) expect(Math.abs(small / exact - 1)).toBeLessThan(1e-10);
  });

  test('senseless shapes and places are refused', () => {
    expect(() => incompleteBeta(0, 1, 0.5)).toThrow(RangeError);
    expect(() => incompleteBeta(1, 1, 1.5)).toThrow(RangeError);
  });
});

test('the 5 % points of the printed tables', () => {
  expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 10);
  expect(chiSquareTail(18.307038053275146, 10)).toBeCloseTo(0.05, 10);
  expect(studentTails(2.2281388519649385, 10)).toBeCloseTo(0.05, 10);
  expect(studentTails(-12.706204736432095, 1)).toBeCloseTo(0.05, 10);
  expect(fisherTail(4.102821015303716, 2, 10)).toBeCloseTo(0.05, 10);
  expect([chiSquareTail(-1, 2), fisherTail(0, 1, 1), studentTails(0, 5)]).toEqual([1, 1, 1]);
});
