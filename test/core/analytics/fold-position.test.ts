import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldPosition, type Moved } from '../../../shared/core/analytics/kpis/fold-position.ts';

const move = (day: number, units: number, more: Partial<Moved> = {}): Moved => ({
  day,
  units,
  isLearnt: false,
  isSupplied: false,
  ...more,
});
const came = (day: number, units: number) => move(day, units, { isLearnt: true, isSupplied: true });

it('folds ten days by hand: sold out on the second, filled on the sixth', () => {
  expect(foldPosition({ opening: 3, isKnown: true }, [move(1, -3), came(5, 4), move(5, -1)], 10)).toEqual({
    // one day of 3, five days of 3
    unitDays: 18,
    closing: 3,
    knownFrom: 0,
    itemDays: 10,
    daysOut: 4,
    wholeDaysOut: 3,
    cycles: 1,
    shortCycles: 1,
  });
});

it('days count from the one on which the ledger learnt what there is', () => {
  const days = foldPosition({ opening: 0, isKnown: false }, [move(1, -1), came(3, 5), came(6, 1)], 8);
  expect(days).toMatchObject({ knownFrom: 3, itemDays: 5, daysOut: 0, cycles: 1, shortCycles: 0 });
});

const moves = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: -4, max: 6 }), fc.integer({ min: 0, max: 3 }))
    .map(([day, units, kind]) =>
      move(day, units, { isLearnt: kind === 0, isSupplied: kind === 0 && units > 0 }),
    ),
  { maxLength: 12 },
);

it('is what walking day by day gives, whatever the order of movements and whatever comes after', () => {
  fc.assert(
    fc.property(moves, fc.integer({ min: -2, max: 5 }), fc.boolean(), (moved, opening, isKnown) => {
      const days = 12;
      let [level, known] = [opening, isKnown];
      const walked = { unitDays: 0, itemDays: 0, daysOut: 0, wholeDaysOut: 0, cycles: 0, shortCycles: 0 };
      for (let day = 0; day < days; day++) {
        const today = moved.filter((one) => one.day === day);
        if (known && today.some(({ isSupplied }) => isSupplied)) {
          walked.cycles++;
          if (level <= 0) walked.shortCycles++;
        }
        level += today.reduce((sum, { units }) => sum + units, 0);
        known ||= today.some(({ isLearnt }) => isLearnt);
        walked.unitDays += level;
        if (!known) continue;
        walked.itemDays++;
        if (level > 0) continue;
        walked.daysOut++;
        // a day on which something moved may have begun with stock
        if (today.length === 0) walked.wholeDaysOut++;
      }
      expect(foldPosition({ opening, isKnown }, moved, days)).toMatchObject({ ...walked, closing: level });
    }),
  );
});
