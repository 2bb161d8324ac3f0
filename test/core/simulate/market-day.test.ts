import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { chanceAt } from '../../../shared/core/simulate/realistic/chance-at.ts';
import { growthOn, seasonOn } from '../../../shared/core/simulate/realistic/day-demand.ts';
import {
  type DemandLaw,
  demandVariance,
  drawDemand,
} from '../../../shared/core/simulate/realistic/draw-demand.ts';
import { traitsOf } from '../../../shared/core/simulate/realistic/market-traits.ts';
import { discountOn, upliftOf } from '../../../shared/core/simulate/realistic/promotion.ts';
import { buyerLevels, buyerOrder } from '../../../shared/core/simulate/realistic/replenish.ts';
import { marketFor, runWorld, shareMargin } from './simulation-fixture.ts';

const YEAR = marketFor({ SIMULATION_DAYS: 365, SIMULATION_PRODUCTS: 120, SIMULATION_SEED: 3 });
const run = runWorld(YEAR);
const truth = run.days.map((day) => [...day.truth]);

test('chance by place is uniform, and neighbours have nothing to do with each other', () => {
  const n = 100_000;
  const tenths = new Array<number>(10).fill(0);
  let product = 0;
  for (let i = 0; i < n; i++) {
    const u = chanceAt(12345, i, 0);
    tenths[Math.floor(u * 10)]! += 1;
    product += (u - 0.5) * (chanceAt(12345, i + 1, 0) - 0.5) + (u - 0.5) * (chanceAt(12345, i, 1) - 0.5);
  }
  for (const count of tenths) expect(Math.abs(count / n - 0.1)).toBeLessThan(shareMargin(0.1, n));
  // two covariances of independent uniforms: deviation sqrt(2 / n) / 12
  expect(Math.abs(product / n)).toBeLessThan((3.29 * Math.sqrt(2 / n)) / 12);
});

test.each<[string, DemandLaw, number]>([
  ['smooth counts', { kind: 'counts', shape: 8 }, 6],
  ['erratic counts', { kind: 'counts', shape: 0.5 }, 3],
  ['intermittent counts', { kind: 'counts', shape: 0.4 }, 0.1],
  ['a compound Poisson', { kind: 'compound', meanSize: 3.5 }, 0.4],
  ['many customers', { kind: 'compound', meanSize: 2 }, 2_000],
])('%s have the mean and the variance of their law', (_, law, mean) => {
  const n = mean > 100 ? 4_000 : 40_000;
  let sum = 0;
  let squares = 0;
  for (let day = 0; day < n; day++) {
    const units = drawDemand(law, mean, 77, day);
    expect(Number.isInteger(units) && units >= 0).toBe(true);
    sum += units;
    squares += (units - mean) ** 2;
  }
  const variance = demandVariance(law, mean);
  expect(Math.abs(sum / n - mean)).toBeLessThan(3.29 * Math.sqrt(variance / n));
  expect(squares / n / variance).toBeGreaterThan(0.9);
  expect(squares / n / variance).toBeLessThan(1.1);
});

test('weeks go on before 1970 as after it', () => {
  const category = { ...traitsOf(YEAR).categories[0]!, yearAmplitude: 0 };
  for (let day = -30; day < 0; day++) expect(seasonOn(category, day)).toBe(seasonOn(category, day + 70));
});

test('seasons change when something sells, not how much', () => {
  for (const category of traitsOf(YEAR).categories) {
    let sum = 0;
    // 1461 days are four years
    for (let day = 0; day < 7 * 1461; day++) sum += seasonOn(category, day);
    expect(sum / (7 * 1461)).toBeCloseTo(1, 2);
    expect(Math.max(...category.week) / Math.min(...category.week)).toBeGreaterThan(1);
  }
  expect(growthOn({ trend: Math.log(2) }, 365.25)).toBeCloseTo(2, 12);
});

test('a promotion lasts one or two weeks, a product has a few a year, and demand follows the elasticity', () => {
  let begun = 0;
  for (let key = 0; key < 500; key++) {
    let length = 0;
    for (let day = 0; day < 13 * 28; day++) {
      if (discountOn(key, day) > 0) {
        if (length === 0) begun++;
        length++;
        continue;
      }
      // two may meet at the end of a block
      if (length > 0) expect(length >= 7 && length <= 28).toBe(true);
      length = 0;
    }
  }
  // 13 blocks a year, a promotion in a quarter of them; those that meet are one
  expect(begun / 500).toBeGreaterThan(2.6);
  expect(begun / 500).toBeLessThan(3.5);
  expect(upliftOf(0.2, 2)).toBeCloseTo(1.5625, 12);
});

test('what is wanted is what its expectation says, promotions and seasons included', () => {
  let wanted = 0;
  let expected = 0;
  let variance = 0;
  const { items } = traitsOf(YEAR);
  for (const day of truth)
    for (const [i, row] of day.entries()) {
      wanted += row.wanted;
      expected += row.expected;
      variance += demandVariance(items[i]!.law, row.expected);
    }
  expect(Math.abs(wanted - expected)).toBeLessThan(3.29 * Math.sqrt(variance));
  const mean = (isOn: boolean) => {
    const rows = truth.flat().filter(({ discount }) => discount > 0 === isOn);
    return rows.reduce((sum, row) => sum + row.wanted, 0) / rows.length;
  };
  expect(mean(true) / mean(false)).toBeGreaterThan(1.2);
});

test('shocks are common: all of a category moves together, and a day is like the one before', () => {
  const { items, products, categories } = traitsOf(YEAR);
  const first = daysBetween('1970-01-01', YEAR.startDate);
  /** What is left of the expectation without all that the parameters say. */
  const shocks = truth.map((day, d) =>
    day.map(({ expected, discount }, i) => {
      const item = items[i]!;
      const lift = upliftOf(discount, products[item.product]!.elasticity);
      const season = seasonOn(categories[item.category]!, first + d);
      return Math.log(expected / (item.level * growthOn(item, d) * season * lift));
    }),
  );
  for (const day of shocks)
    for (const [i, shock] of day.entries())
      expect(shock).toBeCloseTo(day[items.findIndex((one) => one.category === items[i]!.category)]!, 9);
  const series = shocks.map((day) => day[0]!);
  const squares = series.reduce((sum, one) => sum + one * one, 0);
  const lagged = series.slice(1).reduce((sum, one, i) => sum + one * series[i]!, 0);
  expect(lagged / squares).toBeGreaterThan(0.75);
  expect(lagged / squares).toBeLessThan(1);
});

test('the demand is there whether or not there is stock: other buying changes what is sold, not what is wanted', () => {
  const poor = runWorld({ ...YEAR, days: 120, serviceLevel: 0.5 });
  const rich = runWorld({ ...YEAR, days: 120, serviceLevel: 0.999 });
  const wanted = (world: typeof poor) => world.days.map((day) => [...day.truth].map((row) => row.wanted));
  expect(wanted(poor)).toEqual(wanted(rich));
  const lost = (world: typeof poor) =>
    world.days.flatMap((day) => day.losses).reduce((sum, one) => sum + one.quantity, 0);
  expect(lost(poor)).toBeGreaterThan(2 * lost(rich));
});

test('who finds nothing takes something else of the category, or is lost', () => {
  let [substituted, lost] = [0, 0];
  for (const day of truth) {
    let open = 0;
    for (const row of day) {
      expect(row.sold).toBeGreaterThanOrEqual(row.substituted);
      open += row.wanted - (row.sold - row.substituted) - row.lost;
      substituted += row.substituted;
      lost += row.lost;
    }
    // of each day: those who left their product are those who took another one
    expect(open).toBe(day.reduce((sum, row) => sum + row.substituted, 0));
  }
  expect(substituted).toBeGreaterThan(0);
  expect(lost).toBeGreaterThan(0);
});

test('goods come when the supplier brings them: never on the day of the order, about as late as stated', () => {
  const supplies = run.days.flatMap((day) => day.supplies);
  const { suppliers } = traitsOf(YEAR);
  for (const supplier of suppliers) {
    const times = [
      ...new Map(
        supplies
          .filter(({ supplierId }) => supplierId === supplier.supplierId)
          .map((one) => [one.orderedOn, daysBetween(one.orderedOn, one.arrivedOn)]),
      ).values(),
    ];
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
    const mean = times.reduce((sum, days) => sum + days, 0) / times.length;
    const error = supplier.leadTimeDeviation / Math.sqrt(times.length);
    expect(Math.abs(mean - supplier.leadTimeDays)).toBeLessThan(4 * error + 0.5);
  }
  for (const { productId, quantity } of supplies) {
    const terms = traitsOf(YEAR).supplierItems.find((item) => item.productId === productId)!;
    expect(quantity % terms.orderMultiple).toBe(0);
    expect(quantity).toBeGreaterThanOrEqual(terms.minimumQuantity);
  }
});

test('returns come back days later, once, and no more than their share', () => {
  const sales = new Map(run.days.flatMap((day) => day.sales).map((sale) => [sale.saleId, sale]));
  const returns = run.days.flatMap((day) => day.returns.map((back) => ({ ...back, day: day.day })));
  expect(new Set(returns.map(({ saleId }) => saleId)).size).toBe(returns.length);
  expect(Math.abs(returns.length / sales.size - 0.03)).toBeLessThan(shareMargin(0.03, sales.size) + 0.001);
  for (const back of returns) {
    const sale = sales.get(back.saleId)!;
    expect(sale.comesBack).toEqual({ day: back.day, reason: back.reason });
    expect([back.quantity, back.refund]).toEqual([sale.quantity, sale.quantity * sale.price]);
  }
  const shrunk = run.ledger.filter(({ reason }) => reason === 'shrinkage');
  expect(shrunk.length).toBeGreaterThan(0);
});

test('the buyer orders more for a higher service level, in packs, and nothing above the reorder point', () => {
  const terms = {
    supplierId: 'S',
    productId: 'P',
    unitCost: 1,
    leadTimeDays: 10,
    leadTimeDeviation: 3,
    minimumQuantity: 24,
    orderMultiple: 12,
  };
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 50, noNaN: true }),
      fc.double({ min: 0.01, max: 500, noNaN: true }),
      fc.integer({ min: 0, max: 2_000 }),
      (mean, variance, position) => {
        const belief = { mean, variance };
        const low = buyerLevels(belief, terms, 0.8);
        const high = buyerLevels(belief, terms, 0.99);
        expect(high.reorderPoint).toBeGreaterThanOrEqual(low.reorderPoint);
        const quantity = buyerOrder(position, belief, terms, 0.8);
        expect(quantity % 12).toBe(0);
        if (position > low.reorderPoint) expect(quantity).toBe(0);
        else if (quantity > 0) expect(position + quantity).toBeGreaterThanOrEqual(low.orderUpTo);
      },
    ),
  );
});

test('whatever the settings: no level is negative, the fold is the state, and chunks change nothing', () => {
  const anyMarket = fc
    .record({
      SIMULATION_SEED: fc.integer({ min: 0, max: 1e6 }),
      SIMULATION_DAYS: fc.integer({ min: 1, max: 40 }),
      SIMULATION_PRODUCTS: fc.integer({ min: 1, max: 35 }),
      SIMULATION_MEAN_DEMAND: fc.double({ min: 0.01, max: 20, noNaN: true }),
      SIMULATION_RETURN_SHARE: fc.double({ min: 0, max: 1, noNaN: true }),
      WAREHOUSE_LISTING: fc.constantFrom(['Main'], ['Boston', 'Leeds'], ['A', 'B', 'C']),
    })
    .map((config) => marketFor(config));
  fc.assert(
    fc.property(anyMarket, fc.uniqueArray(fc.integer({ min: 0, max: 39 })), (settings, cuts) => {
      const whole = runWorld(settings);
      expect(runWorld(settings, new Set(cuts)).ledger).toEqual(whole.ledger);
      for (const { level } of whole.ledger) expect(level).toBeGreaterThanOrEqual(0);
      for (const { productId, locationId, onHand } of whole.days.at(-1)!.truth)
        expect(whole.levels.get(`${productId}|${locationId}`) ?? 0).toBe(onHand);
      const keys = whole.ledger.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }),
    { numRuns: 25 },
  );
});
