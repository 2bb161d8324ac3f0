import fc from 'fast-check';
import { expect, test } from 'vitest';
import { landedUnitCost, shareCents, spreadCharges } from '../../../shared/core/inventory/landed-cost.ts';

const cents = fc.integer({ min: 0, max: 100_000_000 });
const weight = fc.double({ min: 0, max: 1e9, noNaN: true });

test('shares add up to the cent, and none is a cent or more away from its exact part', () => {
  fc.assert(
    fc.property(cents, fc.array(weight, { minLength: 1, maxLength: 60 }), (amount, weights) => {
      const shares = shareCents(amount, weights);
      const total = weights.reduce((sum, one) => sum + one, 0);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
      for (const [i, share] of shares.entries()) {
        const exact = total > 0 ? amount * (weights[i]! / total) : amount / weights.length;
        expect(Math.abs(share - exact)).toBeLessThanOrEqual(1 + 1e-6 * Math.abs(exact));
      }
    }),
  );
});

test('equal weights share as equally as cents allow, the first ones more', () => {
  expect(shareCents(1000, [1, 1, 1])).toEqual([334, 333, 333]);
  expect(shareCents(5, [0, 0])).toEqual([3, 2]);
  expect(shareCents(0, [])).toEqual([]);
  expect(() => shareCents(1, [])).toThrow(RangeError);
  expect(() => shareCents(1, [-1])).toThrow(RangeError);
  expect(() => shareCents(0.5, [1])).toThrow(RangeError);
});

test('freight by weight, duty by value, handling by quantity: a worked order', () => {
  // 100 mugs at 2.00, 0.4 kg; 20 lamps at 15.00, 3 kg: value 200 : 300, units 100 : 20, weight 40 : 60
  const lines = [
    { quantity: 100, unitCost: 20_000, unitWeight: 0.4 },
    { quantity: 20, unitCost: 150_000, unitWeight: 3 },
  ];
  const shares = spreadCharges(lines, [
    { cents: 10_000, basis: 'weight' },
    { cents: 5_000, basis: 'value' },
    { cents: 1_200, basis: 'quantity' },
  ]);
  expect(shares).toEqual([4_000 + 2_000 + 1_000, 6_000 + 3_000 + 200]);
  expect(lines.map((line, i) => landedUnitCost(line, shares[i]!))).toEqual(['2.700000', '19.600000']);
  expect(() => spreadCharges([{ quantity: 1, unitCost: 1 }], [{ cents: 1, basis: 'weight' }])).toThrow(
    RangeError,
  );
});

test('what units cost until they are here is the goods and the charges, whatever they are spread by', () => {
  const line = fc.record({
    quantity: fc.integer({ min: 1, max: 10_000 }),
    unitCost: fc.integer({ min: 0, max: 10_000_000 }),
    unitWeight: fc.double({ min: 0, max: 1000, noNaN: true }),
  });
  const charge = fc.record({
    cents: fc.integer({ min: 0, max: 10_000_000 }),
    basis: fc.constantFrom('value' as const, 'quantity' as const, 'weight' as const),
  });
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.array(charge, { maxLength: 6 }),
      (lines, charges) => {
        const shares = spreadCharges(lines, charges);
        const landed = lines.reduce(
          (sum, one, i) => sum + Number(landedUnitCost(one, shares[i]!)) * one.quantity,
          0,
        );
        const goods = lines.reduce((sum, one) => sum + (one.quantity * one.unitCost) / 10_000, 0);
        const charged = charges.reduce((sum, one) => sum + one.cents / 100, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(
          charges.reduce((sum, one) => sum + one.cents, 0),
        );
        expect(Math.abs(landed - goods - charged)).toBeLessThan(1e-6 * 1e4 * 30 + 1e-9 * (goods + charged));
      },
    ),
  );
});
