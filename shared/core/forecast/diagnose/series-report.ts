import { type SarimaReport, sarimaReport } from '../arima/sarima-report.ts';
import { seasonStrength } from '../arima/season-strength.ts';
import { type History, HistoryError, knownValues } from '../model.ts';
import { type InsufficientData, type Trend, trendLabel } from '../simple/trend-label.ts';
import { augmentedDickeyFuller, type DickeyFullerResult } from './augmented-dickey-fuller.ts';
import { type BaselineRegression, baselineRegression } from './baseline-regression.ts';
import { type KpssResult, kpss } from './kpss.ts';
import { trendStrength } from './trend-strength.ts';

export interface SeriesReport {
  readonly kind: 'report';
  readonly points: number;
  readonly mean: number;
  readonly deviation: number;
  /** Share of periods with demand. */
  readonly active: number;
  /** Unit root: small p = stationary. Null where its regression has no solution. */
  readonly dickeyFuller: DickeyFullerResult | null;
  /** Stationary: small p = not. */
  readonly kpss: KpssResult;
  /** 0 to 1; null without two seasons. */
  readonly seasonStrength: number | null;
  readonly trendStrength: number;
  readonly trend: Trend;
  readonly baseline: BaselineRegression | null;
  readonly sarima: SarimaReport | null;
}

/** A series that never changes has nothing to test. */
export interface ConstantSeries {
  readonly kind: 'constant';
  readonly points: number;
  readonly mean: number;
}

export const FEWEST_FOR_REPORT = 24;

/**
 * Tests of a series and of two models of it, for people to judge by: stationarity, season and trend, the assumptions of a
 * plain regression, the residuals of the classical weekly model. Needs 24 quantities, none of them unknown.
 */
export function seriesReport(
  history: History,
  period: number,
): SeriesReport | ConstantSeries | InsufficientData {
  const y = knownValues(history, 0);
  const points = y.length;
  if (points < FEWEST_FOR_REPORT) return { kind: 'insufficient-data', points, needed: FEWEST_FOR_REPORT };
  const mean = y.reduce((sum, value) => sum + value / points, 0);
  if (y.every((value) => value === y[0])) return { kind: 'constant', points, mean: y[0]! };
  const squares = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    kind: 'report',
    points,
    mean,
    deviation: Math.sqrt(squares / (points - 1)),
    active: y.reduce((count, value) => count + (value > 0 ? 1 : 0), 0) / points,
    dickeyFuller: orNull(() => augmentedDickeyFuller(y)),
    kpss: kpss(y),
    seasonStrength: period > 1 && points >= 2 * period ? seasonStrength(y, period) : null,
    trendStrength: trendStrength(y, period),
    trend: trendLabel(y) as Trend,
    baseline: baselineRegression(y, period),
    sarima: orNull(() => sarimaReport(y, period)),
  };
}

/** A test that this series does not allow: its columns follow from each other, or it is too short for the orders. */
function orNull<T>(test: () => T): T | null {
  try {
    return test();
  } catch (error) {
    if (error instanceof RangeError || error instanceof HistoryError) return null;
    throw error;
  }
}
