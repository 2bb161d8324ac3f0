import { type Bounds, boxStep } from '../../math/box-step.ts';
import { smoothBest } from '../smoothing/exponential-smoothing.ts';
import { type EtsForm, type EtsState, type EtsWeights, runEts } from './ets-recursion.ts';
import { type EtsNormal, type EtsPlaces, etsNormal, etsPlaces } from './ets-sensitivity.ts';
import { roughStart } from './ets-start.ts';

/** One form at its best. */
export interface EtsOptimum {
  readonly form: EtsForm;
  readonly weights: EtsWeights;
  readonly start: EtsState;
  /** As R forecast reports it: without the constants of the normal density. */
  readonly logLikelihood: number;
  readonly aicc: number;
  /** Smoothing weights, free start states and the variance. */
  readonly parameters: number;
  /** Mean square of the errors, relative ones for multiplicative errors. */
  readonly meanSquare: number;
}

/** The bounds of R forecast: 0.0001 <= weights <= 0.9999, beta <= alpha, gamma <= 1 - alpha, 0.8 <= phi <= 0.98. */
const LEAST = 1e-4;
const MOST = 0.9999;
const PHI = [0.8, 0.98] as const;
/** Gauss-Newton steps of one descent, and the gain in -2 log-likelihood below which it ends. */
const MOST_STEPS = 60;
const LEAST_GAIN = 3e-3;
/** Steps after which a start must be within this much of the best to go on. */
const TRIAL_STEPS = 4;
const RIVAL_GAP = 6;

/**
 * Maximises the likelihood of one form over its weights and start states by Levenberg-Marquardt steps with exact
 * derivatives, from several starts. Infinite AICc when there are too few values for its parameters.
 */
export function optimiseEts(y: Float64Array, form: EtsForm, period: number): EtsOptimum {
  if (form.error === 'A' && form.trend === 'N' && form.season === 'N') {
    const { alpha, firstLevel } = smoothBest(y);
    const weights = { alpha, beta: 0, gamma: 0, phi: 1 };
    return judged(y, form, weights, { level: firstLevel, trend: 0, season: new Float64Array(0) });
  }
  const search = searchOf(y, form, period);
  // A few steps from each start, the rest only from those that still may win.
  const tried = startsOf(search).map((start) => descend(search, start, TRIAL_STEPS));
  tried.sort((a, b) => a.cost - b.cost);
  let best = descend(search, tried[0]!, MOST_STEPS);
  for (const rival of tried.slice(1)) {
    if (rival.cost - best.cost > RIVAL_GAP) continue;
    const found = descend(search, rival, MOST_STEPS);
    if (found.cost < best.cost) best = found;
  }
  return judged(y, form, weightsAt(search, best.point), stateAt(search, best.point));
}

interface Search {
  readonly y: Float64Array;
  readonly form: EtsForm;
  readonly period: number;
  readonly places: EtsPlaces;
  readonly rough: EtsState;
  readonly box: readonly Bounds[];
}

interface Point {
  readonly point: Float64Array;
  readonly cost: number;
  readonly damping: number;
  readonly isDone: boolean;
}

function searchOf(y: Float64Array, form: EtsForm, period: number): Search {
  const places = etsPlaces(form, period);
  return { y, form, period, places, rough: roughStart(y, form, period), box: boxOf(places) };
}

/**
 * The cheapest points of a coarse grid, one from each region that tends to have an optimum of its own: steady seasons
 * with a quick level, and quick seasons with a slow level; without a season slow and quick levels.
 */
function startsOf(search: Search): Point[] {
  const { places, rough } = search;
  const best: (Point | undefined)[] = [undefined, undefined];
  for (const alpha of [0.03, 0.15, 0.4, 0.75, 0.97]) {
    for (const beta of places.beta < 0 ? [0] : [0.01, 0.2]) {
      for (const gamma of places.gamma < 0 ? [0] : [0.02, 0.7]) {
        if (gamma > 0.5 && alpha > 0.5) continue;
        const point = new Float64Array(places.count);
        point[0] = alpha;
        if (places.beta >= 0) point[places.beta] = beta;
        if (places.gamma >= 0) point[places.gamma] = gamma;
        if (places.phi >= 0) point[places.phi] = 0.95;
        let at = places.states;
        point[at++] = rough.level;
        if (places.beta >= 0) point[at++] = rough.trend;
        for (let k = 0; at < places.count; k++) point[at++] = rough.season[k]!;
        const region = places.gamma < 0 ? Number(alpha > 0.5) : Number(gamma > 0.5);
        const cost = costAt(search, point);
        if (!(best[region] && best[region].cost <= cost)) {
          best[region] = { point, cost, damping: 1e-3, isDone: false };
        }
      }
    }
  }
  return best.filter((start) => start !== undefined);
}

function costAt(search: Search, point: Float64Array): number {
  const state = stateAt(search, point);
  if (search.form.trend.startsWith('M') && !(state.level > 0 && state.trend > 0))
    return Number.POSITIVE_INFINITY;
  if (search.form.season === 'M')
    for (const factor of state.season) if (!(factor > 0)) return Number.POSITIVE_INFINITY;
  return runEts(search.y, search.form, weightsAt(search, point), state);
}

/** Levenberg-Marquardt inside the box of the weights. */
function descend(search: Search, from: Point, mostSteps: number): Point {
  let { point, cost, damping } = from;
  let normal: EtsNormal | null = null;
  for (let step = 0; step < mostSteps && !from.isDone; step++) {
    normal ??= normalAt(search, point);
    const next = boxStep(point, normal.matrix, normal.gradient, damping, search.box);
    const value = costAt(search, next);
    const gain = cost - value;
    if (gain > 0) {
      point = next;
      cost = value;
      damping = Math.max(1e-9, damping / 8);
      normal = null;
      if (gain < LEAST_GAIN && damping <= 1) return { point, cost, damping, isDone: true };
    } else {
      if (damping > 1e6) return { point, cost, damping, isDone: true };
      damping *= 8;
    }
  }
  return { point, cost, damping, isDone: from.isDone };
}

function normalAt(search: Search, point: Float64Array): EtsNormal {
  const { y, form, places } = search;
  const alpha = point[0]!;
  const betaShare = places.beta < 0 ? 0 : point[places.beta]!;
  const gammaShare = places.gamma < 0 ? 0 : point[places.gamma]!;
  const room = Math.max(0, 1 - alpha - LEAST);
  return etsNormal(y, form, weightsAt(search, point), stateAt(search, point), places, {
    betaByAlpha: betaShare,
    beta: alpha - LEAST,
    gammaByAlpha: room > 0 ? -gammaShare : 0,
    gamma: room,
  });
}

const SHARE = [0, 1] as const;
const ALPHA = [LEAST, MOST] as const;

/** Bounds of each weight, in the order of the parameters. */
function boxOf(places: EtsPlaces): Bounds[] {
  return Array.from({ length: places.states }, (_, i) => (i === 0 ? ALPHA : i === places.phi ? PHI : SHARE));
}

function weightsAt({ places }: Search, point: Float64Array): EtsWeights {
  const alpha = point[0]!;
  const room = Math.max(0, 1 - alpha - LEAST);
  return {
    alpha,
    beta: places.beta < 0 ? 0 : LEAST + point[places.beta]! * (alpha - LEAST),
    gamma: places.gamma < 0 ? 0 : LEAST + point[places.gamma]! * room,
    phi: places.phi < 0 ? 1 : point[places.phi]!,
  };
}

function stateAt({ places, form, period }: Search, point: Float64Array): EtsState {
  const season = new Float64Array(form.season === 'N' ? 0 : period);
  let at = places.states;
  const level = point[at++]!;
  const trend = form.trend === 'N' ? 0 : point[at++]!;
  if (season.length > 0) {
    let last = form.season === 'M' ? period : 0;
    for (let k = 0; k + 1 < period; k++) {
      season[k] = point[at++]!;
      last -= season[k]!;
    }
    season[period - 1] = last;
  }
  return { level, trend, season };
}

function judged(y: Float64Array, form: EtsForm, weights: EtsWeights, start: EtsState): EtsOptimum {
  const errors = new Float64Array(y.length);
  const twice = runEts(y, form, weights, { ...start, season: start.season.slice() }, errors);
  let known = 0;
  let squares = 0;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(y[t]!)) continue;
    known++;
    squares += errors[t]! ** 2;
  }
  const places = etsPlaces(form, start.season.length);
  const parameters = places.count + 1;
  const spare = known - parameters - 1;
  const aicc =
    spare > 0
      ? twice + 2 * parameters + (2 * parameters * (parameters + 1)) / spare
      : Number.POSITIVE_INFINITY;
  return { form, weights, start, logLikelihood: -twice / 2, aicc, parameters, meanSquare: squares / known };
}
