import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from '../../../shared/core/allocation/allocate.ts';
import {
  PROPORTIONAL_STRATEGIES,
  proportionalShares,
  type ShareSignal,
} from '../../../shared/core/allocation/proportional.ts';
import { ratingBounds, ratingScore } from '../../../shared/core/allocation/rating-score.ts';
import { restockTotal } from '../../../shared/core/allocation/restock-total.ts';
import {
  newestRows,
  originalStock,
  sellRate,
  signalsOf,
} from '../../../shared/core/allocation/sales-signal.ts';
import { largestRemainder } from '../../../shared/core/math/largest-remainder.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import {
  allocationBounds,
  coldAllocation,
  coldUnits,
} from '../../../shared/core/sourcing/cold-allocation.ts';
import { readGolden } from '../read-golden.ts';

interface Golden {
  readonly rows: readonly { rating: number; reviews: number }[];
  readonly totals: readonly {
    total: number;
    cold: readonly number[];
    largest_remainder: readonly number[];
  }[];
  readonly drawn: { readonly total: number; readonly printed: readonly number[] };
  readonly drawn_other: { readonly total: number; readonly printed: readonly number[] };
  readonly rating_score: {
    readonly total: number;
    readonly rows: readonly {
      rating: number;
      reviews: number;
      score: number;
      lower: number;
      upper: number;
      printed_allocation: number;
      printed_score?: number;
      printed_lower?: number;
      printed_upper?: number;
    }[];
  };
  readonly restock: readonly {
    factor: number;
    sold: number;
    total: number;
    fair_total: number;
    rows: readonly {
      stock: number;
      sold: number;
      original: number;
      rate: number | null;
      popularity: number | null;
      speed: number | null;
      by_popularity: number;
      by_speed: number;
      average: number;
      units: number;
      new_stock: number;
    }[];
  }[];
}

const golden = readGolden<Golden>('allocation');
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const expectClose = (found: readonly number[], expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-12 * Math.max(1, value) * 10);
};

test('the six-product restock: rates, shares by popularity, by speed, their average, and whole units', () => {
  expect(golden.restock).toHaveLength(3);
  for (const { factor, sold, total, fair_total, rows } of golden.restock) {
    const random = seededRandom(1);
    expect(sumOf(rows.map((row) => row.sold))).toBe(sold);
    expect(restockTotal(sold, { uniform: factor }, random)).toBe(total);
    for (const row of rows) {
      expect(originalStock(row)).toBe(row.original);
      expect(sellRate(row) ?? null).toBe(row.rate);
    }
    const by = (strategy: 'popularity' | 'speed' | 'average') => proportionalShares(strategy, rows, total);
    expectClose(
      by('popularity'),
      rows.map((row) => row.by_popularity),
    );
    expectClose(
      by('speed'),
      rows.map((row) => row.by_speed),
    );
    expectClose(
      by('average'),
      rows.map((row) => row.average),
    );
    // the vectors before they are scaled: what is left beside the fair share, divided
    const known = rows.filter((row) => row.rate !== null);
    expectClose(
      proportionalShares('popularity', known, total - fair_total).map(
        (units) => units / (total - fair_total),
      ),
      known.map((row) => row.popularity!),
    );
    expectClose(
      proportionalShares('speed', known, total - fair_total).map((units) => units / (total - fair_total)),
      known.map((row) => row.speed!),
    );
    const { quantities, left } = allocate({ strategy: 'average', limits: { units: total }, items: rows });
    expect(quantities).toEqual(rows.map((row) => row.units));
    expect(quantities.map((units, i) => units + rows[i]!.stock)).toEqual(rows.map((row) => row.new_stock));
    expect(left).toEqual({ units: 0 });
  }
});

test('two products by hand: 3 of 4 sold and 1 of 4 sold share 100 units 75 to 25', () => {
  const items = [
    { sold: 3, stock: 1 },
    { sold: 1, stock: 3 },
  ];
  for (const strategy of ['popularity', 'speed', 'average'] as const)
    expect(allocate({ strategy, limits: { units: 100 }, items }).quantities).toEqual([75, 25]);
  // the same sales from a tenth of the stock: popularity 1/2, speed 10/11, average 0.7045
  const fast = [
    { sold: 10, stock: 0 },
    { sold: 10, stock: 90 },
  ];
  const units = (strategy: 'popularity' | 'speed' | 'average') =>
    allocate({ strategy, limits: { units: 1100 }, items: fast }).quantities;
  expect(units('popularity')).toEqual([550, 550]);
  expect(units('speed')).toEqual([1000, 100]);
  expect(units('average')).toEqual([775, 325]);
});

test('the table of ten drills: as the first allocation, with both printed lists within the bounds of their totals', () => {
  for (const { total, cold, largest_remainder } of golden.totals) {
    expectClose(proportionalShares('initial', golden.rows, total), cold);
    expect(
      allocate({ strategy: 'initial', limits: { units: total }, items: golden.rows }).quantities,
    ).toEqual(largest_remainder);
  }
  for (const { total, printed } of [golden.drawn, golden.drawn_other])
    for (const [i, cold] of proportionalShares('initial', golden.rows, total).entries()) {
      const { lower, upper } = allocationBounds(cold);
      expect(printed[i]).toBeGreaterThanOrEqual(lower);
      expect(printed[i]).toBeLessThanOrEqual(upper);
    }
});

test('the table of ten rugs: scores, bounds, and every printed allocation within them', () => {
  const { total, rows } = golden.rating_score;
  expect(rows).toHaveLength(10);
  expect(rows.filter((row) => row.printed_score !== undefined)).toHaveLength(3);
  for (const row of rows) {
    const bounds = ratingBounds(row, total);
    expect(ratingScore(row)).toBeCloseTo(row.score, 12);
    expect(ratingScore(row)).toBeCloseTo(row.printed_score ?? row.score, 12);
    expect(bounds).toEqual({ lower: row.lower, upper: row.upper });
    if (row.printed_lower !== undefined)
      expect(bounds).toEqual({ lower: row.printed_lower, upper: row.printed_upper });
    expect(row.printed_allocation).toBeGreaterThanOrEqual(bounds.lower);
    expect(row.printed_allocation).toBeLessThanOrEqual(bounds.upper);
  }
});

const signal: fc.Arbitrary<ShareSignal> = fc.record({
  sold: fc.integer({ min: 0, max: 1000 }),
  stock: fc.integer({ min: 0, max: 1000 }),
  rating: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
  reviews: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
});
const signals = fc.array(fc.oneof({ weight: 4, arbitrary: signal }, fc.constant({})), {
  minLength: 1,
  maxLength: 40,
});
const strategy = fc.constantFrom(...PROPORTIONAL_STRATEGIES);

test('every unit of a total is given, none twice, and each item is within one unit of its exact share', () => {
  fc.assert(
    fc.property(signals, strategy, fc.integer({ min: 0, max: 100_000 }), (items, by, total) => {
      const exact = proportionalShares(by, items, total);
      const { quantities, used, left } = allocate({ strategy: by, limits: { units: total }, items });
      expect(sumOf(exact)).toBeCloseTo(total, 6);
      expect(sumOf(quantities)).toBe(total);
      expect(used.units).toBe(total);
      expect(left.units).toBe(0);
      for (const [i, units] of quantities.entries()) {
        expect(Number.isSafeInteger(units)).toBe(true);
        expect(units).toBeGreaterThanOrEqual(0);
        expect(Math.abs(units - exact[i]!)).toBeLessThan(1 + 1e-6);
      }
      expect(sumOf(largestRemainder(exact, total))).toBe(sumOf(quantities));
    }),
  );
});

test('the first allocation is that of newly found products', () => {
  fc.assert(
    fc.property(
      fc.array(signal, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 0, max: 5000 }),
      (items, total) => {
        const found = items.map(({ rating = null, reviews = null }) => ({ rating, reviews }));
        // where nobody has a rating both are even, which is the fair share of all
        expectClose(proportionalShares('initial', items, total), coldAllocation(found, total));
        expect(sumOf(coldUnits(found, total))).toBe(total);
      },
    ),
  );
});

test('items that had nothing to sell share their part of the total evenly', () => {
  const items = [{ sold: 8, stock: 2 }, {}, {}, { sold: 2, stock: 8 }];
  for (const by of ['popularity', 'speed', 'average'] as const) {
    const { quantities } = allocate({ strategy: by, limits: { units: 100 }, items });
    expect(quantities).toEqual([40, 25, 25, 10]);
  }
  expect(allocate({ strategy: 'speed', limits: { units: 7 }, items: [{}, {}, {}] }).quantities).toEqual([
    3, 2, 2,
  ]);
});

test('what did not sell at all while others did gets nothing; where nothing sold, all get the same', () => {
  const idle = { sold: 0, stock: 9 };
  expect(
    allocate({ strategy: 'popularity', limits: { units: 10 }, items: [idle, { sold: 1, stock: 0 }] })
      .quantities,
  ).toEqual([0, 10]);
  expect(allocate({ strategy: 'average', limits: { units: 10 }, items: [idle, idle] }).quantities).toEqual([
    5, 5,
  ]);
});

test('80 to 120 % of what was sold come back, drawn evenly by the seed', () => {
  const random = seededRandom(7);
  const totals = Array.from({ length: 4000 }, () => restockTotal(1000, {}, random));
  expect(Math.min(...totals)).toBeGreaterThanOrEqual(800);
  expect(Math.max(...totals)).toBeLessThanOrEqual(1200);
  // the standard error of the mean is 1.8 units
  expect(Math.abs(sumOf(totals) / totals.length - 1000)).toBeLessThan(8);
  expect(totals.filter((units) => units < 900).length / totals.length).toBeCloseTo(0.25, 1);
  expect(restockTotal(1000, {}, seededRandom(7))).toBe(restockTotal(1000, {}, seededRandom(7)));
  expect(restockTotal(0, {}, random)).toBe(0);
});

test('a range and a uniform proportion exclude each other, and a range is not empty', () => {
  const random = seededRandom(1);
  expect(() => restockTotal(10, { uniform: 1, lower: 0.8 }, random)).toThrow(/uniform.*lower, upper/);
  expect(() => restockTotal(10, { lower: 1.3 }, random)).toThrow(/range/);
  expect(() => restockTotal(10, { uniform: -1 }, random)).toThrow(/proportion/);
  expect(() => restockTotal(1.5, { uniform: 1 }, random)).toThrow(/sold/);
});

test('the trend looks at the last rows of the log, the newest first, and at sales only', () => {
  const rows = [
    { productId: 'a', logId: 1, quantityChange: -100, isSale: true },
    { productId: 'b', logId: 4, quantityChange: -3, isSale: true },
    { productId: 'a', logId: 3, quantityChange: -2, isSale: true },
    { productId: 'a', logId: 5, quantityChange: 50, isSale: false },
    { productId: 'b', logId: 2, quantityChange: -7, isSale: false },
  ];
  expect(newestRows(rows, 3).map((row) => row.logId)).toEqual([5, 4, 3]);
  const stock = new Map([
    ['a', 10],
    ['b', 0],
    ['c', 5],
  ]);
  expect([...signalsOf(stock, rows, 4)]).toEqual([
    ['a', { sold: 2, stock: 10 }],
    ['b', { sold: 3, stock: 0 }],
    ['c', { sold: 0, stock: 5 }],
  ]);
  expect(signalsOf(stock, rows, 5).get('a')).toEqual({ sold: 102, stock: 10 });
  expect(() => newestRows(rows, 0)).toThrow(/subset/);
});
