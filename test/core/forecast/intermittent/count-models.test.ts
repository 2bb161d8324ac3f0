import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromState } from '../../../../shared/core/forecast/from-state.ts';
import { fitAdida, fitImapa } from '../../../../shared/core/forecast/intermittent/aggregation.ts';
import { fitCroston } from '../../../../shared/core/forecast/intermittent/croston.ts';
import { fitHurdleCounts } from '../../../../shared/core/forecast/intermittent/hurdle-counts.ts';
import { fitNegativeBinomial } from '../../../../shared/core/forecast/intermittent/negative-binomial.ts';
import { fitSlowMover } from '../../../../shared/core/forecast/intermittent/slow-mover.ts';
import { type Fitted, type History, HistoryError } from '../../../../shared/core/forecast/model.ts';
import { type Random, seededRandom } from '../../../../shared/core/math/random.ts';

const models: Record<string, (history: History) => Fitted> = {
  croston: (y) => fitCroston(y, { method: 'croston' }),
  sba: (y) => fitCroston(y),
  sbj: (y) => fitCroston(y, { method: 'sbj' }),
  adida: (y) => fitAdida(y),
  imapa: (y) => fitImapa(y),
  negbin: fitNegativeBinomial,
  hurdle: fitHurdleCounts,
  slow: fitSlowMover,
};
const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];
const counts = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 60 })), { minLength: 1, maxLength: 60 });
const runs = { numRuns: 60 };

describe.each(Object.entries(models))('%s', (_name, learn) => {
  test('quantiles are whole, in order and not negative, and the mean is finite', () => {
    fc.assert(
      fc.property(counts, (y) => {
        const { mean, quantiles } = learn(y).forecast(4, LEVELS);
        for (let h = 0; h < 4; h++) {
          expect(Number.isFinite(mean[h]) && mean[h]! >= 0).toBe(true);
          const row = LEVELS.map((level) => quantiles[String(level)]![h]!);
          expect(row).toEqual([...row].sort((a, b) => a - b));
          expect(row.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('comes back from its stored state to the last bit', () => {
    fc.assert(
      fc.property(counts, fc.nat(), (y, seed) => {
        const fitted = learn(y);
        const text = JSON.stringify(fitted.toState());
        const again = fromState(JSON.parse(text));
        expect(text.length).toBeLessThan(400);
        expect(again.forecast(6, LEVELS)).toEqual(fitted.forecast(6, LEVELS));
        expect(again.paths(6, 5, seed)).toEqual(fitted.paths(6, 5, seed));
      }),
      runs,
    );
  });

  test('the paths and the forecast are of one law', () => {
    const y = [0, 0, 3, 0, 1, 0, 0, 2, 0, 4, 0, 0, 1, 1, 0, 0, 7, 0, 2, 0, 0, 0, 1, 0, 5];
    const fitted = learn(y);
    const { mean, quantiles } = fitted.forecast(3, [0.5, 0.8, 0.95]);
    const paths = fitted.paths(3, 40_000, 7);
    for (let h = 0; h < 3; h++) {
      const drawn = paths.map((path) => path[h]!);
      expect(drawn.reduce((sum, value) => sum + value / drawn.length, 0)).toBeCloseTo(mean[h]!, 1);
      for (const [level, at] of Object.entries(quantiles)) {
        // At a quantile n of counts: P(N <= n) >= level > P(N < n). The first period is exact, later ones are matched.
        const slack = h === 0 ? 0.01 : 0.025;
        const share = (below: number): number => drawn.filter((v) => v < below).length / drawn.length;
        expect(share(at[h]! + 0.5)).toBeGreaterThan(Number(level) - slack);
        expect(share(at[h]! - 0.5)).toBeLessThan(Number(level) + slack);
      }
    }
  });

  test('a history without demand is zero, one without any known value is refused', () => {
    expect(learn([0, 0, Number.NaN, 0]).forecast(2, [0.9])).toEqual({
      mean: [0, 0],
      quantiles: { '0.9': [0, 0] },
    });
    expect(() => learn([])).toThrow(HistoryError);
    expect(() => learn([Number.NaN])).toThrow(HistoryError);
    expect(() => learn([1, Number.POSITIVE_INFINITY])).toThrow(HistoryError);
  });

  test('large quantities are forecast like any other', () => {
    const y = Array.from({ length: 30 }, (_, t) => 1e7 + 1000 * (t % 3));
    const { mean, quantiles } = learn(y).forecast(2, [0.1, 0.9]);
    expect(mean[0]! / 1e7).toBeGreaterThan(0.9);
    expect(mean[0]! / 1e7).toBeLessThan(1.1);
    expect(quantiles['0.1']![1]).toBeLessThanOrEqual(quantiles['0.9']![1]!);
  });
});

test('packs of six are forecast as packs of six', () => {
  const { quantiles } = fitCroston([0, 0, 6, 0, 0, 0, 6, 0, 6, 0, 0, 0]).forecast(1, [0.5, 0.9, 0.99]);
  expect(quantiles).toEqual({ '0.5': [0], '0.9': [6], '0.99': [6] });
});

test('sizes that are not whole have quantiles that are not whole', () => {
  const at = fitCroston([0, 0.25, 0, 0, 0.75, 0.5, 0, 0.3]).forecast(1, [0.8]).quantiles['0.8']![0]!;
  expect(at).toBeGreaterThan(0.2);
  expect(at).toBeLessThan(0.9);
});

describe('the count models', () => {
  test('refuse quantities that are not whole, and count returns as no demand', () => {
    expect(() => fitNegativeBinomial([1, 0.5, 2])).toThrow(HistoryError);
    const y = [0, 2, 0, 1, 0, 3, 0, 0];
    expect(fitNegativeBinomial([...y, -4]).toState()).toEqual(fitNegativeBinomial([...y, 0]).toState());
  });

  test.each([
    ['negbin', fitNegativeBinomial],
    ['slow', fitSlowMover],
  ])('%s covers what it promises on counts of its own kind', (_name, learn) => {
    // 120 series of 150 gamma-mixed Poisson counts; the 0.5, 0.9 and 0.975 quantile of the next 4 periods.
    const random = seededRandom(5);
    const above = { '0.5': 0, '0.9': 0, '0.975': 0 };
    const least = { '0.5': 0, '0.9': 0, '0.975': 0 };
    let points = 0;
    for (let series = 0; series < 120; series++) {
      const y = Array.from({ length: 154 }, () => poisson(random, random.gamma(0.8) * 1.5));
      const { quantiles } = learn(y.slice(0, 150)).forecast(4, [0.5, 0.9, 0.975]);
      for (let h = 0; h < 4; h++) {
        points++;
        for (const level of ['0.5', '0.9', '0.975'] as const) {
          if (y[150 + h]! <= quantiles[level]![h]!) least[level]++;
          if (y[150 + h]! < quantiles[level]![h]!) above[level]++;
        }
      }
    }
    for (const level of ['0.5', '0.9', '0.975'] as const) {
      expect(least[level] / points).toBeGreaterThan(Number(level) - 0.03);
      expect(above[level] / points).toBeLessThan(Number(level) + 0.03);
    }
  });

  test('the hurdle form is taken where it fits better, and only there', () => {
    const random = seededRandom(9);
    const packs = Array.from({ length: 150 }, () => (random.uniform() < 0.3 ? 6 : 0));
    expect(fitSlowMover(packs).toState().model).toBe('hurdle');
    const mixed = Array.from({ length: 150 }, () => poisson(random, random.gamma(1)));
    expect(fitSlowMover(mixed).toState().model).toBe('negbin');
  });

  test('a rise of the level is followed, and a gap drifts back to the average', () => {
    const y = [...new Array(80).fill(1), ...new Array(40).fill(6)].map((v, t) => v + (t % 2));
    const fitted = fitNegativeBinomial(y);
    expect(fitted.forecast(1, []).mean[0]).toBeGreaterThan(5);
    const { average, level, persistence } = fitted.toState();
    const later = fitted.forecast(30, []).mean[29]!;
    expect(later).toBeCloseTo(average + persistence ** 29 * (level - average), 9);
  });
});

function poisson(random: Random, rate: number): number {
  const limit = Math.exp(-rate);
  let product = random.uniform();
  let count = 0;
  for (; product > limit && count < 1000; count++) product *= random.uniform();
  return count;
}
