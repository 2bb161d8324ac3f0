import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ErrorBelief,
  errorCovariance,
  shrinkageOf,
} from '../../../../shared/core/forecast/hierarchy/error-covariance.ts';
import { type Reconciliation, reconcile } from '../../../../shared/core/forecast/hierarchy/reconcile.ts';
import { summingOf, sumSeries, sumUp } from '../../../../shared/core/forecast/hierarchy/summing.ts';
import {
  correlatedErrors,
  crossed,
  denseCovariance,
  invert,
  multiply,
  normalEquations,
  randomValues,
  summingMatrix,
  textbookLeaves,
} from './dense.ts';

const BELIEFS: readonly ErrorBelief[] = ['ols', 'wls-structural', 'wls-variance', 'mint-shrink'];
const METHODS: readonly Reconciliation[] = ['bottom-up', ...BELIEFS];

const pair = summingOf(['a', 'b'], [{ name: 'total', groups: ['all', 'all'] }]);
const columns = (values: ArrayLike<number>): Float64Array[] => Array.from(values, (v) => Float64Array.of(v));
const flat = (series: readonly Float64Array[]): number[] => series.map((values) => values[0]!);

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, digits = 9): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(wanted[i]!, digits);
}

describe('two leaves and their total, by hand', () => {
  // Base: total 10, leaves 4 and 5; one unit does not add up.
  const base = columns([10, 4, 5]);
  it('least squares shares the missing unit among all three', () => {
    expectClose(flat(reconcile(pair, base, { method: 'ols' })), [10 - 1 / 3, 4 + 1 / 3, 5 + 1 / 3]);
  });
  it('structural weights let the total, a sum of two, move twice as far', () => {
    expectClose(flat(reconcile(pair, base, { method: 'wls-structural' })), [9.5, 4.25, 5.25]);
  });
  it('variance weights move what was forecast badly', () => {
    const errors = [Float64Array.of(1, -1), Float64Array.of(1, 1), Float64Array.of(2, -2)];
    // Mean squared errors 1, 1 and 4: shares 1/6, 1/6 and 4/6.
    const found = flat(reconcile(pair, base, { method: 'wls-variance', errors }));
    expectClose(found, [10 - 1 / 6, 4 + 1 / 6, 5 + 4 / 6]);
  });
  it('bottom-up keeps the leaves', () => {
    expectClose(flat(reconcile(pair, base, { method: 'bottom-up' })), [9, 4, 5]);
  });
});

describe('any structure', () => {
  const summing = crossed();
  const size = summing.nodes.length;
  const errors = correlatedErrors(size, 30);

  it.each(METHODS)('%s adds up to 1e-9 and leaves what adds up alone', (method) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const values = randomValues(size, seed);
        const found = flat(reconcile(summing, columns(values), { method, errors }));
        expectClose(sumUp(summing, found.slice(summing.sums)), found);
        const coherent = sumUp(summing, values.subarray(summing.sums));
        expectClose(flat(reconcile(summing, columns(coherent), { method, errors })), coherent);
      }),
      { numRuns: 20 },
    );
  });

  it.each(BELIEFS)('%s is the textbook formula with W written out, and unbiased: S P S = S', (method) => {
    const s = summingMatrix(summing);
    const w = denseCovariance(errorCovariance(summing, method, errors));
    const values = randomValues(size, 7);
    const found = flat(reconcile(summing, columns(values), { method, errors })).slice(summing.sums);
    expectClose(found, textbookLeaves(s, w, values), 7);
    for (let j = 0; j < summing.leaves; j++) {
      const column = s.map((row) => row[j]!);
      expectClose(flat(reconcile(summing, columns(column), { method, errors })), column);
    }
  });

  it('MinT has a smaller error variance than any other unbiased method when its W is true', () => {
    const w = denseCovariance(errorCovariance(summing, 'mint-shrink', errors));
    const traceOf = (method: Reconciliation): number => {
      // Error of the reconciled: S G e; G column by column.
      const g = w.map((_, j) => {
        const unit = new Float64Array(size);
        unit[j] = 1;
        return flat(reconcile(summing, columns(unit), { method, errors }));
      });
      let trace = 0;
      for (let i = 0; i < size; i++) {
        const row = g.map((column) => column[i]!);
        trace += row.reduce((sum, value, j) => sum + value * multiply(w, row)[j]!, 0);
      }
      return trace;
    };
    const best = traceOf('mint-shrink');
    for (const method of METHODS) expect(best).toBeLessThanOrEqual(traceOf(method) * (1 + 1e-9));
    expect(best).toBeLessThan(traceOf('bottom-up') * 0.99);
  });

  it('MinT of uncorrelated errors is WLS', () => {
    // Errors one node at a time: every sample correlation is 0, and with it all that could be shrunken.
    const alone = Array.from({ length: size }, (_, i) => {
      const series = new Float64Array(size);
      series[i] = 1 + i;
      return series;
    });
    const values = columns(randomValues(size, 3));
    const mint = flat(reconcile(summing, values, { method: 'mint-shrink', errors: alone }));
    expectClose(mint, flat(reconcile(summing, values, { method: 'wls-variance', errors: alone })));
  });

  it('the order of levels and leaves changes nothing', () => {
    const values = randomValues(size, 11);
    const order = [...Array(summing.leaves).keys()].reverse();
    const turned = summingOf(
      order.map((i) => summing.nodes[summing.sums + i]!.key),
      [...summing.levels].reverse().map(({ name, parent }) => ({
        name,
        groups: order.map((i) => (parent[i]! < 0 ? null : summing.nodes[parent[i]!]!.key)),
      })),
    );
    const nameOf = ({ level, key }: { level: string; key: string }): string => `${level}/${key}`;
    const place = new Map(summing.nodes.map((node, i) => [nameOf(node), i]));
    const from = turned.nodes.map((node) => place.get(nameOf(node))!);
    for (const method of METHODS) {
      const found = flat(reconcile(summing, columns(values), { method, errors }));
      const other = flat(
        reconcile(turned, columns(from.map((i) => values[i]!)), {
          method,
          errors: from.map((i) => errors[i]!),
        }),
      );
      expectClose(
        other,
        from.map((i) => found[i]!),
      );
    }
  });

  it('survives series that were always forecast right, or never before', () => {
    const silent = errors.map((series, i) => (i % 3 === 0 ? series.map(() => 0) : series));
    silent[4] = silent[4]!.map(() => Number.NaN);
    for (const method of BELIEFS) {
      const found = flat(reconcile(summing, columns(randomValues(size, 5)), { method, errors: silent }));
      expect(found.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('shrinkage', () => {
  it('is the formula of Schäfer and Strimmer over all pairs', () => {
    const errors = correlatedErrors(12, 25, 9);
    const standard = errors.map((series) => {
      const rms = Math.sqrt(series.reduce((sum, e) => sum + e * e, 0) / series.length);
      return series.map((e) => e / rms);
    });
    let above = 0;
    let below = 0;
    const n = 25;
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 12; j++) {
        if (i === j) continue;
        const w = Array.from(standard[i]!, (x, t) => x * standard[j]![t]!);
        const r = w.reduce((sum, v) => sum + v, 0) / n;
        above += w.reduce((sum, v) => sum + (v - r) ** 2, 0) / (n * (n - 1));
        below += r * r;
      }
    }
    const rows = Array.from({ length: n }, (_, t) => Float64Array.from(standard, (series) => series[t]!));
    expect(shrinkageOf(rows, 12)).toBeCloseTo(above / below, 10);
  });
});

describe('forecasts that must not be negative', () => {
  const summing = crossed(3);
  const size = summing.nodes.length;
  const errors = correlatedErrors(size, 40, 4);

  it('clipping keeps the total and adds up', () => {
    const values = randomValues(size, 21, 1).map((value) => Math.max(0, value));
    const free = flat(reconcile(summing, columns(values), { method: 'ols' }));
    const found = flat(reconcile(summing, columns(values), { method: 'ols', nonNegative: 'clip' }));
    expect(Math.min(...free)).toBeLessThan(0);
    expect(Math.min(...found)).toBe(0);
    expect(found[0]).toBeCloseTo(free[0]!, 9);
    expectClose(sumUp(summing, found.slice(summing.sums)), found);
  });

  it('base forecasts below zero count as zero', () => {
    const values = randomValues(size, 8, 0);
    const raised = values.map((value) => Math.max(0, value));
    for (const nonNegative of ['clip', 'nearest'] as const) {
      const options = { method: 'mint-shrink', errors, nonNegative } as const;
      expect(reconcile(summing, columns(values), options)).toEqual(
        reconcile(summing, columns(raised), options),
      );
    }
  });

  it.each(BELIEFS)('%s: the nearest ones meet the conditions of Karush, Kuhn and Tucker', (method) => {
    const s = summingMatrix(summing);
    const inverse = invert(denseCovariance(errorCovariance(summing, method, errors)));
    let bound = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const values = randomValues(size, seed, 1).map((value) => Math.max(0, value));
        const found = flat(reconcile(summing, columns(values), { method, errors, nonNegative: 'nearest' }));
        const leaves = found.slice(summing.sums);
        const { gram, right } = normalEquations(s, inverse, values);
        const slope = multiply(gram, leaves).map((value, i) => value - right[i]!);
        slope.forEach((value, i) => {
          expect(leaves[i]).toBeGreaterThanOrEqual(0);
          // Downhill only where the wall is.
          if (leaves[i]! > 0) expect(Math.abs(value)).toBeLessThan(1e-6);
          else expect(value).toBeGreaterThan(-1e-6);
          if (leaves[i] === 0) bound++;
        });
      }),
      { numRuns: 40 },
    );
    expect(bound).toBeGreaterThan(20);
  });
});

describe('thousands of leaves', () => {
  it('reconciles 9,000 leaves of 3,000 products in 10 categories by MinT, adding up', () => {
    const leaves = Array.from({ length: 9000 }, (_, i) => `s${i}`);
    const summing = summingOf(leaves, [
      { name: 'total', groups: leaves.map(() => 'all') },
      { name: 'category', groups: leaves.map((_, i) => `c${Math.floor(i / 3) % 10}`) },
      { name: 'product', groups: leaves.map((_, i) => `p${Math.floor(i / 3)}`) },
      { name: 'location', groups: leaves.map((_, i) => `l${i % 3}`) },
    ]);
    const errors = sumSeries(summing, correlatedErrors(9000, 40));
    const base = columns(sumUp(summing, randomValues(9000, 2))).map((series, i) =>
      series.map((value) => value * (1 + 0.1 * Math.sin(i))),
    );
    const found = flat(reconcile(summing, base, { method: 'mint-shrink', errors, nonNegative: 'clip' }));
    const again = sumUp(summing, found.slice(summing.sums));
    const total = found[0]!;
    expect(total).toBeGreaterThan(0);
    found.forEach((value, i) => {
      expect(Math.abs(value - again[i]!)).toBeLessThanOrEqual(1e-9 * total);
    });
  }, 60_000);
});

describe('what makes no sense is refused', () => {
  it('by name', () => {
    expect(() => summingOf([], [])).toThrow(/without leaves/);
    expect(() => summingOf(['a', 'a'], [])).toThrow(/named twice/);
    expect(() => summingOf(['a'], [{ name: 'total', groups: [] }])).toThrow(/level total groups 0 of 1/);
    expect(() => reconcile(pair, columns([1, 2]), { method: 'ols' })).toThrow(/one series of one length/);
    expect(() => reconcile(pair, columns([1, 2, 3]), { method: 'mint-shrink' })).toThrow(/needs errors/);
  });
});
