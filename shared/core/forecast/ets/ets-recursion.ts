/**
 * Error additive or multiplicative; trend none, additive or multiplicative, each also damped; season none, additive or
 * multiplicative.
 */
export interface EtsForm {
  readonly error: 'A' | 'M';
  readonly trend: 'N' | 'A' | 'Ad' | 'M' | 'Md';
  readonly season: 'N' | 'A' | 'M';
}

/** Smoothing weights of the innovations form; those that a form has no use for are 0 (phi: 1). */
export interface EtsWeights {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** Level, slope (multiplicative: growth factor), and season in the order in which it comes next. */
export interface EtsState {
  level: number;
  trend: number;
  readonly season: Float64Array;
}

/** Reads 'AAdN', 'MNM', 'MMdM' and the like. */
export function parseEtsForm(name: string): EtsForm {
  const found = /^([AM])(N|A|Ad|M|Md)([NAM])$/.exec(name);
  if (!found) throw new RangeError(`no such form of exponential smoothing: ${name}`);
  return {
    error: found[1] as EtsForm['error'],
    trend: found[2] as EtsForm['trend'],
    season: found[3] as EtsForm['season'],
  };
}

/** Whether some part multiplies, so that the form is only defined for quantities above zero. */
export function isMultiplicative({ error, trend, season }: EtsForm): boolean {
  return error === 'M' || season === 'M' || trend.startsWith('M');
}

/** Below this a multiplicative season is taken as no season, instead of dividing by nothing. */
const TINY = 1e-10;

/**
 * Runs the recursion over a series and moves `state` to its end. Errors (additive: y - fitted; multiplicative:
 * (y - fitted) / fitted) go to `errors` when given. An unknown value has error 0 and moves the state by the trend alone.
 * Answers -2 log-likelihood without constants, as R forecast reports it: n log(SSE) + 2 sum log|fitted| (the latter for
 * multiplicative errors only), Infinity where the form is not defined. Hyndman et al. (2008), chapter 2.
 */
export function runEts(
  y: ArrayLike<number>,
  form: EtsForm,
  weights: EtsWeights,
  state: EtsState,
  errors?: Float64Array,
): number {
  const { alpha, beta, gamma, phi } = weights;
  const trendKind = form.trend === 'N' ? 0 : form.trend.startsWith('A') ? 1 : 2;
  const isDamped = phi !== 1;
  const season = form.season === 'N' ? 0 : form.season === 'A' ? 1 : 2;
  const isRelative = form.error === 'M';
  const n = y.length;
  const seasons = state.season;
  const m = season === 0 ? 1 : seasons.length;
  let { level, trend } = state;
  let squares = 0;
  let product = 1;
  let logs = 0;
  let known = 0;
  let at = 0;
  for (let t = 0; t < n; t++) {
    const slope = trendKind === 0 ? 0 : trendKind === 1 ? phi * trend : isDamped ? trend ** phi : trend;
    const base = trendKind === 2 ? level * slope : level + slope;
    const s = season === 0 ? 0 : seasons[at]!;
    const fitted = season === 0 ? base : season === 1 ? base + s : base * s;
    const value = y[t]!;
    let error = 0;
    if (Number.isNaN(value)) {
      trend = slope;
      level = base;
    } else {
      error = value - fitted;
      if (isRelative) {
        if (fitted === 0) return Number.POSITIVE_INFINITY;
        error /= fitted;
        // One logarithm for many factors, as long as their product keeps its digits.
        product *= Math.abs(fitted);
        if (product > 1e150 || product < 1e-150) {
          logs += Math.log(product);
          product = 1;
        }
      }
      squares += error * error;
      known++;
      const clean = season === 0 ? value : season === 1 ? value - s : Math.abs(s) < TINY ? value : value / s;
      const surprise = clean - base;
      if (trendKind === 1) trend = slope + beta * surprise;
      else if (trendKind === 2) trend = slope + (beta * surprise) / level;
      if (season === 1) seasons[at] = s + gamma * (value - base - s);
      else if (season === 2) seasons[at] = s + gamma * ((Math.abs(base) < TINY ? s : value / base) - s);
      level = base + alpha * surprise;
    }
    if (errors) errors[t] = error;
    if (++at === m) at = 0;
  }
  state.level = level;
  state.trend = trend;
  if (season !== 0 && at !== 0) seasons.set([...seasons.subarray(at), ...seasons.subarray(0, at)]);
  const result = known * Math.log(squares) + (isRelative ? 2 * (logs + Math.log(product)) : 0);
  return Number.isNaN(result) ? Number.POSITIVE_INFINITY : result;
}
