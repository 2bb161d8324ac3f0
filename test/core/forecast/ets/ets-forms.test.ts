import { describe, expect, test } from 'vitest';
import { etsOptimum, fitEts } from '../../../../shared/core/forecast/ets/ets.ts';
import { etsMoments } from '../../../../shared/core/forecast/ets/ets-moments.ts';
import { parseEtsForm, runEts } from '../../../../shared/core/forecast/ets/ets-recursion.ts';
import { etsPoints } from '../../../../shared/core/forecast/ets/ets-variance.ts';
import { etsStateOf, etsWeightsOf, type GoldenWeights } from '../../ets-golden.ts';
import { readGolden } from '../../read-golden.ts';

interface Golden {
  series: Record<string, { m: number; y: number[] }>;
  weights: GoldenWeights;
  fixed: {
    series: string;
    form: string;
    initial: number[];
    at: number[];
    errors: number[];
    neg2loglik: number;
    last: number[];
    forecast: number[];
  }[];
  likelihoods: Record<string, Record<string, { loglik: number; aicc: number }>>;
  exact: (GoldenWeights & {
    series: string;
    form: string;
    initial: number[];
    sigma2: number;
    mean: number[];
    se: number[];
  })[];
}
const golden = readGolden<Golden>('ets-forms');

function expectClose(found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value) / Math.max(1, Math.abs(value))).toBeLessThan(tolerance);
  });
}

test('the reference holds every form, those with a multiplicative trend as well', () => {
  const forms = new Set(golden.fixed.map(({ form }) => form));
  expect(forms.size).toBe(22);
  for (const form of ['MMN', 'MMdN', 'MMM', 'MMdM', 'ANM', 'AAdM']) expect(forms).toContain(form);
});

test.each(golden.fixed)('the recursion of $form on $series agrees to nine digits', (fixed) => {
  const form = parseEtsForm(fixed.form);
  const weights = etsWeightsOf(fixed.form, golden.weights);
  const state = etsStateOf(fixed.form, fixed.initial);
  const { y } = golden.series[fixed.series]!;
  const errors = new Float64Array(y.length);
  expect(runEts(y, form, weights, state, errors) / fixed.neg2loglik).toBeCloseTo(1, 9);
  expectClose(
    fixed.at.map((t) => errors[t - 1]!),
    fixed.errors,
    1e-9,
  );
  const last = etsStateOf(fixed.form, fixed.last);
  expectClose([state.level, state.trend, ...state.season], [last.level, last.trend, ...last.season], 1e-9);
  expectClose(etsPoints(form, weights, state, fixed.forecast.length), fixed.forecast, 1e-9);
});

test.each(golden.exact)('mean and standard error of $form on $series are exact', (given) => {
  const form = parseEtsForm(given.form);
  const weights = etsWeightsOf(given.form, given);
  const state = etsStateOf(given.form, given.initial);
  runEts(golden.series[given.series]!.y, form, weights, state);
  const { mean, variance } = etsMoments(form, weights, state, given.sigma2, given.mean.length);
  expectClose(mean, given.mean, 1e-8);
  expectClose(variance!.map(Math.sqrt), given.se, 1e-8);
});

const optima = Object.entries(golden.likelihoods).flatMap(([series, forms]) =>
  Object.entries(forms).map(([form, reference]) => ({ series, form, reference })),
);

describe('maximum likelihood', () => {
  test.each(optima)('of $form on $series is at least that of R', ({ series, form, reference }) => {
    const { y, m } = golden.series[series]!;
    const found = etsOptimum(y, form, m);
    expect(found.logLikelihood).toBeGreaterThan(reference.loglik - 0.05);
    expect(found.aicc).toBeLessThan(reference.aicc + 0.1);
  });

  test.each(Object.keys(golden.likelihoods))('the form chosen for %s has the least AICc of all', (series) => {
    const { y, m } = golden.series[series]!;
    const { form } = fitEts(y, { period: m }).toState();
    const all = Object.keys(golden.likelihoods[series]!).map((name) => etsOptimum(y, name, m).aicc);
    expect(etsOptimum(y, form, m).aicc).toBeLessThan(Math.min(...all) + 1e-6);
  });

  test.each(['MMN', 'MMdN', 'MMM', 'MMdM'])('%s, with a growth factor, does better than no trend', (form) => {
    const { y, m } = golden.series.air!;
    const without = etsOptimum(y, form.replace(/^MMd?/, 'MN'), m);
    expect(etsOptimum(y, form, m).logLikelihood).toBeGreaterThan(without.logLikelihood);
  });

  test('the weights stay inside their bounds', () => {
    for (const { series, form } of optima) {
      const { y, m } = golden.series[series]!;
      const { alpha, beta, gamma, phi } = etsOptimum(y, form, m).weights;
      expect(alpha).toBeGreaterThanOrEqual(1e-4);
      expect(alpha).toBeLessThanOrEqual(0.9999);
      expect(beta).toBeLessThanOrEqual(alpha);
      expect(gamma).toBeLessThanOrEqual(1 - alpha + 1e-4);
      if (form.includes('d')) expect(phi).toBeGreaterThanOrEqual(0.8);
      if (form.includes('d')) expect(phi).toBeLessThanOrEqual(0.98);
    }
  });
});

test.each(['MAM', 'MAdM', 'MNM'])(
  'simulated futures of %s have the mean and spread of the formulas',
  (form) => {
    const { y, m } = golden.series.air!;
    const fitted = fitEts(y, { period: m, forms: [form] });
    const { mean, quantiles } = fitted.forecast(18, [0.1, 0.9]);
    const paths = fitted.paths(18, 20_000, 5);
    for (const h of [0, 5, 17]) {
      const sum = paths.reduce((total, path) => total + path[h]!, 0);
      expect(sum / paths.length / mean[h]!).toBeCloseTo(1, 2);
      const inside = paths.filter(
        (path) => path[h]! > quantiles['0.1']![h]! && path[h]! < quantiles['0.9']![h]!,
      );
      expect(inside.length / paths.length).toBeCloseTo(0.8, 1);
    }
  },
);

test('an absurd value does not make the forecast explode', () => {
  const y = Array.from({ length: 60 }, (_, t) => (t === 30 ? 1e12 : 1 + ((t * 7) % 5)));
  const { mean, quantiles } = fitEts(y, { period: 4 }).forecast(20, [0.1, 0.9]);
  for (const value of [...mean, ...quantiles['0.1']!, ...quantiles['0.9']!]) {
    expect(Math.abs(value)).toBeLessThan(1e13);
  }
});
