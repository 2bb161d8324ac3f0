export interface KpssOptions {
  /** What the series is stationary around: its mean, or a straight line. Default level. */
  readonly around?: 'level' | 'trend';
  /** Autocovariances in the long-run variance. Default trunc(4 (n / 100)^(1/4)). */
  readonly lags?: number;
}

export interface KpssResult {
  readonly statistic: number;
  /** Interpolated in the published table, so never outside 0.01 to 0.1. */
  readonly pValue: number;
  readonly lags: number;
}

/** Critical values at 10, 5, 2.5 and 1 % (Kwiatkowski et al. 1992, table 1). */
const PROBABILITIES = [0.1, 0.05, 0.025, 0.01] as const;
const CRITICAL = { level: [0.347, 0.463, 0.574, 0.739], trend: [0.119, 0.146, 0.176, 0.216] } as const;

/**
 * Test of Kwiatkowski, Phillips, Schmidt & Shin (1992): stationary unless the statistic is large.
 *   sum of S(t)^2 / (n^2 s^2),   S partial sums of the residuals, s^2 their long-run variance with Bartlett weights
 * A series that is its own mean or line has statistic 0. Needs 3 values, none NaN.
 */
export function kpss(y: Float64Array, options: KpssOptions = {}): KpssResult {
  const n = y.length;
  if (n < 3) throw new RangeError(`KPSS of ${n} values`);
  const around = options.around ?? 'level';
  const lags = Math.min(options.lags ?? Math.trunc(4 * (n / 100) ** 0.25), n - 1);
  const rest = residuals(y, around === 'trend');
  let squares = 0;
  let sums = 0;
  let partial = 0;
  for (let t = 0; t < n; t++) {
    partial += rest[t]!;
    sums += partial * partial;
    squares += rest[t]! * rest[t]!;
  }
  let longRun = squares;
  for (let lag = 1; lag <= lags; lag++) {
    let product = 0;
    for (let t = lag; t < n; t++) product += rest[t]! * rest[t - lag]!;
    longRun += 2 * (1 - lag / (lags + 1)) * product;
  }
  let size = 0;
  for (const value of y) size = Math.max(size, Math.abs(value));
  const statistic = squares > n * (1e-12 * size) ** 2 && longRun > 0 ? sums / (n * longRun) : 0;
  return { statistic, pValue: interpolated(statistic, CRITICAL[around]), lags };
}

/** How often to difference (0 to `most`) until KPSS at 5 % no longer objects, with trunc(3 sqrt(n) / 13) lags as in R. */
export function kpssDifferences(series: Float64Array, most = 2): number {
  let y = series;
  for (let d = 0; d < most; d++) {
    if (y.length < 5) return d;
    const { statistic } = kpss(y, { lags: Math.trunc((3 * Math.sqrt(y.length)) / 13) });
    if (statistic <= CRITICAL.level[1]) return d;
    const next = new Float64Array(y.length - 1);
    for (let t = 0; t < next.length; t++) next[t] = y[t + 1]! - y[t]!;
    y = next;
  }
  return most;
}

function residuals(y: Float64Array, hasTrend: boolean): Float64Array {
  const n = y.length;
  const middle = (n - 1) / 2;
  let mean = 0;
  for (const value of y) mean += value / n;
  let slope = 0;
  if (hasTrend) {
    for (let t = 0; t < n; t++) slope += (t - middle) * (y[t]! - mean);
    slope /= (n * (n * n - 1)) / 12;
  }
  return y.map((value, t) => value - mean - slope * (t - middle));
}

function interpolated(statistic: number, critical: readonly number[]): number {
  if (statistic <= critical[0]!) return PROBABILITIES[0];
  for (let i = 1; i < critical.length; i++) {
    const [low, high] = [critical[i - 1]!, critical[i]!];
    if (statistic < high) {
      const share = (statistic - low) / (high - low);
      return PROBABILITIES[i - 1]! + share * (PROBABILITIES[i]! - PROBABILITIES[i - 1]!);
    }
  }
  return PROBABILITIES[3];
}
