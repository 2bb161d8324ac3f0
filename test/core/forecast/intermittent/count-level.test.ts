import { describe, expect, test } from 'vitest';
import {
  type CountLevel,
  fitCountLevel,
  runCountLevel,
} from '../../../../shared/core/forecast/intermittent/count-level.ts';
import { readGolden } from '../../read-golden.ts';

type Reference = CountLevel & { logLikelihood: number; level: number };
const { cases } = readGolden<{ cases: { name: string; y: number[]; negbin: Reference[] }[] }>('intermittent');

describe.each(cases)('on the $name series', ({ y, negbin }) => {
  test.each(negbin)('the likelihood at weight $weight, excess $excess is that of the formula', (given) => {
    const found = runCountLevel(Float64Array.from(y), given);
    expect(found.logLikelihood / given.logLikelihood).toBeCloseTo(1, 9);
    expect(found.level / given.level).toBeCloseTo(1, 10);
  });

  test('no given parameters are likelier than the optimum', () => {
    const best = fitCountLevel(Float64Array.from(y)).logLikelihood;
    for (const { logLikelihood } of negbin) expect(best).toBeGreaterThan(logLikelihood - 0.1);
  });

  test('a step in any direction from the optimum is not likelier by more than its faint prior', () => {
    const values = Float64Array.from(y);
    const { level: _, logLikelihood, ...at } = fitCountLevel(values);
    for (const key of ['average', 'persistence', 'weight', 'excess'] as const) {
      for (const factor of [0.9, 1.1]) {
        const moved = { ...at, [key]: at[key] * factor };
        if (moved.persistence > 0.998 || moved.weight > moved.persistence) continue;
        expect(runCountLevel(values, moved).logLikelihood).toBeLessThan(logLikelihood + 0.1);
      }
    }
  });
});

test('large counts cost no digits', () => {
  // Sums of logarithms one by one against the closed form.
  const y = Float64Array.of(13, 40, 1000, 25_000);
  const of = { average: 700, persistence: 0.5, weight: 0.2, excess: 90 };
  let level = of.average;
  let expected = 0;
  for (const count of y) {
    for (let j = 0; j < count; j++) expected += Math.log(level + j * of.excess) - Math.log(1 + j);
    expected -= count * Math.log1p(of.excess) + (level * Math.log1p(of.excess)) / of.excess;
    level = 0.5 * of.average + 0.3 * level + 0.2 * count;
  }
  expect(runCountLevel(y, of).logLikelihood / expected).toBeCloseTo(1, 10);
});
