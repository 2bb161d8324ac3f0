import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demandOfQuantiles } from '../../../shared/core/allocation/demand-of-quantiles.ts';
import { sampleQuantile } from '../../../shared/core/math/sample-quantile.ts';

const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

test('the sample has the quantiles it was made of', () => {
  const steps = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(steps, (increments) => {
      let sum = 0;
      const values = increments.map((increment) => (sum += increment));
      const demand = demandOfQuantiles({ levels: LEVELS, values }, 2000);
      expect([...demand].every((units, i) => units >= (demand[i - 1] ?? 0))).toBe(true);
      for (const [k, level] of LEVELS.entries())
        expect(Math.abs(sampleQuantile(demand, level) - values[k]!)).toBeLessThan(0.01 * (1 + values[6]!));
    }),
  );
});

test('a uniform demand comes back with its mean, and demand is never negative', () => {
  const uniform = demandOfQuantiles({ levels: [0.25, 0.75], values: [25, 75] });
  expect(uniform.reduce((a, b) => a + b, 0) / uniform.length).toBeCloseTo(50, 9);
  expect(Math.min(...demandOfQuantiles({ levels: [0.5, 0.9], values: [1, 40] }))).toBe(0);
});

test('refuses what are no quantiles', () => {
  for (const quantiles of [
    { levels: [0.5], values: [1] },
    { levels: [0.5, 0.4], values: [1, 2] },
    { levels: [0.5, 0.9], values: [2, 1] },
    { levels: [0, 0.9], values: [1, 2] },
    { levels: [0.1, 0.9], values: [1, Number.NaN] },
  ])
    expect(() => demandOfQuantiles(quantiles)).toThrow(RangeError);
});
