/** Error additive or multiplicative; trend none, additive or damped; season none, additive or multiplicative. */
export interface EtsForm {
  readonly error: 'A' | 'M';
  readonly trend: 'N' | 'A' | 'Ad';
  readonly season: 'N' | 'A' | 'M';
}

/** Smoothing weights of the innovations form; those that a form has no use for are 0 (phi: 1). */
export interface EtsWeights {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** Level, slope, and season in the order in which it comes next. */
export interface EtsState {
  level: number;
  trend: number;
  readonly season: Float64Array;
}

/** Reads 'AAdN', 'MNM' and the like. */
export function parseEtsForm(name: string): EtsForm {
  const found = /^([AM])(N|A|Ad)([NAM])$/.exec(name);
  if (!found) throw new RangeError(`no such form of exponential smoothing: ${name}`);
  return {
    error: found[1] as EtsForm['error'],
    trend: found[2] as EtsForm['trend'],
    season: found[3] as EtsForm['season'],
  };
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
  const { alpha, gamma, phi } = weights;
  const hasTrend = form.trend !== 'N';
  const season = form.season === 'N' ? 0 : form.season === 'A' ? 1 : 2;
  const isRelative = form.error === 'M';
  const share = hasTrend ? weights.beta / alpha : 0;
  const n = y.length;
  const m = season === 0 ? 1 : state.season.length;
  const seasons = Float64Array.from(state.season);
  let { level, trend } = state;
  let squares = 0;
  let logs = 0;
  let known = 0;
  let at = 0;
  for (let t = 0; t < n; t++) {
    const slope = hasTrend ? phi * trend : 0;
    const base = level + slope;
    const s = season === 0 ? 0 : seasons[at]!;
    const fitted = season === 0 ? base : season === 1 ? base + s : base * s;
    const value = y[t]!;
    let error = 0;
    if (Number.isNaN(value)) {
      level = base;
      trend = slope;
    } else {
      error = value - fitted;
      if (isRelative) {
        if (fitted === 0) return Number.POSITIVE_INFINITY;
        error /= fitted;
        logs += Math.log(Math.abs(fitted));
      }
      squares += error * error;
      known++;
      const clean = season === 0 ? value : season === 1 ? value - s : Math.abs(s) < TINY ? value : value / s;
      const next = base + alpha * (clean - base);
      if (hasTrend) trend = slope + share * (next - level - slope);
      if (season === 1) seasons[at] = s + gamma * (value - base - s);
      else if (season === 2) seasons[at] = s + gamma * ((Math.abs(base) < TINY ? s : value / base) - s);
      level = next;
    }
    if (errors) errors[t] = error;
    if (++at === m) at = 0;
  }
  state.level = level;
  state.trend = trend;
  if (season !== 0) for (let k = 0; k < m; k++) state.season[k] = seasons[(at + k) % m]!;
  const result = known * Math.log(squares) + (isRelative ? 2 * logs : 0);
  return Number.isNaN(result) ? Number.POSITIVE_INFINITY : result;
}
