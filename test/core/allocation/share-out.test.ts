import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from '../../../shared/core/allocation/allocate.ts';
import { floorToLot, type Limits, type Lot, nextQuantity } from '../../../shared/core/allocation/limits.ts';
import { shareOut } from '../../../shared/core/allocation/share-out.ts';

const lot: fc.Arbitrary<Lot> = fc.record(
  {
    budget: fc.integer({ min: 0, max: 500 }),
    volume: fc.integer({ min: 0, max: 20 }),
    minimum: fc.integer({ min: 0, max: 30 }),
    multiple: fc.integer({ min: 1, max: 12 }),
    most: fc.integer({ min: 0, max: 200 }),
  },
  { requiredKeys: ['most'] },
);
const limits: fc.Arbitrary<Limits> = fc.record(
  {
    budget: fc.integer({ min: 0, max: 50_000 }),
    units: fc.integer({ min: 0, max: 1000 }),
    volume: fc.integer({ min: 0, max: 2000 }),
  },
  { requiredKeys: [] },
);
const wanting = fc.array(fc.record({ lot, weight: fc.integer({ min: 0, max: 50 }) }), { maxLength: 25 });

test('shares are lots within their most, keep every limit, and leave nothing that somebody could take', () => {
  fc.assert(
    fc.property(wanting, limits, (items, most) => {
      const lots = items.map((item) => item.lot);
      const quantities = shareOut(
        lots,
        items.map((item) => item.weight),
        most,
      );
      const used = (resource: 'budget' | 'volume') =>
        quantities.reduce((sum, units, i) => sum + units * (lots[i]![resource] ?? 0), 0);
      const units = quantities.reduce((sum, quantity) => sum + quantity, 0);
      const keepsAll = (budget: number, volume: number, count: number): boolean =>
        budget <= (most.budget ?? Infinity) &&
        volume <= (most.volume ?? Infinity) &&
        count <= (most.units ?? Infinity);
      expect(keepsAll(used('budget'), used('volume'), units)).toBe(true);
      for (const [i, quantity] of quantities.entries()) {
        expect(floorToLot(quantity, lots[i]!)).toBe(quantity);
        expect(quantity).toBeLessThanOrEqual(lots[i]!.most!);
        if (items[i]!.weight === 0) expect(quantity).toBe(0);
        else {
          const more = nextQuantity(quantity, lots[i]!) - quantity;
          if (more < Infinity)
            expect(
              keepsAll(
                used('budget') + more * (lots[i]!.budget ?? 0),
                used('volume') + more * (lots[i]!.volume ?? 0),
                units + more,
              ),
            ).toBe(false);
        }
      }
    }),
  );
});

test('what an item may not take goes to the others in proportion', () => {
  const items = [
    { sold: 60, stock: 0, most: 10 },
    { sold: 30, stock: 30 },
    { sold: 10, stock: 90 },
  ];
  expect(allocate({ strategy: 'popularity', limits: { units: 100 }, items }).quantities).toEqual([
    10, 68, 22,
  ]);
});

test('with packs, minima and a budget: packs only, and nothing where the minimum is not reached', () => {
  const items = [
    { sold: 50, stock: 0, multiple: 12, budget: 2, most: 1000 },
    { sold: 45, stock: 0, multiple: 5, budget: 1, most: 1000 },
    { sold: 5, stock: 0, minimum: 100, budget: 1, most: 1000 },
  ];
  // exact shares are 67.6, 60.8 and 6.8 units; 60 and 60 leave 20: enough for neither 12 more nor 100
  const { quantities, used, left } = allocate({ strategy: 'popularity', limits: { budget: 200 }, items });
  expect(quantities).toEqual([60, 80, 0]);
  expect(used).toEqual({ budget: 200, units: 140, volume: 0, weight: 0 });
  expect(left).toEqual({ budget: 0 });
});

test('prices and budget in another currency change nothing', () => {
  fc.assert(
    fc.property(
      wanting,
      fc.integer({ min: 0, max: 50_000 }),
      fc.constantFrom(0.25, 2, 1024),
      (items, budget, rate) => {
        const weights = items.map((item) => item.weight);
        const lots = items.map((item) => item.lot);
        const scaled = lots.map((one) => ({ ...one, budget: (one.budget ?? 0) * rate }));
        expect(shareOut(scaled, weights, { budget: budget * rate })).toEqual(
          shareOut(lots, weights, { budget }),
        );
      },
    ),
  );
});

test('refuses lots and limits that say nothing sensible', () => {
  const share = (lots: Lot[], most: Limits) => () => shareOut(lots, [1], most);
  expect(share([{ multiple: 0 }], { units: 1 })).toThrow(/multiple/);
  expect(share([{ minimum: -1 }], { units: 1 })).toThrow(/minimum/);
  expect(share([{ budget: Number.NaN }], { units: 1 })).toThrow(/budget/);
  expect(share([{}], { units: -1 })).toThrow(/units limit/);
  expect(share([{ volume: 2 }], { budget: 10 })).toThrow(/no most/);
  expect(() => allocate({ strategy: 'fair', limits: {}, items: [{}] })).toThrow(/limit/);
});
