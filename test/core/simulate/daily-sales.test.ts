import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dailySales } from '../../../shared/core/simulate/daily-sales.ts';

const forecast = {
  mean: [200, 200],
  quantiles: { '0.025': [100, 100], '0.5': [200, 200], '0.975': [300, 300] },
};
const draw = (day: number, seed: number, name = 'A|MAIN') =>
  dailySales({ forecast, periodDays: 7, day, seed, name });

test('the same seed and series sell the same, others something else', () => {
  const sales = (seed: number, name: string) => Array.from({ length: 28 }, (_, day) => draw(day, seed, name));
  expect(sales(1, 'A')).toEqual(sales(1, 'A'));
  expect(sales(1, 'A')).not.toEqual(sales(2, 'A'));
  expect(sales(1, 'A')).not.toEqual(sales(1, 'B'));
});

test('weekly totals have the distribution of the forecast', () => {
  const totals = Array.from({ length: 2000 }, (_, seed) => {
    let total = 0;
    for (let day = 0; day < 7; day++) total += draw(day, seed);
    return total;
  });
  const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  expect(mean).toBeGreaterThan(195);
  expect(mean).toBeLessThan(205);
  const inside = totals.filter((total) => total >= 100 && total <= 300).length / totals.length;
  expect(inside).toBeGreaterThan(0.93);
  expect(inside).toBeLessThan(0.97);
});

test('sales are whole, never negative, and go on beyond the horizon', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer(), (day, seed) => {
      const units = draw(day, seed);
      expect(Number.isInteger(units) && units >= 0).toBe(true);
    }),
  );
});

test('where the forecast is zero nothing is sold', () => {
  const zero = { mean: [0], quantiles: { '0.1': [0], '0.9': [0] } };
  for (let day = 0; day < 20; day++) {
    expect(dailySales({ forecast: zero, periodDays: 7, day, seed: day, name: 'Z' })).toBe(0);
  }
});
