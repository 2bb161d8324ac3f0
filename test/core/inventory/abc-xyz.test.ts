import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classifyAbc,
  classifyXyz,
  coefficientOfVariation,
  forecastErrorRatio,
} from '../../../shared/core/inventory/policies/abc-xyz.ts';
import golden from '../../golden/inventory.json' with { type: 'json' };

describe('ABC and XYZ of the reference', () => {
  const { rows, matrix } = golden.abc_xyz;
  // out of the order of value, so that the ranking is ours
  const items = [...rows].sort((a, b) => (a.item < b.item ? -1 : 1));
  const ranks = classifyAbc(items.map((row) => row.value));
  const strict = classifyAbc(
    items.map((row) => row.value),
    { crossing: 'next' },
  );

  test('classes, shares and variation', () => {
    for (const [i, row] of items.entries()) {
      expect(ranks[i]!.abc, row.item).toBe(row.abc);
      expect(strict[i]!.abc, row.item).toBe(row.abc_cumulative_at_most);
      expect(ranks[i]!.share).toBeCloseTo(row.share, 12);
      expect(ranks[i]!.cumulative).toBeCloseTo(row.cumulative, 12);
      const variation = coefficientOfVariation(row.monthly)!;
      expect(variation).toBeCloseTo(row.cv_population, 12);
      expect(classifyXyz(variation)).toBe(row.xyz);
    }
  });

  test('the matrix', () => {
    for (const [name, members] of Object.entries(matrix)) {
      const found = items.filter(
        (row, i) => `${ranks[i]!.abc}${classifyXyz(coefficientOfVariation(row.monthly))}` === name,
      );
      expect(found.map((row) => row.item).sort()).toEqual([...members].sort());
    }
  });
});

const values = fc.array(fc.double({ min: -10, max: 1000, noNaN: true }), { maxLength: 60 });

describe('ABC of any values', () => {
  test('puts every item into one class, ranks each once, and A makes at least its share', () => {
    fc.assert(
      fc.property(values, (given) => {
        const ranks = classifyAbc(given);
        expect(ranks).toHaveLength(given.length);
        expect(ranks.map((rank) => rank.rank).sort((a, b) => a - b)).toEqual(given.map((_, i) => i + 1));
        const total = given.reduce((sum, value) => sum + Math.max(0, value), 0);
        const ofA = given.reduce((sum, value, i) => sum + (ranks[i]!.abc === 'A' ? value : 0), 0);
        if (total > 0) expect(ofA).toBeGreaterThanOrEqual(0.8 * total * (1 - 1e-9));
        for (const [i, value] of given.entries()) if (value <= 0) expect(ranks[i]!.abc).toBe('C');
      }),
    );
  });

  test('a more valuable item is never in a worse class, and prices in another currency change nothing', () => {
    fc.assert(
      fc.property(values, (given) => {
        const ranks = classifyAbc(given);
        const byRank = ranks.toSorted((a, b) => a.rank - b.rank).map((rank) => rank.abc);
        expect(byRank).toEqual(byRank.toSorted());
        expect(classifyAbc(given.map((value) => value * 4)).map((rank) => rank.abc)).toEqual(
          ranks.map((rank) => rank.abc),
        );
      }),
    );
  });

  test('one item alone is A; of items without value all are C', () => {
    expect(classifyAbc([5])[0]!.abc).toBe('A');
    expect(classifyAbc([0, 0]).map((rank) => rank.abc)).toEqual(['C', 'C']);
  });
});

test('uncertainty by forecast error leaves out what the season explains', () => {
  const season = Array.from({ length: 24 }, (_, i) => (i % 12 === 0 ? 100 : 10));
  expect(classifyXyz(coefficientOfVariation(season))).toBe('Z');
  expect(
    classifyXyz(
      forecastErrorRatio(
        season.map(() => 1),
        17.5,
      ),
    ),
  ).toBe('X');
  expect(classifyXyz(forecastErrorRatio([1], 0))).toBe('Z');
  expect(classifyXyz(0.5)).toBe('X');
  expect(classifyXyz(1)).toBe('Y');
});
