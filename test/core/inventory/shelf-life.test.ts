import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  orderOf,
  orderUpToOf,
  POLICY_KINDS,
  type PolicyKind,
  type PolicyRule,
} from '../../../shared/core/inventory/policies/policy-rule.ts';
import { capByShelfLife, capLevels } from '../../../shared/core/inventory/policies/shelf-life.ts';

const life = Float64Array.from({ length: 100 }, (_, i) => i + 1);

function ruleOf(kind: PolicyKind, low: number, more: number): PolicyRule {
  switch (kind) {
    case 's-S':
    case 'R-s-S':
      return { kind, reorderPoint: low, orderUpTo: low + more };
    case 'min-max':
      return { kind, minimum: low, maximum: low + more };
    case 's-Q':
      return { kind, reorderPoint: low, quantity: Math.max(1, more) };
    case 'R-S':
      return { kind, orderUpTo: low };
    case 'base-stock':
    case 'newsvendor':
      return { kind, level: low };
    case 'do-not-stock':
      return { kind };
  }
}

test('nobody fills up to 90 units when the goods live for 1 to 100 and waste costs three times what a sale brings', () => {
  const rule = { kind: 's-S', reorderPoint: 60, orderUpTo: 90 } as const;
  expect(capByShelfLife(rule, life, { shortage: 1, waste: 3 })).toEqual({
    kind: 's-S',
    reorderPoint: 24,
    orderUpTo: 25,
  });
  expect(capByShelfLife(rule, life, { shortage: 19, waste: 1 })).toEqual(rule);
});

test('a cap never raises a level, no order from below leads above it, and dearer waste never lets more in', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...POLICY_KINDS),
      fc.nat({ max: 150 }),
      fc.nat({ max: 80 }),
      fc.integer({ min: 1, max: 150 }),
      fc.nat({ max: 150 }),
      (kind, low, more, most, position) => {
        const rule = ruleOf(kind, low, more);
        const capped = capLevels(rule, most);
        expect(orderUpToOf(capped)).toBeLessThanOrEqual(orderUpToOf(rule));
        const order = orderOf(capped, position, true);
        if (order > 0) expect(position + order).toBeLessThanOrEqual(most);
        const cheap = capByShelfLife(rule, life, { shortage: 5, waste: 1 });
        const dear = capByShelfLife(rule, life, { shortage: 5, waste: 4 });
        expect(orderUpToOf(dear)).toBeLessThanOrEqual(orderUpToOf(cheap));
      },
    ),
  );
});
