import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from '../../../shared/core/allocation/allocate.ts';
import {
  allocateByValue,
  allocateLevels,
  type ValuedItem,
} from '../../../shared/core/allocation/allocate-by-value.ts';
import { gainLevels } from '../../../shared/core/allocation/gain-levels.ts';
import { floorToLot, type Limits, perUnit, RESOURCES } from '../../../shared/core/allocation/limits.ts';
import { expectedGains } from '../../../shared/core/allocation/marginal-gain.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

const gainAt = ({ value }: ValuedItem, quantity: number): number => {
  const mean = (of: (demand: number) => number) =>
    Array.from(value.demand, of).reduce((a, b) => a + b, 0) / value.demand.length;
  const sold = (at: number) => mean((demand) => Math.min(demand, value.position + at));
  const more = sold(quantity) - sold(0);
  return quantity === 0 ? 0 : value.margin * more - value.holding * (quantity - more) - (value.order ?? 0);
};

test('the gain of a quantity is margin times units more sold minus holding times units more left', () => {
  const item = { value: { margin: 3, holding: 1, demand: [4, 0, 2, 6], position: 1 } };
  const quantities = [0, 1, 2, 3, 5, 10];
  const gains = expectedGains(item.value, quantities);
  // P(D > 1) = 3/4: of one unit more 3/4 are sold, 1/4 is left over
  expect(gains[1]).toBeCloseTo(3 * 0.75 - 0.25, 12);
  for (const [k, quantity] of quantities.entries()) expect(gains[k]).toBeCloseTo(gainAt(item, quantity), 12);
  const waiting = { value: { ...item.value, position: -3 } };
  // those who wait are served for sure
  expect([...expectedGains(waiting.value, [0, 1, 2, 3])]).toEqual([0, 3, 6, 9]);
});

const item: fc.Arbitrary<ValuedItem> = fc
  .record({
    demand: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 }),
    position: fc.integer({ min: -3, max: 6 }),
    margin: fc.integer({ min: 0, max: 40 }),
    holding: fc.integer({ min: 0, max: 10 }),
    order: fc.constantFrom(0, 0, 0, 15),
    budget: fc.integer({ min: 1, max: 30 }),
    volume: fc.integer({ min: 0, max: 9 }),
    minimum: fc.constantFrom(0, 0, 3, 5),
    multiple: fc.constantFrom(1, 1, 2, 3),
    most: fc.integer({ min: 0, max: 12 }),
  })
  .map(({ demand, position, margin, holding, order, ...lot }) => ({
    ...lot,
    value: { demand, position, margin, holding, order },
  }));
const few = fc.array(item, { maxLength: 5 });
const limits: fc.Arbitrary<Limits> = fc.record(
  {
    budget: fc.integer({ min: 0, max: 400 }),
    units: fc.integer({ min: 0, max: 40 }),
    volume: fc.integer({ min: 0, max: 120 }),
  },
  { requiredKeys: [] },
);

/** The most that can be gained, by looking at everything. */
function bruteForce(items: readonly ValuedItem[], most: Limits): number {
  const choices = items.map((one) =>
    Array.from({ length: one.most! + 1 }, (_, quantity) => quantity)
      .filter((quantity) => floorToLot(quantity, one) === quantity)
      .map((quantity) => ({ quantity, gain: gainAt(one, quantity) })),
  );
  let best = 0;
  const look = (at: number, used: readonly number[], gain: number): void => {
    if (RESOURCES.some((resource, r) => used[r]! > (most[resource] ?? Infinity))) return;
    best = Math.max(best, gain);
    for (const { quantity, gain: more } of choices[at] ?? [])
      look(
        at + 1,
        RESOURCES.map((resource, r) => used[r]! + quantity * perUnit(items[at]!, resource)),
        gain + more,
      );
  };
  look(0, [0, 0, 0, 0], 0);
  return best;
}

const usedOf = (
  items: readonly ValuedItem[],
  quantities: readonly number[],
  resource: (typeof RESOURCES)[number],
) => quantities.reduce((sum, quantity, i) => sum + quantity * perUnit(items[i]!, resource), 0);

test('on small cases nothing gains more, with minima, packs, costs of ordering and up to three limits', () => {
  fc.assert(
    fc.property(few, limits, (items, most) => {
      const { quantities, bound } = allocateByValue(items, most);
      const best = bruteForce(items, most);
      expect(bound.isBest).toBe(true);
      expect(bound.gain).toBeCloseTo(best, 6);
      expect(bound.most).toBe(bound.gain);
      const gain = quantities.reduce((sum, quantity, i) => sum + gainAt(items[i]!, quantity), 0);
      expect(gain).toBeCloseTo(bound.gain, 6);
      for (const [i, quantity] of quantities.entries()) {
        expect(floorToLot(quantity, items[i]!)).toBe(quantity);
        expect(quantity).toBeLessThanOrEqual(items[i]!.most!);
      }
      for (const resource of RESOURCES)
        expect(usedOf(items, quantities, resource)).toBeLessThanOrEqual(most[resource] ?? Infinity);
    }),
    { numRuns: 300 },
  );
});

const many = fc.array(item, { minLength: 1, maxLength: 60 });

test('without the search the bound holds, and the greedy allocation misses at most one step with one limit', () => {
  fc.assert(
    fc.property(many, fc.integer({ min: 0, max: 3000 }), (items, budget) => {
      const greedy = allocateByValue(items, { budget }, { mostNodes: 0 });
      const searched = allocateByValue(items, { budget });
      const tiny = 1e-9 * (1 + greedy.bound.most);
      expect(searched.bound.gain).toBeGreaterThanOrEqual(greedy.bound.gain - tiny);
      expect(searched.bound.gain).toBeLessThanOrEqual(greedy.bound.most + tiny);
      // the step at which the order by ratio stops
      const largest = Math.max(
        ...items.map((one) => {
          const { hull, gains } = gainLevels(one, one.value);
          return Math.max(
            0,
            ...Array.from(hull, (level, h) => (h === 0 ? 0 : gains[level]! - gains[hull[h - 1]!]!)),
          );
        }),
      );
      expect(greedy.bound.most - greedy.bound.gain).toBeLessThanOrEqual(largest + tiny);
      expect(usedOf(items, greedy.quantities, 'budget')).toBeLessThanOrEqual(budget);
    }),
  );
});

test('where every step uses the same, the greedy allocation is the best one', () => {
  const equal = many.map((items) =>
    items.map((one) => ({ ...one, budget: 7, minimum: 0, multiple: 2, value: { ...one.value, order: 0 } })),
  );
  fc.assert(
    fc.property(equal, fc.integer({ min: 0, max: 3000 }), (items, budget) => {
      const { bound } = allocateByValue(items, { budget }, { mostNodes: 0 });
      expect(bound.isBest || bound.most - bound.gain <= 1e-9 * bound.most).toBe(true);
    }),
  );
});

test('a larger limit never gains less, as far as the search came to its end', () => {
  fc.assert(
    fc.property(many, limits, fc.integer({ min: 1, max: 50 }), (items, most, more) => {
      const larger = Object.fromEntries(
        Object.entries(most).map(([resource, limit]) => [resource, limit! + more]),
      );
      const before = allocateByValue(items, most, { mostNodes: 20_000 }).bound;
      const after = allocateByValue(items, larger, { mostNodes: 20_000 }).bound;
      const tiny = 1e-9 * (1 + before.most);
      expect(after.most).toBeGreaterThanOrEqual(before.gain - tiny);
      if (after.isBest) expect(after.gain).toBeGreaterThanOrEqual(before.gain - tiny);
      expect(after.unlimited).toBeGreaterThanOrEqual(after.gain - tiny);
    }),
  );
});

test('prices, costs and budget in another currency change no quantity', () => {
  fc.assert(
    fc.property(
      many,
      fc.integer({ min: 0, max: 2000 }),
      fc.constantFrom(0.5, 4, 256),
      (items, budget, rate) => {
        const scaled = items.map((one) => ({
          ...one,
          budget: one.budget! * rate,
          value: {
            ...one.value,
            margin: one.value.margin * rate,
            holding: one.value.holding * rate,
            order: one.value.order! * rate,
          },
        }));
        const from = allocateByValue(items, { budget }, { mostNodes: 2000 });
        const to = allocateByValue(scaled, { budget: budget * rate }, { mostNodes: 2000 });
        expect(to.quantities).toEqual(from.quantities);
        expect(to.bound.gain).toBeCloseTo(from.bound.gain * rate, 6);
      },
    ),
  );
});

test('two items compete for six units: the third unit of the slow one waits', () => {
  // ten equally likely demands 0..9 and 0..4, 10 and 10 of margin
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
  const items = [
    { value: { margin: 10, holding: 0, demand: upTo(10), position: 0 } },
    { value: { margin: 10, holding: 0, demand: upTo(5), position: 0 } },
  ];
  const { quantities, value } = allocate({ strategy: 'value', limits: { units: 6 }, items });
  // chances that the units sell: .9 .8 .7 .6 .5 .4 ... and .8 .6 .4 .2
  expect(quantities).toEqual([4, 2]);
  expect(value!.gain).toBeCloseTo(10 * (0.9 + 0.8 + 0.7 + 0.6 + 0.8 + 0.6), 9);
  expect(value!.isBest).toBe(true);
  expect(value!.unlimited).toBeCloseTo(10 * (4.5 + 2), 9);
  expect(value!.items[0]).toMatchObject({
    wanted: 9,
    last: expect.closeTo(6, 9),
    next: expect.closeTo(5, 9),
  });
  expect(value!.items[1]).toMatchObject({
    wanted: 4,
    last: expect.closeTo(6, 9),
    next: expect.closeTo(4, 9),
  });
  expect(value!.prices.units).toBeGreaterThanOrEqual(5 - 1e-9);
  expect(value!.prices.units).toBeLessThanOrEqual(6 + 1e-9);
});

test('a minimum that the budget does not reach is passed over for what fits', () => {
  const demand = [20];
  const items = [
    { budget: 1, minimum: 12, value: { margin: 9, holding: 0, demand, position: 0 } },
    { budget: 1, value: { margin: 2, holding: 0, demand, position: 0 } },
  ];
  const under = (budget: number) => allocate({ strategy: 'value', limits: { budget }, items }).quantities;
  expect(under(11)).toEqual([0, 11]);
  expect(under(12)).toEqual([12, 0]);
  expect(under(25)).toEqual([20, 5]);
});

test('nothing is ordered that loses money, whatever is left of the limit', () => {
  const items = [
    { value: { margin: -1, holding: 0, demand: [9], position: 0 } },
    { value: { margin: 1, holding: 9, demand: [0, 0, 0, 5], position: 0 } },
    { value: { margin: 1, holding: 0, order: 100, demand: [9], position: 0 } },
    { value: { margin: 1, holding: 0, demand: [9], position: 9 } },
  ];
  expect(allocate({ strategy: 'value', limits: { units: 100 }, items }).quantities).toEqual([0, 0, 0, 0]);
});

test('curves that are known already are allocated as they are, coarse steps and price breaks too', () => {
  const quantities = Float64Array.of(0, 10, 20);
  const item = gainLevels({}, { margin: 1, holding: 0, demand: [5], position: 0 });
  expect([...item.gains]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(item.hull).toHaveLength(2);
  const curve = {
    quantities,
    gains: Float64Array.of(0, 1, 9),
    hull: Int32Array.of(0, 2),
    slopes: Float64Array.of(0.45),
    beyond: null,
  };
  expect(allocateLevels([curve, item], [{}, {}], { units: 20 }).quantities).toEqual([20, 0]);
  expect(allocateLevels([curve, item], [{}, {}], { units: 19 }).quantities).toEqual([10, 5]);
});

test('ten thousand items of a hundred steps under a budget: near the bound, within it, the same again', () => {
  const random = seededRandom(3);
  const items = Array.from({ length: 10_000 }, (): ValuedItem => {
    const mean = 5 + 60 * random.uniform();
    const price = 1 + Math.round(5000 * random.uniform());
    return {
      budget: price,
      multiple: 1 + random.integer(3),
      minimum: random.integer(10),
      most: 100,
      value: {
        margin: price * (0.1 + random.uniform()),
        holding: price * 0.02,
        demand: Float64Array.from({ length: 100 }, () => Math.round(mean * random.gamma(2))),
        position: random.integer(20),
      },
    };
  });
  const { quantities, bound } = allocateByValue(items, { budget: 200_000_000 });
  expect(usedOf(items, quantities, 'budget')).toBeLessThanOrEqual(200_000_000);
  expect(bound.gain).toBeGreaterThan(0.9999 * bound.most);
  expect(bound.unlimited).toBeGreaterThan(bound.gain);
  expect(allocateByValue(items, { budget: 200_000_000 }).quantities).toEqual(quantities);
});
