import { describe, expect, test } from 'vitest';
import {
  daysOfQuarter,
  mondayOf,
  quarterBefore,
  quarterOf,
} from '../../../../shared/core/calendar/quarters.ts';
import { accuracyDrift, type GroupBucket } from '../../../../shared/core/forecast/evaluate/accuracy-drift.ts';
import { figuresOf } from '../../../../shared/core/forecast/evaluate/accuracy-figures.ts';
import { addSums, NO_OUTCOMES, scoreBucket } from '../../../../shared/core/forecast/evaluate/score-bucket.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const quantiles = { '0.025': 1, '0.1': 2, '0.5': 5, '0.9': 8, '0.975': 10 };

describe('sums of outcomes', () => {
  test('give the figures that are computed by hand', () => {
    const a = scoreBucket({ mean: 6, naive: 10, quantiles, actual: 4 });
    const b = scoreBucket({ mean: 6, naive: 3, quantiles, actual: 9 });
    expect(a).toMatchObject({ error: 2, absoluteError: 2, naiveError: 6, inside80: 1, inside95: 1 });
    expect(b).toMatchObject({ error: -3, absoluteError: 3, naiveError: 6, inside80: 0, inside95: 1 });
    // twice 0.025 * 3 + 0.1 * 2 + 0.5 * 1 + 0.1 * 4 + 0.025 * 6, over five levels
    expect(a.quantileLoss).toBeCloseTo((2 * (0.075 + 0.2 + 0.5 + 0.4 + 0.15)) / 5, 12);
    const figures = figuresOf(addSums(a, b));
    expect(figures.wape).toBeCloseTo(5 / 13, 12);
    expect(figures.bias).toBeCloseTo(-1 / 13, 12);
    expect(figures.valueAdded).toBeCloseTo(7 / 13, 12);
    expect(figures.relativeError).toBeCloseTo(5 / 12, 12);
    expect(figures).toMatchObject({ coverage80: 0.5, coverage95: 1 });
  });

  test('of nothing, and of nothing sold, have no figures', () => {
    expect(Object.values(figuresOf(NO_OUTCOMES))).toEqual(Array(8).fill(null));
    const unsold = figuresOf(scoreBucket({ mean: 2, naive: 0, quantiles, actual: 0 }));
    expect(unsold).toMatchObject({ wape: null, bias: null, relativeError: null, coverage80: 0 });
  });

  test('refuse outcomes without the quantiles that the intervals need', () => {
    expect(() => scoreBucket({ mean: 2, naive: 0, quantiles: { '0.5': 1 }, actual: 0 })).toThrow(RangeError);
  });
});

describe('drift', () => {
  const buckets = (errors: readonly number[]): GroupBucket[] =>
    errors.map((error) => ({ actual: 100, error, absoluteError: Math.abs(error), naiveError: 50 }));

  test('has the sign of the bias', () => {
    expect(accuracyDrift(buckets(Array(7).fill(20)))).toMatchObject({ signal: 7, bias: 0.2, isBiased: true });
    expect(accuracyDrift(buckets(Array(7).fill(-20)))).toMatchObject({
      signal: -7,
      bias: -0.2,
      isBiased: true,
    });
  });

  test('of errors that are chance is called in fewer than one window of ten', () => {
    const random = seededRandom(5);
    let called = 0;
    for (let window = 0; window < 2000; window++) {
      const errors = Array.from({ length: 13 }, () => 40 * random.normal());
      if (accuracyDrift(buckets(errors))!.isBiased) called++;
    }
    expect(called).toBeGreaterThan(20);
    expect(called).toBeLessThan(200);
  });

  test('is not said of fewer than seven buckets, nor of one that sold nothing', () => {
    expect(accuracyDrift(buckets(Array(6).fill(20)))).toBeNull();
    expect(accuracyDrift(Array(9).fill({ actual: 0, error: 1, absoluteError: 1, naiveError: 1 }))).toBeNull();
  });

  test('looks at the newest thirteen only', () => {
    const drift = accuracyDrift(buckets([...Array(20).fill(90), ...Array(13).fill(0)]));
    expect(drift).toMatchObject({ buckets: 13, bias: 0, isBiased: false, isWorseThanNaive: false });
  });
});

test('weeks begin on Monday and quarters hold their days, across years', () => {
  expect(['2010-12-27', '2011-01-02', '2011-01-03', '2012-02-29'].map(mondayOf)).toEqual([
    '2010-12-27',
    '2010-12-27',
    '2011-01-03',
    '2012-02-27',
  ]);
  expect(['2011-01-01', '2011-03-31', '2011-04-01', '2011-12-31'].map(quarterOf)).toEqual([
    '2011-Q1',
    '2011-Q1',
    '2011-Q2',
    '2011-Q4',
  ]);
  expect(daysOfQuarter('2012-Q1')).toEqual({ first: '2012-01-01', last: '2012-03-31' });
  expect(daysOfQuarter('2011-Q4')).toEqual({ first: '2011-10-01', last: '2011-12-31' });
  expect(quarterBefore('2012-Q1')).toBe('2011-Q4');
  expect(() => daysOfQuarter('2012-Q5')).toThrow(RangeError);
});
