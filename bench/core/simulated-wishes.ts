import type { ValuedItem } from '../../shared/core/allocation/allocate-by-value.ts';
import { seededRandom } from '../../shared/core/math/random.ts';

/** Items that compete for a budget and space: prices 1 to 5,000, demand of 100 paths, minima and packs, 100 units at most. */
export function simulatedWishes(count: number): ValuedItem[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, () => {
    const mean = 5 + 60 * random.uniform();
    const price = 1 + random.integer(5000);
    return {
      budget: price,
      volume: 1 + random.integer(50),
      multiple: 1,
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
}
