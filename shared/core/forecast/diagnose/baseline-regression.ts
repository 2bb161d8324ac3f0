import { linearRegression } from '../../math/linear-regression.ts';
import { type BreuschPaganResult, breuschPagan, varianceInflation } from './regression-checks.ts';
import { type ResidualSummary, residualSummary } from './residual-summary.ts';
import { durbinWatson, jarqueBera, ljungBox, type NormalityResult, type TestResult } from './whiteness.ts';

export interface BaselineRegression {
  readonly observations: number;
  readonly rSquared: number;
  readonly terms: readonly {
    readonly name: string;
    readonly coefficient: number;
    readonly standardError: number;
    /** Variance inflation; null for the constant, and for a term that is alone. */
    readonly inflation: number | null;
  }[];
  readonly durbinWatson: number;
  readonly breuschPagan: BreuschPaganResult;
  readonly ljungBox: TestResult & { readonly lags: number };
  readonly jarqueBera: NormalityResult;
  readonly residuals: ResidualSummary | null;
}

/** Residuals below this share of the deviation are rounding. */
const ROUNDING = 1e-9;

/**
 * The assumptions of least squares on a plain model of a series: a constant, a line, the quantity before, and with two
 * seasons of history one wave of the season.
 *   y[t] = a + b t + c y[t-1] + d cos(2 pi t / m) + e sin(2 pi t / m)
 * Null where the terms follow from each other, or explain everything: then there are no residuals to test.
 */
export function baselineRegression(y: Float64Array, period: number): BaselineRegression | null {
  const n = y.length - 1;
  const target = y.subarray(1);
  const column = (of: (t: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => of(i + 1));
  const terms: [string, Float64Array][] = [
    ['constant', column(() => 1)],
    ['trend', column((t) => t)],
    ['previous', column((t) => y[t - 1]!)],
  ];
  if (period > 1 && y.length >= 2 * period) {
    terms.push(
      ['season_cos', column((t) => Math.cos((2 * Math.PI * t) / period))],
      ['season_sin', column((t) => Math.sin((2 * Math.PI * t) / period))],
    );
  }
  const columns = terms.map(([, values]) => values);
  try {
    const fit = linearRegression(columns, target);
    const size = target.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (!(fit.squares > n * (ROUNDING * size) ** 2)) return null;
    const inflation = varianceInflation(columns.slice(1));
    const lags = Math.min(10, Math.floor(n / 5));
    return {
      observations: n,
      rSquared: fit.rSquared,
      terms: terms.map(([name], i) => ({
        name,
        coefficient: fit.coefficients[i]!,
        standardError: fit.standardErrors[i]!,
        inflation: i === 0 ? null : inflation[i - 1]!,
      })),
      durbinWatson: durbinWatson(fit.residuals),
      breuschPagan: breuschPagan(fit.residuals, columns),
      ljungBox: { ...ljungBox(fit.residuals, lags), lags },
      jarqueBera: jarqueBera(fit.residuals),
      residuals: residualSummary(fit.residuals),
    };
  } catch (error) {
    // terms that follow from each other have no coefficients of their own
    if (error instanceof RangeError) return null;
    throw error;
  }
}
