import { describe, expect, test } from 'vitest';
import {
  needsSeasonalDifference,
  seasonStrength,
} from '../../../../shared/core/forecast/arima/season-strength.ts';
import { augmentedDickeyFuller } from '../../../../shared/core/forecast/diagnose/augmented-dickey-fuller.ts';
import {
  autocorrelations,
  partialAutocorrelations,
} from '../../../../shared/core/forecast/diagnose/autocorrelation.ts';
import {
  boxCox,
  boxCoxLogLikelihood,
  boxCoxMaximumLikelihood,
  guerrero,
} from '../../../../shared/core/forecast/diagnose/box-cox.ts';
import { kpss, kpssDifferences } from '../../../../shared/core/forecast/diagnose/kpss.ts';
import { ocsb } from '../../../../shared/core/forecast/diagnose/ocsb.ts';
import {
  breuschPagan,
  varianceInflation,
} from '../../../../shared/core/forecast/diagnose/regression-checks.ts';
import {
  boxPierce,
  durbinWatson,
  jarqueBera,
  ljungBox,
} from '../../../../shared/core/forecast/diagnose/whiteness.ts';
import { linearRegression } from '../../../../shared/core/math/linear-regression.ts';
import { studentTails } from '../../../../shared/core/math/p-values.ts';
import { readGolden } from '../../read-golden.ts';

// biome-ignore lint/suspicious/noExplicitAny: the reference file holds many shapes, each read where it is compared.
type Loose = any;
const golden = readGolden<Loose>('diagnose');
const sameTo = (found: number, expected: number, tolerance: number): void => {
  expect(Math.abs(found - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(tolerance);
};
const cases: { name: string; y: Float64Array; m: number; python: Loose; R: Loose }[] = Object.entries(
  golden.cases as Record<string, Loose>,
).map(([name, of]) => {
  const raw = Float64Array.from(golden.series[of.series] as number[]);
  const logs = raw.map(Math.log);
  const steps = logs.subarray(1).map((value, t) => value - logs[t]!);
  return { name, y: of.transform === 'log' ? logs : of.transform === 'dlog' ? steps : raw, ...of };
});

describe.each(cases)('$name agrees with statsmodels and R', ({ y, m, python, R }) => {
  test('autocorrelations and partial ones', () => {
    python.acf.forEach((value: number, i: number) => void sameTo(autocorrelations(y, 26)[i]!, value, 1e-9));
    const partial = partialAutocorrelations(y, 26);
    python.pacf_yw_biased.forEach((value: number, i: number) => void sameTo(partial[i]!, value, 1e-9));
  });

  test('Ljung-Box, Box-Pierce, Jarque-Bera, Durbin-Watson', () => {
    for (const lags of [10, 20]) {
      for (const [result, key] of [
        [ljungBox(y, lags), 'ljung_box'],
        [boxPierce(y, lags), 'box_pierce'],
      ] as const) {
        sameTo(result.statistic, python[key][lags][0], 1e-9);
        sameTo(result.pValue, python[key][lags][1], 1e-10);
      }
    }
    const less = ljungBox(y, 10, { fitted: 2 });
    sameTo(less.pValue, python.ljung_box_10_df2[1], 1e-10);
    const normality = jarqueBera(y);
    sameTo(normality.statistic, python.jarque_bera.statistic, 1e-9);
    sameTo(normality.pValue, python.jarque_bera.p, 1e-10);
    sameTo(normality.skewness, python.jarque_bera.skew, 1e-9);
    sameTo(normality.kurtosis, python.jarque_bera.kurtosis, 1e-9);
    const mean = y.reduce((sum, value) => sum + value / y.length, 0);
    sameTo(durbinWatson(y.map((value) => value - mean)), python.durbin_watson_of_deviations, 1e-9);
  });

  test.each([
    ['none', 'n'],
    ['constant', 'c'],
    ['trend', 'ct'],
  ] as const)('augmented Dickey-Fuller with %s', (kind, key) => {
    for (const [label, lags] of [
      ['aic', undefined],
      ['lag4', 4],
      ['lag0', 0],
    ] as const) {
      const expected = python[`adf_${key}_${label}`];
      const found = augmentedDickeyFuller(y, { with: kind, ...(lags === undefined ? {} : { lags }) });
      expect(found.lags).toBe(expected.usedlag);
      expect(found.observations).toBe(expected.nobs);
      sameTo(found.statistic, expected.statistic, 1e-9);
      expect(Math.abs(found.pValue - expected.p)).toBeLessThan(1e-6);
      for (const level of ['1%', '5%', '10%'] as const) {
        sameTo(found.critical[level], expected.critical[level], 1e-9);
      }
    }
  });

  test('KPSS at the same lags', () => {
    for (const [around, key] of [
      ['level', 'c'],
      ['trend', 'ct'],
    ] as const) {
      for (const label of ['auto', 'legacy', 'lag4']) {
        const expected = python[`kpss_${key}_${label}`];
        const found = kpss(y, { around, lags: expected.lags });
        sameTo(found.statistic, expected.statistic, 1e-9);
        expect(Math.abs(found.pValue - expected.p)).toBeLessThan(1e-6);
      }
    }
  });

  test('differences, seasonal differences, OCSB and seasonal strength', () => {
    expect(kpssDifferences(y)).toBe(R.ndiffs.kpss);
    if (m === 1) return;
    expect(Number(needsSeasonalDifference(y, m))).toBe(R.nsdiffs.seas);
    sameTo(seasonStrength(y, m), R.seasonal_strength, 1e-6);
    const plain = ocsb(y, m, { lags: 0 });
    sameTo(plain.statistic, R.ocsb.statistic, 1e-9);
    sameTo(plain.critical, R.ocsb.critical, 1e-9);
    const found = ocsb(y, m);
    sameTo(found.statistic, R.ocsb_aic_max3.statistics, 1e-9);
    expect(Number(found.statistic > found.critical)).toBe(R.nsdiffs.ocsb);
  });

  test.runIf(R.boxcox)('Box-Cox lambda by Guerrero and by likelihood', () => {
    expect(Math.abs(guerrero(y, m) - R.boxcox.guerrero)).toBeLessThan(1e-3);
    expect(Math.abs(boxCoxMaximumLikelihood(y) - python.boxcox_mle_lambda)).toBeLessThan(1e-4);
    sameTo(boxCoxLogLikelihood(y, python.boxcox_mle_lambda), python.boxcox_llf_at_mle, 1e-9);
    sameTo(boxCoxLogLikelihood(y, 0), python.boxcox_llf_at_0, 1e-9);
    R.boxcox['first_at_0.5'].forEach((z: number, t: number) => void sameTo(boxCox(y[t]!, 0.5), z, 1e-9));
    R.boxcox['first_at_minus0.3'].forEach(
      (z: number, t: number) => void sameTo(boxCox(y[t]!, -0.3), z, 1e-9),
    );
  });
});

describe('a baseline regression agrees with statsmodels and R', () => {
  const price = Float64Array.from(golden.regressors.price as number[]);
  const promo = Float64Array.from(golden.regressors.promo as number[]);
  const trend = price.map((_, t) => t + 1);
  const mix = price.map((value, t) => 0.5 * value + 0.3 * promo[t]! + Math.sin(t + 1));
  const columns = [price.map(() => 1), price, promo, mix, trend];
  const expected = golden.regression;
  const fit = linearRegression(columns, golden.series.sim_arma as number[]);

  test('coefficients, standard errors, p-values and R2', () => {
    fit.coefficients.forEach((value, i) => {
      sameTo(value, expected.coef[i], 1e-9);
      sameTo(fit.standardErrors[i]!, expected.std_error[i], 1e-9);
      sameTo(studentTails(value / fit.standardErrors[i]!, fit.degrees), expected.p[i], 1e-10);
    });
    sameTo(fit.rSquared, expected.r2, 1e-9);
  });

  test('Durbin-Watson, Breusch-Pagan and variance inflation', () => {
    sameTo(durbinWatson(fit.residuals), expected.durbin_watson, 1e-9);
    const found = breuschPagan(fit.residuals, columns);
    sameTo(found.statistic, expected.breusch_pagan_koenker.lm, 1e-9);
    sameTo(found.pValue, expected.breusch_pagan_koenker.p, 1e-10);
    sameTo(found.fisher, expected.breusch_pagan_koenker.f, 1e-9);
    sameTo(found.fisherPValue, expected.breusch_pagan_koenker.f_p, 1e-10);
    sameTo(found.original.statistic, expected.breusch_pagan_original.lm, 1e-9);
    sameTo(found.original.pValue, expected.breusch_pagan_original.p, 1e-10);
    varianceInflation(columns.slice(1)).forEach((value, i) => {
      sameTo(value, expected.vif_with_constant[i], 1e-9);
    });
  });

  test('columns that follow from others are refused', () => {
    expect(() => linearRegression([price, price.map((value) => 2 * value)], trend)).toThrow(RangeError);
    expect(() => linearRegression([price], [1])).toThrow(RangeError);
  });
});
