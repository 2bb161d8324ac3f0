import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, daysBetween } from '../../../shared/core/calendar/add-days.ts';
import {
  arrivalDate,
  type CalendarTerms,
  nextOrderDate,
  orderByDate,
  supplyCalendar,
} from '../../../shared/core/inventory/policies/supply-calendar.ts';

const open = supplyCalendar();
// 2026-01-01 was a Thursday.
const weekdays = [1, 2, 3, 4, 5];

describe('a day of arrival', () => {
  test('without calendars is the order day and the lead time', () => {
    expect(arrivalDate('2026-01-01', 9, open)).toBe('2026-01-10');
    expect(arrivalDate('2026-01-01', 1.2, open)).toBe('2026-01-03');
  });

  test('waits for the order day, and for the receiving day', () => {
    expect(arrivalDate('2026-01-01', 2, supplyCalendar({ receivingWeekdays: weekdays }))).toBe('2026-01-05');
    expect(arrivalDate('2026-01-01', 2, supplyCalendar({ orderWeekdays: [1] }))).toBe('2026-01-07');
    const closed = supplyCalendar({ receivingClosed: [{ from: '2026-01-03', to: '2026-01-06' }] });
    expect(arrivalDate('2026-01-01', 2, closed)).toBe('2026-01-07');
  });

  test('is later by a shutdown that lies on the way, and only then', () => {
    const shut = supplyCalendar({ shutdowns: [{ from: '2026-02-16', to: '2026-02-22' }] });
    expect(arrivalDate('2026-02-10', 10, shut)).toBe('2026-02-27');
    expect(arrivalDate('2026-02-01', 10, shut)).toBe('2026-02-11');
    expect(arrivalDate('2026-02-17', 3, shut)).toBe('2026-02-26');
  });
});

test('before a shutdown one has to order ahead', () => {
  // Tuesday the 10th is the last chance before the shutdown; the next is the 3rd of March.
  const shut = supplyCalendar({ orderWeekdays: [2], shutdowns: [{ from: '2026-02-16', to: '2026-03-01' }] });
  expect(orderByDate('2026-03-07', 5, shut)).toBe('2026-02-10');
});

test('a calendar without a weekday, with a day that is none, or a range in reverse is refused', () => {
  expect(() => supplyCalendar({ orderWeekdays: [] })).toThrow(RangeError);
  expect(() => supplyCalendar({ orderWeekdays: [0] })).toThrow(RangeError);
  expect(() => supplyCalendar({ shutdowns: [{ from: '2026-02-02', to: '2026-02-01' }] })).toThrow(RangeError);
  expect(() => supplyCalendar({ shutdowns: [{ from: '2026-02-30', to: '2026-03-01' }] })).toThrow(RangeError);
  expect(() => arrivalDate('2026-13-01', 1, open)).toThrow(RangeError);
  expect(() => arrivalDate('2026-01-01', -1, open)).toThrow(RangeError);
});

const day = fc.nat({ max: 400 }).map((days) => addDays('2026-01-01', days));
const ranges = fc.array(
  fc.tuple(day, fc.nat({ max: 20 })).map(([from, days]) => ({ from, to: addDays(from, days) })),
  { maxLength: 4 },
);
const someWeekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
const calendars = fc
  .record({
    orderWeekdays: someWeekdays,
    shutdowns: ranges,
    receivingWeekdays: someWeekdays,
    receivingClosed: ranges,
  })
  .map((terms: CalendarTerms) => supplyCalendar(terms));
const leadTime = fc.nat({ max: 60 });

describe('on any calendar', () => {
  test('what is ordered by the order-by date is there in time, and the next order day is too late', () => {
    fc.assert(
      fc.property(calendars, day, leadTime, (calendar, need, days) => {
        const order = orderByDate(need, days, calendar);
        expect(order).not.toBeNull();
        expect(nextOrderDate(order!, calendar)).toBe(order);
        expect(arrivalDate(order!, days, calendar) <= need).toBe(true);
        const later = nextOrderDate(addDays(order!, 1), calendar);
        expect(arrivalDate(later, days, calendar) > need).toBe(true);
      }),
    );
  });

  test('later orders and longer lead times never arrive earlier', () => {
    fc.assert(
      fc.property(
        calendars,
        day,
        leadTime,
        fc.nat({ max: 30 }),
        fc.nat({ max: 10 }),
        (calendar, order, days, wait, more) => {
          const first = arrivalDate(order, days, calendar);
          expect(daysBetween(order, first)).toBeGreaterThanOrEqual(days);
          expect(arrivalDate(addDays(order, wait), days, calendar) >= first).toBe(true);
          expect(arrivalDate(order, days + more, calendar) >= first).toBe(true);
        },
      ),
    );
  });

  test('another closed day never makes an arrival earlier', () => {
    fc.assert(
      fc.property(ranges, ranges, day, leadTime, (few, more, order, days) => {
        const before = arrivalDate(order, days, supplyCalendar({ shutdowns: few }));
        const after = arrivalDate(order, days, supplyCalendar({ shutdowns: [...few, ...more] }));
        expect(after >= before).toBe(true);
      }),
    );
  });
});
