import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainForecast } from '../../../../shared/core/forecast/simple/plain-forecast.ts';
import { trendLabel } from '../../../../shared/core/forecast/simple/trend-label.ts';

const week = [3, 5, 4, 6, 2, 8, 7];
const line = Array.from({ length: 14 }, (_, t) => 10 + 2 * t);

describe('plain methods on known series', () => {
  it('the moving average is the mean of the newest seven', () => {
    expect(plainForecast([100, ...week], 'moving_average', 2)).toMatchObject({
      kind: 'forecast',
      mean: [5, 5],
      parameter: 5,
    });
  });
  it('the line goes on', () => {
    const found = plainForecast(line, 'linear_regression', 2);
    expect(found).toMatchObject({ kind: 'forecast', mean: [38, 40].map((v) => expect.closeTo(v, 9)) });
    expect(found).toMatchObject({ parameter: expect.closeTo(2, 9), trend: { label: 'Increasing' } });
  });
  it('smoothing with 0.3 from the first: 3, 3.6, 3.72, 4.404, 3.6828, 4.97796, 5.584572', () => {
    const found = plainForecast(week, 'exponential_smoothing', 1);
    expect(found).toMatchObject({ mean: [expect.closeTo(5.584572, 9)], parameter: 0.3 });
  });
  it('a falling line stops at nothing', () => {
    const found = plainForecast(line.toReversed(), 'linear_regression', 30);
    expect(found.kind === 'forecast' && Math.min(...found.mean)).toBe(0);
  });
});

describe('auto', () => {
  it('takes the line on a line and an average on noise around a level', () => {
    const longer = Array.from({ length: 28 }, (_, t) => 10 + 2 * t);
    expect(plainForecast(longer, 'auto', 3)).toMatchObject({ method: 'linear_regression' });
    const saw = Array.from({ length: 28 }, (_, t) => 10 + [3, -4, 1, 2, -3, 4, -3][t % 7]!);
    expect(plainForecast(saw, 'auto', 3)).toMatchObject({ method: 'moving_average', mean: [10, 10, 10] });
  });
  it('takes the moving average while there is nothing to compare by', () => {
    expect(plainForecast(week, 'auto', 1)).toMatchObject({ method: 'moving_average' });
  });
});

describe('too little data is an answer, not a forecast', () => {
  it('below 7 points, and below 14 for a line', () => {
    const few = { kind: 'insufficient-data', points: 6, needed: 7 };
    expect(plainForecast(week.slice(1), 'auto', 5)).toEqual(few);
    expect(plainForecast([...week.slice(1), Number.NaN], 'moving_average', 5)).toEqual(few);
    expect(plainForecast(line.slice(1), 'linear_regression', 5)).toEqual({
      kind: 'insufficient-data',
      points: 13,
      needed: 14,
    });
    expect(plainForecast([], 'auto', 1)).toMatchObject({ points: 0 });
  });
  it('a trend needs 14 points', () => {
    expect(trendLabel(line.slice(1))).toEqual({ kind: 'insufficient-data', points: 13, needed: 14 });
    expect(plainForecast(week, 'moving_average', 1)).toMatchObject({ trend: { kind: 'insufficient-data' } });
  });
});

describe('the label of a trend', () => {
  it('is Stable for a constant, for nothing at all and for a change of less than a tenth', () => {
    for (const flat of [new Array(20).fill(7), new Array(20).fill(0), line.map((_, t) => 100 + 0.5 * t)])
      expect(trendLabel(flat)).toMatchObject({ label: 'Stable' });
  });
  it('is Stable where chance explains the slope', () => {
    const noise = Array.from({ length: 20 }, (_, t) => 10 + 9 * (t % 2) + 0.1 * t);
    expect(trendLabel(noise)).toMatchObject({ label: 'Stable' });
  });
  it('turns round with the series and does not mind its scale', () => {
    const opposite = { Increasing: 'Declining', Declining: 'Increasing', Stable: 'Stable' } as const;
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 14, maxLength: 40 }), (y) => {
        const found = trendLabel(y);
        if (found.kind !== 'trend') throw new Error('14 points are enough');
        // On the border itself rounding decides.
        fc.pre(Math.abs(Math.abs(found.change) - 0.1) > 1e-9);
        expect(trendLabel(y.toReversed())).toMatchObject({ label: opposite[found.label] });
        expect(trendLabel(y.map((value) => 4 * value))).toMatchObject({ label: found.label });
      }),
    );
  });
});
