import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitedRule } from '../../../shared/core/inventory/policies/limited-rule.ts';
import {
  orderUpToOf,
  type PolicyRule,
  reorderPointOf,
} from '../../../shared/core/inventory/policies/policy-rule.ts';

const none = { minimum: null, maximum: null };
const sS = (reorderPoint: number, orderUpTo: number): PolicyRule => ({
  kind: 's-S',
  reorderPoint,
  orderUpTo,
});

describe('limits of an item', () => {
  test('a minimum lifts the level too: orders stay as large as they were', () => {
    expect(limitedRule(sS(39, 240), { ...none, minimum: 300 }, 20)).toEqual(sS(300, 501));
    expect(limitedRule(sS(39, 240), { ...none, minimum: 30 }, 20)).toEqual(sS(39, 240));
    expect(limitedRule({ kind: 's-Q', reorderPoint: 5, quantity: 9 }, { ...none, minimum: 8 }, 1)).toEqual({
      kind: 's-Q',
      reorderPoint: 8,
      quantity: 9,
    });
  });

  test('a maximum lowers the reorder point where orders would become small, not below the minimum', () => {
    expect(limitedRule(sS(39, 240), { ...none, maximum: 100 }, 20)).toEqual(sS(39, 100));
    expect(limitedRule(sS(39, 240), { ...none, maximum: 30 }, 20)).toEqual(sS(10, 30));
    expect(limitedRule(sS(39, 240), { ...none, maximum: 30 }, 50)).toEqual(sS(0, 30));
    expect(limitedRule(sS(39, 240), { minimum: 25, maximum: 30 }, 20)).toEqual(sS(25, 30));
  });

  test('keep the kind of rule, and with it its reviews', () => {
    expect(limitedRule({ kind: 'newsvendor', level: 40 }, { ...none, maximum: 30 }, 9)).toEqual({
      kind: 'newsvendor',
      level: 30,
    });
    expect(limitedRule({ kind: 'R-S', orderUpTo: 40 }, { ...none, minimum: 50 }, 9)).toEqual({
      kind: 'R-S',
      orderUpTo: 51,
    });
  });

  test('both of a min/max rule are its levels', () => {
    const rule = { kind: 'min-max', minimum: 39, maximum: 240 } as const;
    expect(limitedRule(rule, { minimum: 5, maximum: 8 }, 20)).toEqual({
      kind: 'min-max',
      minimum: 5,
      maximum: 8,
    });
  });

  test('are held by every kind, and leave a rule within them as it is', () => {
    const kinds = fc.constantFrom('s-S', 's-Q', 'R-S', 'R-s-S', 'base-stock', 'min-max', 'newsvendor');
    const limit = fc.option(fc.nat({ max: 300 }));
    fc.assert(
      fc.property(
        kinds,
        ...([
          fc.integer({ min: -1, max: 200 }),
          fc.nat({ max: 200 }),
          limit,
          limit,
          fc.nat({ max: 99 }),
        ] as const),
        (kind, s, gap, a, b, least) => {
          const minimum = a !== null && b !== null ? Math.min(a, b) : a;
          const maximum = a !== null && b !== null ? Math.max(a, b) : b;
          const rule = ruleOf(kind, s, s + 1 + gap);
          const found = limitedRule(rule, { minimum, maximum }, least);
          expect(found.kind).toBe(kind);
          const [point, level] = [reorderPointOf(found)!, orderUpToOf(found)];
          if (maximum !== null) expect(level).toBeLessThanOrEqual(maximum);
          if (minimum !== null && (maximum === null || minimum < maximum))
            expect(point).toBeGreaterThanOrEqual(minimum);
          if (
            (minimum ?? -1) <= reorderPointOf(rule)! &&
            (maximum ?? 999) >= orderUpToOf(rule) &&
            (kind !== 'min-max' || a === null || b === null)
          )
            expect(found).toEqual(rule);
        },
      ),
    );
  });
});

function ruleOf(kind: string, reorderPoint: number, orderUpTo: number): PolicyRule {
  switch (kind) {
    case 's-Q':
      return { kind, reorderPoint, quantity: orderUpTo - reorderPoint };
    case 'R-S':
      return { kind, orderUpTo };
    case 'base-stock':
    case 'newsvendor':
      return { kind, level: orderUpTo };
    case 'min-max':
      return { kind, minimum: reorderPoint, maximum: orderUpTo };
    default:
      return { kind: kind as 's-S' | 'R-s-S', reorderPoint, orderUpTo };
  }
}
