import { linearRegression } from '../../math/linear-regression.ts';
import { normalCdf } from '../../math/normal.ts';

/** Nothing, a constant, or a constant and a trend beside the unit root. */
export type Deterministic = 'none' | 'constant' | 'trend';

export interface DickeyFullerOptions {
  readonly with?: Deterministic;
  /** Lagged differences; chosen by AIC up to ceil(12 (n/100)^(1/4)) when left out. */
  readonly lags?: number;
}

export interface DickeyFullerResult {
  readonly statistic: number;
  /** Approximate (MacKinnon 1994); small = no unit root, the series is stationary. */
  readonly pValue: number;
  readonly lags: number;
  /** Observations of the regression. */
  readonly observations: number;
  /** Finite-sample critical values (MacKinnon 2010). */
  readonly critical: { readonly '1%': number; readonly '5%': number; readonly '10%': number };
}

/** Response surfaces of MacKinnon (1994, table 3): p = Phi(polynomial in the statistic), two of them. */
const SURFACE = {
  none: {
    least: -19.04,
    most: Number.POSITIVE_INFINITY,
    split: -1.04,
    small: [0.6344, 1.2378, 0.032496],
    large: [0.4797, 0.93557, -0.06999, 0.033066],
  },
  constant: {
    least: -18.83,
    most: 2.74,
    split: -1.61,
    small: [2.1659, 1.4412, 0.038269],
    large: [1.7339, 0.93202, -0.12745, -0.010368],
  },
  trend: {
    least: -16.18,
    most: 0.7,
    split: -2.89,
    small: [3.2512, 1.6047, 0.049588],
    large: [2.5261, 0.61654, -0.37956, -0.060285],
  },
} as const;

/** MacKinnon (2010, table 2): polynomials in 1 / observations at 1, 5 and 10 %. */
const CRITICAL = {
  none: [
    [-2.56574, -2.2358, -3.627, 0],
    [-1.941, -0.2686, -3.365, 31.223],
    [-1.61682, 0.2656, -2.714, 25.364],
  ],
  constant: [
    [-3.43035, -6.5393, -16.786, -79.433],
    [-2.86154, -2.8903, -4.234, -40.04],
    [-2.56677, -1.5384, -2.809, 0],
  ],
  trend: [
    [-3.95877, -9.0531, -28.428, -134.155],
    [-3.41049, -4.3904, -9.036, -45.374],
    [-3.12705, -2.5856, -3.925, -22.38],
  ],
} as const;

/** Test of Said & Dickey (1984) that the series has a unit root: t of y[t-1] in a regression of its differences. */
export function augmentedDickeyFuller(
  y: ArrayLike<number>,
  options: DickeyFullerOptions = {},
): DickeyFullerResult {
  const kind = options.with ?? 'constant';
  const lags = options.lags ?? bestLags(y, kind);
  const { columns, changes } = design(y, kind, lags, lags);
  const { coefficients, standardErrors } = linearRegression(columns, changes);
  const statistic = coefficients[0]! / standardErrors[0]!;
  const n = changes.length;
  const [one, five, ten] = CRITICAL[kind].map((row) => polynomial(row, 1 / n));
  return {
    statistic,
    pValue: pValueOf(statistic, kind),
    lags,
    observations: n,
    critical: { '1%': one!, '5%': five!, '10%': ten! },
  };
}

/** The lags of least AIC, all tried on the observations that the longest leaves. */
function bestLags(y: ArrayLike<number>, kind: Deterministic): number {
  const terms = { none: 0, constant: 1, trend: 2 }[kind];
  const most = Math.min(Math.ceil(12 * (y.length / 100) ** 0.25), Math.floor(y.length / 2) - terms - 1);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let lags = 0; lags <= most; lags++) {
    const { columns, changes } = design(y, kind, lags, most);
    const { squares } = linearRegression(columns, changes);
    const aic = changes.length * Math.log(squares / changes.length) + 2 * columns.length;
    if (aic >= least) continue;
    least = aic;
    best = lags;
  }
  return best;
}

function design(
  y: ArrayLike<number>,
  kind: Deterministic,
  lags: number,
  skipped: number,
): { columns: Float64Array[]; changes: Float64Array } {
  const n = y.length - 1 - skipped;
  if (n < 3) throw new RangeError(`${y.length} values are too few for ${skipped} lags`);
  const from = skipped + 1;
  const change = (t: number): number => y[t]! - y[t - 1]!;
  const column = (of: (t: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => of(from + i));
  const columns = [column((t) => y[t - 1]!)];
  for (let lag = 1; lag <= lags; lag++) columns.push(column((t) => change(t - lag)));
  if (kind !== 'none') columns.push(column(() => 1));
  if (kind === 'trend') columns.push(column((t) => t));
  return { columns, changes: column(change) };
}

function pValueOf(statistic: number, kind: Deterministic): number {
  const { least, most, split, small, large } = SURFACE[kind];
  if (statistic > most) return 1;
  if (statistic < least) return 0;
  return normalCdf(polynomial(statistic <= split ? small : large, statistic));
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}
