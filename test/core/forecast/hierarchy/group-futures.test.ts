import { describe, expect, test } from 'vitest';
import { forecastGroup } from '../../../../shared/core/forecast/hierarchy/forecast-group.ts';
import { groupFutures } from '../../../../shared/core/forecast/hierarchy/group-futures.ts';
import type { Fitted } from '../../../../shared/core/forecast/model.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A group that sells a piece in a week with this probability. */
function rare(probability: number): Fitted {
  return {
    forecast: (horizon) => ({ mean: new Array(horizon).fill(probability), quantiles: {} }),
    paths: (horizon, count, seed) => {
      const random = seededRandom(seed);
      return Array.from({ length: count }, () =>
        Float64Array.from({ length: horizon }, () => Number(random.uniform() < probability)),
      );
    },
    toState: () => ({ model: 'rare' }),
  };
}

describe('groupFutures', () => {
  test('are scaled up to ten times the own mean, and have a spread around the mean beyond', () => {
    const [scaled, beyond, far] = [4, 6, 5000].map((mean) =>
      groupFutures(rare(0.5), [mean], 2000, 1).map(([units]) => units!),
    );
    expect(new Set(scaled)).toEqual(new Set([0, 8]));
    for (const [futures, mean] of [
      [beyond!, 6],
      [far!, 5000],
    ] as const) {
      expect(average(futures)).toBeGreaterThan(mean - 0.1 * Math.sqrt(mean));
      expect(average(futures)).toBeLessThan(mean + 0.1 * Math.sqrt(mean));
      const variance = average(futures.map((units) => (units - mean) ** 2));
      expect(variance / mean).toBeGreaterThan(0.85);
      expect(variance / mean).toBeLessThan(1.15);
      expect(Math.min(...futures)).toBeGreaterThan(0);
    }
  });

  test('are nothing where the members expect nothing, and the own ones where they agree', () => {
    for (const path of groupFutures(rare(0.5), [0, 0], 50, 1)) expect([...path]).toEqual([0, 0]);
    expect(groupFutures(rare(0.5), [0.5, 0.5], 50, 1)).toEqual(rare(0.5).paths(2, 50, 1));
    expect(groupFutures(rare(0), [0, 0], 50, 1)).toEqual(rare(0).paths(2, 50, 1));
  });
});

test('a group that has sold nothing for a year has a band around what its members will sell, sums and days too', () => {
  const random = seededRandom(5);
  const found = forecastGroup({
    weeks: [...Array.from({ length: 60 }, () => random.integer(2)), ...new Array(60).fill(0)],
    days: new Array(56).fill(0),
    members: [5, 5, 5],
    horizon: 4,
    levels: [0.1, 0.5, 0.9],
    seed: 1,
  });
  expect(found.mean.slice(0, 3)).toEqual([5, 5, 5]);
  for (const [figures, weeks] of [
    [found.quantiles, [1, 1, 1]],
    [found.sums, [1, 2, 3]],
  ] as const) {
    weeks.forEach((times, h) => {
      expect(figures['0.1']![h]).toBeGreaterThan(5 * times - 2.5 * Math.sqrt(5 * times));
      expect(figures['0.1']![h]).toBeLessThan(5 * times - 0.5 * Math.sqrt(5 * times));
      expect(Math.abs(figures['0.5']![h]! - 5 * times)).toBeLessThan(1.2);
      expect(figures['0.9']![h]).toBeGreaterThan(5 * times + 0.5 * Math.sqrt(5 * times));
      expect(figures['0.9']![h]).toBeLessThan(5 * times + 2.5 * Math.sqrt(5 * times));
    });
  }
  expect(found.quantiles['0.9']![3]).toBeLessThan(1);
  for (let day = 0; day < 21; day++) {
    expect(found.days.low95[day]).toBeLessThan(5 / 7);
    expect(found.days.high95[day]).toBeGreaterThan(5 / 7);
  }
});
