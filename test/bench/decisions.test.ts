import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareSetting } from '../../bench/decisions/compare-setting.ts';
import { daysShortAt, frontier, pointOf, stockAt } from '../../bench/decisions/curve.ts';
import { pictureOf } from '../../bench/decisions/picture.ts';
import { readCases } from '../../bench/decisions/read-cases.ts';
import { reportOf } from '../../bench/decisions/report.ts';
import type { Setting } from '../../bench/decisions/settings.ts';
import type { Tally } from '../../shared/core/replay/replay-stock.ts';
import { inventedSales, SALES_HEADER } from '../cli/invented-sales.ts';

const CURVE = [
  { fillRate: 0.9, stock: 100, daysShort: 64 },
  { fillRate: 0.99, stock: 400, daysShort: 4 },
  // More stock for less: no point of the frontier.
  { fillRate: 0.95, stock: 500, daysShort: 9 },
];

test('between two points, logarithms lie on a line; beyond the ends nothing is said', () => {
  expect(frontier(CURVE)).toEqual(CURVE.slice(0, 2));
  // Half-way from 10 % to 1 % unserved by ratio.
  expect(stockAt(CURVE, 1 - Math.sqrt(0.1 * 0.01))).toBeCloseTo(200, 9);
  expect(daysShortAt(CURVE, 200)).toBeCloseTo(16, 9);
  expect(stockAt(CURVE, 0.8)).toBeNaN();
  expect(daysShortAt(CURVE, 1000)).toBeNaN();
});

test('a series that is drawn twice counts twice', () => {
  const tally = (demand: number, served: number): Tally => ({
    ...{ periods: 4, demand, served, cycles: 1, cyclesShort: 0, periodsShort: 1, stock: 8, stockAtCost: 8 },
    ...{ sold: 0, orders: 0, holdingCost: 0, spoiledCost: 0, orderingCost: 0, lostMargin: 0 },
  });
  const tallies = [tally(10, 9), tally(10, 5), tally(10, 0)];
  expect(pointOf(tallies, [2, 1, 0], 7)).toEqual({ fillRate: 23 / 30, stock: 6, daysShort: 21 });
});

test('a whole set: every sweep, savings with intervals, a report and a picture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smart-inventory-decisions-'));
  try {
    const file = join(folder, 'sales.csv');
    writeFileSync(file, [SALES_HEADER, ...inventedSales(6, 150, 7)].join('\n'));
    const setting: Setting = {
      ...{ name: 'invented', file, frequency: 'weekly', missing: 'zero', leadTime: 1, review: 1 },
      known: ['price'],
    };
    const cases = readCases(file, setting);
    expect(cases).toHaveLength(6);
    expect(cases[0]!.quantities.length).toBe(150);
    expect(cases[0]!.regressors).toEqual({ price: cases[0]!.prices });
    const result = compareSetting(setting, cases);
    expect(result).toMatchObject({ series: 6, test: 50 });
    const cost = (name: string): number => result.rows.find((row) => row.name === name)!.measures.totalCost;
    const names = result.rows.map(({ name }) => name);
    for (const name of ['auto', 'upper-bound-plus-15 (mix', 'base-stock (mix']) {
      const found = names.filter((one) => one.startsWith(name) && !one.includes('known ahead'));
      expect(found).toHaveLength(1);
      expect(names).toContain(
        name === 'auto' ? 'auto, known ahead' : found[0]!.replace('(mix', '(mix, known ahead'),
      );
    }
    expect(names.filter((name) => name.includes('snaive, known ahead'))).toEqual([]);
    for (const { name } of result.rows) expect(cost(name)).toBeGreaterThanOrEqual(cost('clairvoyant'));
    for (const { stockSaved } of result.beside) {
      if (Number.isNaN(stockSaved.low)) continue;
      expect(stockSaved.low).toBeLessThanOrEqual(stockSaved.high);
    }
    const machine = {
      date: '2026-01-01',
      cores: 2,
      processor: 'one',
      memoryGib: 1,
      node: '24',
      loadBefore: 0,
      loadAfter: 0,
    };
    const report = reportOf(machine, [result]);
    for (const { name } of result.curves) expect(report).toContain(`| ${name} |`);
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
    expect(pictureOf(result)).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
