import type { Diagnostics } from '../../../shared/contracts/api/diagnostics.ts';
import type { SarimaReport } from '../../../shared/core/forecast/arima/sarima-report.ts';
import type { BaselineRegression } from '../../../shared/core/forecast/diagnose/baseline-regression.ts';
import type { ResidualSummary } from '../../../shared/core/forecast/diagnose/residual-summary.ts';
import { type SeriesReport, seriesReport } from '../../../shared/core/forecast/diagnose/series-report.ts';
import type { TestResult } from '../../../shared/core/forecast/diagnose/whiteness.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { findSeries, type SeriesQuery } from './find-series.ts';
import { tooLittle } from './forecast-product.ts';

const WEEKS_OF_YEAR = 52;
/** Below it a test objects. */
const SIGNIFICANT = 0.05;

/** Tests of the weekly demand of a category or product, of a plain regression of it, and of SARIMA's residuals. */
export async function diagnoseSeries(
  db: Statements,
  asked: Omit<SeriesQuery, 'bucket'>,
): Promise<Diagnostics> {
  const { about, quantities } = await findSeries(db, { ...asked, bucket: 'week' });
  const report = seriesReport(quantities, WEEKS_OF_YEAR);
  if (report.kind === 'report') return { ...about, status: 'tested', ...shownReport(report) };
  const isConstant = report.kind === 'constant';
  return {
    ...about,
    ...(report.kind === 'insufficient-data' && tooLittle(report, 'weeks of history')),
    status: isConstant ? 'constant' : 'insufficient_data',
    findings: isConstant ? ['every week is the same: there is nothing to test'] : [],
    mean: isConstant ? report.mean : null,
    deviation: isConstant ? 0 : null,
    active_share: null,
    adf: null,
    kpss: null,
    seasonality_strength: null,
    trend_strength: null,
    trend: null,
    baseline_regression: null,
    sarima: null,
  };
}

function shownReport(report: SeriesReport) {
  const { dickeyFuller: adf, kpss, baseline, sarima } = report;
  return {
    findings: findingsOf(report),
    mean: figure(report.mean),
    deviation: figure(report.deviation),
    active_share: figure(report.active),
    adf: adf && {
      ...test(adf),
      lags: adf.lags,
      critical_5_percent: figure(adf.critical['5%']),
      is_stationary: adf.pValue < SIGNIFICANT,
    },
    kpss: { ...test(kpss), lags: kpss.lags, is_stationary: kpss.pValue >= SIGNIFICANT },
    seasonality_strength: report.seasonStrength === null ? null : figure(report.seasonStrength),
    trend_strength: figure(report.trendStrength),
    trend: report.trend.label,
    baseline_regression: baseline && shownBaseline(baseline),
    sarima: sarima && shownSarima(sarima),
  };
}

function shownBaseline(baseline: BaselineRegression) {
  return {
    observations: baseline.observations,
    r_squared: figure(baseline.rSquared),
    terms: baseline.terms.map(({ name, coefficient, standardError, inflation }) => ({
      name,
      coefficient: figure(coefficient),
      standard_error: figure(standardError),
      vif: inflation === null ? null : figure(inflation),
    })),
    durbin_watson: figure(baseline.durbinWatson),
    breusch_pagan: test(baseline.breuschPagan),
    jarque_bera: test(baseline.jarqueBera),
    ljung_box: { ...test(baseline.ljungBox), lags: baseline.ljungBox.lags },
    residuals: residuals(baseline.residuals),
  };
}

function shownSarima({ ljungBox, ...sarima }: SarimaReport) {
  return {
    order: sarima.order,
    aic: figure(sarima.aic),
    aicc: figure(sarima.aicc),
    log_likelihood: figure(sarima.logLikelihood),
    sigma2: figure(sarima.sigma2),
    ljung_box: ljungBox && { ...test(ljungBox), lags: ljungBox.lags },
    no_autocorrelation: ljungBox && ljungBox.pValue >= SIGNIFICANT,
    residuals: residuals(sarima.residuals),
  };
}

const residuals = (of: ResidualSummary | null) =>
  of && {
    count: of.count,
    mean: figure(of.mean),
    deviation: figure(of.deviation),
    skewness: figure(of.skewness),
    kurtosis: figure(of.kurtosis),
    first_autocorrelation: figure(of.firstAutocorrelation),
  };

const test = ({ statistic, pValue }: TestResult) => ({
  statistic: figure(statistic),
  p_value: figure(pValue),
});

const figure = (value: number): number | null =>
  Number.isFinite(value) ? Number(value.toPrecision(9)) : null;

/** What a person who knows no tests should know. */
function findingsOf({
  dickeyFuller,
  kpss,
  seasonStrength,
  trend,
  baseline,
  sarima,
  active,
}: SeriesReport): string[] {
  const noRoot = dickeyFuller !== null && dickeyFuller.pValue < SIGNIFICANT;
  const isLevel = kpss.pValue >= SIGNIFICANT;
  const said: (string | false | null | undefined)[] = [
    active < 0.5 && `weeks without demand outnumber the others: tests of steady series say little here`,
    noRoot && isLevel && 'stationary: both tests agree',
    noRoot !== isLevel && 'the tests of stationarity disagree: a slow trend or a shift of the level',
    !noRoot && !isLevel && 'not stationary: both tests agree; differences or a trend are needed',
    seasonStrength !== null && seasonStrength > 0.64 && 'a strong season of a year',
    trend.label !== 'Stable' && `${trend.label.toLowerCase()} over the history`,
    baseline &&
      baseline.ljungBox.pValue < SIGNIFICANT &&
      'the plain regression leaves correlated errors: its standard errors mislead',
    baseline &&
      baseline.breuschPagan.pValue < SIGNIFICANT &&
      'errors of the plain regression vary with its terms: larger at some times than at others',
    baseline &&
      baseline.jarqueBera.pValue < SIGNIFICANT &&
      'errors of the plain regression are not normal: normal intervals mislead',
    baseline?.terms.some(({ inflation }) => (inflation ?? 0) > 10) &&
      'terms of the plain regression say the same',
    sarima?.ljungBox &&
      (sarima.ljungBox.pValue < SIGNIFICANT
        ? 'SARIMA leaves structure in its errors'
        : 'SARIMA leaves no correlation in its errors'),
  ];
  return said.filter((one) => typeof one === 'string');
}
