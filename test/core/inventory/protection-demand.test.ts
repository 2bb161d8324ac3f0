import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { futuresOf } from '../../../shared/core/forecast/futures.ts';
import { protectionDemand } from '../../../shared/core/inventory/lead-time-demand.ts';
import { inventoryPosition } from '../../../shared/core/inventory/position.ts';
import { ceilToMultiple } from '../../../shared/core/inventory/round-quantity.ts';
import { countLaw, drawCount } from '../../../shared/core/math/panjer-counts.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

const leadTime = { meanDays: 14, deviationDays: 4 };
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: ArrayLike<number>) => {
  const middle = mean(values);
  return Array.from(values).reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
};
const next = { lookDays: 1, reviewDays: 7, periodDays: 7 };

describe('demand over the protection interval', () => {
  test('of a certain demand has the mean and the deviation of the lead time itself', () => {
    const paths = Array.from({ length: 1000 }, () => new Float64Array(8).fill(7));
    const { lead, look, protection } = protectionDemand(futuresOf(paths), { leadTime, ...next });
    expect(mean(lead)).toBeCloseTo(14, 1);
    expect(Math.sqrt(variance(lead))).toBeCloseTo(4, 1);
    expect(mean(look)).toBeCloseTo(15, 1);
    expect(mean(protection)).toBeCloseTo(21, 1);
  });

  test('agrees with drawn gamma lead times in its quantiles', () => {
    const random = seededRandom(3);
    const paths = Array.from({ length: 4000 }, () => new Float64Array(10).fill(7 * 40));
    const shape = (14 / 4) ** 2;
    const drawn = Float64Array.from(paths, () => (40 * 14 * random.gamma(shape)) / shape).sort();
    const { lead } = protectionDemand(futuresOf(paths), { leadTime, ...next });
    for (const at of [0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
      expect(Math.abs(lead[4000 * at]! / drawn[4000 * at]! - 1)).toBeLessThan(0.04);
  });

  test.each([2, 10, 15, 30])(
    'has the mean of a lead time of 10 days however much that varies: by %d',
    (deviationDays) => {
      const paths = Array.from({ length: 4000 }, () => new Float64Array(80).fill(7));
      const { lead } = protectionDemand(futuresOf(paths), {
        leadTime: { meanDays: 10, deviationDays },
        ...next,
      });
      expect(Math.abs(mean(lead) / 10 - 1)).toBeLessThan(0.02);
      expect(Math.abs(Math.sqrt(variance(lead)) / deviationDays - 1)).toBeLessThan(0.05);
    },
  );

  test('a lead time that varies adds the square of demand times its variance', () => {
    const random = seededRandom(5);
    const paths = Array.from({ length: 4000 }, () =>
      Float64Array.from({ length: 10 }, () => random.gamma(4)),
    );
    const { lead } = protectionDemand(futuresOf(paths), {
      leadTime: { meanDays: 28, deviationDays: 7 },
      ...next,
    });
    // Weekly demand has mean 4 and variance 4; the lead time is 4 weeks with a deviation of 1 week.
    expect(mean(lead) / 16).toBeCloseTo(1, 1);
    expect(Math.abs(variance(lead) / (4 * 4 + 4 * 4) - 1)).toBeLessThan(0.15);
  });

  test('rises with every day, is ascending, and is the same each time', () => {
    const week = fc.oneof(
      fc.nat(20),
      fc.integer({ min: -5, max: 900 }),
      fc.double({ min: 0, max: 50, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(week, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 50 }),
        fc.nat(10),
        fc.nat(10),
        fc.nat(30),
        (paths, waitDays, look, more) => {
          const asked = { leadTime, waitDays, lookDays: waitDays + look, reviewDays: waitDays + look + more };
          const found = protectionDemand(futuresOf(paths), { ...asked, periodDays: 7 });
          for (const name of ['lead', 'look', 'protection'] as const)
            expect(found[name]).toEqual(found[name].toSorted());
          if (paths.every((path) => path.every((units) => units >= 0)))
            for (let i = 0; i < paths.length; i++) {
              expect(found.look[i]!).toBeGreaterThanOrEqual(found.lead[i]! - 1e-9);
              expect(found.protection[i]!).toBeGreaterThanOrEqual(found.look[i]! - 1e-9);
              expect(found.betweenLooks[i]!).toBeGreaterThanOrEqual(-1e-9);
              expect(found.betweenReviews[i]!).toBeGreaterThanOrEqual(found.betweenLooks[i]! - 1e-9);
            }
          expect(mean(found.betweenLooks)).toBeCloseTo(mean(found.look) - mean(found.lead), 6);
          expect(protectionDemand(futuresOf(paths), { ...asked, periodDays: 7 })).toEqual(found);
        },
      ),
    );
  });
});

describe('a week that is cut', () => {
  const weeks = (day: () => number, level = () => 1) =>
    Array.from({ length: 4000 }, () => {
      const of = level();
      return Float64Array.from({ length: 4 }, () => {
        let sum = 0;
        for (let d = 0; d < 7; d++) sum += day() * of;
        return sum;
      });
    });
  const random = seededRandom(8);
  const counts = (of: number, around: number) => {
    const law = countLaw({ mean: of, variance: around });
    return () => drawCount(law, random);
  };

  test.each<[string, () => number, number, number]>([
    ['a unit now and then', counts(0.3, 0.6), 0.3, 0.6],
    ['few units', counts(1, 2), 1, 2],
    ['as many as chance brings', counts(4, 4), 4, 4],
    ['many, in bursts', counts(30, 600), 30, 600],
    ['many, evenly', counts(200, 220), 200, 220],
    ['fractions', () => 3 * random.gamma(2), 6, 18],
    ['fractions that hardly vary', () => 10 + 0.1 * random.normal(), 10, 0.01],
  ])('has k days of the variance after k days, and not its square: %s', (_, day, of, around) => {
    const paths = weeks(day);
    for (const days of [1, 2, 5, 8, 13.5]) {
      const { lead, look } = protectionDemand(futuresOf(paths), {
        leadTime: { meanDays: days, deviationDays: 0 },
        lookDays: 1,
        reviewDays: 7,
        periodDays: 7,
      });
      const chance = 3 * Math.sqrt((days * around) / paths.length);
      expect(Math.abs(mean(lead) - days * of)).toBeLessThan(chance + 0.01 * days * of);
      expect(Math.abs(variance(lead) / (days * around) - 1)).toBeLessThan(0.2);
      expect(Math.abs(variance(look) / ((days + 1) * around) - 1)).toBeLessThan(0.2);
    }
  });

  test('shares the level of its week: what all days have in common grows with the square', () => {
    const paths = weeks(counts(20, 20), () => 0.5 + random.uniform());
    const { lead } = protectionDemand(futuresOf(paths), {
      leadTime: { meanDays: 3.5, deviationDays: 0 },
      lookDays: 1,
      reviewDays: 7,
      periodDays: 7,
    });
    // levels are uniform around 1 with a variance of 1 / 12; squared they are 13 / 12 on average
    const expected = (3.5 * 20) ** 2 / 12 + 3.5 * 20 * (13 / 12);
    expect(Math.abs(variance(lead) / expected - 1)).toBeLessThan(0.1);
  });

  test('of whole units falls into whole units', () => {
    const { lead, look } = protectionDemand(futuresOf(weeks(counts(1, 2))), {
      leadTime: { meanDays: 2.3, deviationDays: 0 },
      ...next,
    });
    expect([...lead, ...look].every(Number.isInteger)).toBe(true);
  });
});

test('the position is what is there and coming less what is promised', () => {
  expect(inventoryPosition({ onHand: 10, onOrder: 20, committed: 4 })).toBe(26);
});

test('a quantity that a rounding error lifts over a pack does not take another one', () => {
  expect(ceilToMultiple(0.1 + 0.2, 0.3)).toBeCloseTo(0.3, 12);
  expect(ceilToMultiple(13, 6)).toBe(18);
});
