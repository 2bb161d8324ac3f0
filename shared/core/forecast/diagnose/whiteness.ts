import { chiSquareTail } from '../../math/p-values.ts';
import { autocorrelations } from './autocorrelation.ts';

export interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

/** Degrees of freedom that fitting the residuals has used up. */
interface Fitted {
  readonly fitted?: number;
}

/** Ljung & Box (1978): n (n + 2) sum of r[k]^2 / (n - k), chi-square; small p = residuals are still correlated. */
export function ljungBox(y: ArrayLike<number>, lags: number, { fitted = 0 }: Fitted = {}): TestResult {
  const n = y.length;
  let sum = 0;
  autocorrelations(y, lags).forEach((r, i) => {
    sum += (r * r) / (n - i - 1);
  });
  const statistic = n * (n + 2) * sum;
  return { statistic, pValue: chiSquareTail(statistic, lags - fitted) };
}

/** Box & Pierce (1970): n sum of r[k]^2. */
export function boxPierce(y: ArrayLike<number>, lags: number, { fitted = 0 }: Fitted = {}): TestResult {
  const sum = autocorrelations(y, lags).reduce((total, r) => total + r * r, 0);
  return { statistic: y.length * sum, pValue: chiSquareTail(y.length * sum, lags - fitted) };
}

/** Durbin & Watson (1950): sum of squared steps / sum of squares; 2 without correlation, below it with positive. */
export function durbinWatson(residuals: ArrayLike<number>): number {
  let steps = 0;
  let squares = 0;
  for (let t = 0; t < residuals.length; t++) {
    squares += residuals[t]! ** 2;
    if (t > 0) steps += (residuals[t]! - residuals[t - 1]!) ** 2;
  }
  return steps / squares;
}

export interface NormalityResult extends TestResult {
  readonly skewness: number;
  /** 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** Jarque & Bera (1980): n/6 (skewness^2 + (kurtosis - 3)^2 / 4), chi-square with 2; small p = not normal. */
export function jarqueBera(y: ArrayLike<number>): NormalityResult {
  const n = y.length;
  let mean = 0;
  for (let t = 0; t < n; t++) mean += y[t]! / n;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let t = 0; t < n; t++) {
    const d = y[t]! - mean;
    second += (d * d) / n;
    third += d ** 3 / n;
    fourth += d ** 4 / n;
  }
  const skewness = third / second ** 1.5;
  const kurtosis = fourth / (second * second);
  const statistic = (n / 6) * (skewness ** 2 + (kurtosis - 3) ** 2 / 4);
  return { statistic, pValue: chiSquareTail(statistic, 2), skewness, kurtosis };
}
