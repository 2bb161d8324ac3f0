import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FitPolicyInput,
  fitPolicy,
  fitPolicyToSorted,
} from '../../../shared/core/inventory/policies/fit-policy.ts';
import {
  orderOf,
  orderUpToOf,
  POLICY_KINDS,
  type PolicyRule,
  reorderPointOf,
} from '../../../shared/core/inventory/policies/policy-rule.ts';
import {
  levelByFillRate,
  levelByFillRateOfReview,
  sampleLoss,
} from '../../../shared/core/inventory/policies/sample-levels.ts';

const level = fc.integer({ min: 0, max: 200 });
const anyRule: fc.Arbitrary<PolicyRule> = fc.oneof(
  fc.record({ kind: fc.constant('s-S' as const), reorderPoint: level, orderUpTo: level }),
  fc.record({
    kind: fc.constant('s-Q' as const),
    reorderPoint: level,
    quantity: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({ kind: fc.constant('R-S' as const), orderUpTo: level }),
  fc.record({ kind: fc.constant('R-s-S' as const), reorderPoint: level, orderUpTo: level }),
  fc.record({ kind: fc.constant('base-stock' as const), level }),
  fc.record({ kind: fc.constant('min-max' as const), minimum: level, maximum: level }),
  fc.record({ kind: fc.constant('newsvendor' as const), level }),
  fc.constant({ kind: 'do-not-stock' as const }),
);

describe('an order of a rule', () => {
  test('(s,S) fills up, (s,Q) takes whole lots, R-rules wait for their day', () => {
    expect(orderOf({ kind: 's-S', reorderPoint: 20, orderUpTo: 50 }, 18, false)).toBe(32);
    expect(orderOf({ kind: 's-S', reorderPoint: 20, orderUpTo: 50 }, 21, true)).toBe(0);
    expect(orderOf({ kind: 's-Q', reorderPoint: 20, quantity: 10 }, 5, false)).toBe(20);
    expect(orderOf({ kind: 's-Q', reorderPoint: 20, quantity: 10 }, 20, false)).toBe(10);
    expect(orderOf({ kind: 'R-S', orderUpTo: 50 }, 18, false)).toBe(0);
    expect(orderOf({ kind: 'R-S', orderUpTo: 50 }, 18, true)).toBe(32);
    expect(orderOf({ kind: 'R-s-S', reorderPoint: 20, orderUpTo: 50 }, 21, true)).toBe(0);
    expect(orderOf({ kind: 'min-max', minimum: 0, maximum: 1 }, 0, false)).toBe(1);
  });

  test('what is not stocked is bought only when somebody waits for it', () => {
    expect(orderOf({ kind: 'do-not-stock' }, 0, true)).toBe(0);
    expect(orderOf({ kind: 'do-not-stock' }, -3, true)).toBe(3);
  });

  test('is never negative, brings the position above the reorder point, and leaves nothing to order again', () => {
    fc.assert(
      fc.property(anyRule, fc.integer({ min: -50, max: 300 }), fc.boolean(), (rule, position, isReview) => {
        const order = orderOf(rule, position, isReview);
        expect(order).toBeGreaterThanOrEqual(0);
        expect(orderOf(rule, position + order, isReview)).toBe(0);
        if (order > 0)
          expect(position + order).toBeLessThanOrEqual(Math.max(orderUpToOf(rule), position + 1));
        const point = reorderPointOf(rule);
        if (point !== null && position > point) expect(order).toBe(0);
      }),
    );
  });

  test('a lower position never wants less from (s,S), (R,S) and base stock', () => {
    fc.assert(
      fc.property(
        anyRule,
        fc.integer({ min: -50, max: 300 }),
        fc.nat({ max: 40 }),
        (rule, position, drop) => {
          expect(orderOf(rule, position - drop, true) >= orderOf(rule, position, true)).toBe(true);
        },
      ),
    );
  });
});

const demands = fc.array(fc.nat({ max: 60 }), { minLength: 20, maxLength: 80 });
const anyInput = fc
  .record({
    lead: demands,
    extra: fc.nat({ max: 25 }),
    look: fc.nat({ max: 5 }),
    mean: fc.double({ min: 0, max: 20, noNaN: true }),
    order: fc.double({ min: 0, max: 100, noNaN: true }),
    holding: fc.double({ min: 0.001, max: 2, noNaN: true }),
    shortage: fc.double({ min: 0.01, max: 50, noNaN: true }),
  })
  .map(
    ({ lead, extra, look, mean, order, holding, shortage }): Omit<FitPolicyInput, 'target'> => ({
      leadTimeDemand: Float64Array.from(lead),
      protectionDemand: Float64Array.from(lead, (value) => value + extra + look),
      lookDemand: Float64Array.from(lead, (value) => value + look),
      betweenLooks: Float64Array.from(lead, () => look),
      betweenReviews: Float64Array.from(lead, () => look + extra),
      meanDemandAPeriod: mean,
      cost: { order, holdingAPeriodUnit: holding, shortageUnit: shortage },
    }),
  );
const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const kinds = fc.constantFrom(...POLICY_KINDS);

describe('a fitted rule', () => {
  test.each(['cycle-service', 'fill-rate', 'cost'] as const)('a higher %s never lowers a level', (kind) => {
    fc.assert(
      fc.property(kinds, anyInput, share, share, (policy, input, a, b) => {
        const low = fitPolicy(policy, { ...input, target: { kind, value: Math.min(a, b) } });
        const high = fitPolicy(policy, { ...input, target: { kind, value: Math.max(a, b) } });
        expect(reorderPointOf(high) ?? 0).toBeGreaterThanOrEqual(reorderPointOf(low) ?? 0);
        expect(orderUpToOf(high)).toBeGreaterThanOrEqual(orderUpToOf(low));
      }),
    );
  });

  test('holds whole levels that are not negative, up to at least the reorder point', () => {
    fc.assert(
      fc.property(kinds, anyInput, share, (policy, input, value) => {
        const rule = fitPolicy(policy, { ...input, target: { kind: 'fill-rate', value } });
        const upTo = orderUpToOf(rule);
        expect(Number.isInteger(upTo) && upTo >= 0).toBe(true);
        expect(reorderPointOf(rule) ?? 0).toBeLessThanOrEqual(upTo);
      }),
    );
  });

  test('depends on prices only by their proportions', () => {
    fc.assert(
      fc.property(kinds, anyInput, (policy, input) => {
        const { order, holdingAPeriodUnit, shortageUnit } = input.cost;
        // a power of two changes no digit
        const dearer = {
          order: order * 4,
          holdingAPeriodUnit: holdingAPeriodUnit * 4,
          shortageUnit: shortageUnit * 4,
        };
        const target = { kind: 'cost' } as const;
        expect(fitPolicy(policy, { ...input, cost: dearer, target })).toEqual(
          fitPolicy(policy, { ...input, target }),
        );
      }),
    );
  });

  test('is the same for samples in any order, and leaves them as they are', () => {
    const lead = Float64Array.from([9, 1, 5, 3, 7]);
    const protection = Float64Array.from([12, 2, 8, 4, 10]);
    const rest = {
      lookDemand: Float64Array.from([10, 1, 6, 3, 8]),
      betweenLooks: Float64Array.from([1, 0, 1, 0, 1]),
      betweenReviews: Float64Array.from([3, 1, 3, 1, 3]),
      meanDemandAPeriod: 2,
      cost: { order: 5, holdingAPeriodUnit: 0.1, shortageUnit: 3 },
      target: { kind: 'cycle-service', value: 0.8 },
    } as const;
    const rule = fitPolicy('s-S', { leadTimeDemand: lead, protectionDemand: protection, ...rest });
    expect([...lead]).toEqual([9, 1, 5, 3, 7]);
    // one of five demands is above 7, and looks find the position where it was
    expect(rule).toEqual({ kind: 's-S', reorderPoint: 7, orderUpTo: 21 });
    expect(
      fitPolicyToSorted('s-S', {
        leadTimeDemand: lead.toSorted(),
        protectionDemand: protection.toSorted(),
        ...rest,
        lookDemand: rest.lookDemand.toSorted(),
      }),
    ).toEqual(rule);
  });

  test('keeps nothing of what nobody wants, whatever is asked for', () => {
    const none = new Float64Array(40);
    const given = { leadTimeDemand: none, lookDemand: none, protectionDemand: none };
    const rest = {
      ...{ betweenLooks: none, betweenReviews: none, meanDemandAPeriod: 0 },
      cost: { order: 25, holdingAPeriodUnit: 0.01, shortageUnit: 9 },
    };
    for (const kind of POLICY_KINDS)
      for (const target of ['cycle-service', 'fill-rate', 'cost'] as const) {
        const rule = fitPolicy(kind, { ...given, ...rest, target: { kind: target, value: 0.99 } });
        expect(orderOf(rule, 0, true)).toBe(0);
        expect(orderOf(rule, -3, true)).toBe(3);
      }
  });

  test('waits for a customer where the asked service is reached without stock', () => {
    // one future in fifty wants something
    const seldom = Float64Array.from({ length: 50 }, (_, i) => (i === 7 ? 6 : 0));
    const input = {
      ...{ leadTimeDemand: seldom, lookDemand: seldom, protectionDemand: seldom },
      ...{ betweenLooks: seldom, betweenReviews: seldom, meanDemandAPeriod: 0.01 },
      cost: { order: 25, holdingAPeriodUnit: 0.01, shortageUnit: 9 },
    };
    for (const kind of ['s-S', 's-Q', 'R-s-S', 'R-S', 'base-stock', 'min-max'] as const) {
      const at = (value: number) => fitPolicy(kind, { ...input, target: { kind: 'cycle-service', value } });
      expect(orderOf(at(0.95), 0, true)).toBe(0);
      expect(orderOf(at(0.99), 0, true)).toBeGreaterThan(0);
    }
  });

  test('orders for no longer than it may, however cheap keeping is', () => {
    const input = {
      ...{ leadTimeDemand: Float64Array.of(68, 72), lookDemand: Float64Array.of(78, 82) },
      ...{ protectionDemand: Float64Array.of(138, 142), meanDemandAPeriod: 10, mostOrder: 1800 },
      ...{ betweenLooks: Float64Array.of(10, 10), betweenReviews: Float64Array.of(70, 70) },
      cost: { order: 25, holdingAPeriodUnit: 1e-6, shortageUnit: 9 },
      target: { kind: 'cycle-service', value: 0.95 },
    } as const;
    // sqrt(2 x 25 x 10 / 1e-6) = 22,361
    for (const kind of ['s-S', 's-Q', 'R-s-S', 'min-max'] as const) {
      const rule = fitPolicy(kind, input);
      expect(orderUpToOf(rule) - reorderPointOf(rule)!).toBeLessThanOrEqual(1800);
      expect(orderUpToOf(rule) - reorderPointOf(rule)!).toBeGreaterThan(1700);
      const { mostOrder, ...uncut } = input;
      expect(orderUpToOf(fitPolicy(kind, uncut))).toBeGreaterThan(20_000);
    }
  });

  test('of a season pays for keeping what is left as long as it has been there', () => {
    const season = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    const at = (meanDemandAPeriod: number) =>
      fitPolicy('newsvendor', {
        ...{ leadTimeDemand: new Float64Array(100), lookDemand: season, protectionDemand: season },
        ...{ betweenLooks: season, betweenReviews: season, meanDemandAPeriod },
        cost: { order: 0, holdingAPeriodUnit: 0.5, shortageUnit: 1 },
        target: { kind: 'cost' },
      });
    // 50.5 a season: one period of it, 1 / 1.5; eight, 1 / 5
    expect(at(50.5)).toEqual({ kind: 'newsvendor', level: 67 });
    expect(at(50.5 / 8)).toEqual({ kind: 'newsvendor', level: 20 });
  });

  test('refuses a service of 100 % and a holding cost of nothing', () => {
    const input = {
      leadTimeDemand: Float64Array.of(1),
      lookDemand: Float64Array.of(2),
      betweenLooks: Float64Array.of(1),
      betweenReviews: Float64Array.of(1),
      protectionDemand: Float64Array.of(2),
      meanDemandAPeriod: 1,
      cost: { order: 1, holdingAPeriodUnit: 1, shortageUnit: 1 },
    };
    expect(() => fitPolicy('s-S', { ...input, target: { kind: 'fill-rate', value: 1 } })).toThrow(RangeError);
    expect(() =>
      fitPolicy('s-S', {
        ...input,
        cost: { ...input.cost, holdingAPeriodUnit: 0 },
        target: { kind: 'cost' },
      }),
    ).toThrow(RangeError);
  });
});

describe('a level by fill rate', () => {
  test('is the smallest that is short of no more than allowed', () => {
    fc.assert(
      fc.property(demands, fc.integer({ min: 1, max: 40 }), share, (sample, quantity, beta) => {
        const sorted = Float64Array.from(sample).sort();
        const short = (s: number) => sampleLoss(sorted, s) - sampleLoss(sorted, s + quantity);
        const found = levelByFillRate(sorted, quantity, beta);
        expect(short(found)).toBeLessThanOrEqual((1 - beta) * quantity + 1e-8);
        if (found > 0) expect(short(found - 1)).toBeGreaterThan((1 - beta) * quantity);
      }),
    );
  });

  test('of a review interval without demand is that of orders of one unit', () => {
    const sorted = Float64Array.from({ length: 10 }, (_, i) => i + 1);
    // P(D >= S) <= 0.2: S = 9
    expect(levelByFillRateOfReview(sorted, sorted, 0.8)).toBe(9);
  });
});

test.each(['R-S', 'R-s-S', 's-S', 'base-stock'] as const)(
  'a level by cost is the same whether keeping is priced by the day or by the week: %s',
  (kind) => {
    fc.assert(
      fc.property(demands, fc.nat({ max: 5 }), fc.nat({ max: 25 }), (lead, look, extra) => {
        const fitted = (days: number) =>
          fitPolicy(kind, {
            leadTimeDemand: Float64Array.from(lead),
            lookDemand: Float64Array.from(lead, (value) => value + look),
            protectionDemand: Float64Array.from(lead, (value) => value + look + extra),
            betweenLooks: Float64Array.from(lead, () => look),
            betweenReviews: Float64Array.from(lead, () => look + extra),
            meanDemandAPeriod: 4 * days,
            cost: { order: 5, holdingAPeriodUnit: 0.125 * days, shortageUnit: 3 },
            target: { kind: 'cost' },
          });
        // a power of two changes no digit
        expect(fitted(8)).toEqual(fitted(1));
      }),
    );
  },
);
