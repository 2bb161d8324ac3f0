import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { differenceInterval, sumInterval } from '../../../shared/core/replay/resampled-interval.ts';

const TRIALS = 400;

/** Share of trials whose interval lies above 0, and that hold it, when the true sum is 0. */
function trials(series: number, draw: () => number): { readonly above: number; readonly holds: number } {
  let above = 0;
  let holds = 0;
  for (let seed = 0; seed < TRIALS; seed++) {
    const { low, high } = differenceInterval(Array.from({ length: series }, draw), seed);
    if (low > 0) above++;
    else if (high >= 0) holds++;
  }
  return { above: above / TRIALS, holds: holds / TRIALS };
}

test('what is not there is seldom found, however few the series', () => {
  const random = seededRandom(11);
  for (const series of [5, 12, 40]) {
    const { above, holds } = trials(series, () => random.normal());
    expect(above).toBeLessThan(0.055);
    expect(holds).toBeGreaterThan(0.92);
  }
});

test('many small gains and a few large losses are not called a gain', () => {
  const random = seededRandom(12);
  // resampling the sum alone says so in 22 of 100 trials
  const skewed = trials(8, () => Math.exp(0.5) - Math.exp(random.normal()));
  expect(skewed.above).toBeLessThan(0.14);
});

test('equal series leave no doubt, and few ones give numbers', () => {
  const sure = differenceInterval([0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 1);
  expect(sure.low).toBeCloseTo(0.6, 12);
  expect(sure.high).toBeCloseTo(0.6, 12);
  for (const interval of [sumInterval, differenceInterval]) {
    expect(interval([3], 1)).toEqual({ low: 3, high: 3 });
    expect(interval([], 1)).toEqual({ low: 0, high: 0 });
  }
});

test('an interval of differences scales with money', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.nat(), (money, seed) => {
      const { low, high } = differenceInterval(money, seed);
      expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
      const doubled = differenceInterval(
        money.map((one) => 2 * one),
        seed,
      );
      expect(doubled.low).toBeCloseTo(2 * low, 3);
      expect(doubled.high).toBeCloseTo(2 * high, 3);
    }),
    { numRuns: 30 },
  );
});

test('costs that cannot be negative have no interval below 0', () => {
  expect(sumInterval([0, 0, 0, 0, 0, 900], 3).low).toBe(0);
});
