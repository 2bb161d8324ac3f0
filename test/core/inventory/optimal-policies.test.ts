import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPolicy } from '../../../shared/core/inventory/policies/fit-policy.ts';
import {
  leastUnitCost,
  lotSizingCost,
  silverMeal,
  wagnerWhitin,
} from '../../../shared/core/inventory/policies/lot-sizing.ts';
import {
  lotRule,
  lotRuleCost,
  optimalCountLotRule,
} from '../../../shared/core/inventory/policies/optimal-r-q.ts';
import { optimalReorderPair, reorderPairCost } from '../../../shared/core/inventory/policies/optimal-s-s.ts';
import { orderUpToOf, reorderPointOf } from '../../../shared/core/inventory/policies/policy-rule.ts';
import {
  type PriceBreakInput,
  purchaseCost,
  quantityWithPriceBreaks,
} from '../../../shared/core/inventory/policies/price-breaks.ts';
import { inventoryPosition } from '../../../shared/core/inventory/position.ts';

const cost = fc.record({
  holding: fc.double({ min: 0.1, max: 3, noNaN: true }),
  shortage: fc.double({ min: 0.5, max: 20, noNaN: true }),
  perOrder: fc.double({ min: 0.1, max: 60, noNaN: true }),
});
const few = { numRuns: 40 };

describe('nothing is cheaper than', () => {
  test('the plan of Wagner and Whitin: all plans of up to nine periods are looked at', () => {
    const demand = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 60 })), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(
        demand,
        fc.nat({ max: 200 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (units, perOrder, holding) => {
          const input = { demand: units, perOrder, holding };
          let least = Number.POSITIVE_INFINITY;
          for (let plan = 0; plan < 1 << units.length; plan++) {
            const orders = units.map(() => 0);
            let last = -1;
            for (const [t, wanted] of units.entries()) {
              if (plan & (1 << t)) last = t;
              if (last >= 0) orders[last]! += wanted;
              else if (wanted > 0) last = -2;
              if (last === -2) break;
            }
            if (last !== -2) least = Math.min(least, lotSizingCost(orders, input));
          }
          const best = wagnerWhitin(input);
          expect(best.cost).toBeCloseTo(least, 6);
          expect(lotSizingCost(best.orders, input)).toBeCloseTo(least, 6);
          for (const other of [silverMeal(input), leastUnitCost(input)]) {
            expect(other.cost).toBeGreaterThanOrEqual(least - 1e-6);
            expect(other.orders.reduce((sum, each) => sum + each, 0)).toBe(
              units.reduce((sum, each) => sum + each, 0),
            );
          }
        },
      ),
      few,
    );
  });

  test('the (s,S) of Zheng and Federgruen, among all pairs around it', () => {
    const period = fc.record({
      mean: fc.double({ min: 0.2, max: 8, noNaN: true }),
      spread: fc.double({ min: 1, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(period, cost, fc.nat({ max: 3 }), ({ mean, spread }, prices, leadTimePeriods) => {
        const input = { period: { mean, variance: mean * spread }, leadTimePeriods, cost: prices };
        const best = optimalReorderPair(input);
        expect(reorderPairCost(best.reorderPoint, best.orderUpTo, input)).toBeCloseTo(best.cost, 9);
        for (let s = best.reorderPoint - 4; s <= best.reorderPoint + 4; s++) {
          for (let upTo = Math.max(s + 1, best.orderUpTo - 6); upTo <= best.orderUpTo + 6; upTo++) {
            expect(reorderPairCost(s, upTo, input)).toBeGreaterThanOrEqual(best.cost - 1e-9 * best.cost);
          }
        }
      }),
      few,
    );
  });

  test('the (r,Q) for counts and the exact one for normal demand, among pairs around them', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 20, noNaN: true }),
        fc.double({ min: 0.3, max: 4, noNaN: true }),
        cost,
        (rate, time, prices) => {
          const lead = { mean: rate * time, deviation: Math.sqrt(rate * time) };
          const input = { demandRate: rate, lead, cost: prices };
          const exact = lotRule('exact', input);
          const least = lotRuleCost(exact, input);
          for (const r of [-2, -0.3, 0, 0.3, 2]) {
            for (const q of [0.8, 0.97, 1, 1.03, 1.3]) {
              const other = { reorderPoint: exact.reorderPoint + r, quantity: exact.quantity * q };
              expect(lotRuleCost(other, input)).toBeGreaterThanOrEqual(least * (1 - 1e-9));
            }
          }
          const counts = { mean: lead.mean, variance: lead.mean };
          const whole = optimalCountLotRule(rate, counts, prices);
          const without = optimalCountLotRule(rate, counts, { ...prices, perOrder: prices.perOrder * 2 });
          expect(without.cost).toBeGreaterThan(whole.cost);
          expect(without.quantity).toBeGreaterThanOrEqual(whole.quantity);
        },
      ),
      few,
    );
  });

  test.each(['all-units', 'incremental'] as const)(
    'the quantity with %s price breaks, among quantities up to 3,000',
    (kind) => {
      const breaks = fc
        .tuple(
          fc.integer({ min: 2, max: 300 }),
          fc.integer({ min: 301, max: 900 }),
          fc.integer({ min: 10, max: 99 }),
        )
        .map(([a, b, cheaper]) => [
          { from: 0, unitCost: 10 },
          { from: a, unitCost: 9.5 },
          { from: b, unitCost: cheaper / 11 },
        ]);
      fc.assert(
        fc.property(
          breaks,
          fc.double({ min: 1, max: 500, noNaN: true }),
          fc.double({ min: 0.05, max: 0.4, noNaN: true }),
          fc.double({ min: 10, max: 3000, noNaN: true }),
          (prices, perOrder, holdingRate, demand) => {
            const input: PriceBreakInput = { breaks: prices, kind, perOrder, holdingRate, demand };
            const best = quantityWithPriceBreaks(input);
            const costOf = (q: number) => {
              const goods = purchaseCost(q, prices, kind);
              return (goods * demand) / q + (perOrder * demand) / q + (holdingRate * goods) / 2;
            };
            expect(costOf(best.quantity)).toBeCloseTo(best.cost, 6);
            for (let q = 1; q <= 3000; q += 7) expect(costOf(q)).toBeGreaterThanOrEqual(best.cost - 1e-6);
          },
        ),
        few,
      );
    },
  );
});

test('the same pair comes out of costs in another currency, at the same proportion of cost', () => {
  fc.assert(
    fc.property(cost, (prices) => {
      const input = { period: { mean: 3, variance: 5 }, cost: prices };
      const dear = {
        holding: prices.holding * 8,
        shortage: prices.shortage * 8,
        perOrder: prices.perOrder * 8,
      };
      const [one, eight] = [optimalReorderPair(input), optimalReorderPair({ ...input, cost: dear })];
      expect(eight).toMatchObject({ reorderPoint: one.reorderPoint, orderUpTo: one.orderUpTo });
      expect(eight.cost).toBeCloseTo(8 * one.cost, 6);
    }),
    few,
  );
});

test('twice the demand, at an order cost that grows with it: every level by cycle service is about twice as high', () => {
  const demands = fc.array(fc.nat({ max: 100 }), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(
      demands,
      fc.nat({ max: 30 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (sample, more, value) => {
        const at = (scale: number, kind: 'R-S' | 's-S' | 'newsvendor') =>
          fitPolicy(kind, {
            leadTimeDemand: Float64Array.from(sample, (units) => scale * units),
            lookDemand: Float64Array.from(sample, (units) => scale * (units + more)),
            protectionDemand: Float64Array.from(sample, (units) => scale * (units + more)),
            betweenLooks: Float64Array.from(sample, () => scale * more),
            betweenReviews: Float64Array.from(sample, () => scale * more),
            meanDemandAPeriod: scale * 2,
            cost: { order: 16 * scale, holdingAPeriodUnit: 1, shortageUnit: 5 },
            target: { kind: 'cycle-service', value },
          });
        for (const kind of ['R-S', 's-S', 'newsvendor'] as const) {
          expect(Math.abs(orderUpToOf(at(2, kind)) - 2 * orderUpToOf(at(1, kind)))).toBeLessThanOrEqual(2);
          expect(
            Math.abs(reorderPointOf(at(2, kind))! - 2 * reorderPointOf(at(1, kind))!),
          ).toBeLessThanOrEqual(2);
        }
      },
    ),
  );
});

test('the position counts a unit once, wherever it is on its way from supplier to customer', () => {
  const unit = fc.record({
    onHand: fc.nat({ max: 99 }),
    committed: fc.nat({ max: 99 }),
    onOrder: fc.nat({ max: 99 }),
  });
  fc.assert(
    fc.property(unit, fc.nat({ max: 20 }), (state, units) => {
      const before = inventoryPosition(state);
      const received = { ...state, onHand: state.onHand + units, onOrder: state.onOrder - units };
      const shipped = { ...state, onHand: state.onHand - units, committed: state.committed - units };
      expect(inventoryPosition(received)).toBe(before);
      expect(inventoryPosition(shipped)).toBe(before);
      expect(inventoryPosition({ ...state, onOrder: state.onOrder + units })).toBe(before + units);
      expect(inventoryPosition({ ...state, committed: state.committed + units })).toBe(before - units);
    }),
  );
});
