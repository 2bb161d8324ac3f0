import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from '../../../shared/core/allocation/allocate.ts';
import { type DemandByArrival, demandForOrder } from '../../../shared/core/allocation/demand-for-order.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

test('an order serves who waits and what the rest of the stock does not, whatever comes before it', () => {
  const futures = { before: [0, 4, 9], after: [5, 5, 5] };
  expect([...demandForOrder(futures, 0)]).toEqual([5, 5, 5]);
  expect([...demandForOrder(futures, 7)]).toEqual([0, 2, 5]);
  expect([...demandForOrder(futures, -3)]).toEqual([8, 8, 8]);
});

test('counts the sales of a walk through every future, with and without the order', () => {
  const units = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(units, units, units, units, (before, after, position, quantity) => {
      const sales = (ordered: number) => {
        const first = Math.min(before, position);
        return first + Math.min(after, position - first + ordered);
      };
      const [served] = demandForOrder({ before: [before], after: [after] }, position);
      expect(Math.min(quantity, served!)).toBe(sales(quantity) - sales(0));
    }),
  );
});

test('a long lead time earns no more of what is limited than a short one', () => {
  const random = seededRandom(2);
  const sum = (days: number) => {
    let units = 0;
    for (let day = 0; day < days; day++) units += random.uniform() < 0.5 ? 3 : 0;
    return units;
  };
  const futures = (leadDays: number): DemandByArrival => ({
    before: Array.from({ length: 400 }, () => sum(leadDays)),
    after: Array.from({ length: 400 }, () => sum(7)),
  });
  const of = [futures(42), futures(3), futures(3)];
  const { quantities, value } = allocate({
    strategy: 'value',
    limits: { budget: 40 },
    items: of.map((one, i) => ({
      budget: 1,
      most: i === 0 ? 80 : 22,
      value: { margin: 1.5, holding: 0.02, position: 0, demand: demandForOrder(one, 0) },
    })),
  });
  // by the whole demand the slow one would get what the others need
  for (const quantity of quantities) expect(quantity / 40).toBeCloseTo(1 / 3, 1);
  const sold = quantities.map(
    (quantity, i) =>
      Array.from(of[i]!.after).reduce((all, demand) => all + Math.min(quantity, demand), 0) / 400,
  );
  const margin = 1.5 * sold.reduce((a, b) => a + b, 0);
  const holding = 0.02 * (40 - sold.reduce((a, b) => a + b, 0));
  expect(value!.gain).toBeCloseTo(margin - holding, 6);
});
