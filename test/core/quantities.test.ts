import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mostToReceive } from '../../shared/core/inventory/most-to-receive.ts';
import { inventoryPosition } from '../../shared/core/inventory/position.ts';
import { refundShare } from '../../shared/core/inventory/refund-share.ts';
import { ceilToMultiple } from '../../shared/core/inventory/round-quantity.ts';

describe('a quantity in packs', () => {
  test.each([
    [13, 6, 18],
    [12, 6, 12],
    [0, 6, 0],
    [1, 1, 1],
    [0.5, 1, 1],
    // an error of rounding is no further pack
    [6.000000001, 6, 6],
    [6.001, 6, 12],
  ])('%d in packs of %d are %d', (quantity, multiple, units) => {
    expect(ceilToMultiple(quantity, multiple) + 0).toBe(units);
  });

  test.each([0, -1, Number.NaN])('packs of %d are none', (multiple) => {
    expect(() => ceilToMultiple(1, multiple)).toThrow(RangeError);
  });
});

test('the position is what is there and what comes, without what is promised', () => {
  expect(inventoryPosition({ onHand: 10, onOrder: 20, committed: 4 })).toBe(26);
});

describe('what may be received', () => {
  test.each([
    [10, 15, 11],
    [10, 10, 11],
    [10, 0, 10],
    [10, 9.99, 10],
    [0, 50, 0],
    [1_000, 0.1, 1_001],
    [3, 100, 6],
    // 0.29 x 100 is a hair less than 29
    [10_000, 0.29, 10_029],
  ])('of %d ordered with %d %% tolerated are %d', (ordered, tolerance, most) => {
    expect(mostToReceive(ordered, tolerance)).toBe(most);
  });

  test.each([
    [-1, 0],
    [1, -1],
    [Number.NaN, 0],
  ])('%d ordered with %d %% tolerated are a mistake', (ordered, tolerance) => {
    expect(() => mostToReceive(ordered, tolerance)).toThrow(RangeError);
  });
});

describe('what is given back', () => {
  const line = { quantity: 3, revenue: 100_000, returned: 0, refunded: 0 };

  test('for 3 units of 10.00 is 3.3333, 3.3333 and 3.3334', () => {
    const shares = [0, 1, 2].map((returned) =>
      refundShare({ ...line, returned, refunded: returned * 33_333 }, 1),
    );
    expect(shares).toEqual([33_333, 33_333, 33_334]);
  });

  test('for no units is nothing', () => {
    expect(refundShare(line, 0)).toBe(0);
  });

  test('is no more than is left, and nothing where more was given before', () => {
    expect(refundShare({ ...line, refunded: 99_000 }, 3)).toBe(1_000);
    expect(refundShare({ ...line, refunded: 100_001 }, 3)).toBe(0);
  });

  test('for more units than were sold, or fewer than none, is a mistake', () => {
    expect(() => refundShare({ ...line, returned: 1 }, 3)).toThrow(RangeError);
    expect(() => refundShare(line, -1)).toThrow(RangeError);
  });

  test('in whatever parts the units come back, adds up to what they brought', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 10_000_000 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (revenue, parts) => {
          const quantity = parts.reduce((sum, units) => sum + units, 0);
          let [returned, refunded] = [0, 0];
          for (const units of parts) {
            refunded += refundShare({ quantity, revenue, returned, refunded }, units);
            returned += units;
          }
          expect(refunded).toBe(revenue);
        },
      ),
    );
  });
});
