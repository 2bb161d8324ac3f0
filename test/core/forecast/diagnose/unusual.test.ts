import { describe, expect, test } from 'vitest';
import { boxCox, guerrero, inverseBoxCox } from '../../../../shared/core/forecast/diagnose/box-cox.ts';
import { outliers } from '../../../../shared/core/forecast/diagnose/outliers.ts';
import { residualSummary } from '../../../../shared/core/forecast/diagnose/residual-summary.ts';
import { trendStrength } from '../../../../shared/core/forecast/diagnose/trend-strength.ts';
import { upcomingSpikes } from '../../../../shared/core/forecast/diagnose/upcoming-spikes.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

describe('outliers', () => {
  const calm = Array.from({ length: 30 }, (_, t) => 10 + (t % 5));

  test('an injected spike is flagged by all three rules, and nothing is deleted', () => {
    const y = [...calm];
    y[17] = 90;
    const before = [...y];
    expect(outliers(y)).toEqual([{ index: 17, value: 90, rules: ['iqr', 'z', 'modified-z'] }]);
    expect(y).toEqual(before);
    expect(outliers(calm)).toEqual([]);
  });

  test('worked by hand: of six values one at 7.5 is usual, one at 12 is not', () => {
    // Quartiles 2.25 and 4.75 reach 1.5 * 2.5 further, to 8.5; median 3.5, deviation 1.5 reach to 11.3; z of 12 is 1.9.
    expect(outliers([1, 2, 3, 4, 5, 7.5])).toEqual([]);
    expect(outliers([1, 2, 3, 4, 5, 12]).map(({ rules }) => rules)).toEqual([['iqr', 'modified-z']]);
  });

  test('unknown values are skipped, and few or equal values have no outliers', () => {
    expect(outliers([Number.NaN, 1, 100])).toEqual([]);
    expect(outliers([5, 5, 5, 5, 5, 5])).toEqual([]);
    expect(outliers([...calm, Number.NaN, 90]).map(({ index }) => index)).toEqual([31]);
  });
});

describe('upcoming spikes', () => {
  const random = seededRandom(1);
  const futures = (means: readonly number[]): number[][] =>
    Array.from({ length: 400 }, () => means.map((mean) => mean * (1 + 0.1 * random.normal())));
  const recent = [9, 11, 10, 10, Number.NaN, 10];

  test('a week of half as much again in a category is found, with its lift and interval', () => {
    const spikes = upcomingSpikes([
      { category: 'toys', recent, paths: futures([10, 15, 10]) },
      { category: 'toys', recent, paths: futures([10, 17, 10]) },
      { category: 'books', recent, paths: futures([10, 10, 10]) },
    ]);
    expect(spikes).toHaveLength(1);
    const [spike] = spikes;
    expect(spike).toMatchObject({ category: 'toys', step: 2 });
    expect(spike!.usual).toBeCloseTo(20, 9);
    expect(spike!.lift).toBeCloseTo(0.6, 1);
    expect(spike!.lowLift).toBeLessThan(spike!.lift);
    expect(spike!.highLift).toBeGreaterThan(spike!.lift);
    // Two independent series of deviation 1.5 and 1.7 over a usual 20: 80 % within 1.28 * 2.27 / 20 = 0.145.
    expect(spike!.highLift - spike!.lowLift).toBeGreaterThan(0.22);
    expect(spike!.highLift - spike!.lowLift).toBeLessThan(0.36);
  });

  test('a lift that may as well be none is no spike, nor is any of a category that sold nothing', () => {
    const unsure = Array.from({ length: 100 }, (_, i) => [i < 30 ? 8 : 16]);
    expect(upcomingSpikes([{ category: 'toys', recent, paths: unsure }])).toEqual([]);
    expect(upcomingSpikes([{ category: 'new', recent: [0, 0], paths: futures([5]) }])).toEqual([]);
  });

  test('the largest lift comes first, and futures of different lengths are refused', () => {
    const spikes = upcomingSpikes([{ category: 'toys', recent, paths: futures([15, 30, 20]) }]);
    expect(spikes.map(({ step }) => step)).toEqual([2, 3, 1]);
    const unequal = [
      { category: 'toys', recent, paths: futures([1]) },
      { category: 'toys', recent, paths: futures([1, 2]) },
    ];
    expect(() => upcomingSpikes(unequal)).toThrow(RangeError);
  });
});

describe('the summary of residuals', () => {
  test('finds nothing in noise and much in what follows itself', () => {
    const random = seededRandom(3);
    const noise = Array.from({ length: 200 }, () => random.normal());
    const calm = residualSummary(noise)!;
    expect(calm.whitenessPValue).toBeGreaterThan(0.01);
    expect(calm.normalityPValue).toBeGreaterThan(0.01);
    expect(calm.durbinWatson).toBeCloseTo(2, 0);
    let level = 0;
    const walk = noise.map((step) => (level += step));
    const found = residualSummary([Number.NaN, ...walk])!;
    expect(found.count).toBe(200);
    expect(found.whitenessPValue).toBeLessThan(1e-6);
    expect(found.firstAutocorrelation).toBeGreaterThan(0.8);
  });

  test('says nothing of few or equal residuals', () => {
    expect(residualSummary([1, 2, 3])).toBeNull();
    expect(residualSummary(new Array(20).fill(2))).toBeNull();
  });
});

test('a line has all the trend there is, noise next to none', () => {
  const random = seededRandom(5);
  const line = Float64Array.from({ length: 48 }, (_, t) => 5 + 2 * t);
  const noise = line.map(() => random.normal());
  expect(trendStrength(line, 1)).toBeCloseTo(1, 9);
  expect(trendStrength(line, 12)).toBeGreaterThan(0.99);
  expect(trendStrength(noise, 1)).toBeLessThan(0.2);
  expect(trendStrength(new Float64Array(48).fill(3), 12)).toBe(0);
});

test('Box-Cox leads back to where it came from, and refuses what is not positive', () => {
  for (const lambda of [-1, -0.3, 0, 0.5, 1, 2]) {
    for (const y of [0.2, 1, 7, 450]) {
      expect(inverseBoxCox(boxCox(y, lambda), lambda) / y).toBeCloseTo(1, 9);
    }
  }
  expect(() => guerrero([1, 0, 2, 3, 4, 5, 6, 7], 2)).toThrow(RangeError);
  expect(() => guerrero([1, 2, 3], 2)).toThrow(RangeError);
});
