import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../../shared/core/calendar/add-days.ts';
import { fefo, fitsOpening, type Lot, type StockFlow } from '../../../../shared/core/inventory/waste/fefo.ts';
import { AGE_BUCKETS, stockAge } from '../../../../shared/core/inventory/waste/stock-age.ts';
import {
  expiryTurns,
  type LotLeft,
  projectExpiry,
  unsellable,
  unsellableOfPaths,
} from '../../../../shared/core/inventory/waste/unsellable.ts';

const day = (n: number) => addDays('2020-01-01', n);
const lot = (lotId: number, expiry: number | null, received = 0): Lot => ({
  lotId,
  expiryDate: expiry === null ? null : day(expiry),
  receivedDate: day(received),
});
const flow = (at: number, quantity: number, lotId: number | null = null, isExpiry = false): StockFlow => ({
  day: day(at),
  quantity,
  lotId,
  isExpiry,
});
const leftOf = (lots: readonly Lot[], flows: readonly StockFlow[]) => {
  const { left, unlotted } = fefo(lots, flows);
  return [...lots.map((one) => left.get(one.lotId)), unlotted];
};

const anyFlow = fc.record({
  at: fc.integer({ min: 0, max: 40 }),
  quantity: fc.integer({ min: -12, max: 12 }),
  lotId: fc.option(fc.integer({ min: 1, max: 4 })),
  isExpiry: fc.boolean(),
});

const anyLots = fc.tuple(
  ...[1, 2, 3, 4].map((id) => fc.option(fc.integer({ min: 0, max: 40 })).map((end) => lot(id, end))),
);

describe('first expired, first out', () => {
  test('a sale takes the lot that expires first, though it came last', () => {
    const lots = [lot(1, 30), lot(2, 10)];
    expect(leftOf(lots, [flow(0, 5, 1), flow(1, 5, 2), flow(2, -6)])).toEqual([4, 0, 0]);
  });

  test('a lot that had not come cannot have been sold, however early it expires', () => {
    const lots = [lot(1, 30), lot(2, 10)];
    expect(leftOf(lots, [flow(0, 5, 1), flow(2, -3), flow(3, 5, 2)])).toEqual([2, 5, 0]);
  });

  test('goods of no known lot leave after dated ones, before what is past its day', () => {
    expect(leftOf([lot(1, 10)], [flow(0, 4), flow(0, 3, 1), flow(1, -5)])).toEqual([0, 2]);
    expect(leftOf([lot(1, 10)], [flow(0, 4), flow(0, 3, 1), flow(11, -5)])).toEqual([2, 0]);
  });

  test('what is written off by name was not sold before', () => {
    const lots = [lot(1, 10), lot(2, 20)];
    const flows = [flow(0, 5, 1), flow(0, 5, 2), flow(3, -6), flow(11, -5, 1, true)];
    expect(leftOf(lots, flows)).toEqual([0, 0, -1]);
    expect(leftOf(lots, [flow(0, 5, 1), flow(0, 5, 2), flow(3, -4), flow(11, -5, 1, true)])).toEqual([
      0, 1, 0,
    ]);
  });

  test('what comes later of a lot covers what is written off later: nothing earlier is held back for it', () => {
    const lots = [lot(1, 10), lot(2, 150)];
    const flows = [flow(0, 5, 1), flow(0, 10, 2), flow(1, -5), flow(2, 3, 1)];
    expect(leftOf(lots, flows)).toEqual([3, 10, 0]);
    expect(leftOf(lots, [...flows, flow(11, -3, 1, true)])).toEqual([0, 10, 0]);
  });

  test('writing off what is left of a lot leaves nothing of it and all of the others', () => {
    const written = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyLots, fc.array(anyFlow, { maxLength: 40 }), written, (lots, some, offs) => {
        const flows = some.map((one) => flow(one.at, one.quantity, one.lotId, one.isExpiry));
        let at = 40;
        for (const [row, later] of offs) {
          at += later;
          const before = leftOf(lots, flows);
          if (before[row] === 0) continue;
          flows.push(flow(at, -before[row]!, row + 1, true));
          expect(leftOf(lots, flows)).toEqual(before.map((units, i) => (i === row ? 0 : units)));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('folding on from an opening that fits is folding all, with the lots that matter still', () => {
    let fitting = 0;
    fc.assert(
      fc.property(anyLots, fc.array(anyFlow, { maxLength: 40 }), (lots, some) => {
        const flows = some.map((one) => flow(one.at, one.quantity, one.lotId, one.isExpiry));
        const before = flows.filter((one) => one.day <= day(20));
        const later = flows.filter((one) => one.day > day(20));
        const opening = fefo(lots, before);
        if (!fitsOpening(opening, later)) return;
        fitting++;
        const open = lots.filter(
          ({ lotId }) => opening.left.get(lotId)! > 0 || later.some((one) => one.lotId === lotId),
        );
        const { left, unlotted } = fefo(open, later, opening);
        expect([...lots.map(({ lotId }) => left.get(lotId) ?? 0), unlotted]).toEqual(leftOf(lots, flows));
      }),
      { numRuns: 1_000 },
    );
    expect(fitting).toBeGreaterThan(50);
  });

  test('an expiry that names no lot takes what is past its day', () => {
    const lots = [lot(1, 10), lot(2, 20)];
    expect(leftOf(lots, [flow(0, 5, 1), flow(0, 5, 2), flow(12, -5, null, true)])).toEqual([0, 5, 0]);
  });

  test('goods that are owed are paid back by the next to come', () => {
    expect(leftOf([lot(1, 10)], [flow(0, -3), flow(1, 5, 1)])).toEqual([2, 0]);
  });

  test('the lots and what is in none of them are what is on hand, whatever happens', () => {
    fc.assert(
      fc.property(anyLots, fc.array(anyFlow, { maxLength: 40 }), (lots, some) => {
        const flows = some.map((one) => flow(one.at, one.quantity, one.lotId, one.isExpiry));
        const { left, unlotted } = fefo(lots, flows);
        const sum = [...left.values()].reduce((all, units) => all + units, unlotted);
        expect(sum).toBe(flows.reduce((all, one) => all + one.quantity, 0));
        for (const units of left.values()) expect(units).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('the order in which movements of a day are told changes nothing', () => {
    const lots = [lot(1, 10), lot(2, 20)];
    const flows = [flow(0, 5, 1), flow(0, 5, 2), flow(0, 3), flow(2, -4), flow(2, -2, 2), flow(3, -1)];
    fc.assert(
      fc.property(fc.shuffledSubarray(flows, { minLength: flows.length }), (shuffled) => {
        expect(leftOf(lots, shuffled)).toEqual(leftOf(lots, flows));
      }),
    );
  });
});

const anyLeft = fc
  .array(
    fc.record({
      end: fc.option(fc.integer({ min: -3, max: 30 })),
      left: fc.integer({ min: 0, max: 20 }),
    }),
    { maxLength: 6 },
  )
  .map((some) => some.map(({ end, left }, i): LotLeft => ({ ...lot(i + 1, end), left })));
const anyDemand = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 });

describe('what will expire unsold', () => {
  test('is what is left after the demand up to its day, less what earlier lots took', () => {
    const lots = [
      { ...lot(1, 2), left: 10 },
      { ...lot(2, 5), left: 10 },
    ];
    expect(unsellable(lots, 2, day(0)).map(({ quantity }) => quantity)).toEqual([6, 4]);
    expect(unsellable(lots, 10, day(0))).toEqual([]);
  });

  test('is all of what is past its day, and nothing of what keeps', () => {
    const lots = [
      { ...lot(1, 0), left: 3 },
      { ...lot(2, null), left: 7 },
    ];
    expect(unsellable(lots, 100, day(0))).toEqual([{ lotId: 1, expiryDate: day(0), quantity: 3 }]);
  });

  test('comes lot by lot: each has the days that earlier ones leave it', () => {
    const two = [
      { ...lot(1, 4), left: 20 },
      { ...lot(2, 8), left: 15 },
    ];
    expect(expiryTurns(two, 2, day(0))).toEqual([
      { expiryDate: day(4), left: 20, unsellable: 12, wait: 0, days: 4 },
      { expiryDate: day(8), left: 15, unsellable: 7, wait: 4, days: 4 },
    ]);
    fc.assert(
      fc.property(anyLeft, fc.constantFrom(0, 0.1, 0.4, 1, 2.5), (lots, perDay) => {
        const turns = expiryTurns(lots, perDay, day(0));
        const dated = lots.filter(({ expiryDate }) => expiryDate !== null && expiryDate > day(0));
        expect(turns.reduce((sum, { left }) => sum + left, 0)).toBe(
          dated.reduce((sum, { left }) => sum + left, 0),
        );
        let free = 0;
        for (const { expiryDate, wait, days, left, unsellable: lost } of turns) {
          expect(days).toBeGreaterThan(0);
          expect(day(wait + days)).toBe(expiryDate);
          expect(lost).toBeLessThanOrEqual(left);
          if (perDay > 0) expect(wait).toBeGreaterThanOrEqual(free);
          if (lost > 1e-9) free = wait + days;
        }
      }),
    );
  });

  test('agrees with the projection day by day, which sells nothing after its day and loses no unit', () => {
    fc.assert(
      fc.property(anyLeft, anyDemand, fc.integer({ min: 0, max: 20 }), (lots, demand, other) => {
        const rows = projectExpiry(lots, other, demand, day(0), 40);
        const there = lots.reduce((sum, one) => sum + one.left, other);
        const sold = rows.reduce((sum, row) => sum + row.sold, 0);
        const expired = rows.reduce((sum, row) => sum + row.expired, 0);
        expect(sold + expired + rows.at(-1)!.left).toBe(there);
        expect(expired).toBe(
          unsellable(lots, demand, day(0)).reduce((sum, { quantity }) => sum + quantity, 0),
        );
      }),
    );
  });

  test('more demand never wastes more, and the average of futures is never below the average future', () => {
    fc.assert(
      fc.property(anyLeft, fc.array(anyDemand, { minLength: 1, maxLength: 5 }), (lots, some) => {
        const days = 30;
        const paths = some.map((path) => Array.from({ length: days }, (_, i) => path[i % path.length]!));
        const mean = Array.from({ length: days }, (_, i) =>
          paths.reduce((sum, path) => sum + path[i]! / paths.length, 0),
        );
        const total = (wasted: readonly { quantity: number }[]) =>
          wasted.reduce((sum, { quantity }) => sum + quantity, 0);
        const short = lots.filter((one) => one.expiryDate === null || one.expiryDate <= day(days));
        expect(total(unsellableOfPaths(short, paths, day(0)))).toBeGreaterThanOrEqual(
          total(unsellable(short, mean, day(0))) - 1e-9,
        );
        const more = mean.map((units) => units + 1);
        expect(total(unsellable(short, more, day(0)))).toBeLessThanOrEqual(
          total(unsellable(short, mean, day(0))) + 1e-9,
        );
      }),
    );
  });
});

test('ages of stock sum to what is on hand, and the youngest arrivals are what is there', () => {
  expect(stockAge(10, [4, 0, 20, 0, 0, 0])).toEqual({ buckets: [4, 0, 6, 0, 0, 0], unknown: 0 });
  expect(stockAge(10, [4, 0, 0, 0, 0, 1])).toEqual({ buckets: [4, 0, 0, 0, 0, 1], unknown: 5 });
  const arrivals = fc.array(fc.integer({ min: 0, max: 50 }), {
    minLength: AGE_BUCKETS.length,
    maxLength: AGE_BUCKETS.length,
  });
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 200 }), arrivals, (onHand, came) => {
      const { buckets, unknown } = stockAge(onHand, came);
      expect(buckets.reduce((sum, units) => sum + units, unknown)).toBe(Math.max(0, onHand));
      for (const [i, units] of buckets.entries()) expect(units).toBeLessThanOrEqual(came[i]!);
    }),
  );
});
