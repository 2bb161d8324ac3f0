import type { EtsForm, EtsState, EtsWeights } from './ets-recursion.ts';

/** Positions of the weights in the parameter vector; -1 for one that the form does not have. */
export interface EtsPlaces {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  /** Level first, then trend, then all but the last of the season. */
  readonly states: number;
  readonly count: number;
}

/** Where each parameter of a form stands. */
export function etsPlaces(form: EtsForm, period: number): EtsPlaces {
  let next = 1;
  const beta = form.trend === 'N' ? -1 : next++;
  const gamma = form.season === 'N' ? -1 : next++;
  const phi = form.trend.endsWith('d') ? next++ : -1;
  const states = (form.trend === 'N' ? 1 : 2) + (form.season === 'N' ? 0 : period - 1);
  return { alpha: 0, beta, gamma, phi, states: next, count: next + states };
}

/** The least-squares problem at one point: cost, its gradient J'r and J'J (full, row by row). */
export interface EtsNormal {
  readonly matrix: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * Maximum likelihood as least squares. With G the geometric mean of the fitted values, n log(SSE) + 2 sum log(fitted) is
 * n log(sum r^2) of r = G (y - fitted) / fitted; additive errors have G = 1. The derivatives of the states by every
 * parameter (weights and start states) run along the recursion, so that one pass gives J'J and J'r up to the factor
 * G^2, which a Gauss-Newton step does not see. `slopes` says how the weights move with the parameters alpha, beta, gamma.
 */
export function etsNormal(
  y: Float64Array,
  form: EtsForm,
  weights: EtsWeights,
  start: EtsState,
  places: EtsPlaces,
  slopes: {
    readonly betaByAlpha: number;
    readonly beta: number;
    readonly gammaByAlpha: number;
    readonly gamma: number;
  },
): EtsNormal {
  const { alpha, beta, gamma, phi } = weights;
  const trendKind = form.trend === 'N' ? 0 : form.trend.startsWith('A') ? 1 : 2;
  const season = form.season === 'N' ? 0 : form.season === 'A' ? 1 : 2;
  const isRelative = form.error === 'M';
  const p = places.count;
  const m = season === 0 ? 1 : start.season.length;
  const seasons = start.season.slice();
  const dLevel = new Float64Array(p);
  const dTrend = new Float64Array(p);
  const dSeason = new Float64Array(season === 0 ? 0 : m * p);
  dLevel[places.states] = 1;
  if (trendKind > 0) dTrend[places.states + 1] = 1;
  const firstSeason = places.states + (trendKind > 0 ? 2 : 1);
  for (let k = 0; season > 0 && k + 1 < m; k++) {
    dSeason[k * p + firstSeason + k] = 1;
    dSeason[(m - 1) * p + firstSeason + k] = -1;
  }
  const matrix = new Float64Array(p * p);
  const gradient = new Float64Array(p);
  const row = new Float64Array(p);
  const logs = new Float64Array(p);
  let { level, trend } = start;
  let squares = 0;
  let known = 0;
  let at = 0;
  for (let t = 0; t < y.length; t++) {
    // How slope and base move with level, trend and phi.
    let slope = 0;
    let slopeByTrend = 0;
    let slopeByPhi = 0;
    if (trendKind === 1) {
      slope = phi * trend;
      slopeByTrend = phi;
      slopeByPhi = trend;
    } else if (trendKind === 2) {
      slope = phi === 1 ? trend : trend ** phi;
      slopeByTrend = (phi * slope) / trend;
      slopeByPhi = slope * Math.log(trend);
    }
    const base = trendKind === 2 ? level * slope : level + slope;
    const baseByLevel = trendKind === 2 ? slope : 1;
    const baseBySlope = trendKind === 2 ? level : 1;
    const baseByTrend = baseBySlope * slopeByTrend;
    const baseByPhi = baseBySlope * slopeByPhi;
    const value = y[t]!;
    if (Number.isNaN(value)) {
      for (let i = 0; i < p; i++) {
        dLevel[i] = baseByLevel * dLevel[i]! + baseByTrend * dTrend[i]!;
        dTrend[i] = slopeByTrend * dTrend[i]!;
      }
      if (places.phi >= 0) {
        dLevel[places.phi]! += baseByPhi;
        dTrend[places.phi]! += slopeByPhi;
      }
      level = base;
      trend = slope;
      if (++at === m) at = 0;
      continue;
    }
    const s = season === 0 ? 0 : seasons[at]!;
    const fitted = season === 0 ? base : season === 1 ? base + s : base * s;
    const clean = season === 0 ? value : season === 1 ? value - s : value / s;
    const cleanBySeason = season === 0 ? 0 : season === 1 ? -1 : -value / (s * s);
    const surprise = clean - base;
    const gap = season === 0 ? 0 : season === 1 ? value - base - s : value / base - s;
    const error = isRelative ? (value - fitted) / fitted : value - fitted;
    const errorByFitted = isRelative ? -value / (fitted * fitted) : -1;
    const fittedByBase = season === 2 ? s : 1;
    const fittedBySeason = season === 2 ? base : season === 1 ? 1 : 0;
    const share = trendKind === 2 ? 1 / level : 1;
    const trendBySurprise = beta * share;
    const trendByLevel = trendKind === 2 ? -beta * surprise * share * share : 0;
    const seasonByBase = season === 2 ? (-gamma * value) / (base * base) : -gamma;
    const off = at * p;
    for (let i = 0; i < p; i++) {
      const l = dLevel[i]!;
      const b = dTrend[i]!;
      let q = baseByLevel * l + baseByTrend * b;
      let r = slopeByTrend * b;
      if (i === places.phi) {
        q += baseByPhi;
        r += slopeByPhi;
      }
      let f = fittedByBase * q;
      let moved = -q;
      if (season > 0) {
        const d = dSeason[off + i]!;
        f += fittedBySeason * d;
        moved += cleanBySeason * d;
        dSeason[off + i] = (1 - gamma) * d + seasonByBase * q;
      }
      row[i] = errorByFitted * f;
      if (isRelative) logs[i]! += f / fitted;
      dLevel[i] = q + alpha * moved;
      dTrend[i] = r + trendBySurprise * moved + trendByLevel * l;
    }
    dLevel[0]! += surprise;
    if (trendKind > 0) {
      dTrend[0]! += slopes.betaByAlpha * surprise * share;
      dTrend[places.beta]! += slopes.beta * surprise * share;
    }
    if (season > 0) {
      dSeason[off]! += slopes.gammaByAlpha * gap;
      dSeason[off + places.gamma]! += slopes.gamma * gap;
    }
    for (let i = 0; i < p; i++) {
      const d = row[i]!;
      gradient[i]! += error * d;
      const line = i * p;
      for (let j = 0; j <= i; j++) matrix[line + j]! += d * row[j]!;
    }
    squares += error * error;
    known++;
    if (trendKind > 0) trend = slope + trendBySurprise * surprise;
    if (season > 0) seasons[at] = s + gamma * gap;
    level = base + alpha * surprise;
    if (++at === m) at = 0;
  }
  if (isRelative) addScale(matrix, gradient, logs, squares, known);
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) matrix[j * p + i] = matrix[i * p + j]!;
  return { matrix, gradient };
}

/** From the derivatives d of the errors to those of G times the errors: d + e (d log G). */
function addScale(
  matrix: Float64Array,
  gradient: Float64Array,
  logs: Float64Array,
  squares: number,
  known: number,
): void {
  const p = gradient.length;
  for (let i = 0; i < p; i++) {
    const u = logs[i]! / known;
    for (let j = 0; j <= i; j++) {
      const v = logs[j]! / known;
      matrix[i * p + j]! += gradient[i]! * v + gradient[j]! * u + squares * u * v;
    }
  }
  for (let i = 0; i < p; i++) gradient[i]! += (squares * logs[i]!) / known;
}
