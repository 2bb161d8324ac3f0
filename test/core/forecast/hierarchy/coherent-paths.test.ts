import { describe, expect, it } from 'vitest';
import { coherentPaths } from '../../../../shared/core/forecast/hierarchy/coherent-paths.ts';
import type { Reconciliation } from '../../../../shared/core/forecast/hierarchy/reconcile.ts';
import { summingOf, sumSeries } from '../../../../shared/core/forecast/hierarchy/summing.ts';
import { pathQuantiles } from '../../../../shared/core/forecast/path-quantiles.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';
import { correlatedErrors } from './dense.ts';

const LEAVES = 6;
const COUNT = 2000;
const HORIZON = 3;
const names = Array.from({ length: LEAVES }, (_, i) => `s${i}`);
const summing = summingOf(names, [
  { name: 'total', groups: names.map(() => 'all') },
  { name: 'category', groups: names.map((_, i) => `c${i % 2}`) },
]);

/** Futures of one series: gamma with a mean, a level that stays and noise that does not. */
function futures(mean: number, deviation: number, seed: number): Float64Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: COUNT }, () => {
    const shift = deviation * random.normal();
    return Float64Array.from({ length: HORIZON }, () => mean + shift + 0.3 * deviation * random.normal());
  });
}

const leafPaths = names.map((_, i) => futures(100 + 10 * i, 10, i));
const allPaths = [futures(760, 60, 100), futures(390, 30, 101), futures(360, 30, 102), ...leafPaths];

/** Errors of leaves that all move together, or each on its own, and of their sums. */
function errorsOf(kind: 'together' | 'alone'): Float64Array[] {
  const shocks = correlatedErrors(1, 60, 5)[0]!;
  const leaves = names.map((_, i) => (kind === 'together' ? shocks : correlatedErrors(1, 60, 50 + i)[0]!));
  return sumSeries(summing, leaves);
}

const spreadOf = (paths: readonly Float64Array[]): number => {
  const { '0.1': low, '0.9': high } = pathQuantiles(paths, [0.1, 0.9]);
  return high![0]! - low![0]!;
};

describe('futures that add up', () => {
  it.each<Reconciliation>(['bottom-up', 'ols', 'wls-variance', 'mint-shrink'])(
    '%s: path by path',
    (method) => {
      const found = coherentPaths(summing, allPaths, { method, errors: errorsOf('together'), seed: 1 });
      for (let k = 0; k < COUNT; k += 97) {
        for (let h = 0; h < HORIZON; h++) {
          const leaves = names.map((_, i) => found[3 + i]![k]![h]!);
          expect(found[0]![k]![h]).toBeCloseTo(
            leaves.reduce((sum, value) => sum + value, 0),
            9,
          );
          expect(found[1]![k]![h]).toBeCloseTo(leaves[0]! + leaves[2]! + leaves[4]!, 9);
        }
      }
    },
  );

  it('bottom-up needs futures of the leaves only and keeps each leaf as it was, in another order', () => {
    const found = coherentPaths(summing, leafPaths, { method: 'bottom-up', seed: 1 });
    const sorted = (paths: readonly Float64Array[]): number[] =>
      paths.map((path) => path[1]!).sort((a, b) => a - b);
    names.forEach((_, i) => {
      expect(sorted(found[3 + i]!)).toEqual(sorted(leafPaths[i]!));
    });
  });

  it('series that err together make a wide total, near the sum of their spreads; others a narrow one', () => {
    const wide = coherentPaths(summing, leafPaths, {
      method: 'bottom-up',
      errors: errorsOf('together'),
      seed: 1,
    });
    const narrow = coherentPaths(summing, leafPaths, {
      method: 'bottom-up',
      errors: errorsOf('alone'),
      seed: 1,
    });
    const sum = leafPaths.reduce((total, paths) => total + spreadOf(paths), 0);
    expect(spreadOf(wide[0]!)).toBeGreaterThan(0.85 * sum);
    expect(spreadOf(wide[0]!)).toBeLessThan(1.05 * sum);
    // Independent: a sixth of the variance of the sum, so 1 / sqrt(6) = 0.41 of its spread.
    expect(spreadOf(narrow[0]!)).toBeLessThan(0.6 * sum);
    expect(spreadOf(narrow[0]!)).toBeGreaterThan(0.3 * sum);
  });

  it('what happens together may be told by other errors than those that weigh the forecasts', () => {
    const options = { method: 'bottom-up', errors: errorsOf('alone'), seed: 1 } as const;
    const found = coherentPaths(summing, leafPaths, { ...options, dependence: errorsOf('together') });
    expect(found).toEqual(coherentPaths(summing, leafPaths, { ...options, errors: errorsOf('together') }));
  });

  it('the mean future is the reconciled mean', () => {
    const options = { method: 'wls-variance' as const, errors: errorsOf('together') };
    const found = coherentPaths(summing, allPaths, { ...options, seed: 3 });
    const mean = (paths: readonly Float64Array[]): number =>
      paths.reduce((sum, path) => sum + path[0]!, 0) / COUNT;
    const total = names.reduce((sum, _, i) => sum + mean(found[3 + i]!), 0);
    expect(mean(found[0]!)).toBeCloseTo(total, 8);
    // Between what the leaves say (750) and what the total says (760).
    expect(mean(found[0]!)).toBeGreaterThan(748);
    expect(mean(found[0]!)).toBeLessThan(762);
  });

  it('a seed fixes everything, and another one does not', () => {
    const run = (seed: number): Float64Array[][] =>
      coherentPaths(summing, leafPaths, { method: 'bottom-up', errors: errorsOf('together'), seed });
    expect(run(4)).toEqual(run(4));
    expect(run(4)[0]).not.toEqual(run(5)[0]);
  });

  it('clipping keeps every leaf of every future at or above zero', () => {
    const low = names.map((_, i) => futures(1, 5, i));
    const found = coherentPaths(summing, low, { method: 'bottom-up', nonNegative: 'clip', seed: 1 });
    for (const paths of found) for (const path of paths) expect(Math.min(...path)).toBeGreaterThanOrEqual(0);
  });

  it('what does not fit together is refused', () => {
    const options = { method: 'ols' as const, seed: 1 };
    expect(() => coherentPaths(summing, leafPaths, options)).toThrow(/futures of 6 of 9 nodes/);
    const short = allPaths.map((paths, i) => (i === 2 ? paths.slice(1) : paths));
    expect(() => coherentPaths(summing, short, options)).toThrow(/same number of futures/);
  });
});
