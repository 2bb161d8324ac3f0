import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LEVEL_ERROR } from '../../../../shared/core/forecast/combine/level-error.ts';
import {
  type GridForecast,
  LEVEL_GRID,
  quantilesAt,
} from '../../../../shared/core/forecast/combine/level-grid.ts';
import { panelState, panelStateOf } from '../../../../shared/core/forecast/combine/panel-state.ts';
import { fromState } from '../../../../shared/core/forecast/from-state.ts';
import { pathQuantiles } from '../../../../shared/core/forecast/path-quantiles.ts';
import { normalQuantile } from '../../../../shared/core/math/normal.ts';
import { sampleQuantile } from '../../../../shared/core/math/sample-quantile.ts';

/** Periods that are normal with these means and deviations. */
const normalGrid = (means: readonly number[], deviation: number): GridForecast => ({
  mean: Float64Array.from(means),
  quantiles: LEVEL_GRID.map((level) =>
    Float64Array.from(means, (mean) => mean + deviation * normalQuantile(level)),
  ),
});

/** Any grid that ascends in each period. */
const anyGrid = fc
  .record({
    horizon: fc.integer({ min: 1, max: 26 }),
    scale: fc.constantFrom(1e-6, 0.3, 1, 40, 1e5, 1e12),
    steps: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 26 * 10, maxLength: 26 * 10 }),
    isSigned: fc.boolean(),
  })
  .map(({ horizon, scale, steps, isSigned }): { grid: GridForecast; isSigned: boolean } => {
    const rows = LEVEL_GRID.map(() => new Float64Array(horizon));
    const mean = new Float64Array(horizon);
    for (let h = 0; h < horizon; h++) {
      let value = isSigned ? -3 * scale : 0;
      LEVEL_GRID.forEach((_, l) => {
        value += scale * steps[h * 10 + l]!;
        rows[l]![h] = value;
      });
      mean[h] = rows[4]![h]! + scale * steps[h * 10 + 9]!;
    }
    return { grid: { mean, quantiles: rows }, isSigned };
  });

const LEVELS = [...LEVEL_GRID, 0.01, 0.6, 0.995];
const unsigned = { period: 52, isWhole: false, isSigned: false };

describe('the state of a combined forecast', () => {
  test('is at most 2 KB, and comes back from its text to the last bit', () => {
    fc.assert(
      fc.property(anyGrid, fc.boolean(), fc.nat(), ({ grid, isSigned }, isWhole, seed) => {
        const fitted = panelStateOf(panelState(grid, { period: 52, isWhole, isSigned }));
        const text = JSON.stringify(fitted.toState());
        expect(text.length).toBeLessThanOrEqual(2048);
        const again = fromState(JSON.parse(text));
        expect(again.toState()).toEqual(fitted.toState());
        expect(again.forecast(30, LEVELS)).toEqual(fitted.forecast(30, LEVELS));
        expect(again.paths(30, 5, seed)).toEqual(fitted.paths(30, 5, seed));
      }),
      { numRuns: 60 },
    );
  });

  test('keeps mean and quantiles to a hundred-thousandth of the largest', () => {
    fc.assert(
      fc.property(anyGrid, ({ grid, isSigned }) => {
        const { mean, quantiles } = panelStateOf(
          panelState(grid, { period: 52, isWhole: false, isSigned }),
        ).forecast(grid.mean.length, LEVELS);
        const all = [grid.mean, ...grid.quantiles].flatMap((row) => [...row]);
        const off = 5.1e-5 * Math.max(...all.map(Math.abs)) + 1e-300;
        mean.forEach((value, h) => {
          expect(Math.abs(value - grid.mean[h]!)).toBeLessThanOrEqual(off);
        });
        const wanted = quantilesAt(grid.quantiles, LEVEL_GRID, isSigned ? -Infinity : 0);
        for (const level of LEVEL_GRID) {
          quantiles[String(level)]!.forEach((value, h) => {
            expect(Math.abs(value - wanted[String(level)]![h]!)).toBeLessThanOrEqual(off);
          });
        }
        for (let h = 0; h < mean.length; h++) {
          const row = LEVELS.toSorted((a, b) => a - b).map((level) => quantiles[String(level)]![h]!);
          row.forEach((value, i) => {
            if (i > 0) expect(value).toBeGreaterThanOrEqual(row[i - 1]! - 1e-9 * Math.abs(value));
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('keeps one that is zero throughout', () => {
    const zero = { mean: new Float64Array(4), quantiles: LEVEL_GRID.map(() => new Float64Array(4)) };
    const fitted = panelStateOf(panelState(zero, unsigned));
    expect(fitted.forecast(6, [0.5])).toEqual({
      mean: Array(6).fill(0),
      quantiles: { 0.5: Array(6).fill(0) },
    });
    expect(fitted.paths(2, 3, 1)).toEqual(Array.from({ length: 3 }, () => new Float64Array(2)));
  });

  test('is refused when a number is not finite', () => {
    const broken = normalGrid([5, Number.NaN], 1);
    expect(() => panelState(broken, unsigned)).toThrow(/not finite/);
  });

  test('cuts a longer horizon, and goes on with the last stored season, or the last period without one', () => {
    const means = Array.from({ length: 40 }, (_, h) => 100 + h);
    const yearly = panelStateOf(panelState(normalGrid(means, 1), unsigned)).forecast(40, []).mean;
    expect(yearly.slice(0, 27)).toEqual(means.slice(0, 27));
    expect(new Set(yearly.slice(27))).toEqual(new Set([126]));
    const weekly = panelStateOf(panelState(normalGrid(means.slice(0, 14), 1), { ...unsigned, period: 7 }));
    expect(weekly.forecast(22, []).mean.slice(14)).toEqual([107, 108, 109, 110, 111, 112, 113, 107]);
    expect(weekly.paths(22, 1000, 3).every((path) => path.length === 22)).toBe(true);
  });
});

describe('its futures', () => {
  test('have the stored quantiles in each period, whatever the seed', () => {
    fc.assert(
      fc.property(anyGrid, fc.nat(), ({ grid, isSigned }, seed) => {
        const fitted = panelStateOf(panelState(grid, { period: 52, isWhole: false, isSigned }));
        const horizon = grid.mean.length;
        const { quantiles } = fitted.forecast(horizon, LEVEL_GRID);
        const found = pathQuantiles(fitted.paths(horizon, 2000, seed), LEVEL_GRID);
        const size = Math.max(...grid.quantiles.flatMap((row) => [...row].map(Math.abs)));
        for (const level of LEVEL_GRID) {
          found[String(level)]!.forEach((value, h) => {
            expect(Math.abs(value - quantiles[String(level)]![h]!)).toBeLessThanOrEqual(0.03 * size);
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  test('are whole numbers of counts and never below zero, with the rounded quantiles', () => {
    const grid = normalGrid([2, 2.4, 3, 0.3], 2);
    const fitted = panelStateOf(panelState(grid, { ...unsigned, isWhole: true }));
    const paths = fitted.paths(4, 4000, 9);
    for (const path of paths) {
      for (const value of path) {
        expect(Number.isInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
      }
    }
    const { quantiles } = fitted.forecast(4, LEVEL_GRID);
    const found = pathQuantiles(paths, LEVEL_GRID);
    for (const level of LEVEL_GRID) {
      found[String(level)]!.forEach((value, h) => {
        expect(Math.abs(value - quantiles[String(level)]![h]!)).toBeLessThanOrEqual(1);
      });
    }
  });

  test('share their level: a sum over n periods deviates by sigma sqrt(n + n (n - 1) c)', () => {
    const fitted = panelStateOf(panelState(normalGrid(Array(13).fill(1000), 10), unsigned));
    const paths = fitted.paths(13, 4000, 5);
    for (const periods of [1, 4, 13]) {
      const sums = Float64Array.from(paths, (path) =>
        path.subarray(0, periods).reduce((sum, value) => sum + value, 0),
      ).sort();
      const deviation = 10 * Math.sqrt(periods + periods * (periods - 1) * LEVEL_ERROR);
      const width = sampleQuantile(sums, 0.95) - sampleQuantile(sums, 0.05);
      expect(width / (2 * normalQuantile(0.95) * deviation)).toBeGreaterThan(0.95);
      expect(width / (2 * normalQuantile(0.95) * deviation)).toBeLessThan(1.05);
    }
  });

  test('are another order of futures with another seed; a single one is any of them', () => {
    const fitted = panelStateOf(panelState(normalGrid([50, 50], 10), unsigned));
    expect(fitted.paths(2, 10, 1)).toEqual(fitted.paths(2, 10, 1));
    expect(fitted.paths(2, 10, 1)).not.toEqual(fitted.paths(2, 10, 2));
    const singles = Float64Array.from({ length: 400 }, (_, seed) => fitted.paths(2, 1, seed)[0]![0]!).sort();
    expect(sampleQuantile(singles, 0.1)).toBeLessThan(42);
    expect(sampleQuantile(singles, 0.9)).toBeGreaterThan(58);
  });

  test('begin alike whatever the horizon', () => {
    const fitted = panelStateOf(panelState(normalGrid([50, 60, 70], 10), unsigned));
    const long = fitted.paths(3, 6, 4).map((path) => path.slice(0, 2));
    expect(fitted.paths(2, 6, 4)).toEqual(long);
  });
});
