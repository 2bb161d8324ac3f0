import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { drawQuantity } from '../../../shared/core/simulate/sell-in-shop.ts';
import { openShop, shopDay } from '../../../shared/core/simulate/shop-day.ts';
import { runWorld, shareMargin, shopFor } from './simulation-fixture.ts';

const YEAR = runWorld(shopFor({ SIMULATION_DAYS: 200, SIMULATION_SEED: 7 }));

test('the first day brings a category of ten products, with a first stock within the bounds of its allocation', () => {
  const [first] = runWorld(shopFor({ SIMULATION_DAYS: 1 })).days;
  expect(first!.products).toHaveLength(10);
  expect(new Set(first!.products.map(({ category }) => category)).size).toBe(1);
  const units = first!.movements.filter(({ type }) => type === 'opening').map((one) => one.quantityChange);
  const total = units.reduce((sum, one) => sum + one, 0);
  // 20 to 80 % of 300 to 2,500 units, each share rounded away from the middle
  expect(total).toBeGreaterThanOrEqual(0.2 * 300 - 10);
  expect(total).toBeLessThanOrEqual(0.8 * 2_500 + 10);
  for (const { price, cost } of first!.products) {
    expect(cost / price).toBeGreaterThanOrEqual(0.299);
    expect(cost / price).toBeLessThanOrEqual(0.701);
  }
});

test('a new category comes on one day in ten, within chance over 10,000 days', () => {
  // many categories and no sales, so that only the catalogue grows
  const settings = {
    ...shopFor(),
    categories: Array.from({ length: 5_000 }, (_, i) => `C${i}`),
    productsPerCategory: 1,
  };
  let categories = 0;
  for (let day = 1; day <= 10_000; day++) {
    const { events } = shopDay(
      openShop(settings),
      { ...settings, sellingShare: { lower: 0, upper: 0 } },
      day,
    );
    categories += events.products.length;
  }
  expect(Math.abs(categories / 10_000 - 0.1)).toBeLessThan(shareMargin(0.1, 10_000));
});

test('no category comes twice, and none when the listing is used up', () => {
  const { days } = runWorld(
    shopFor({ PRODUCT_LISTING: ['A', 'B', 'C'], NEW_PRODUCT_ITERATION_PROB: 90, SIMULATION_DAYS: 30 }),
  );
  const categories = days.flatMap(({ products }) => [...new Set(products.map(({ category }) => category))]);
  expect([...categories].sort()).toEqual(['A', 'B', 'C']);
});

test('customers take 1 to 5 units as often as they should', () => {
  const random = seededRandom(1);
  const shares = [0.82, 0.1, 0.05, 0.02, 0.01];
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 50_000; i++) counts[drawQuantity(shares, random.uniform()) - 1]! += 1;
  for (const [i, share] of shares.entries())
    expect(Math.abs(counts[i]! / 50_000 - share)).toBeLessThan(shareMargin(share, 50_000));
  expect(drawQuantity([1, 0, 0, 0, 0], 1 - 1e-12)).toBe(1);
});

test('one sale in ten is refunded, for each of the eight reasons, and its goods come back at once', () => {
  const sales = YEAR.days.flatMap((day) => day.sales);
  const returns = YEAR.days.flatMap((day) => day.returns);
  expect(sales.length).toBeGreaterThan(20_000);
  expect(Math.abs(returns.length / sales.length - 0.1)).toBeLessThan(shareMargin(0.1, sales.length));
  expect(new Set(returns.map(({ reason }) => reason)).size).toBe(8);
  const byId = new Map(sales.map((sale) => [sale.saleId, sale]));
  for (const back of returns) {
    const sale = byId.get(back.saleId)!;
    expect([back.quantity, back.refund, back.reason]).toEqual([
      sale.quantity,
      sale.quantity * sale.price,
      sale.comesBack!.reason,
    ]);
  }
});

test('of the products 10 to 90 % sell on a day, each 5 to 30 % of its stock and an order more', () => {
  const stock = new Map<string, number>();
  for (const day of YEAR.days) {
    for (const one of day.movements) if (one.type === 'opening') stock.set(one.productId, one.quantityChange);
    const wanted = new Map<string, number>();
    for (const { productId, quantity } of [...day.sales, ...day.losses])
      wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
    const inCatalogue = [...day.truth].length;
    expect(wanted.size).toBeLessThanOrEqual(Math.round(0.9 * inCatalogue));
    for (const [productId, units] of wanted) {
      const before = stock.get(productId)!;
      expect(units).toBeGreaterThanOrEqual(Math.ceil(0.05 * before));
      // the last order may want up to four units more than the share
      expect(units).toBeLessThanOrEqual(Math.ceil(0.3 * before) + 4);
    }
    for (const { productId, onHand } of day.truth) stock.set(productId, onHand);
  }
});

test('each evening 80 to 120 % of what was sold and kept is restocked, to the unit', () => {
  for (const { sales, returns, movements } of YEAR.days) {
    const sum = (rows: readonly { quantity: number }[]) =>
      rows.reduce((all, { quantity }) => all + quantity, 0);
    const kept = sum(sales) - sum(returns);
    const restocked = movements
      .filter(({ type }) => type === 'receipt')
      .reduce((all, one) => all + one.quantityChange, 0);
    expect(restocked).toBeGreaterThanOrEqual(Math.round(0.8 * kept));
    expect(restocked).toBeLessThanOrEqual(Math.round(1.2 * kept));
  }
  const { days } = runWorld(
    shopFor({ PRODUCT_RESTOCK_UNIFORM_PROPORTION: 1, REFUND_RATE: [0, 10], SIMULATION_DAYS: 20 }),
  );
  for (const { sales, movements } of days)
    expect(
      movements.filter(({ type }) => type === 'receipt').reduce((all, one) => all + one.quantityChange, 0),
    ).toBe(sales.reduce((all, { quantity }) => all + quantity, 0));
});

const anyShop = fc
  .record({
    SIMULATION_SEED: fc.integer({ min: 0, max: 1e6 }),
    SIMULATION_DAYS: fc.integer({ min: 1, max: 25 }),
    NEW_PRODUCT_ITERATION_PROB: fc.integer({ min: 0, max: 90 }),
    REFUND_RATE: fc.integer({ min: 0, max: 10 }).map((parts) => [parts, 10 - parts]),
    ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND: fc.integer({ min: 0, max: 400 }),
    PRODUCT_RESTOCK_UNIFORM_PROPORTION: fc.double({ min: 0, max: 2, noNaN: true }),
  })
  .map((config) => shopFor(config));

test('whatever the settings: no level is negative, levels are the fold, and what is wanted is sold or lost', () => {
  fc.assert(
    fc.property(anyShop, (settings) => {
      const { days, ledger, levels } = runWorld(settings);
      const fold = new Map<string, number>();
      for (const one of ledger) {
        const key = `${one.productId}|${one.locationId}`;
        fold.set(key, (fold.get(key) ?? 0) + one.quantityChange);
        expect(one.level).toBe(fold.get(key));
        expect(one.level).toBeGreaterThanOrEqual(0);
      }
      expect(levels).toEqual(fold);
      for (const { truth } of days)
        for (const { wanted, sold, lost, productId, locationId, onHand } of truth) {
          expect(wanted).toBe(sold + lost);
          expect(onHand).toBeGreaterThanOrEqual(0);
          if (days.at(-1)!.truth === truth)
            expect(levels.get(`${productId}|${locationId}`) ?? 0).toBe(onHand);
        }
    }),
    { numRuns: 40 },
  );
});

test('days in chunks, the state handed on as text, are the days of the whole', () => {
  fc.assert(
    fc.property(anyShop, fc.uniqueArray(fc.integer({ min: 0, max: 24 })), (settings, cuts) => {
      expect(runWorld(settings, new Set(cuts)).ledger).toEqual(runWorld(settings).ledger);
    }),
    { numRuns: 20 },
  );
});

test('another seed is another business', () => {
  const ledger = (seed: number) => runWorld(shopFor({ SIMULATION_SEED: seed, SIMULATION_DAYS: 5 })).ledger;
  expect(ledger(1)).not.toEqual(ledger(2));
});
