import { type ResidualSummary, residualSummary } from '../diagnose/residual-summary.ts';
import { ljungBox, type TestResult } from '../diagnose/whiteness.ts';
import { type History, HistoryError, knownValues } from '../model.ts';
import { arimaOptimum } from './arima.ts';
import { armaFilter } from './arma-filter.ts';
import { prepareSeries } from './prepare.ts';
import { sarimaWeeklyOrder } from './sarima-weekly-log.ts';

/** How the classical weekly model fits a history. */
export interface SarimaReport {
  /** (p,d,q)(P,D,Q)[period], or (p,d,q). */
  readonly order: string;
  /** ar, ma, and with a season sar and sma. */
  readonly coefficients: readonly number[];
  readonly sigma2: number;
  readonly logLikelihood: number;
  /** -2 log L + 2 (coefficients + 1), and with the correction for few observations. */
  readonly aic: number;
  readonly aicc: number;
  /** Of the standardised one-step errors on the scale log(1 + y); null where they are all equal. */
  readonly residuals: ResidualSummary | null;
  /** With the coefficients taken off the degrees of freedom: small p = structure is left. */
  readonly ljungBox: (TestResult & { readonly lags: number }) | null;
}

/** SARIMA(1,1,1)(1,0,1)[period] on log(1 + y) with its residuals, without the seasonal part below two seasons. */
export function sarimaReport(history: History, period = 52): SarimaReport {
  const known = knownValues(history, 8);
  if (known.some((value) => value < 0)) throw new HistoryError('a quantity below zero has no logarithm here');
  const order = sarimaWeeklyOrder(known.length, period);
  const logs = Float64Array.from(history, (value) => Math.log1p(value));
  const optimum = arimaOptimum(logs, { order });
  const { w, isExact } = prepareSeries(logs, optimum.order, { constant: false, pairs: 0, inputs: [] });
  const filter = armaFilter(optimum.order, w.length, [w]);
  if (!filter.run(optimum.coefficients)) throw new HistoryError('the ARIMA filter lost its digits');
  const { p, d, q, P, D, Q } = optimum.order;
  const errors = filter.errors.slice(0, w.length);
  const fitted = optimum.coefficients.length;
  const lags = Math.min(2 * fitted + 10, Math.floor(w.length / 3));
  return {
    order: P + D + Q > 0 ? `(${p},${d},${q})(${P},${D},${Q})[${period}]` : `(${p},${d},${q})`,
    coefficients: [...optimum.coefficients],
    sigma2: optimum.sigma2,
    logLikelihood: optimum.logLikelihood,
    aic: 2 * (fitted + 1) - 2 * optimum.logLikelihood,
    aicc: optimum.aicc,
    residuals: isExact ? null : residualSummary(errors),
    ljungBox: isExact || lags <= fitted ? null : { ...ljungBox(errors, lags, { fitted }), lags },
  };
}
