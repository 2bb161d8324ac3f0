import { autocorrelations } from './autocorrelation.ts';
import { durbinWatson, jarqueBera, ljungBox } from './whiteness.ts';

/** What the errors of a model say about it. */
export interface ResidualSummary {
  readonly count: number;
  /** Not near 0: the model is biased. */
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
  readonly kurtosis: number;
  readonly firstAutocorrelation: number;
  readonly durbinWatson: number;
  /** p of Ljung-Box over min(10, n / 5) lags: small = there is structure left. */
  readonly whitenessPValue: number;
  /** p of Jarque-Bera: small = normal intervals mislead. */
  readonly normalityPValue: number;
}

/** Summary of the known residuals; null for fewer than 8 of them or when they are all equal. */
export function residualSummary(residuals: ArrayLike<number>): ResidualSummary | null {
  const known = Float64Array.from(residuals).filter((value) => !Number.isNaN(value));
  const n = known.length;
  if (n < 8 || known.every((value) => value === known[0])) return null;
  const mean = known.reduce((sum, value) => sum + value / n, 0);
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const normality = jarqueBera(known);
  return {
    count: n,
    mean,
    deviation: Math.sqrt(squares / (n - 1)),
    skewness: normality.skewness,
    kurtosis: normality.kurtosis,
    firstAutocorrelation: autocorrelations(known, 1)[0]!,
    durbinWatson: durbinWatson(known),
    whitenessPValue: ljungBox(known, Math.min(10, Math.floor(n / 5))).pValue,
    normalityPValue: normality.pValue,
  };
}
