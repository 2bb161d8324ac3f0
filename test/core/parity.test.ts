import { describe, expect, test } from 'vitest';
import { etsOf, etsOptimum, fitEts } from '../../shared/core/forecast/ets/ets.ts';
import { parseEtsForm, runEts } from '../../shared/core/forecast/ets/ets-recursion.ts';
import { etsPoints } from '../../shared/core/forecast/ets/ets-variance.ts';
import { fitTsb } from '../../shared/core/forecast/intermittent/tsb.ts';
import { fitTheta } from '../../shared/core/forecast/theta/theta.ts';
import { etsStateOf, etsWeightsOf, type GoldenWeights } from './ets-golden.ts';
import { readGolden } from './read-golden.ts';

interface EtsGolden {
  series: Record<string, { m: number; y: number[] }>;
  fixedWeights: GoldenWeights;
  fixed: {
    series: string;
    form: string;
    n: number;
    initial: number[];
    neg2loglik_R: number;
    forecast: number[];
  }[];
  optimised: Record<string, { chosenAicc: number; forms: Record<string, { loglik: number; aicc: number }> }>;
  intervals: (GoldenWeights & {
    series: string;
    form: string;
    sigma2: number;
    final_state: number[];
    forecast: number[];
    lower80: number[];
    upper95: number[];
  })[];
}
const golden = readGolden<EtsGolden>('ets');

describe('exponential smoothing agrees with R forecast', () => {
  test.each(golden.fixed)('$form on $series with given weights and start', (fixed) => {
    const form = parseEtsForm(fixed.form);
    const weights = etsWeightsOf(fixed.form, golden.fixedWeights);
    const state = etsStateOf(fixed.form, fixed.initial);
    const twice = runEts(golden.series[fixed.series]!.y.slice(0, fixed.n), form, weights, state);
    expect(twice / fixed.neg2loglik_R).toBeCloseTo(1, 9);
    const points = etsPoints(form, weights, state, fixed.forecast.length);
    points.forEach((point, h) => void expect(point / fixed.forecast[h]!).toBeCloseTo(1, 9));
  });

  test.each(golden.intervals)('limits of $form from its final state', (given) => {
    const state = etsStateOf(given.form, given.final_state);
    const fitted = etsOf({
      model: 'ets',
      form: given.form,
      ...etsWeightsOf(given.form, given),
      level: state.level,
      trend: state.trend,
      season: [...state.season],
      variance: given.sigma2,
    });
    const { mean, quantiles } = fitted.forecast(given.forecast.length, [0.1, 0.975]);
    for (let h = 0; h < mean.length; h++) {
      expect(mean[h]! / given.forecast[h]!).toBeCloseTo(1, 7);
      // R counts a full season one period early for A,N,A: 2e-6 at h = m, where this follows the book.
      const digits = given.form === 'ANA' && h === 11 ? 5 : 7;
      expect(quantiles['0.1']![h]! / given.lower80[h]!).toBeCloseTo(1, digits);
      expect(quantiles['0.975']![h]! / given.upper95[h]!).toBeCloseTo(1, digits);
    }
  });

  const linear = Object.entries(golden.optimised).flatMap(([series, { forms }]) =>
    Object.entries(forms)
      .filter(([form]) => form.startsWith('A'))
      .map(([form, reference]) => ({ series, form, reference })),
  );
  test.each(linear)('the likelihood of $form on $series is as high', ({ series, form, reference }) => {
    const { y, m } = golden.series[series]!;
    const found = etsOptimum(y, form, m);
    expect(found.logLikelihood).toBeGreaterThan(reference.loglik - 0.05);
    expect(found.aicc).toBeLessThan(reference.aicc + 0.1);
  });

  test.each(['air', 'ukgas'])('the form chosen for %s has an AICc as low', (series) => {
    const { y, m } = golden.series[series]!;
    const { form } = fitEts(y, { period: m }).toState();
    expect(etsOptimum(y, form, m).aicc).toBeLessThan(golden.optimised[series]!.chosenAicc + 2);
  });
});

const theta = readGolden<{ cases: { series: string; m: number; h: number; mean: number[] }[] }>('theta');

test.each(theta.cases)('theta forecasts $series within 0.1 % of R thetaf', ({ series, m, h, mean }) => {
  const forecast = fitTheta(golden.series[series]!.y, { period: m }).forecast(h, []).mean;
  mean.forEach((value, j) => void expect(Math.abs(forecast[j]! / value - 1)).toBeLessThan(1e-3));
});

test('TSB agrees with its formula written out', () => {
  const { y, alpha, tsb } = readGolden<{ y: number[]; alpha: number; tsb: number }>('tsb');
  const fitted = fitTsb(y, { probabilityWeight: alpha, sizeWeight: alpha });
  expect(fitted.forecast(1, []).mean[0]).toBeCloseTo(tsb, 10);
});
