import { describe, expect, test } from 'vitest';
import { dayShares, meanShares } from '../../../../shared/core/forecast/hierarchy/day-shares.ts';
import { forecastGroup } from '../../../../shared/core/forecast/hierarchy/forecast-group.ts';
import {
  chanceAbove,
  meanOfDays,
  quantileOfDays,
} from '../../../../shared/core/forecast/hierarchy/group-days.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];
/** Weeks of a steady trade, and its days: none on the last two of a week. */
function trade(count: number, seed: number) {
  const random = seededRandom(seed);
  const days = Float64Array.from({ length: 7 * count }, (_, i) =>
    i % 7 > 4 ? 0 : Math.max(0, Math.round(40 + 8 * random.normal())),
  );
  const weeks = Float64Array.from({ length: count }, (_, k) =>
    days.subarray(7 * k, 7 * k + 7).reduce((sum, value) => sum + value, 0),
  );
  return { days, weeks };
}

const input = (seed: number, members: number[]) => {
  const { days, weeks } = trade(120, seed);
  return { weeks, days: days.slice(-364), members, horizon: 26, levels: LEVELS, seed: 1 };
};

describe('dayShares', () => {
  test('are those of each week with demand', () => {
    const shares = dayShares([0, 1, 1, 2, 0, 0, 0, ...new Array(7).fill(0), 3, 0, 0, 0, 0, 0, 1]);
    expect(shares.map((week) => [...week])).toEqual([
      [0, 0.25, 0.25, 0.5, 0, 0, 0],
      [0.75, 0, 0, 0, 0, 0, 0.25],
    ]);
    expect(meanShares(shares)).toEqual([0.375, 0.125, 0.125, 0.25, 0, 0, 0.125]);
  });

  test('know nothing of a week whose returns nearly cancel its sales', () => {
    const usual = [1, 1, 1, 1, 1, 1, 1, 2, 0, 0, 0, 0, 0, 2];
    const withReturns = [10, -9, 0, 0, 0, 0, 0, ...usual];
    expect(dayShares(withReturns)).toEqual(dayShares(usual));
    expect(meanShares(dayShares(withReturns)).every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(meanShares(dayShares([2, -1, 0, 0, 0, 0, 0]))).toEqual(
      new Array(7).fill(expect.closeTo(1 / 7, 12)),
    );
  });

  test('are of weeks that count alike: a large order does not make its weekday large', () => {
    const even = new Array(7).fill(1);
    const shares = meanShares(dayShares([...even, ...even, ...even, 1000, 0, 0, 0, 0, 0, 0]));
    expect(shares[0]).toBeCloseTo((3 / 7 + 1) / 4, 12);
  });

  test('are even without demand, and need whole weeks', () => {
    expect(meanShares(dayShares(new Float64Array(14)))).toEqual(new Array(7).fill(expect.closeTo(1 / 7, 12)));
    expect(meanShares(dayShares([]))).toHaveLength(7);
    expect(() => dayShares([1, 2])).toThrow(RangeError);
  });
});

describe('forecastGroup', () => {
  test('has the means of the members, then its own, and a band of the same relative width around them', () => {
    const plain = forecastGroup(input(3, []));
    const doubled = forecastGroup(
      input(
        3,
        plain.mean.slice(0, 13).map((value) => 2 * value),
      ),
    );
    expect(doubled.mean.slice(13)).toEqual(plain.mean.slice(13));
    for (let week = 0; week < 26; week++) {
      const factor = week < 13 ? 2 : 1;
      expect(doubled.mean[week]).toBeCloseTo(factor * plain.mean[week]!, 9);
      for (const level of LEVELS)
        expect(doubled.quantiles[level]![week]).toBeCloseTo(factor * plain.quantiles[level]![week]!, 9);
    }
  });

  test('covers what comes: a week, its days, and the sum of 13 weeks', () => {
    const covered = { week: 0, day: 0, sum: 0, sumOfBounds: 0 };
    const trials = 40;
    for (let trial = 0; trial < trials; trial++) {
      const { days, weeks } = trade(133, 100 + trial);
      const found = forecastGroup({
        weeks: weeks.slice(0, 120),
        days: days.slice(7 * 68, 7 * 120),
        members: [],
        horizon: 13,
        levels: LEVELS,
        seed: trial,
      });
      const isIn = (value: number, low: number, high: number) => Number(value >= low && value <= high);
      covered.week += isIn(weeks[120]!, found.quantiles['0.1']![0]!, found.quantiles['0.9']![0]!);
      covered.day += isIn(days[7 * 120 + 3]!, found.days.low95[3]!, found.days.high95[3]!);
      const sum = weeks.slice(120).reduce((total, value) => total + value, 0);
      covered.sum += isIn(sum, found.sums['0.025']![12]!, found.sums['0.975']![12]!);
    }
    expect(covered.week).toBeGreaterThan(0.6 * trials);
    expect(covered.day).toBeGreaterThan(0.85 * trials);
    expect(covered.sum).toBeGreaterThan(0.85 * trials);
  });

  test('knows that nothing is sold at weekends', () => {
    const { shares, days } = forecastGroup(input(5, []));
    expect(shares[5]).toBe(0);
    expect(days.high95.filter((_, day) => day % 7 > 4).every((value) => value === 0)).toBe(true);
    expect(days.low95.filter((_, day) => day % 7 < 5).every((value) => value > 0)).toBe(true);
  });

  test('adds members that the history does not know of yet, and forecasts nothing as nothing', () => {
    const silent = { ...input(1, [5, 6]), weeks: new Float64Array(60), days: new Float64Array(364) };
    const found = forecastGroup(silent);
    expect(found.mean.slice(0, 3)).toEqual([5, 6, 0]);
    [5, 6].forEach((mean, h) => {
      expect(found.quantiles['0.025']![h]).toBeGreaterThan(0);
      expect(found.quantiles['0.025']![h]).toBeLessThan(mean);
      expect(found.quantiles['0.975']![h]).toBeGreaterThan(mean);
      expect(found.quantiles['0.975']![h]).toBeLessThan(3 * mean);
    });
    expect(found.quantiles['0.975']!.slice(2)).toEqual(new Array(24).fill(0));
  });

  test('says the same for the same seed, and refuses more members than weeks', () => {
    expect(forecastGroup(input(3, [1, 2]))).toEqual(forecastGroup(input(3, [1, 2])));
    expect(() => forecastGroup(input(3, new Array(27).fill(1)))).toThrow(RangeError);
  });
});

describe('sums over days', () => {
  const outlook = {
    mean: [70, 140],
    sums: { 0.1: [60, 180], 0.5: [70, 210], 0.9: [90, 250] },
    shares: [0.5, 0.3, 0.2, 0, 0, 0, 0],
  };

  test('are exact at the ends of weeks and by shares between', () => {
    expect(meanOfDays(outlook, 7)).toBe(70);
    expect(meanOfDays(outlook, 8)).toBe(140);
    expect(meanOfDays(outlook, 14)).toBe(210);
    expect(quantileOfDays(outlook, 7, 0.9)).toBe(90);
    expect(quantileOfDays(outlook, 8, 0.9)).toBe(170);
    expect(quantileOfDays(outlook, 1, 0.9)).toBe(45);
    expect(quantileOfDays(outlook, 14, 0.1)).toBe(180);
    expect(() => meanOfDays(outlook, 15)).toThrow(RangeError);
    expect(() => quantileOfDays(outlook, 7, 0.99)).toThrow(RangeError);
  });

  test('give the chance that more is asked for, no surer than the outermost level', () => {
    expect(chanceAbove(outlook, 14, 210)).toBeCloseTo(0.5, 12);
    expect(chanceAbove(outlook, 14, 230)).toBeCloseTo(0.3, 12);
    expect(chanceAbove(outlook, 14, 0)).toBeCloseTo(0.9, 12);
    expect(chanceAbove(outlook, 14, 1000)).toBeCloseTo(0.1, 12);
  });

  test('of no days are nothing for sure', () => {
    expect([0, 5].map((units) => chanceAbove(outlook, 0, units))).toEqual([0, 0]);
    expect(chanceAbove(outlook, 0, -1)).toBe(1);
  });
});
