import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clairvoyantOrders, clairvoyantRule } from '../../../shared/core/replay/clairvoyant.ts';
import { totalCost } from '../../../shared/core/replay/measures.ts';
import { replayCase } from '../../../shared/core/replay/replay-case.ts';
import { replayStock } from '../../../shared/core/replay/replay-stock.ts';
import type { ReplayTerms } from '../../../shared/core/replay/replay-terms.ts';
import { replayTermsOf } from './replay-terms-of.ts';

/** Keeping a unit of price 10 for a period costs 1, losing it 4. */
const DEAR = replayTermsOf({ leadTime: 0, holdingRate: 365.25 / 6, orderCost: 5 });

function planned(demand: number[], terms: ReplayTerms, openingStock = 0): number[] {
  const of = replayCase({ id: 'a', quantities: demand, prices: demand.map(() => 10) }, terms);
  return Array.from(clairvoyantOrders(of, { start: 0, end: demand.length, openingStock }, terms));
}

test('without a cost of an order every delivery comes just in time', () => {
  expect(planned([3, 0, 2, 7], { ...DEAR, orderCost: 0 })).toEqual([3, 0, 2, 7]);
});

test('an order is worth its cost where keeping is dearer: worked by hand', () => {
  // One order for 3 and 2: 5 + 2 of keeping. The 6 two periods on are better ordered anew.
  expect(planned([3, 2, 0, 6], DEAR)).toEqual([5, 0, 0, 6]);
});

test('a sale that earns less than its order is let go', () => {
  expect(planned([1, 0, 0, 0, 0, 0, 6], DEAR)).toEqual([0, 0, 0, 0, 0, 0, 6]);
});

test('the opening stock serves first, and nothing can come within the lead time', () => {
  expect(planned([3, 3, 3, 3], { ...DEAR, orderCost: 0, leadTime: 2 }, 4)).toEqual([3, 3, 0, 0]);
  expect(planned([3, 3, 3, 3], { ...DEAR, orderCost: 0 }, 4)).toEqual([0, 2, 3, 3]);
});

test('customers who wait are served by the next delivery when that is cheaper: worked by hand', () => {
  // Waiting costs 0.4 a unit and period: 1 waits two periods for 0.8, less than an order for 5.
  expect(planned([1, 0, 6], { ...DEAR, waitingCost: 0.1 })).toEqual([0, 0, 7]);
  // Nobody is served for a sale that earns less than its order.
  expect(planned([0, 0, 1], { ...DEAR, waitingCost: 0.1 })).toEqual([0, 0, 0]);
});

test('what does not keep is not bought ahead', () => {
  expect(planned([3, 1, 2], { ...DEAR, shelfLife: 2 })).toEqual([4, 0, 2]);
});

test.each([
  ['lost sales', {}],
  ['customers who wait', { waitingCost: 0.3 }],
  ['goods that spoil', { shelfLife: 2 }],
  ['both', { waitingCost: 0.1, shelfLife: 2 }],
])('no plan whatever costs less, with %s: all plans of small cases', (_, parts) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(0, 1, 3, 9),
      fc.array(fc.constantFrom(5, 10, 20), { minLength: 4, maxLength: 4 }),
      (demand, leadTime, openingStock, orderCost, prices) => {
        const terms = { ...DEAR, ...parts, leadTime, orderCost };
        const of = replayCase({ id: 'a', quantities: demand, prices: prices.slice(0, demand.length) }, terms);
        const span = { start: 0, end: demand.length, openingStock };
        const found = totalCost(replayStock(of, span, terms, clairvoyantRule(of, span, terms)));
        const most = demand.reduce((sum, one) => sum + one, 0);
        const orders = demand.map(() => 0);
        const tryAll = (at: number): void => {
          if (at === orders.length) {
            const other = totalCost(replayStock(of, span, terms, (t) => orders[t]!));
            expect(other).toBeGreaterThanOrEqual(found - 1e-9);
            return;
          }
          for (let steps = 0; steps <= Math.min(most, 4); steps++) {
            orders[at] = steps;
            tryAll(at + 1);
          }
          orders[at] = 0;
        };
        tryAll(0);
      },
    ),
    { numRuns: 150 },
  );
});
