import { describe, expect, it } from 'vitest';
import { spreadBy, spreadFactors } from '../../../../shared/core/forecast/calibrate/spread-factors.ts';
import {
  type GridForecast,
  LEVEL_GRID,
  quantilesAt,
} from '../../../../shared/core/forecast/combine/level-grid.ts';
import {
  type PastCell,
  poolWeights,
  weighted,
} from '../../../../shared/core/forecast/combine/pool-weights.ts';
import { priorOf } from '../../../../shared/core/forecast/combine/train-panel.ts';
import { normalQuantile } from '../../../../shared/core/math/normal.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const HORIZON = 6;

/** Normal quantiles around a mean. */
function normalGrid(mean: number, deviation: number): GridForecast {
  return {
    mean: new Float64Array(HORIZON).fill(mean),
    quantiles: LEVEL_GRID.map((level) =>
      new Float64Array(HORIZON).fill(mean + deviation * normalQuantile(level)),
    ),
  };
}

/** What came: normal with mean 100 and deviation 10. */
function actuals(seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: HORIZON }, () => 100 + 10 * random.normal());
}

const cellsOf = (members: readonly GridForecast[]): PastCell[] =>
  Array.from({ length: 300 }, (_, i) => ({ members, actual: actuals(i), scale: 10, weight: 1 }));

describe('weights of members', () => {
  it('sum to 1 and favour the member that was right', () => {
    const cells = cellsOf([normalGrid(140, 10), normalGrid(100, 10), normalGrid(130, 30)]);
    for (const what of ['mean', 'quantiles'] as const) {
      const weights = poolWeights(cells, [0.2, 0.4, 0.4], what);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(Math.max(...weights)).toBe(weights[1]);
      expect(Math.min(...weights)).toBeGreaterThan(0);
    }
  });

  it('average two members that err on opposite sides', () => {
    const cells = cellsOf([normalGrid(90, 10), normalGrid(110, 10)]);
    const weights = { mean: poolWeights(cells, [0.5, 0.5], 'mean'), quantiles: [0.5, 0.5] };
    expect(weighted(cells[0]!.members, weights).mean[0]).toBeCloseTo(100, 0);
  });

  it('are the prior without a past: most for the global model, the same for the others', () => {
    const prior = priorOf(['a', 'b', 'global'], false);
    expect(poolWeights([], prior, 'mean')).toEqual(prior);
    expect(prior[0]).toBe(prior[1]);
    expect(prior[2]).toBeGreaterThan(0.5);
    expect(priorOf(['a', 'b', 'global'], true)[2]).toBeGreaterThan(prior[2]!);
    expect(priorOf(['a', 'b'], false)).toEqual([0.5, 0.5]);
  });
});

describe('the spread', () => {
  const past = (deviation: number) =>
    Array.from({ length: 400 }, (_, i) => ({
      forecast: normalGrid(100, deviation),
      actual: actuals(i),
      weight: 1,
    }));

  it('grows where quantiles were too near, shrinks where they were too far, and stays where they were right', () => {
    const outer = (deviation: number): number => spreadFactors(past(deviation)).at(-1)!;
    expect(outer(6)).toBeGreaterThan(1.3);
    expect(outer(15)).toBeLessThan(0.85);
    expect(outer(10)).toBeCloseTo(1, 1);
  });

  it('leaves the median and the mean, keeps quantiles ascending and above the floor', () => {
    const factors = [5, 1, 4, 1, 1, 3, 1, 2, 1];
    const { mean, quantiles } = spreadBy(normalGrid(10, 5), factors, 0);
    expect(mean[0]).toBe(10);
    expect(quantiles[4]![0]).toBeCloseTo(10, 9);
    const column = quantiles.map((values) => values[0]!);
    expect(column).toEqual(column.toSorted((a, b) => a - b));
    expect(Math.min(...column)).toBeGreaterThanOrEqual(0);
  });

  it('is left alone without a past', () => {
    expect(spreadFactors([])).toEqual(LEVEL_GRID.map(() => 1));
  });
});

describe('quantiles between the levels of the grid', () => {
  const grid = normalGrid(100, 10).quantiles;

  it('are exact for normal errors, inside and beyond the grid', () => {
    const levels = [0.01, 0.025, 0.2, 0.5, 0.83, 0.99];
    const found = quantilesAt(grid, levels, 0);
    for (const level of levels)
      expect(found[String(level)]![0]).toBeCloseTo(100 + 10 * normalQuantile(level), 6);
  });

  it('never fall below the floor', () => {
    expect(quantilesAt(normalGrid(1, 10).quantiles, [0.01], 0)['0.01']![0]).toBe(0);
  });
});
