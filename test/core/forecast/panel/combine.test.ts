import { describe, expect, it } from 'vitest';
import { spreadBy, spreadFactors } from '../../../../shared/core/forecast/calibrate/spread-factors.ts';
import { priorOf } from '../../../../shared/core/forecast/combine/learn-rules.ts';
import {
  between,
  type GridForecast,
  LEVEL_GRID,
  quantilesAt,
} from '../../../../shared/core/forecast/combine/level-grid.ts';
import { meanWeights } from '../../../../shared/core/forecast/combine/mean-weights.ts';
import { mixed } from '../../../../shared/core/forecast/combine/mixture.ts';
import {
  addSums,
  mixtureLoss,
  mixtureSums,
  mixtureWeights,
} from '../../../../shared/core/forecast/combine/mixture-weights.ts';
import { chooseTilt, recordsOf, tilted } from '../../../../shared/core/forecast/combine/own-record.ts';
import type { PastCell } from '../../../../shared/core/forecast/combine/past-cell.ts';
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

const cellsOf = (members: readonly GridForecast[], count = 300): PastCell[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `series ${i}`,
    group: 'steady',
    members,
    actual: actuals(i),
    scale: 10,
    weight: 1,
    isWhole: false,
    isSigned: false,
  }));

const sumsOf = (cells: readonly PastCell[]) => addSums(cells.map(mixtureSums), cells[0]!.members.length);

describe('weights of members', () => {
  it('sum to 1 and favour the member that was right', () => {
    const cells = cellsOf([normalGrid(140, 10), normalGrid(100, 10), normalGrid(130, 30)]);
    for (const weights of [
      meanWeights(cells, [0.2, 0.4, 0.4]),
      mixtureWeights(sumsOf(cells), [0.2, 0.4, 0.4]),
    ]) {
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(weights[1]).toBeGreaterThan(0.9);
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
    }
  });

  it('are learnt beside a member that is wildly wrong', () => {
    const far = normalGrid(100_000, 10);
    const cells = cellsOf([normalGrid(100, 10), normalGrid(120, 10), far]);
    const start = [1 / 3, 1 / 3, 1 / 3];
    expect(meanWeights(cells, start)[0]).toBeGreaterThan(0.95);
    expect(mixtureWeights(sumsOf(cells), start)[0]).toBeGreaterThan(0.95);
    expect(mixtureWeights(sumsOf(cells), [0.5, 0.5, 0])[0]).toBeGreaterThan(0.95);
  });

  it('average two members that err on opposite sides', () => {
    const cells = cellsOf([normalGrid(90, 10), normalGrid(110, 10)]);
    const weights = { mean: meanWeights(cells, [0.5, 0.5]), quantiles: [0.5, 0.5] };
    expect(mixed(cells[0]!.members, weights, 0).mean[0]).toBeCloseTo(100, 0);
  });

  it('are the start without a past', () => {
    const start = [0.3, 0.7];
    expect(meanWeights([], start)).toEqual(start);
    expect(mixtureWeights(addSums([], 2), start)).toEqual(start);
  });

  it('start with most for the global model, and for the mean with the blend before the others', () => {
    expect(priorOf(['a', 'b', 'global'], 0.6)).toEqual([0.2, 0.2, 0.6]);
    expect(priorOf(['a', 'b'], 0.6)).toEqual([0.5, 0.5]);
    expect(priorOf(['blend', 'a', 'b', 'global'], 0.2, { blend: 0.5 })).toEqual([0.4, 0.2, 0.2, 0.2]);
    expect(priorOf(['a', 'b', 'global'], 0.6, { blend: 0.5 })).toEqual([0.2, 0.2, 0.6]);
    expect(priorOf(['a', 'b', 'global'], 0.6, { without: ['b'] })).toEqual([0.4, 0, 0.6]);
    expect(priorOf(['a'], 0.6, { without: ['a'] })).toEqual([1]);
  });
});

describe('a mixture', () => {
  const far = [normalGrid(20, 1), normalGrid(100, 1)];
  const half = { mean: [0.5, 0.5], quantiles: [0.5, 0.5] };

  it('of one member is that member', () => {
    const grid = normalGrid(100, 10);
    const { quantiles } = mixed([grid], { mean: [1], quantiles: [1] }, 0);
    // between its points the member is read straight, so not to the last digit
    quantiles.forEach((values, l) => {
      expect(Math.abs(values[0]! - grid.quantiles[l]![0]!)).toBeLessThan(1);
    });
  });

  it('is not bent by a member of weight 0', () => {
    const [one, other] = [normalGrid(100, 10), normalGrid(95, 1)];
    const alone = mixed([one], { mean: [1], quantiles: [1] }, 0);
    expect(mixed([one, other], { mean: [1, 0], quantiles: [1, 0] }, 0)).toEqual(alone);
  });

  it('keeps what both members expect, where an average would expect what neither does', () => {
    const { quantiles } = mixed(far, half, 0);
    expect(quantiles[3]![0]).toBeCloseTo(20, 0);
    expect(quantiles[5]![0]).toBeCloseTo(100, 0);
  });

  it('scales with the data and stays ascending and above the floor', () => {
    const members = [normalGrid(1, 3), normalGrid(5, 2), normalGrid(2, 8)];
    const weights = { mean: [0.2, 0.3, 0.5], quantiles: [0.2, 0.3, 0.5] };
    const scaledUp = members.map(({ mean, quantiles }) => ({
      mean: mean.map((value) => 1000 * value),
      quantiles: quantiles.map((values) => values.map((value) => 1000 * value)),
    }));
    const one = mixed(members, weights, 0).quantiles.map((values) => values[0]!);
    const large = mixed(scaledUp, weights, 0).quantiles.map((values) => values[0]!);
    expect(one).toEqual(one.toSorted((a, b) => a - b));
    expect(one[0]).toBe(0);
    one.forEach((value, l) => {
      expect(large[l]).toBeCloseTo(1000 * value, 6);
    });
  });

  it('has the score that its weights are chosen by: no other weights score better', () => {
    const sums = sumsOf(cellsOf([normalGrid(92, 12), normalGrid(104, 8), normalGrid(120, 25)]));
    const weights = mixtureWeights(sums, [1 / 3, 1 / 3, 1 / 3]);
    const best = mixtureLoss(sums, weights);
    const random = seededRandom(5);
    for (let i = 0; i < 200; i++) {
      const raw = [random.uniform(), random.uniform(), random.uniform()];
      const total = raw.reduce((a, b) => a + b);
      const other = mixtureLoss(
        sums,
        raw.map((value) => value / total),
      );
      expect(best).toBeLessThanOrEqual(other * (1 + 1e-6));
    }
  });
});

describe('records of single series', () => {
  /** Two kinds of series: one member knows the one, the other the other. */
  const twoKinds = (isMixed: boolean): PastCell[] =>
    Array.from({ length: 240 }, (_, i) => {
      const series = i % 80;
      const right = series % 2;
      const level = isMixed ? (i % 7) % 2 : right;
      return {
        ...cellsOf([normalGrid(60, 10), normalGrid(140, 10)], 1)[0]!,
        id: `series ${series}`,
        actual: actuals(i).map((value) => value - 40 + 80 * level),
      };
    });
  const judge = (cells: readonly PastCell[]) => cells.map((cell) => ({ cell, sums: mixtureSums(cell) }));
  const half = { mean: [0.5, 0.5], quantiles: [0.5, 0.5] };

  it('count where a member that was good for a series is good for it again', () => {
    const judged = judge(twoKinds(false));
    const tilt = chooseTilt(judged, () => half);
    expect(tilt.mean).toBeGreaterThan(0);
    expect(tilt.quantiles).toBeGreaterThan(0);
    const records = recordsOf(judged);
    expect(tilted(half, records.get('series 0'), tilt).mean[0]).toBeGreaterThan(0.7);
    expect(tilted(half, records.get('series 1'), tilt).mean[0]).toBeLessThan(0.3);
  });

  it('do not count where the past of a series says nothing of it', () => {
    expect(chooseTilt(judge(twoKinds(true)), () => half)).toEqual({ mean: 0, quantiles: 0 });
    expect(chooseTilt([], () => half)).toEqual({ mean: 0, quantiles: 0 });
  });

  it('leave the weights of a series without one', () => {
    expect(tilted(half, undefined, { mean: 4, quantiles: 4 })).toBe(half);
  });
});

describe('the spread', () => {
  const past = (deviation: number) =>
    Array.from({ length: 400 }, (_, i) => ({
      forecast: normalGrid(100, deviation),
      actual: actuals(i),
      kind: { isWhole: false, isSigned: false },
    }));

  it('grows where quantiles were too near, shrinks where they were too far, and stays where they were right', () => {
    const outer = (deviation: number): number => spreadFactors(past(deviation)).at(-1)!;
    expect(outer(6)).toBeGreaterThan(1.3);
    expect(outer(15)).toBeLessThan(0.85);
    // a point more than promised is aimed at
    expect(outer(10)).toBeGreaterThan(0.98);
    expect(outer(10)).toBeLessThan(1.12);
  });

  it('is the same on both sides, whichever was hit', () => {
    const factors = spreadFactors(past(6));
    expect(factors).toEqual(factors.toReversed());
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

  it('blows nothing up that mostly sells nothing, though more of it sells nothing than was said', () => {
    const upper = [0, 0, 0, 0, 0, 1, 4, 6, 9];
    const forecast = {
      mean: new Float64Array([1]),
      quantiles: upper.map((value) => new Float64Array([value])),
    };
    const kind = { isWhole: true, isSigned: false };
    // one in two was said to sell, and five in a hundred did: too many zeros, which no width holds
    const past = Array.from({ length: 100 }, (_, i) => {
      const actual = new Float64Array([i < 5 ? 30 : 0]);
      return { forecast, actual, kind };
    });
    expect(spreadFactors(past)[6]).toBeLessThan(1.1);
  });

  it('is left alone without a past', () => {
    expect(spreadFactors([])).toEqual(LEVEL_GRID.map(() => 1));
  });
});

describe('quantiles between the levels of the grid', () => {
  const grid = normalGrid(100, 10).quantiles;

  it('are exact for normal errors at the levels and beyond them, and nearly so between them', () => {
    const levels = [0.01, 0.025, 0.2, 0.5, 0.83, 0.99];
    const found = quantilesAt(grid, levels, 0);
    for (const level of levels) {
      const isBetween = level === 0.2 || level === 0.83;
      expect(found[String(level)]![0]).toBeCloseTo(100 + 10 * normalQuantile(level), isBetween ? 0 : 6);
    }
  });

  it('thin out as demand grows, and do not where quantities may be negative', () => {
    expect(between(0, 8, 0.5)).toBeCloseTo(2, 9);
    expect([between(3, 8, 0), between(3, 8, 1)]).toEqual([expect.closeTo(3, 9), expect.closeTo(8, 9)]);
    expect(between(0, 8, 1.5)).toBe(12);
    expect(between(-4, 4, 0.5)).toBe(0);
    // in any unit
    expect(between(2e-200, 8e-200, 0.5) / between(2, 8, 0.5)).toBeCloseTo(1e-200, 210);
  });

  it('never fall below the floor', () => {
    expect(quantilesAt(normalGrid(1, 10).quantiles, [0.01], 0)['0.01']![0]).toBe(0);
  });
});
