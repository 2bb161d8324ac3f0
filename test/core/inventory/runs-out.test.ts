import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOut } from '../../../shared/core/inventory/runs-out.ts';

const steady = { available: 5, demand: [7], periodDays: 7, offset: 0, arrivals: [] };

test('five units at one a day are gone on day five, and three are lost until day eight', () => {
  const { day, short } = runsOut(steady, 8);
  expect(day).toBe(5);
  expect(short).toBeCloseTo(3, 9);
  expect(runsOut(steady, 5)).toEqual({ day: undefined, short: 0 });
});

test('what comes in between counts from its day on, and what should have come already at once', () => {
  expect(runsOut({ ...steady, arrivals: [{ day: 5, quantity: 3 }] }, 8).day).toBeUndefined();
  expect(runsOut({ ...steady, arrivals: [{ day: 6, quantity: 3 }] }, 8)).toMatchObject({ day: 5 });
  expect(runsOut({ ...steady, arrivals: [{ day: -4, quantity: 3 }] }, 8).day).toBeUndefined();
});

test('periods that began before today are walked from where today lies in them', () => {
  const { day } = runsOut({ available: 6, demand: [7, 70], periodDays: 7, offset: -3, arrivals: [] }, 20);
  // four days of one, then ten a day
  expect(day).toBe(4);
});

test('more stock never runs out earlier, a longer wait never loses less, nothing is lost while there is stock', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 200 }),
      fc.array(fc.double({ min: 0, max: 80, noNaN: true }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.record({ day: fc.integer({ min: -3, max: 50 }), quantity: fc.nat({ max: 40 }) }), {
        maxLength: 4,
      }),
      fc.integer({ min: 0, max: 60 }),
      (available, demand, arrivals, until) => {
        const at = (units: number, last: number) =>
          runsOut({ available: units, demand, periodDays: 7, offset: 0, arrivals }, last);
        const { day, short } = at(available, until);
        const more = at(available + 10, until);
        expect(more.short).toBeLessThanOrEqual(short + 1e-9);
        expect(more.day ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(day ?? Number.POSITIVE_INFINITY);
        expect(at(available, until + 5).short).toBeGreaterThanOrEqual(short - 1e-9);
        expect(day === undefined).toBe(short === 0);
        const wanted = Array.from(
          { length: until },
          (_, d) => demand[Math.min(demand.length - 1, Math.floor(d / 7))]! / 7,
        );
        expect(short).toBeLessThanOrEqual(wanted.reduce((sum, one) => sum + one, 0) + 1e-6);
      },
    ),
  );
});
