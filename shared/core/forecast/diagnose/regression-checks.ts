import { linearRegression } from '../../math/linear-regression.ts';
import { chiSquareTail, fisherTail } from '../../math/p-values.ts';
import type { TestResult } from './whiteness.ts';

type Columns = readonly ArrayLike<number>[];

export interface BreuschPaganResult extends TestResult {
  readonly fisher: number;
  readonly fisherPValue: number;
  /** The form of 1979, which trusts that errors are normal. */
  readonly original: TestResult;
}

/**
 * Breusch & Pagan (1979) as studentised by Koenker (1981): n R^2 of squared residuals on the regressors, a constant
 * among them. Small p = the errors' variance depends on the regressors.
 */
export function breuschPagan(residuals: ArrayLike<number>, columns: Columns): BreuschPaganResult {
  const n = residuals.length;
  const squared = Float64Array.from(residuals, (value) => value * value);
  const mean = squared.reduce((sum, value) => sum + value / n, 0);
  const { rSquared, degrees } = linearRegression(columns, squared);
  const regressors = columns.length - 1;
  const total = squared.reduce((sum, value) => sum + (value / mean - 1) ** 2, 0);
  const fisher = rSquared / regressors / ((1 - rSquared) / degrees);
  const original = (rSquared * total) / 2;
  return {
    statistic: n * rSquared,
    pValue: chiSquareTail(n * rSquared, regressors),
    fisher,
    fisherPValue: fisherTail(fisher, regressors, degrees),
    original: { statistic: original, pValue: chiSquareTail(original, regressors) },
  };
}

/** Variance inflation 1 / (1 - R^2) of each regressor on the others and a constant; above 5 to 10 they say the same. */
export function varianceInflation(regressors: Columns): number[] {
  return regressors.map((column, i) => {
    const others = regressors.filter((_, j) => j !== i);
    const constant = new Float64Array(column.length).fill(1);
    return 1 / (1 - linearRegression([constant, ...others], column).rSquared);
  });
}
