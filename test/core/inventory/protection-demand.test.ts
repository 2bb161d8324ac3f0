import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leadTimeDemand, protectionDemand } from '../../../shared/core/inventory/lead-time-demand.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

const leadTime = { meanDays: 14, deviationDays: 4 };
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float64Array) => {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
};

describe('demand over the protection interval', () => {
  test('of a certain demand has the mean and the deviation of the lead time itself', () => {
    const paths = Array.from({ length: 1000 }, () => new Float64Array(8).fill(7));
    const { lead, protection } = protectionDemand(paths, {
      leadTime,
      waitDays: 0,
      reviewDays: 7,
      periodDays: 7,
    });
    expect(mean(lead)).toBeCloseTo(14, 1);
    expect(deviation(lead)).toBeCloseTo(4, 1);
    expect(mean(protection)).toBeCloseTo(21, 1);
  });

  test('agrees with drawn gamma lead times in its quantiles', () => {
    const random = seededRandom(3);
    const paths = Array.from({ length: 4000 }, () =>
      Float64Array.from({ length: 10 }, () => Math.round(6 * random.uniform())),
    );
    const drawn = leadTimeDemand(paths, { leadTime, periodDays: 7, seed: 4 }).sort();
    const { lead } = protectionDemand(paths, { leadTime, waitDays: 0, reviewDays: 7, periodDays: 7 });
    for (const at of [0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
      expect(Math.abs(lead[4000 * at]! - drawn[4000 * at]!)).toBeLessThan(0.6);
  });

  test('rises with every day, is ascending, and is the same each time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 50 }),
        fc.nat(30),
        fc.nat(30),
        (paths, waitDays, more) => {
          const asked = { leadTime, waitDays, reviewDays: waitDays + more, periodDays: 7 };
          const { lead, protection } = protectionDemand(paths, asked);
          expect(lead).toEqual(Float64Array.from(lead).sort());
          for (let i = 0; i < lead.length; i++)
            expect(protection[i]!).toBeGreaterThanOrEqual(lead[i]! - 1e-9);
          expect(protectionDemand(paths, asked)).toEqual({ lead, protection });
        },
      ),
    );
  });
});
