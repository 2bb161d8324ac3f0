import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type OrderTerms,
  roundOrder,
  worthOfLift,
} from '../../../shared/core/inventory/policies/round-order.ts';
import {
  type TopUpLine,
  topUpToMinimum,
  worthOfUnits,
} from '../../../shared/core/inventory/policies/top-up.ts';

test('what a minimum lifts beyond half a year is worth what is sold in it, and costs what waits', () => {
  const order = { wanted: 4, quantity: 48, position: 0, dailyDemand: 0.007, margin: 1.8 };
  const { days, earns, keeps } = worthOfLift({ ...order, holdingADay: 0.25 / 365 })!;
  expect(days).toBeCloseTo(6857, 0);
  expect(earns).toBeCloseTo(7.2, 9);
  expect(keeps).toBeCloseTo(111.9, 1);
  // as much as was wanted is no lift, and half a year no long time
  expect(worthOfLift({ ...order, quantity: 4, holdingADay: 1 })).toBeUndefined();
  expect(worthOfLift({ ...order, dailyDemand: 48 / 180, holdingADay: 1 })).toBeUndefined();
  expect(worthOfLift({ ...order, dailyDemand: 0, holdingADay: 1 })!.keeps).toBe(Number.POSITIVE_INFINITY);
});

describe('a rounded order', () => {
  test('13 at a minimum of 24 in packs of 10 are 30, and each step says why', () => {
    const { quantity, steps } = roundOrder(12.5, { minimumQuantity: 24, orderMultiple: 10 });
    expect(quantity).toBe(30);
    expect(steps).toEqual([
      { rule: 'whole-unit', from: 12.5, to: 13, why: 'units are whole' },
      { rule: 'minimum', from: 13, to: 24, why: 'the supplier takes no order below 24' },
      { rule: 'multiple', from: 24, to: 30, why: 'it comes in packs of 10' },
    ]);
  });

  test('what fits already has no steps', () => {
    expect(roundOrder(30, { minimumQuantity: 24, orderMultiple: 10 })).toEqual({ quantity: 30, steps: [] });
    expect(roundOrder(0, { minimumQuantity: 24, orderMultiple: 10 })).toEqual({ quantity: 0, steps: [] });
    expect(roundOrder(-4, { minimumQuantity: 24, orderMultiple: 10 })).toEqual({ quantity: 0, steps: [] });
  });

  test('is cut to whole packs below the maximum, and refused with a reason where nothing fits', () => {
    expect(roundOrder(100, { minimumQuantity: 0, orderMultiple: 12, maximumQuantity: 40 }).quantity).toBe(36);
    const none = roundOrder(10, { minimumQuantity: 20, orderMultiple: 50, maximumQuantity: 40 });
    expect(none.quantity).toBe(0);
    expect(none.steps.at(-1)).toMatchObject({
      rule: 'maximum',
      why: 'no quantity is a multiple of 50 between 20 and 40',
    });
  });

  const breaks = {
    minimumQuantity: 1,
    orderMultiple: 1,
    priceBreaks: [
      { from: 1, unitCost: 10 },
      { from: 100, unitCost: 9 },
    ],
  };

  test('is bought up to a lower price when that saves more than it costs to keep', () => {
    const { quantity, steps } = roundOrder(80, { ...breaks, keeping: { dailyDemand: 5, holdingADay: 0.01 } });
    expect(quantity).toBe(100);
    // saved 100 x 1; kept 0.01 x 100 x 20 / 10
    expect(steps).toEqual([
      {
        rule: 'price-break',
        from: 80,
        to: 100,
        why: 'from 100 on a unit costs 9.00 instead of 10.00: that saves 100.00, keeping more costs 2.00',
      },
    ]);
  });

  test('is not when keeping costs more, when it would last too long, or when nothing sells', () => {
    const at = (keeping: OrderTerms['keeping']) =>
      roundOrder(20, { ...breaks, ...(keeping && { keeping }) }).quantity;
    expect(at({ dailyDemand: 1, holdingADay: 0.03 })).toBe(20);
    expect(at({ dailyDemand: 0.5, holdingADay: 0.0001 })).toBe(20);
    expect(at({ dailyDemand: 0.6, holdingADay: 0.0001 })).toBe(100);
    expect(at({ dailyDemand: 0, holdingADay: 0 })).toBe(20);
    expect(at(undefined)).toBe(20);
  });

  const terms = fc.record({
    minimumQuantity: fc.nat({ max: 50 }),
    orderMultiple: fc.integer({ min: 1, max: 24 }),
    maximumQuantity: fc.option(fc.integer({ min: 1, max: 400 })),
    priceBreaks: fc
      .tuple(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 61, max: 200 }))
      .map(([a, b]) => [
        { from: 1, unitCost: 10 },
        { from: a, unitCost: 9 },
        { from: b, unitCost: 8.5 },
      ]),
    keeping: fc.record({
      dailyDemand: fc.double({ min: 0, max: 20, noNaN: true }),
      holdingADay: fc.double({ min: 0, max: 0.1, noNaN: true }),
    }),
  });

  test('is a multiple within minimum and maximum, or nothing; steps lead from what was wanted to it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), terms, (wanted, given) => {
        const { quantity, steps } = roundOrder(wanted, given);
        expect(quantity % given.orderMultiple).toBe(0);
        if (quantity > 0) {
          expect(quantity).toBeGreaterThanOrEqual(given.minimumQuantity);
          expect(quantity).toBeLessThanOrEqual(given.maximumQuantity ?? Number.POSITIVE_INFINITY);
          if (given.maximumQuantity === null) expect(quantity).toBeGreaterThanOrEqual(wanted - 1e-6);
        } else {
          expect(given.maximumQuantity).not.toBeNull();
        }
        expect([wanted, ...steps.map((step) => step.to)]).toEqual([
          ...steps.map((step) => step.from),
          quantity,
        ]);
      }),
    );
  });

  test('never falls when more is wanted, without price breaks', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 300 }),
        fc.nat({ max: 100 }),
        terms,
        (wanted, more, { priceBreaks: _, ...given }) => {
          expect(roundOrder(wanted + more, given).quantity).toBeGreaterThanOrEqual(
            roundOrder(wanted, given).quantity,
          );
        },
      ),
    );
  });

  test('rounding what is rounded changes nothing', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), terms, (wanted, given) => {
        const { quantity } = roundOrder(wanted, given);
        if (quantity > 0) expect(roundOrder(quantity, given).quantity).toBe(quantity);
      }),
    );
  });
});

describe('an order below its supplier minimum', () => {
  const line = (
    id: string,
    quantity: number,
    unitCost: number,
    first: number,
    more: Partial<TopUpLine> = {},
  ): TopUpLine => ({
    id,
    quantity,
    unitCostAt: () => unitCost,
    orderMultiple: 1,
    // worth falls by a tenth with each unit
    worth: (extra) => first * (extra - (extra * (extra - 1)) / 20),
    ...more,
  });

  test('grows where a unit is worth most for its money', () => {
    const topUp = topUpToMinimum([line('a', 5, 10, 3), line('b', 5, 10, 1)], { value: 130 });
    expect(topUp.reached).toBe(true);
    expect([...topUp.added]).toEqual([['a', 3]]);
    expect(topUp.worth).toBeCloseTo(3 * (3 - 6 / 20), 9);
    expect(topUp.steps.every((step) => step.why !== '')).toBe(true);
  });

  test('that is there already stays as it is', () => {
    expect(topUpToMinimum([line('a', 20, 10, 3)], { value: 100, quantity: 10 })).toMatchObject({
      reached: true,
      steps: [],
      worth: 0,
    });
  });

  test('that cannot be reached says what is missing', () => {
    const topUp = topUpToMinimum([line('a', 5, 10, 3, { maximumQuantity: 7 })], { value: 100, quantity: 8 });
    expect(topUp.reached).toBe(false);
    expect(topUp.shortBy).toEqual({ value: 30, quantity: 1 });
    expect(topUpToMinimum([], { value: 1 }).reached).toBe(false);
  });

  test('takes a line that was not ordered yet by its own minimum, or not at all', () => {
    const idle = line('idle', 0, 10, 9, { orderMultiple: 4, minimumQuantity: 6 });
    expect(topUpToMinimum([line('due', 5, 10, 1), idle], { value: 100 }).added).toEqual(
      new Map([['idle', 8]]),
    );
    const small = topUpToMinimum([line('due', 5, 10, 1), { ...idle, maximumQuantity: 7 }], { value: 100 });
    expect(small.added).toEqual(new Map([['due', 5]]));
  });

  test('gives back what a large last step made needless', () => {
    const topUp = topUpToMinimum(
      [line('small', 0, 1, 10, { maximumQuantity: 3 }), line('large', 0, 100, 1)],
      { value: 100 },
    );
    expect(topUp.added).toEqual(new Map([['large', 1]]));
    expect(topUp.steps.filter((step) => step.units < 0)).toHaveLength(3);
  });

  test('is reached at the price of the whole line, not at that before a price break', () => {
    const broken = line('a', 90, 1, 1, {
      unitCostAt: (units) => (units < 100 ? 1 : 0.8),
      worth: (extra) => -0.01 * extra,
    });
    const topUp = topUpToMinimum([broken], { value: 100 });
    expect(topUp.reached).toBe(true);
    expect([...topUp.added]).toEqual([['a', 35]]);
    const packs = topUpToMinimum([{ ...broken, orderMultiple: 10 }], { value: 100 });
    expect([...packs.added]).toEqual([['a', 40]]);
    expect(topUpToMinimum([{ ...broken, maximumQuantity: 120 }], { value: 100 })).toMatchObject({
      reached: false,
    });
  });

  const lines = fc.array(
    fc.record({
      quantity: fc.nat({ max: 30 }),
      orderMultiple: fc.integer({ min: 1, max: 12 }),
      unitCost: fc.integer({ min: 1, max: 40 }),
      /** From so many units on all of them cost half. */
      halfFrom: fc.integer({ min: 1, max: 60 }),
      first: fc.double({ min: -2, max: 20, noNaN: true }),
    }),
    { minLength: 1, maxLength: 6 },
  );

  test('adds whole packs, reaches the minimum, and no added pack of any line is needless', () => {
    fc.assert(
      fc.property(lines, fc.nat({ max: 2000 }), fc.nat({ max: 200 }), (given, value, quantity) => {
        const all = given.map((each, i) =>
          line(`${i}`, each.quantity, each.unitCost, each.first, {
            orderMultiple: each.orderMultiple,
            unitCostAt: (units) => (units < each.halfFrom ? each.unitCost : each.unitCost / 2),
          }),
        );
        const { added, reached, steps } = topUpToMinimum(all, { value, quantity });
        expect(reached).toBe(true);
        const total = (without?: string) => {
          let money = 0;
          let units = 0;
          for (const each of all) {
            const count =
              each.quantity + (added.get(each.id) ?? 0) - (each.id === without ? each.orderMultiple : 0);
            money += count * each.unitCostAt(count);
            units += count;
          }
          return money >= value && units >= quantity;
        };
        expect(total()).toBe(true);
        for (const [id, units] of added) {
          expect(units % all[Number(id)]!.orderMultiple).toBe(0);
          const { quantity: before, unitCostAt } = all[Number(id)]!;
          // a step over a price break is several packs
          if (unitCostAt(before) === unitCostAt(before + units)) expect(total(id)).toBe(false);
          const stepped = steps.filter((step) => step.id === id).reduce((sum, step) => sum + step.units, 0);
          expect(stepped).toBe(units);
        }
      }),
    );
  });
});

test('the worth of units is what they serve less what they cost to keep, and falls with the level', () => {
  const demand = Float64Array.from([0, 2, 4, 6, 8]);
  // of two units on top of 4: 6 and 8 use both
  expect(worthOfUnits(demand, 4, 2, { shortage: 10, holding: 1 })).toBeCloseTo(0.4 * 2 * 10 - 0.6 * 2, 9);
  const each = [0, 2, 4, 6, 8, 10].map((level) =>
    worthOfUnits(demand, level, 2, { shortage: 10, holding: 1 }),
  );
  for (let i = 1; i < each.length; i++) expect(each[i]!).toBeLessThanOrEqual(each[i - 1]!);
});

test('an order is raised by what its lines come to in cents, as they are printed', () => {
  const at = (id: string, quantity: number, unitCost: number): TopUpLine => ({
    id,
    quantity,
    orderMultiple: 1,
    unitCostAt: () => unitCost,
    worth: (units) => units,
  });
  // 11.6655 each, which is 11.67
  const up = ['a', 'b'].map((id) => at(id, 35, 0.3333));
  expect(topUpToMinimum(up, { value: 23.34 })).toMatchObject({ added: new Map(), reached: true });
  // 3.514 each, which is 3.51
  const down = ['a', 'b', 'c'].map((id) => at(id, 35, 0.1004));
  const { added, reached } = topUpToMinimum(down, { value: 10.54 });
  expect([reached, [...added.values()]]).toEqual([true, [1]]);
  // units of less than a cent count once they make one: 101 to 104 of them are 0.10 as well
  expect(topUpToMinimum([at('a', 100, 0.001)], { value: 0.11 })).toMatchObject({
    reached: true,
    added: new Map([['a', 5]]),
  });
  expect(topUpToMinimum([at('a', 100, 0.001)], { value: 0.15 }).added.get('a')).toBe(45);
});
