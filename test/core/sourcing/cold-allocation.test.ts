import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../shared/core/math/random.ts';
import {
  allocationBounds,
  coldAllocation,
  coldUnits,
  drawnUnits,
  type Popularity,
  popularityOf,
} from '../../../shared/core/sourcing/cold-allocation.ts';
import { readGolden } from '../read-golden.ts';

interface Golden {
  readonly rows: readonly {
    readonly rating: number;
    readonly reviews: number;
    readonly unit: number;
    readonly factor: number;
    readonly printed_factor: number;
    readonly printed_cold: number;
  }[];
  readonly totals: readonly {
    readonly total: number;
    readonly cold: readonly number[];
    readonly lower: readonly number[];
    readonly upper: readonly number[];
    readonly largest_remainder: readonly number[];
  }[];
  readonly drawn: { readonly total: number; readonly printed: readonly number[] };
}

const golden = readGolden<Golden>('allocation');
const sumOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test('the worked table: units, factors, cold allocations, bounds and whole units', () => {
  for (const row of golden.rows) expect(popularityOf(row)).toBeCloseTo(row.unit, 9);
  const factors = coldAllocation(golden.rows, 1);
  for (const [i, row] of golden.rows.entries()) {
    expect(Math.abs(factors[i]! - row.factor)).toBeLessThan(1e-12);
    expect(Math.abs(factors[i]! - row.printed_factor)).toBeLessThan(5.1e-7);
  }
  for (const { total, cold, lower, upper, largest_remainder } of golden.totals) {
    const found = coldAllocation(golden.rows, total);
    for (const [i, value] of cold.entries())
      expect(Math.abs(found[i]! - value)).toBeLessThan(1e-12 * Math.max(1, value) * 10);
    expect(found.map((value) => allocationBounds(value).lower)).toEqual(lower);
    expect(found.map((value) => allocationBounds(value).upper)).toEqual(upper);
    expect(coldUnits(golden.rows, total)).toEqual(largest_remainder);
  }
});

test('the printed cold allocations are those of a total of 1320', () => {
  const cold = coldAllocation(golden.rows, 1320);
  for (const [i, row] of golden.rows.entries())
    expect(Math.abs(cold[i]! - row.printed_cold)).toBeLessThanOrEqual(0.00501);
});

test('the printed draw lies within the bounds of its total', () => {
  const { total, printed } = golden.drawn;
  for (const [i, cold] of coldAllocation(golden.rows, total).entries()) {
    const { lower, upper } = allocationBounds(cold);
    expect(printed[i]).toBeGreaterThanOrEqual(lower);
    expect(printed[i]).toBeLessThanOrEqual(upper);
  }
});

const popularity: fc.Arbitrary<Popularity> = fc.record({
  rating: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
  reviews: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
});
const products = fc.array(popularity, { minLength: 1, maxLength: 40 });
const total = fc.integer({ min: 0, max: 100_000 });

test('whole units sum to the total, and each is within one of its exact share', () => {
  fc.assert(
    fc.property(products, total, (list, units) => {
      const exact = coldAllocation(list, units);
      const whole = coldUnits(list, units);
      expect(sumOf(whole)).toBe(units);
      expect(sumOf(exact)).toBeCloseTo(units, 6);
      for (const [i, share] of whole.entries()) {
        expect(Number.isInteger(share)).toBe(true);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(Math.abs(share - exact[i]!)).toBeLessThan(1 + 1e-6);
      }
    }),
  );
});

test('of two products with ratings, the more popular never gets less', () => {
  fc.assert(
    fc.property(products, total, (list, units) => {
      const whole = coldUnits(list, units);
      const known = list
        .map((one, i) => ({ weight: popularityOf(one), units: whole[i]! }))
        .filter((one) => one.weight !== undefined)
        .sort((a, b) => a.weight! - b.weight!);
      for (let i = 1; i < known.length; i++)
        if (known[i]!.weight! > known[i - 1]!.weight!)
          expect(known[i]!.units).toBeGreaterThanOrEqual(known[i - 1]!.units);
    }),
  );
});

test('products without a rating share fairly: with three of four unknown, three quarters of the stock', () => {
  const list = [{ rating: 5, reviews: 10 }, ...Array(3).fill({ rating: null, reviews: null })];
  expect(coldUnits(list, 100)).toEqual([25, 25, 25, 25]);
  expect(coldUnits(Array(3).fill({ rating: 4, reviews: 0 }), 10)).toEqual([4, 3, 3]);
});

test('a draw keeps within the bounds, and units and what is held back sum to the total', () => {
  fc.assert(
    fc.property(products, total, fc.integer(), (list, units, seed) => {
      const drawn = drawnUnits(list, units, seededRandom(seed));
      expect(sumOf(drawn.units) + drawn.heldBack).toBe(units);
      expect(drawn.heldBack).toBeGreaterThanOrEqual(0);
      for (const [i, cold] of coldAllocation(list, units).entries()) {
        expect(drawn.units[i]).toBeGreaterThanOrEqual(0);
        expect(drawn.units[i]).toBeLessThanOrEqual(allocationBounds(cold).upper);
      }
      expect(drawnUnits(list, units, seededRandom(seed))).toEqual(drawn);
    }),
  );
});
