import { linearRegression } from '../../math/linear-regression.ts';

export interface OcsbOptions {
  /** Lags that take out correlation; chosen by AIC up to 3, as `nsdiffs` in R does, when left out. */
  readonly lags?: number;
}

export interface OcsbResult {
  readonly statistic: number;
  /** At 5 %, for this season; above it a seasonal difference is called for. */
  readonly critical: number;
  readonly lags: number;
}

const MOST_LAGS = 3;

/**
 * Test of Osborn, Chui, Smith & Birchenhall (1988) for a seasonal unit root. With D the difference, Dm that over a season
 * and L an autoregression fitted to D Dm y:
 *   D Dm y[t] = lags + a L Dm y[t-1] + b L D y[t-m] + e,   the statistic is the t value of b.
 * RangeError for a series of less than two seasons and a few values more.
 */
export function ocsb(y: ArrayLike<number>, period: number, options: OcsbOptions = {}): OcsbResult {
  if (!(period > 1) || y.length < 2 * period + 5 + 2 * MOST_LAGS) {
    throw new RangeError(`${y.length} values for a season of ${period}`);
  }
  const lags = options.lags ?? bestLags(y, period);
  // A smooth curve through simulated critical values, over the length of the season.
  const from = Math.log(period) - 0.7656451;
  const critical = -0.2937411 * Math.exp(-0.2850853 * from - 0.05983644 * from * from) - 1.652202;
  return { statistic: regress(y, period, lags, lags).statistic, critical, lags };
}

/** R compares 1, 2 and 3 lags and then uses one less than the best: kept, so that decisions agree. */
function bestLags(y: ArrayLike<number>, period: number): number {
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let lags = 1; lags <= MOST_LAGS; lags++) {
    const { criterion } = regress(y, period, lags, MOST_LAGS);
    if (criterion >= least) continue;
    least = criterion;
    best = lags;
  }
  return best - 1;
}

function regress(
  y: ArrayLike<number>,
  period: number,
  lags: number,
  skipped: number,
): { statistic: number; criterion: number } {
  const step = (t: number): number => y[t]! - y[t - 1]!;
  const seasonal = (t: number): number => y[t]! - y[t - period]!;
  const both = (t: number): number => seasonal(t) - seasonal(t - 1);
  const first = period + 1 + skipped;
  const n = y.length - first;
  const column = (of: (t: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => of(first + i));
  const target = column(both);
  const lagged = Array.from({ length: lags }, (_, i) => column((t) => both(t - i - 1)));
  const weights = lags > 0 ? linearRegression(lagged, target).coefficients : new Float64Array(0);
  const whitened = (of: (t: number) => number, t: number): number =>
    weights.reduce((value, weight, i) => value - weight * of(t - i - 1), of(t));
  const columns = [
    ...lagged,
    column((t) => whitened(seasonal, t - 1)),
    column((t) => whitened(step, t - period)),
  ];
  const { coefficients, standardErrors, squares } = linearRegression(columns, target);
  const statistic = coefficients[lags + 1]! / standardErrors[lags + 1]!;
  return { statistic, criterion: n * Math.log(squares / n) + 2 * columns.length };
}
