import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainedValue, explainInWords } from '../../shared/core/inventory/explanation.ts';
import { demandUntil, leadTimeDemand } from '../../shared/core/inventory/lead-time-demand.ts';
import { inventoryPosition } from '../../shared/core/inventory/position.ts';
import { type ReorderInput, suggestOrder } from '../../shared/core/inventory/reorder.ts';
import { ceilToMultiple } from '../../shared/core/inventory/round-quantity.ts';
import { seededRandom } from '../../shared/core/math/random.ts';

const upTo = (n: number, factor = 1): number[] => Array.from({ length: n }, (_, i) => (i + 1) * factor);
const usual: ReorderInput = {
  onHand: 60,
  committed: 10,
  onOrder: 20,
  leadTimeDemand: upTo(100),
  protectionDemand: upTo(100, 2),
  serviceLevel: 0.95,
  minimumQuantity: 12,
  orderMultiple: 12,
  unitCost: '2.50',
  leadTimeDays: 14,
  reviewDays: 7,
  asOf: '2011-12-09',
};
const demands = fc.array(fc.nat({ max: 80 }), { minLength: 20, maxLength: 60 });
const anyInput = fc
  .record({
    onHand: fc.nat({ max: 150 }),
    committed: fc.nat({ max: 30 }),
    onOrder: fc.nat({ max: 60 }),
    lead: demands,
    extra: fc.nat({ max: 30 }),
    serviceLevel: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
    minimumQuantity: fc.nat({ max: 50 }),
    orderMultiple: fc.integer({ min: 1, max: 24 }),
  })
  .map(
    ({ lead, extra, ...rest }): ReorderInput => ({
      ...usual,
      ...rest,
      leadTimeDemand: lead,
      protectionDemand: lead.map((value) => value + extra),
    }),
  );

describe('an order', () => {
  test('position 70 at a reorder point of 95 is filled up to 190: 120 units are ten packs of 12', () => {
    const advice = suggestOrder(usual);
    expect(advice).toMatchObject({
      kind: 'order',
      position: 70,
      reorderPoint: 95,
      orderUpTo: 190,
      quantity: 120,
      orderBy: '2011-12-09',
      expectedDate: '2011-12-23',
      stockoutProbability: 0.3,
    });
    expect(advice.safetyStock).toBeCloseTo(95 - 50.5, 9);
    expect(advice.daysOfCover).toBeCloseTo(70 / (101 / 21), 9);
  });

  test('with 200 on hand nothing is due; the reorder point is reached after 23 days of expected demand', () => {
    const advice = suggestOrder({ ...usual, onHand: 200 });
    expect(advice).toMatchObject({ kind: 'none', quantity: 0, position: 210, stockoutProbability: 0 });
    expect(advice.orderBy).toBe('2012-01-01');
  });

  test('without demand nothing is ever due, and the cover is unknown rather than infinite', () => {
    const none = new Array(50).fill(0);
    const advice = suggestOrder({
      ...usual,
      onHand: 0,
      committed: 0,
      onOrder: 0,
      leadTimeDemand: none,
      protectionDemand: none,
    });
    expect(advice).toMatchObject({ kind: 'none', quantity: 0, orderBy: null, daysOfCover: null });
    expect(explainInWords(advice.explanation)).toContain('Nothing needs to be ordered now.');
  });

  test('units that are owed are ordered even without further demand', () => {
    const none = new Array(50).fill(0);
    const advice = suggestOrder({
      ...usual,
      onHand: 0,
      committed: 5,
      onOrder: 0,
      leadTimeDemand: none,
      protectionDemand: none,
    });
    expect(advice).toMatchObject({ kind: 'order', position: -5, quantity: 12 });
  });

  test('covers the need, keeps to minimum and packs, and is due exactly at the reorder point', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const advice = suggestOrder(input);
        expect(advice.orderUpTo).toBeGreaterThanOrEqual(advice.reorderPoint);
        const isDue = advice.position <= advice.reorderPoint && advice.position < advice.orderUpTo;
        expect(advice.kind).toBe(isDue ? 'order' : 'none');
        if (!isDue) return void expect(advice.quantity).toBe(0);
        expect(advice.quantity % input.orderMultiple).toBe(0);
        expect(advice.quantity).toBeGreaterThanOrEqual(input.minimumQuantity);
        expect(advice.position + advice.quantity).toBeGreaterThanOrEqual(advice.orderUpTo);
        const least = Math.max(advice.orderUpTo - advice.position, input.minimumQuantity);
        expect(advice.quantity).toBeLessThan(least + input.orderMultiple);
      }),
    );
  });

  test('the reorder point is the least stock that serves the asked share of futures', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { reorderPoint } = suggestOrder(input);
        const served = (stock: number): number => {
          const sample = Array.from(input.leadTimeDemand);
          return sample.filter((demand) => demand <= stock).length / sample.length;
        };
        expect(served(reorderPoint)).toBeGreaterThanOrEqual(input.serviceLevel - 1e-9);
        if (reorderPoint > 0) expect(served(reorderPoint - 1)).toBeLessThan(input.serviceLevel);
      }),
    );
  });

  test('more stock never means a larger order, a higher service level never a smaller one', () => {
    fc.assert(
      fc.property(anyInput, fc.nat({ max: 20 }), (input, more) => {
        const advice = suggestOrder(input);
        const richer = suggestOrder({ ...input, onHand: input.onHand + more });
        expect(richer.quantity).toBeLessThanOrEqual(advice.quantity);
        const safer = suggestOrder({ ...input, serviceLevel: Math.min(0.999, input.serviceLevel + 0.05) });
        expect(safer.reorderPoint).toBeGreaterThanOrEqual(advice.reorderPoint);
        expect(safer.orderUpTo).toBeGreaterThanOrEqual(advice.orderUpTo);
      }),
    );
  });

  test('a service level of 1, half a day backwards and an empty sample are refused', () => {
    expect(() => suggestOrder({ ...usual, serviceLevel: 1 })).toThrow(RangeError);
    expect(() => suggestOrder({ ...usual, leadTimeDays: -1 })).toThrow(RangeError);
    expect(() => suggestOrder({ ...usual, leadTimeDemand: [] })).toThrow(RangeError);
    expect(() => suggestOrder({ ...usual, orderMultiple: 0 })).toThrow(RangeError);
  });
});

describe('the explanation', () => {
  test('lets a machine compute the quantity again', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { explanation, quantity } = suggestOrder(input);
        const of = (name: string): number => explainedValue(explanation, name);
        const position = of('onHand') + of('onOrder') - of('committed');
        expect(position).toBe(of('position'));
        expect(of('safetyStock')).toBeCloseTo(of('reorderPoint') - of('leadTimeDemandMean'), 9);
        const isDue = position <= of('reorderPoint') && position < of('orderUpTo');
        const again = isDue
          ? ceilToMultiple(Math.max(of('orderUpTo') - position, of('minimumQuantity')), of('orderMultiple'))
          : 0;
        expect(again).toBe(quantity);
        expect(of('quantity')).toBe(quantity);
      }),
    );
  });

  test('names each number once, with its unit and source', () => {
    const { explanation } = suggestOrder(usual);
    expect(new Set(explanation.map(({ name }) => name)).size).toBe(explanation.length);
    for (const { unit, from } of explanation) expect(unit.length * from.length).toBeGreaterThan(0);
  });

  test('reads well', () => {
    expect(explainInWords(suggestOrder(usual).explanation)).toBe(
      '60 units on hand, 20 units on order and 10 units promised make a position of 70 units. ' +
        'At a service level of 95 %, the 14 days until a delivery need 95 units (50.5 expected and 44.5 for safety). ' +
        'The position is not above that, so order up to 190 units: 120 units.',
    );
  });
});

describe('demand over the lead time', () => {
  const random = seededRandom(5);
  const paths = Array.from({ length: 4000 }, () => Float64Array.from({ length: 10 }, () => random.gamma(4)));
  const moments = (sample: Float64Array): [number, number] => {
    const mean = sample.reduce((sum, value) => sum + value / sample.length, 0);
    return [mean, sample.reduce((sum, value) => sum + (value - mean) ** 2 / sample.length, 0)];
  };

  test('ten and a half days of a path of weeks are one week and half of the next', () => {
    const options = { leadTime: { meanDays: 10.5, deviationDays: 0 }, periodDays: 7, seed: 1 };
    expect([...leadTimeDemand([[10, 20, 30]], options)]).toEqual([20]);
    expect([...leadTimeDemand([[10, 20, 30]], { ...options, elapsedDays: 7 })]).toEqual([35]);
    expect(demandUntil([10, 20, 30], 5)).toBe(100);
  });

  test('a lead time that varies adds the square of demand times its variance', () => {
    const leadTime = { meanDays: 28, deviationDays: 7 };
    const [mean, variance] = moments(leadTimeDemand(paths, { leadTime, periodDays: 7, seed: 2 }));
    // Weekly demand has mean 4 and variance 4; the lead time is 4 weeks with a deviation of 1 week.
    expect(mean / 16).toBeCloseTo(1, 1);
    expect(Math.abs(variance / (4 * 4 + 4 * 4) - 1)).toBeLessThan(0.15);
  });

  test('the protection interval never needs less than the lead time', () => {
    const options = { leadTime: { meanDays: 9, deviationDays: 4 }, periodDays: 7, seed: 3 };
    const lead = leadTimeDemand(paths, options);
    const protection = leadTimeDemand(paths, { ...options, reviewDays: 7 });
    expect(lead.every((value, i) => value <= protection[i]!)).toBe(true);
  });

  test('the same seed gives the same sample', () => {
    const options = { leadTime: { meanDays: 9, deviationDays: 4 }, periodDays: 7, seed: 3 };
    expect(leadTimeDemand(paths, options)).toEqual(leadTimeDemand(paths, options));
    expect(leadTimeDemand(paths, { ...options, seed: 4 })).not.toEqual(leadTimeDemand(paths, options));
  });
});

test('the position is what is there and coming less what is promised', () => {
  expect(inventoryPosition({ onHand: 10, onOrder: 20, committed: 4 })).toBe(26);
});

test('a quantity that a rounding error lifts over a pack does not take another one', () => {
  expect(ceilToMultiple(0.1 + 0.2, 0.3)).toBeCloseTo(0.3, 12);
  expect(ceilToMultiple(13, 6)).toBe(18);
});
