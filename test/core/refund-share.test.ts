import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mostToReceive } from '../../shared/core/inventory/most-to-receive.ts';
import { refundShare } from '../../shared/core/inventory/refund-share.ts';
import { shrinkageAnomaly } from '../../shared/core/inventory/shrinkage-anomaly.ts';

it('the shares of a line that comes back in any parts add up to what it brought', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), parts, (revenue, units) => {
      const quantity = units.reduce((sum, part) => sum + part, 0);
      let [returned, refunded] = [0, 0];
      for (const part of units) {
        const share = refundShare({ quantity, revenue, returned, refunded }, part);
        expect(share).toBeGreaterThanOrEqual(0);
        returned += part;
        refunded += share;
      }
      expect(refunded).toBe(revenue);
    }),
  );
});

it('a share is never more than is left, nor of more units than there are', () => {
  expect(refundShare({ quantity: 3, revenue: 100_000, returned: 1, refunded: 90_000 }, 2)).toBe(10_000);
  expect(refundShare({ quantity: 3, revenue: 100_000, returned: 1, refunded: 120_000 }, 2)).toBe(0);
  expect(() => refundShare({ quantity: 3, revenue: 1, returned: 2, refunded: 0 }, 2)).toThrow(RangeError);
});

it('a tolerance is of whole units', () => {
  expect([mostToReceive(10, 0), mostToReceive(10, 10), mostToReceive(10, 15), mostToReceive(9, 10)]).toEqual([
    10, 11, 11, 9,
  ]);
  expect(() => mostToReceive(-1, 0)).toThrow(RangeError);
});

it('a single missing piece is no anomaly, nine instead of four are', () => {
  expect(shrinkageAnomaly(1, 0)).toBe(1);
  expect(shrinkageAnomaly(9, 4)).toBe(2.5);
});
