import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  breakEvenUplift,
  type ClearanceInput,
  clearanceLadder,
  expectedSales,
  expectOf,
  legacyDiscount,
  promotionOf,
} from '../../../../shared/core/inventory/waste/clearance.ts';
import {
  poolElasticities,
  priceElasticity,
  shrinkElasticity,
} from '../../../../shared/core/inventory/waste/elasticity.ts';
import { suggestPrice } from '../../../../shared/core/inventory/waste/suggest-price.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

/** Knuth's: multiplies uniforms until they fall below e^-mean. */
function poisson(random: ReturnType<typeof seededRandom>, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  return count;
}

const anyStock = fc.record({
  units: fc.integer({ min: 1, max: 300 }),
  price: fc.double({ min: 0.5, max: 200, noNaN: true }),
  perDay: fc.double({ min: 0, max: 5, noNaN: true }),
  elasticity: fc.double({ min: -6, max: -0.1, noNaN: true }),
  holdingPerDay: fc.double({ min: 0, max: 0.2, noNaN: true }),
  days: fc.integer({ min: 1, max: 365 }),
  salvage: fc.double({ min: 0, max: 50, noNaN: true }),
  floor: fc.double({ min: 0, max: 150, noNaN: true }),
});

describe('prices that clear stock', () => {
  test('expected sales of a few units are those of the Poisson distribution', () => {
    // E min(2, N) for N ~ Poisson(1): P(1) + 2 P(>= 2) = e^-1 + 2 (1 - 2 e^-1)
    expect(expectedSales(2, 1)).toBeCloseTo(Math.exp(-1) + 2 * (1 - 2 * Math.exp(-1)), 12);
    expect(expectedSales(1000, 3)).toBeCloseTo(3, 9);
    expect(expectedSales(3, 1000)).toBeCloseTo(3, 9);
  });

  test('cutting pays where demand answers strongly and time is short, and does not where it hardly answers', () => {
    const stock: ClearanceInput = {
      units: 100,
      price: 10,
      perDay: 0.5,
      elasticity: -3,
      holdingPerDay: 0.01,
      days: 60,
      salvage: 0,
      floor: 2,
    };
    const ladder = clearanceLadder(stock);
    expect(ladder.steps.at(-1)!.discount).toBeGreaterThan(0.2);
    expect(ladder.expected.recovered).toBeGreaterThan(1.2 * ladder.keep.recovered);
    const stiff = clearanceLadder({ ...stock, elasticity: -0.2 });
    expect(stiff.steps.every(({ discount }) => discount === 0)).toBe(true);
    expect(stiff.expected).toEqual(stiff.keep);
  });

  test('recovers at least as much as keeping and never more than stock times price', () => {
    fc.assert(
      fc.property(anyStock, (stock) => {
        const { expected, keep, steps } = clearanceLadder(stock);
        expect(expected.recovered).toBeGreaterThanOrEqual(keep.recovered - 1e-9);
        expect(expected.recovered).toBeLessThanOrEqual(stock.units * stock.price + 1e-6);
        expect(expected.sold.reduce((sum, units) => sum + units, 0)).toBeLessThanOrEqual(stock.units + 1e-6);
        expect(steps.reduce((sum, { days }) => sum + days, 0)).toBe(stock.days);
      }),
      { numRuns: 60 },
    );
  });

  test('no step is below the floor or above today, each is no higher than the one before', () => {
    fc.assert(
      fc.property(anyStock, (stock) => {
        const prices = clearanceLadder(stock).steps.map(({ price }) => price);
        for (const price of prices) {
          expect(price).toBeGreaterThanOrEqual(Math.min(stock.price, stock.floor) - 1e-6);
          expect(price).toBeLessThanOrEqual(stock.price);
        }
        expect(prices).toEqual([...prices].sort((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });

  test('raising the floor never lowers the price', () => {
    fc.assert(
      fc.property(anyStock, fc.double({ min: 0, max: 100, noNaN: true }), (stock, more) => {
        const lowest = (floor: number) => clearanceLadder({ ...stock, floor }).steps.at(-1)!.price;
        expect(lowest(stock.floor + more)).toBeGreaterThanOrEqual(lowest(stock.floor) - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('ten times the money is ten times what is recovered, at the same discounts', () => {
    fc.assert(
      fc.property(anyStock, (stock) => {
        const { price, holdingPerDay, salvage, floor } = stock;
        const rich = {
          ...stock,
          price: 10 * price,
          holdingPerDay: 10 * holdingPerDay,
          salvage: 10 * salvage,
          floor: 10 * floor,
        };
        const one = expectOf(stock, [{ price: price * 0.8, days: stock.days }]);
        const ten = expectOf(rich, [{ price: price * 8, days: stock.days }]);
        expect(ten.recovered).toBeCloseTo(10 * one.recovered, 4);
      }),
    );
  });

  test('tells by how much demand would have to grow where nobody knows whether it does', () => {
    const stock = { units: 1000, price: 10, perDay: 1, holdingPerDay: 0, days: 30, salvage: 0, floor: 0 };
    expect(breakEvenUplift(stock, 5)).toBeCloseTo(2, 3);
    expect(breakEvenUplift({ ...stock, units: 5 }, 5)).toBeNull();
  });

  test('a promotion ends, and is named only when it earns more than none', () => {
    const stock: ClearanceInput = {
      units: 200,
      price: 10,
      perDay: 0.5,
      elasticity: -2.5,
      holdingPerDay: 0.005,
      days: 180,
      salvage: 1,
      floor: 4,
    };
    const found = promotionOf(stock, 28)!;
    expect(found.gain).toBeGreaterThan(0);
    expect(found.price).toBeGreaterThanOrEqual(4);
    expect(promotionOf({ ...stock, elasticity: -0.5 }, 28)).toBeUndefined();
    expect(promotionOf({ ...stock, floor: 9.5 }, 28)).toBeUndefined();
  });

  test('the named legacy cuts by days alone', () => {
    expect([89, 90, 179, 180, 364, 365].map(legacyDiscount)).toEqual([0, 0.3, 0.3, 0.5, 0.5, 0.7]);
  });
});

describe('what a price does to demand', () => {
  const weeksOf = (seed: number, slope: number, weeks: number, level: number, variation = 0.25) => {
    const random = seededRandom(seed);
    return Array.from({ length: weeks }, (_, t) => {
      const price = 10 * Math.exp(variation * (random.uniform() - 0.5));
      const base = 1 + 0.5 * Math.sin(t / 8);
      return { units: poisson(random, level * base * (price / 10) ** slope), price, base };
    });
  };

  test('is found again in invented sales, season and weeks without a sale included', () => {
    for (const slope of [-0.8, -2, -4]) {
      const found = priceElasticity(weeksOf(5, slope, 400, 6))!;
      expect(Math.abs(found.value - slope)).toBeLessThan(3 * found.error);
      expect(found.error).toBeLessThan(0.5);
      expect(found.weeks).toBe(400);
    }
    const rare = priceElasticity(weeksOf(9, -2, 600, 0.3))!;
    expect(Math.abs(rare.value + 2)).toBeLessThan(3 * rare.error);
  });

  test('its error is honest: 95 % of intervals hold the truth', () => {
    const inside = Array.from(
      { length: 300 },
      (_, i) => priceElasticity(weeksOf(i + 1, -1.5, 80, 4))!,
    ).filter(({ value, error }) => Math.abs(value + 1.5) < 1.96 * error).length;
    expect(inside / 300).toBeGreaterThan(0.9);
  });

  test('is unknown where the price never changed, or weeks or units are few', () => {
    expect(priceElasticity(weeksOf(1, -2, 200, 5, 0))).toBeUndefined();
    expect(priceElasticity(weeksOf(1, -2, 7, 5))).toBeUndefined();
    expect(priceElasticity(weeksOf(1, -2, 30, 0.01))).toBeUndefined();
    expect(shrinkElasticity(undefined, undefined)).toBeUndefined();
    // the sign itself is unsure
    expect(shrinkElasticity({ value: -0.5, error: 1, weeks: 20 }, undefined)).toBeUndefined();
  });

  test('is drawn towards its group the less is known of it, and never beyond', () => {
    const pool = { mean: -2, error: 0.1, spread: 0.4, products: 20 };
    const sure = shrinkElasticity({ value: -3, error: 0.1, weeks: 200 }, pool)!;
    const unsure = shrinkElasticity({ value: -3, error: 2, weeks: 12 }, pool)!;
    expect(sure.value).toBeLessThan(unsure.value);
    expect(sure.value).toBeGreaterThan(-3);
    expect(unsure.value).toBeLessThan(-2);
    expect(shrinkElasticity(undefined, pool)).toMatchObject({ value: -2, ownWeight: 0, basis: 'category' });
  });

  test('a group of equals has no spread, a group of different ones its own', () => {
    const equal = poolElasticities([-2, -2, -2].map((value) => ({ value, error: 0.3, weeks: 50 })))!;
    expect(equal).toMatchObject({ mean: -2, spread: 0, products: 3 });
    const unequal = poolElasticities([-1, -2, -3].map((value) => ({ value, error: 0.1, weeks: 50 })))!;
    expect(unequal.spread).toBeCloseTo(1, 1);
    expect(poolElasticities([{ value: -2, error: 1, weeks: 9 }])).toBeUndefined();
  });
});

describe('a suggested price', () => {
  const rails = { mostChange: 0.1, floor: 0, ceiling: null };
  test('goes towards cost x e / (1 + e), no further than the rails', () => {
    const input = { price: 10, marginalCost: 5, elasticity: { value: -2.2, error: 0 }, rails };
    // 5 x 2.2 / 1.2 = 9.17
    expect(suggestPrice(input).price).toBeCloseTo((5 * 2.2) / 1.2, 1);
    expect(suggestPrice({ ...input, elasticity: { value: -4, error: 0 } })).toMatchObject({
      price: 9,
      kind: 'lower',
      bound: 'change',
    });
    expect(
      suggestPrice({
        ...input,
        elasticity: { value: -4, error: 0 },
        rails: { ...rails, floor: 9.5 },
      }),
    ).toMatchObject({ price: 9.5, bound: 'floor' });
    expect(
      suggestPrice({ ...input, elasticity: { value: -0.5, error: 0 }, rails: { ...rails, ceiling: 10.5 } }),
    ).toMatchObject({ price: 10.5, kind: 'raise', bound: 'ceiling' });
  });

  test('stays where no other is sure to earn more', () => {
    const input = { price: 10, marginalCost: 5, elasticity: { value: -2, error: 2 }, rails };
    expect(suggestPrice(input)).toMatchObject({ price: 10, kind: 'keep', profitChange: 0 });
  });

  test('never leaves the rails and never loses for sure', () => {
    const any = fc.record({
      price: fc.double({ min: 1, max: 100, noNaN: true }),
      share: fc.double({ min: 0, max: 1.2, noNaN: true }),
      value: fc.double({ min: -6, max: 0, noNaN: true }),
      error: fc.double({ min: 0, max: 3, noNaN: true }),
      mostChange: fc.double({ min: 0, max: 0.5, noNaN: true }),
      floor: fc.double({ min: 0, max: 120, noNaN: true }),
    });
    fc.assert(
      fc.property(any, ({ price, share, value, error, mostChange, floor }) => {
        const advice = suggestPrice({
          price,
          marginalCost: price * share,
          elasticity: { value, error },
          rails: { mostChange, floor, ceiling: null },
        });
        expect(Math.abs(advice.price - price)).toBeLessThanOrEqual(price * mostChange + 1e-9);
        expect(advice.price).toBeGreaterThanOrEqual(Math.min(price, floor) - 1e-9);
        expect(advice.leastProfitChange).toBeGreaterThanOrEqual(-1e-6);
      }),
    );
  });
});
