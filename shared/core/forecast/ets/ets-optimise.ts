import { type Minimum, nelderMead } from '../../math/nelder-mead.ts';
import { smoothBest } from '../smoothing/exponential-smoothing.ts';
import { type EtsForm, type EtsState, type EtsWeights, runEts } from './ets-recursion.ts';
import { bestLinearStart, roughStart } from './ets-start.ts';

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
}

/** The bounds of R forecast: 0.0001 <= weights <= 0.9999, beta <= alpha, gamma <= 1 - alpha, 0.8 <= phi <= 0.98. */
const LEAST = 1e-4;
const MOST = 0.9999;
const PHI = [0.8, 0.98] as const;

/** Maximises the likelihood of one form. Infinite AICc when there are too few values for its parameters. */
export function optimiseEts(y: Float64Array, form: EtsForm, period: number): EtsOptimum {
  const isLinear = form.error === 'A' && form.season !== 'M';
  if (isLinear && form.trend === 'N' && form.season === 'N') {
    const { alpha, firstLevel } = smoothBest(y);
    const weights = { alpha, beta: 0, gamma: 0, phi: 1 };
    return judged(y, form, weights, { level: firstLevel, trend: 0, season: new Float64Array(0) });
  }
  return isLinear ? optimiseLinear(y, form, period) : optimiseAll(y, form, period);
}

function optimiseLinear(y: Float64Array, form: EtsForm, period: number): EtsOptimum {
  const free = freeWeights(form);
  const cost = (point: Float64Array): number => {
    const weights = weightsOf(point, form);
    return runEts(y, form, weights, bestLinearStart(y, form, weights, period));
  };
  const starts = [startPoint(form, 0.3), startPoint(form, 0.05)];
  const found = starts
    .map((start) => nelderMead(cost, start, { steps: free.map(() => 1), maxEvaluations: 70 * free.length }))
    .reduce((a, b) => (b.value < a.value ? b : a));
  const weights = weightsOf(found.point, form);
  return judged(y, form, weights, bestLinearStart(y, form, weights, period));
}

function optimiseAll(y: Float64Array, form: EtsForm, period: number): EtsOptimum {
  const rough = roughStart(y, form, period);
  const free = freeWeights(form).length;
  const hasTrend = form.trend !== 'N';
  const scale = Math.max(Math.abs(rough.level), 1e-9);
  const stateOf = (point: Float64Array): EtsState => {
    const level = rough.level + scale * point[free]!;
    const trend = hasTrend ? rough.trend + scale * point[free + 1]! : 0;
    const season = rough.season.slice();
    const first = free + (hasTrend ? 2 : 1);
    let moved = 0;
    for (let k = 0; k + 1 < season.length; k++) {
      const by = point[first + k]! * (form.season === 'A' ? scale : 1);
      season[k]! += by;
      moved += by;
    }
    if (season.length > 0) season[season.length - 1]! -= moved;
    return { level, trend, season };
  };
  const cost = (point: Float64Array): number => {
    const state = stateOf(point);
    if (form.season === 'M' && state.season.some((factor) => factor <= 0)) return Number.POSITIVE_INFINITY;
    return runEts(y, form, weightsOf(point, form), state);
  };
  const states = (hasTrend ? 2 : 1) + Math.max(0, rough.season.length - 1);
  const steps = Array.from({ length: free + states }, (_, i) =>
    i < free ? 1 : i === free ? 0.1 : i === free + 1 && hasTrend ? 0.01 : 0.05,
  );
  const search = (alpha: number): Minimum => {
    const start = [...startPoint(form, alpha), ...new Array<number>(states).fill(0)];
    let found = nelderMead(cost, start, { steps, maxEvaluations: 150 * steps.length });
    // A simplex that has collapsed too early is opened again around its best corner.
    for (let round = 0; round < 3; round++) {
      const next = nelderMead(cost, found.point, { steps, maxEvaluations: 150 * steps.length });
      const gain = found.value - next.value;
      found = next;
      if (gain < 0.01) break;
    }
    return found;
  };
  const found = [0.3, 0.05].map(search).reduce((x, z) => (z.value < x.value ? z : x));
  return judged(y, form, weightsOf(found.point, form), stateOf(found.point));
}

function judged(y: Float64Array, form: EtsForm, weights: EtsWeights, start: EtsState): EtsOptimum {
  const twice = runEts(y, form, weights, { ...start, season: start.season.slice() });
  const known = y.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  const states = (form.trend === 'N' ? 1 : 2) + Math.max(0, start.season.length - 1);
  const parameters = freeWeights(form).length + states + 1;
  const spare = known - parameters - 1;
  const aicc =
    spare > 0
      ? twice + 2 * parameters + (2 * parameters * (parameters + 1)) / spare
      : Number.POSITIVE_INFINITY;
  return { form, weights, start, logLikelihood: -twice / 2, aicc, parameters };
}

function freeWeights(form: EtsForm): string[] {
  const names = ['alpha'];
  if (form.trend !== 'N') names.push('beta');
  if (form.season !== 'N') names.push('gamma');
  if (form.trend === 'Ad') names.push('phi');
  return names;
}

function startPoint(form: EtsForm, alpha: number): number[] {
  const at: Readonly<Record<string, number>> = { alpha: logit(alpha), beta: -2, gamma: -2, phi: 2 };
  return freeWeights(form).map((name) => at[name]!);
}

function weightsOf(point: Float64Array, form: EtsForm): EtsWeights {
  let i = 0;
  const alpha = between(point[i++]!, LEAST, MOST);
  const beta = form.trend === 'N' ? 0 : between(point[i++]!, LEAST, alpha);
  const gamma = form.season === 'N' ? 0 : between(point[i++]!, LEAST, Math.max(LEAST, 1 - alpha));
  const phi = form.trend === 'Ad' ? between(point[i]!, PHI[0], PHI[1]) : 1;
  return { alpha, beta, gamma, phi };
}

function between(x: number, low: number, high: number): number {
  return low + (high - low) / (1 + Math.exp(-x));
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}
