import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measuresOf, totalCost } from '../../../shared/core/replay/measures.ts';
import { openingStock, replayCase } from '../../../shared/core/replay/replay-case.ts';
import { replayStock } from '../../../shared/core/replay/replay-stock.ts';
import { replayTermsOf } from './replay-terms-of.ts';

test('a replay worked by hand: arrivals, sales, lost sales, what is left', () => {
  // A year of periods, so that keeping a unit of cost 6 at 25 % for one costs 1.5 / 365.25.
  const terms = replayTermsOf({ leadTime: 2, orderCost: 3 });
  const of = replayCase({ id: 'a', quantities: [9, 4, 4, 5, 2, 0], prices: Array(6).fill(10) }, terms);
  const seen: number[][] = [];
  const tally = replayStock(
    of,
    { start: 1, end: 6, openingStock: 6 },
    terms,
    (t, position) => (t === 1 ? 10 - position : t === 4 ? 3 : 0),
    { onPeriod: (t, onHand, ordered, unserved) => seen.push([t, onHand, ordered, unserved]) },
  );
  // Opening 6: sells 4, then 2 of 4; 4 come and are sold while 5 are asked for; nothing for the 2 after that.
  expect(seen).toEqual([
    [1, 2, 4, 0],
    [2, 0, 0, 2],
    [3, 0, 0, 1],
    [4, 0, 3, 2],
    [5, 0, 0, 0],
  ]);
  expect(tally).toMatchObject({
    periods: 5,
    demand: 15,
    served: 10,
    // Before the arrival in 3 and from it on.
    cycles: 2,
    cyclesShort: 2,
    periodsShort: 3,
    orders: 2,
    orderingCost: 6,
    lostMargin: 5 * 4,
    stock: 4 + 1 + 2,
    stockAtCost: 7 * 6,
    sold: 60,
  });
  // The 3 under way come one period after the end and are sold at 3 a period: kept for half a period on average.
  expect(tally.holdingCost).toBeCloseTo((7 + 1.5) * (1.5 / 365.25), 12);
  const measures = measuresOf([tally], terms);
  expect(measures).toMatchObject({
    fillRate: 10 / 15,
    cycleService: 0,
    stockoutDays: 3,
    averageStock: 1.4,
    orders: 2,
  });
  expect(measures.turns).toBeCloseTo(((60 / 5) * 365.25) / (42 / 5), 10);
  expect(measures.totalCost).toBe(totalCost(tally));
});

test('customers who wait are served first, and their waiting is charged: worked by hand', () => {
  const terms = replayTermsOf({ leadTime: 2, waitingCost: 0.5 });
  const of = replayCase({ id: 'a', quantities: [5, 5, 0, 1, 9], prices: Array(5).fill(10) }, terms);
  const positions: number[] = [];
  const tally = replayStock(of, { start: 0, end: 5, openingStock: 6 }, terms, (t, position) => {
    positions.push(position);
    return t === 1 ? 6 : 0;
  });
  // 4 of 1 wait for two periods; in 4 there are 1 left, 8 wait and never get theirs.
  expect(positions).toEqual([6, 1, 2, 2, 1]);
  expect(tally).toMatchObject({
    demand: 20,
    served: 8,
    periodsShort: 2,
    cycles: 2,
    cyclesShort: 2,
    sold: 12 * 6,
  });
  expect(tally.lostMargin).toBeCloseTo(4 * 2 * 0.5 * 4 + 8 * 0.5 * 4 + 8 * 4, 9);
});

test('what is not sold in time is lost at cost, the oldest is sold first: worked by hand', () => {
  const terms = replayTermsOf({ leadTime: 1, shelfLife: 2 });
  const of = replayCase({ id: 'a', quantities: [1, 2, 1, 4, 0], prices: Array(5).fill(10) }, terms);
  const seen: number[] = [];
  const tally = replayStock(
    of,
    { start: 0, end: 5, openingStock: 5 },
    terms,
    (t) => (t === 0 ? 3 : t === 3 ? 2 : 0),
    {
      onPeriod: (_, onHand) => seen.push(onHand),
    },
  );
  // Of 5 for periods 0 and 1, 2 spoil; of the 3 that came in 1, 2 do. The last 2 have one more period, which sells the
  // mean of 1.6.
  expect(seen).toEqual([4, 3, 0, 0, 2]);
  expect(tally).toMatchObject({ served: 4, periodsShort: 1, lostMargin: 4 * 4 });
  expect(tally.spoiledCost).toBeCloseTo(4.4 * 6, 9);
});

test('without a lead time an order serves the demand of its period', () => {
  const terms = replayTermsOf({ leadTime: 0 });
  const of = replayCase({ id: 'a', quantities: [1, 5, 5], prices: null }, terms);
  const tally = replayStock(of, { start: 1, end: 3, openingStock: 0 }, terms, (_, position) => 5 - position);
  expect(tally).toMatchObject({ served: 10, periodsShort: 0, orders: 2, cycles: 2, cyclesShort: 0 });
});

test('orders with lead times of their own arrive when theirs are over', () => {
  const terms = replayTermsOf({ leadTime: 1 });
  const of = replayCase({ id: 'a', quantities: [1, 0, 0, 0, 4], prices: null }, terms);
  const run = (leadTimes: number[]): number =>
    replayStock(of, { start: 1, end: 5, openingStock: 0 }, terms, (t) => (t === 1 ? 4 : 0), { leadTimes })
      .served;
  expect(run([3, 1, 1, 1])).toBe(4);
  expect(run([4, 1, 1, 1])).toBe(0);
});

test('returns are no demand, unknown periods neither; fractions are counted finely', () => {
  const terms = replayTermsOf();
  const of = replayCase(
    { id: 'a', quantities: [-3, Number.NaN, 2], prices: [Number.NaN, 2, Number.NaN] },
    terms,
  );
  expect(Array.from(of.demand)).toEqual([0, 0, 2]);
  expect(Array.from(of.known)).toEqual([0, Number.NaN, 2]);
  expect(Array.from(of.margin)).toEqual([0.8, 0.8, 0.8]);
  const fine = replayCase({ id: 'b', quantities: [0.25, 0.75], prices: null }, terms);
  expect(fine.unit).toBe(0.0005);
  expect(Array.from(fine.demand)).toEqual([500, 1500]);
});

test('everybody starts with the mean demand of the last year over lead time and review', () => {
  const terms = replayTermsOf({ daysAPeriod: 7, season: 52, leadTime: 2, review: 3 });
  const quantities = [...Array(20).fill(100), ...Array(53).fill(3), 9];
  const of = replayCase({ id: 'a', quantities, prices: null }, terms);
  expect(openingStock(of, 73, terms)).toBe(15);
  expect(openingStock(of, 74, terms)).toBe(16);
  expect(openingStock(of, 0, terms)).toBe(0);
});

test('stock is conserved, never negative, and every unit is either served or lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 40 }),
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 30 }),
      (demand, orders, leadTime, opening) => {
        const terms = replayTermsOf({ leadTime });
        const of = replayCase({ id: 'a', quantities: demand, prices: null }, terms);
        let lost = 0;
        let last = opening;
        let lowest = opening;
        const tally = replayStock(
          of,
          { start: 0, end: demand.length, openingStock: opening },
          terms,
          (t) => orders[t]!,
          {
            onPeriod: (_, onHand, __, unserved) => {
              lost += unserved;
              last = onHand;
              lowest = Math.min(lowest, onHand);
            },
          },
        );
        const arrived = orders
          .slice(0, Math.max(0, demand.length - leadTime))
          .reduce((sum, one) => sum + one, 0);
        expect(tally.served + lost).toBe(tally.demand);
        expect(opening + arrived - tally.served).toBe(last);
        expect(lowest).toBeGreaterThanOrEqual(0);
        expect(tally.cyclesShort).toBeLessThanOrEqual(tally.cycles);
      },
    ),
  );
});

test.each([
  ['in time for its whole life', { at: 7, units: 30, shelfLife: 3 }, 24],
  ['with a period to go', { at: 8, units: 30, shelfLife: 3 }, 24],
  ['long before, with a life beyond the end', { at: 0, units: 60, shelfLife: 12 }, 36],
])(
  'what is left at the end is sold for the rest of its life only: %s',
  (_, { at, units, shelfLife }, spoiled) => {
    const terms = replayTermsOf({ leadTime: 0, shelfLife });
    const of = replayCase({ id: 'a', quantities: Array(10).fill(2), prices: Array(10).fill(10) }, terms);
    const span = { start: 0, end: 10, openingStock: 0 };
    const tally = replayStock(of, span, terms, (t) => (t === at ? units : 0));
    expect(tally.spoiledCost).toBeCloseTo(spoiled * 6, 9);
  },
);
