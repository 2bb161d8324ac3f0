import { describe, expect, it } from 'vitest';
import { splitDown } from '../../../../shared/core/forecast/hierarchy/split-down.ts';
import { summingOf, sumUp } from '../../../../shared/core/forecast/hierarchy/summing.ts';
import { crossed, randomValues } from './dense.ts';

/** Two categories of two products. */
const tree = summingOf(
  ['a', 'b', 'c', 'd'],
  [
    { name: 'total', groups: ['all', 'all', 'all', 'all'] },
    { name: 'category', groups: ['x', 'x', 'y', 'y'] },
  ],
);
const history = [
  [1, 3],
  [1, 1],
  [2, 0],
  [0, 4],
].map((values) => Float64Array.from(values));
const base = [100, 60, 20, 10, 30, 15, 5].map((value) => Float64Array.of(value));

const flat = (series: readonly Float64Array[]): number[] => series.map((values) => values[0]!);

describe('top-down and middle-out by hand', () => {
  it('the share of the whole history: 4, 2, 2 and 4 of 12', () => {
    const found = flat(splitDown(tree, base, { level: 'total', shares: 'share-of-means', history }));
    expect(found).toEqual(
      [100, 50, 50, 400 / 12, 200 / 12, 200 / 12, 400 / 12].map((v) => expect.closeTo(v, 9)),
    );
  });
  it('the mean of shares: (1/4 + 3/8) / 2, (1/4 + 1/8) / 2, (2/4 + 0) / 2, (0 + 4/8) / 2', () => {
    const found = flat(splitDown(tree, base, { level: 'total', shares: 'mean-of-shares', history }));
    expect(found.slice(3)).toEqual([31.25, 18.75, 25, 25].map((v) => expect.closeTo(v, 9)));
  });
  it('the shares of forecasts go down level by level: 100 as 60 to 20, then 75 as 10 to 30 and 25 as 15 to 5', () => {
    const found = flat(splitDown(tree, base, { level: 'total', shares: 'forecast' }));
    expect(found).toEqual([100, 75, 25, 18.75, 56.25, 18.75, 6.25].map((v) => expect.closeTo(v, 9)));
  });
  it('middle-out keeps the categories and adds them up', () => {
    const found = flat(splitDown(tree, base, { level: 'category', shares: 'share-of-means', history }));
    expect(found).toEqual([80, 60, 20, 40, 20, 20 / 3, 40 / 3].map((v) => expect.closeTo(v, 9)));
  });
});

describe('any structure', () => {
  it('a crossed level is passed by, and the chosen level keeps its forecasts', () => {
    const summing = crossed();
    const values = randomValues(summing.nodes.length, 3, 40);
    const series = Array.from(values, (value) => Float64Array.of(value));
    for (const level of ['total', 'product', 'location']) {
      const found = flat(splitDown(summing, series, { level, shares: 'forecast' }));
      const again = sumUp(summing, found.slice(summing.sums));
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(again[i]!, 9);
      });
      const { first, count } = summing.levels.find(({ name }) => name === level)!;
      for (let g = first; g < first + count; g++) expect(found[g]).toBeCloseTo(values[g]!, 9);
    }
  });
  it('without any forecast below, the parts are equal', () => {
    const none = base.map((values, i) => (i === 0 ? values : Float64Array.of(0)));
    expect(flat(splitDown(tree, none, { level: 'total', shares: 'forecast' })).slice(3)).toEqual([
      25, 25, 25, 25,
    ]);
  });
  it('a level that leaves somebody out, or is not there, is refused', () => {
    const summing = crossed();
    const series = summing.nodes.map(() => Float64Array.of(1));
    expect(() => splitDown(summing, series, { level: 'category', shares: 'forecast' })).toThrow(
      /not every leaf/,
    );
    expect(() => splitDown(summing, series, { level: 'brand', shares: 'forecast' })).toThrow(
      /no level is named brand/,
    );
    expect(() => splitDown(summing, series, { level: 'total', shares: 'share-of-means' })).toThrow(
      /one history/,
    );
  });
});
