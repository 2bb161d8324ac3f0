import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chanceOfSilence,
  expectedInterval,
  probabilityDead,
  ratePrior,
  type SalesRecord,
} from '../../../../shared/core/inventory/waste/dead-stock.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const FIVE_YEARS = 1825;
/** As stated in the rule: of those named dead at most this share is still wanted. */
const STATED = 0.05;
const YEARLY = 0.1 / 365;

/** Items that sell at chance until they die, and whether they have died. */
function invented(count: number, rateOf: (i: number) => number, endsPerDay: number, seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const rate = rateOf(i);
    const life = endsPerDay > 0 ? -Math.log(1 - random.uniform()) / endsPerDay : Number.POSITIVE_INFINITY;
    let at = 0;
    let last = 0;
    let saleDays = 0;
    for (let events = 0; events < 100_000; events++) {
      at += -Math.log(1 - random.uniform()) / rate;
      if (at > Math.min(life, FIVE_YEARS)) break;
      last = at;
      saleDays++;
    }
    const record: SalesRecord = { saleDays, daysToLastSale: last, daysInStock: FIVE_YEARS };
    return { record, isDead: life < FIVE_YEARS };
  });
}

describe('what nobody wants any more', () => {
  test('of items that all sell 11 times in 5 years, 90 days without a sale condemn 58 of 100, this rule hardly one', () => {
    const items = invented(20_000, () => 11 / FIVE_YEARS, 0, 7);
    const prior = ratePrior(items.map(({ record }) => record))!;
    const byDays = items.filter(({ record }) => record.daysInStock - record.daysToLastSale > 90).length;
    const byOdds = items.filter(({ record }) => probabilityDead(record, prior, YEARLY) >= 1 - STATED).length;
    expect(byDays / items.length).toBeCloseTo(0.578, 1);
    expect(byOdds / items.length).toBeLessThan(STATED / 5);
  });

  test('where some have died, those it names dead are dead, and it finds most that died long ago', () => {
    const random = seededRandom(3);
    const rates = Array.from({ length: 20_000 }, () => (random.gamma(1.5) / 1.5) * (11 / FIVE_YEARS) + 1e-6);
    const items = invented(rates.length, (i) => rates[i]!, YEARLY, 11);
    const prior = ratePrior(items.map(({ record }) => record))!;
    const named = items.filter(({ record }) => probabilityDead(record, prior, YEARLY) >= 1 - STATED);
    expect(named.length).toBeGreaterThan(500);
    expect(named.filter(({ isDead }) => !isDead).length / named.length).toBeLessThan(STATED);
  });

  test('its probabilities are what they say: of those at 60 to 80 %, about 70 of 100 are dead', () => {
    const random = seededRandom(5);
    const rates = Array.from({ length: 40_000 }, () => (random.gamma(2) / 2) * (11 / FIVE_YEARS) + 1e-6);
    const items = invented(rates.length, (i) => rates[i]!, YEARLY, 13);
    // with the true prior: what the moments lose to the dead is another matter
    const prior = { shape: 2, days: (2 * FIVE_YEARS) / 11 };
    const some = items
      .map((item) => ({ ...item, odds: probabilityDead(item.record, prior, YEARLY) }))
      .filter(({ odds }) => odds > 0.6 && odds < 0.8);
    const mean = some.reduce((sum, { odds }) => sum + odds, 0) / some.length;
    expect(some.length).toBeGreaterThan(500);
    expect(some.filter(({ isDead }) => isDead).length / some.length).toBeCloseTo(mean, 1);
  });

  test('agrees with the closed form of one known rate', () => {
    // For one rate: 1 / (1 + wanted / dead), dead / wanted = mu / (l + mu) (e^((l + mu) d) - 1).
    const rate = 0.02;
    const mu = 0.0005;
    const prior = { shape: 1e7, days: 1e7 / rate };
    const odds = (mu / (rate + mu)) * Math.expm1((rate + mu) * 300);
    const record = { saleDays: 8, daysToLastSale: 400, daysInStock: 700 };
    expect(probabilityDead(record, prior, mu)).toBeCloseTo(odds / (1 + odds), 4);
  });

  test('a longer silence never makes it less likely, and days out of stock are no silence', () => {
    const any = fc.record({
      saleDays: fc.integer({ min: 0, max: 500 }),
      last: fc.integer({ min: 0, max: 2000 }),
      silence: fc.integer({ min: 0, max: 1500 }),
      more: fc.integer({ min: 0, max: 500 }),
      shape: fc.double({ min: 0.05, max: 50, noNaN: true }),
      days: fc.double({ min: 1, max: 5000, noNaN: true }),
      ends: fc.double({ min: 1e-6, max: 0.01, noNaN: true }),
    });
    fc.assert(
      fc.property(any, ({ saleDays, last, silence, more, shape, days, ends }) => {
        const of = (quiet: number) =>
          probabilityDead(
            { saleDays, daysToLastSale: last, daysInStock: last + quiet },
            { shape, days },
            ends,
          );
        expect(of(silence)).toBeGreaterThanOrEqual(0);
        expect(of(silence + more)).toBeLessThanOrEqual(1);
        expect(of(silence + more)).toBeGreaterThanOrEqual(of(silence) - 1e-6);
      }),
    );
  });

  test('tells the expected interval and how usual the silence is', () => {
    const prior = ratePrior(Array.from({ length: 50 }, () => ({ saleDays: 11, daysInStock: FIVE_YEARS })))!;
    const record = { saleDays: 11, daysToLastSale: FIVE_YEARS - 90, daysInStock: FIVE_YEARS };
    expect(expectedInterval(record, prior)).toBeCloseTo(166, 0);
    expect(chanceOfSilence(record, prior)).toBeCloseTo(0.58, 2);
    expect(ratePrior([{ saleDays: 0, daysInStock: 100 }])).toBeUndefined();
  });
});
