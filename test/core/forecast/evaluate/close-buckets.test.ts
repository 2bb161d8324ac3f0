import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracyByLag,
  closeBuckets,
  type MadeForecast,
} from '../../../../shared/core/forecast/evaluate/close-buckets.ts';

/** Weeks from Monday, 3 January 2011. */
const made: MadeForecast = {
  seriesId: 'a',
  version: 'run 1',
  frequency: 'weekly',
  start: '2011-01-03',
  mean: [10, 12, 14],
  quantiles: { '0.1': [6, 6, 6], '0.9': [14, 18, 20] },
};
const actuals = [
  { seriesId: 'a', date: '2011-01-03', quantity: 5 },
  { seriesId: 'a', date: '2011-01-09', quantity: 3 },
  { seriesId: 'a', date: '2011-01-12', quantity: 20 },
  { seriesId: 'b', date: '2011-01-12', quantity: 99 },
];

describe('buckets as actuals arrive', () => {
  it('close when their last day is over, not before', () => {
    expect(closeBuckets([made], actuals, '2011-01-08')).toEqual([]);
    expect(closeBuckets([made], actuals, '2011-01-09').map(({ lag }) => lag)).toEqual([1]);
    expect(closeBuckets([made], actuals, '2011-01-31').map(({ lag }) => lag)).toEqual([1, 2, 3]);
  });
  it('tell forecast, actual and error by lag; a bucket without sales is one of none', () => {
    const [first, second, third] = closeBuckets([made], actuals, '2011-01-31');
    expect(first).toMatchObject({
      date: '2011-01-03',
      lag: 1,
      forecast: 10,
      actual: 8,
      error: 2,
      isInside: true,
    });
    expect(second).toMatchObject({ date: '2011-01-10', lag: 2, actual: 20, error: -8, isInside: false });
    expect(third).toMatchObject({ date: '2011-01-17', lag: 3, actual: 0, error: 14, isInside: false });
    // 2 * 0.1 * (8 - 6) below and 2 * 0.1 * (14 - 8) above, halved.
    expect(first!.quantileLoss).toBeCloseTo(0.8, 12);
  });
  it('stay open where the actual is unknown', () => {
    const unknown = [...actuals, { seriesId: 'a', date: '2011-01-13', quantity: Number.NaN }];
    expect(closeBuckets([made], unknown, '2011-01-31').map(({ lag }) => lag)).toEqual([1, 3]);
  });
  it('of months end with the month', () => {
    const monthly: MadeForecast = { ...made, frequency: 'monthly', start: '2011-01-01', quantiles: {} };
    const [january] = closeBuckets([monthly], actuals, '2011-01-31');
    expect(january).toMatchObject({ actual: 28, isInside: null, quantileLoss: null });
    expect(closeBuckets([monthly], actuals, '2011-02-27')).toHaveLength(1);
    expect(closeBuckets([monthly], actuals, '2011-02-28')).toHaveLength(2);
  });
  it('once closed never change by what comes later', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ day: fc.integer({ min: 10, max: 31 }), quantity: fc.nat(50) })),
        (later) => {
          const more = later.map(({ day, quantity }) => ({
            seriesId: 'a',
            date: `2011-01-${day}`,
            quantity,
          }));
          expect(closeBuckets([made], [...actuals, ...more], '2011-01-09')).toEqual(
            closeBuckets([made], actuals, '2011-01-09'),
          );
        },
      ),
    );
  });
  it('days that do not exist are refused', () => {
    expect(() => closeBuckets([made], [], 'soon')).toThrow(/no day of the calendar: soon/);
  });
});

describe('accuracy by lag', () => {
  it('pools forecasts made at different times by how far ahead they looked', () => {
    const later: MadeForecast = {
      ...made,
      version: 'run 2',
      start: '2011-01-10',
      mean: [16, 4],
      quantiles: {},
    };
    const found = accuracyByLag(closeBuckets([made, later], actuals, '2011-01-23'));
    // Lag 1: 10 for 8 and 16 for 20; lag 2: 12 for 20 and 4 for 0; lag 3: 14 for 0.
    expect(found.map(({ lag, buckets, mae }) => [lag, buckets, mae])).toEqual([
      [1, 2, 3],
      [2, 2, 6],
      [3, 1, 14],
    ]);
    expect(found[0]).toMatchObject({ wape: 6 / 28, bias: -2 / 28, coverage: 1, rmse: Math.sqrt(10) });
    expect(found[0]!.wql).toBeCloseTo(0.8 / 8, 12);
    expect(found[2]).toMatchObject({ wape: null, bias: null, wql: null, coverage: 0 });
  });
  it('of nothing is nothing', () => {
    expect(accuracyByLag([])).toEqual([]);
  });
});
