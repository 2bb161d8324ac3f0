import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Holiday,
  holidayCounts,
  holidayRegressors,
} from '../../../../shared/core/forecast/calendar/holiday-regressors.ts';
import type { Regressor } from '../../../../shared/core/forecast/panel.ts';

const christmas: readonly Holiday[] = [2010, 2011, 2012].flatMap((year) => [
  { day: `${year}-12-25`, name: 'Christmas' },
  { day: `${year}-12-26`, name: 'Boxing Day' },
]);

const list = (column: Regressor | undefined): unknown[] => Array.from(column as ArrayLike<unknown>);

describe('days around a holiday', () => {
  const span = { frequency: 'daily', start: '2010-12-22', periods: 8 } as const;
  const found = holidayRegressors(span, christmas);
  it('count down to it and up from it', () => {
    expect(list(found['days to holiday'])).toEqual([3, 2, 1, 0, 0, 14, 14, 14]);
    expect(list(found['days since holiday'])).toEqual([14, 14, 14, 0, 0, 1, 2, 3]);
  });
  it('carry its name', () => {
    expect(list(found.holiday)).toEqual([null, null, null, 'Christmas', 'Boxing Day', null, null, null]);
    expect(list(found['holiday days'])).toEqual([0, 0, 0, 1, 1, 0, 0, 0]);
  });
});

describe('weeks and months', () => {
  it('count the days that are holidays and join their names', () => {
    // Mondays: 25 and 26 December 2010 are a weekend.
    const weeks = holidayRegressors({ frequency: 'weekly', start: '2010-12-13', periods: 3 }, christmas);
    expect(list(weeks['holiday days'])).toEqual([0, 2, 0]);
    expect(list(weeks.holiday)).toEqual([null, 'Boxing Day|Christmas', null]);
    expect(list(weeks['days to holiday'])).toEqual([6, 0, 14]);
    expect(list(weeks['days since holiday'])).toEqual([14, 0, 1]);
    const months = holidayRegressors({ frequency: 'monthly', start: '2010-11-01', periods: 3 }, christmas);
    expect(list(months['holiday days'])).toEqual([0, 2, 0]);
  });
  it('of a holiday over several days each has its part', () => {
    const fair = [{ day: '2011-02-05', name: 'Fair', days: 4 }];
    const weeks = holidayRegressors({ frequency: 'weekly', start: '2011-01-31', periods: 2 }, fair);
    expect(list(weeks['holiday days'])).toEqual([2, 2]);
  });
  it('together count every holiday once, however long the periods are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 363 }), { maxLength: 30 }), (offsets) => {
        const holidays = offsets.map((offset) => ({
          day: new Date(Date.UTC(2011, 0, 3 + offset)).toISOString().slice(0, 10),
          name: 'any',
        }));
        for (const [frequency, start, periods] of [
          ['daily', '2011-01-03', 364],
          ['weekly', '2011-01-03', 52],
          ['monthly', '2011-01-01', 12],
        ] as const) {
          const { 'holiday days': days, 'days to holiday': to } = holidayRegressors(
            { frequency, start, periods },
            holidays,
          );
          expect((days as Float64Array).reduce((sum, value) => sum + value, 0)).toBe(
            frequency === 'monthly' ? offsets.filter((o) => o < 363).length : offsets.length,
          );
          (to as Float64Array).forEach((value, p) => {
            expect(value === 0).toBe((days as Float64Array)[p]! > 0);
            expect(value).toBeLessThanOrEqual(14);
          });
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('columns for linear models', () => {
  const span = { frequency: 'weekly', start: '2010-01-04', periods: 156 } as const;
  it('hold each name that training has seen twice, and the days around it', () => {
    const counts = holidayCounts(span, [...christmas, { day: '2010-06-01', name: 'Once' }], {
      training: 120,
      before: 1,
    });
    expect(Object.keys(counts)).toEqual(['Boxing Day', 'Boxing Day -1', 'Christmas', 'Christmas -1']);
    expect(counts.Christmas!.reduce((sum, value) => sum + value, 0)).toBe(3);
  });
  it('leave out what training has not seen often enough, whatever comes later', () => {
    expect(Object.keys(holidayCounts(span, christmas, { training: 60 }))).toEqual([]);
  });
});

it('days that do not exist are refused', () => {
  const span = { frequency: 'daily', start: '2011-02-01', periods: 3 } as const;
  expect(() => holidayRegressors(span, [{ day: '2011-02-30', name: 'Never' }])).toThrow(/Never is on no day/);
  expect(() => holidayRegressors({ ...span, start: 'today' }, [])).toThrow(/no day of the calendar/);
});
