import { HistoryError } from '../model.ts';
import { type LoessOptions, loess, loessAt } from './loess.ts';

export interface StlOptions {
  /** Periods in a season, at least 2. */
  readonly period: number;
  /** Seasons that a season factor is smoothed over, odd; 'periodic': the season never changes. */
  readonly seasonalWindow?: number | 'periodic';
  readonly trendWindow?: number;
  readonly lowPassWindow?: number;
  readonly seasonalDegree?: 0 | 1;
  readonly trendDegree?: 0 | 1;
  readonly lowPassDegree?: 0 | 1;
  /** Every point is computed with 1; by default each tenth of a window, as in R. */
  readonly jump?: number;
  /** Down-weights outliers. */
  readonly robust?: boolean;
  readonly inner?: number;
  readonly outer?: number;
}

/** The parts of a series; they add up to it. */
export interface Decomposition {
  readonly seasonal: Float64Array;
  readonly trend: Float64Array;
  readonly remainder: Float64Array;
}

const MOST_PASSES = 100;

/**
 * Seasonal-trend decomposition by loess, Cleveland, Cleveland, McRae & Terpenning (1990), with the defaults of R's stl.
 * The series must hold two seasons and no gap; HistoryError otherwise.
 */
export function stl(y: Float64Array, options: StlOptions): Decomposition {
  const n = y.length;
  const { period } = options;
  if (!Number.isInteger(period) || period < 2) throw new RangeError(`a season of ${period}`);
  if (n < 2 * period) throw new HistoryError(`${n} quantities, two seasons of ${period} needed`);
  if (!y.every(Number.isFinite)) throw new HistoryError('a quantity is unknown or infinite');
  const settings = settingsOf(n, options);
  const seasonal = new Float64Array(n);
  const trend = new Float64Array(n);
  const remainder = new Float64Array(n);
  let weights: Float64Array | null = null;
  for (let pass = 0; pass <= settings.outer; pass++) {
    onePass(y, period, settings, weights, seasonal, trend);
    if (pass < settings.outer) weights = robustWeights(y, seasonal, trend);
  }
  if (settings.isPeriodic) averageSeasons(seasonal, period);
  for (let t = 0; t < n; t++) remainder[t] = y[t]! - seasonal[t]! - trend[t]!;
  return { seasonal, trend, remainder };
}

interface Settings {
  readonly seasonal: LoessOptions;
  readonly trend: LoessOptions;
  readonly lowPass: LoessOptions;
  readonly isPeriodic: boolean;
  readonly inner: number;
  readonly outer: number;
}

function settingsOf(n: number, options: StlOptions): Settings {
  const { period, robust = false } = options;
  const isPeriodic = (options.seasonalWindow ?? 'periodic') === 'periodic';
  const window = isPeriodic ? 10 * n + 1 : (options.seasonalWindow as number);
  const smooth = (given: number, degree: 0 | 1): LoessOptions => {
    const odd = nextOdd(given);
    return { window: odd, degree, jump: options.jump ?? Math.ceil(odd / 10) };
  };
  const inner = options.inner ?? (robust ? 1 : 2);
  const outer = options.outer ?? (robust ? 15 : 0);
  if (!(inner >= 1 && inner <= MOST_PASSES && outer >= 0 && outer <= MOST_PASSES && window >= 3)) {
    throw new RangeError('windows of at least 3 and up to 100 passes');
  }
  return {
    seasonal: smooth(window, isPeriodic ? 0 : (options.seasonalDegree ?? 0)),
    trend: smooth(
      options.trendWindow ?? Math.ceil((1.5 * period) / (1 - 1.5 / window)),
      options.trendDegree ?? 1,
    ),
    lowPass: smooth(options.lowPassWindow ?? period, options.lowPassDegree ?? 1),
    isPeriodic,
    inner,
    outer,
  };
}

function nextOdd(x: number): number {
  const whole = Math.round(x);
  return whole % 2 === 0 ? whole + 1 : whole;
}

function onePass(
  y: Float64Array,
  period: number,
  settings: Settings,
  weights: Float64Array | null,
  seasonal: Float64Array,
  trend: Float64Array,
): void {
  const n = y.length;
  const rest = new Float64Array(n);
  const cycles = new Float64Array(n + 2 * period);
  const once = new Float64Array(n + 2 * period);
  const twice = new Float64Array(n + 2 * period);
  const low = new Float64Array(n);
  for (let round = 0; round < settings.inner; round++) {
    for (let t = 0; t < n; t++) rest[t] = y[t]! - trend[t]!;
    smoothCycles(rest, period, settings.seasonal, weights, cycles);
    movingAverage(cycles, n + 2 * period, period, once);
    movingAverage(once, n + period + 1, period, twice);
    movingAverage(twice, n + 2, 3, once);
    loess(once, n, settings.lowPass, null, low);
    for (let t = 0; t < n; t++) {
      seasonal[t] = cycles[period + t]! - low[t]!;
      rest[t] = y[t]! - seasonal[t]!;
    }
    loess(rest, n, settings.trend, weights, trend);
  }
}

/** Smooths each period of the season on its own, one season beyond both ends. */
function smoothCycles(
  y: Float64Array,
  period: number,
  options: LoessOptions,
  weights: Float64Array | null,
  out: Float64Array,
): void {
  const most = Math.ceil(y.length / period);
  const values = new Float64Array(most);
  const smooth = new Float64Array(most);
  const own = weights ? new Float64Array(most) : null;
  const { window, degree } = options;
  for (let j = 0; j < period; j++) {
    const k = Math.floor((y.length - j - 1) / period) + 1;
    for (let i = 0; i < k; i++) {
      values[i] = y[i * period + j]!;
      if (own) own[i] = weights![i * period + j]!;
    }
    loess(values, k, options, own, smooth);
    const before = loessAt(values, k, window, degree, -1, 0, Math.min(window, k) - 1, own);
    const after = loessAt(values, k, window, degree, k, Math.max(0, k - window), k - 1, own);
    out[j] = Number.isNaN(before) ? smooth[0]! : before;
    for (let i = 0; i < k; i++) out[(i + 1) * period + j] = smooth[i]!;
    out[(k + 1) * period + j] = Number.isNaN(after) ? smooth[k - 1]! : after;
  }
}

/** Means of `length` neighbours of x[0..n), n - length + 1 of them. */
function movingAverage(x: Float64Array, n: number, length: number, out: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += x[i]!;
  out[0] = sum / length;
  for (let i = length; i < n; i++) {
    sum += x[i]! - x[i - length]!;
    out[i - length + 1] = sum / length;
  }
}

/** Bisquare weights of the remainders against six times their median size. */
function robustWeights(y: Float64Array, seasonal: Float64Array, trend: Float64Array): Float64Array {
  const n = y.length;
  const sizes = y.map((value, t) => Math.abs(value - seasonal[t]! - trend[t]!));
  const sorted = sizes.slice().sort();
  const cut = 3 * (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!);
  return sizes.map((size) =>
    size <= 0.001 * cut ? 1 : size <= 0.999 * cut ? (1 - (size / cut) ** 2) ** 2 : 0,
  );
}

function averageSeasons(seasonal: Float64Array, period: number): void {
  const n = seasonal.length;
  for (let j = 0; j < period; j++) {
    let sum = 0;
    let count = 0;
    for (let t = j; t < n; t += period) {
      sum += seasonal[t]!;
      count++;
    }
    for (let t = j; t < n; t += period) seasonal[t] = sum / count;
  }
}
