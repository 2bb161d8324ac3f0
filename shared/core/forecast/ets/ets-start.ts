import { fitLine, solveSymmetric } from '../../math/least-squares.ts';
import { seasonFactors } from '../theta/season-factors.ts';
import { type EtsForm, type EtsState, type EtsWeights, runEts } from './ets-recursion.ts';

/** Start states by eye, as R forecast begins: season by moving averages, then a line through the first seasons. */
export function roughStart(y: Float64Array, form: EtsForm, period: number): EtsState {
  const season = new Float64Array(form.season === 'N' ? 0 : period);
  let adjusted = y;
  if (form.season === 'M') {
    season.set(seasonFactors(y, period) ?? new Float64Array(period).fill(1));
    for (let k = 0; k < period; k++) season[k] = Math.max(season[k]!, 0.01);
    adjusted = y.map((value, t) => value / season[t % period]!);
  } else if (form.season === 'A') {
    const mean = average(y);
    for (let k = 0; k < period; k++) season[k] = average(y.filter((_, t) => t % period === k)) - mean;
    adjusted = y.map((value, t) => value - season[t % period]!);
  }
  const head = adjusted.subarray(0, Math.min(adjusted.length, Math.max(10, 2 * period)));
  if (form.trend === 'N') return { level: average(head), trend: 0, season };
  const line = fitLine(head);
  return { level: line.level, trend: line.slope, season };
}

/**
 * The start states with the least sum of squares for these weights. With additive errors and season the errors are
 * linear in the start states, so that this is one linear regression instead of a search; additive seasons sum to 0.
 */
export function bestLinearStart(
  y: Float64Array,
  form: EtsForm,
  weights: EtsWeights,
  period: number,
): EtsState {
  const blank = (level = 0, trend = 0): EtsState => ({
    level,
    trend,
    season: new Float64Array(form.season === 'N' ? 0 : period),
  });
  const units: EtsState[] = [blank(1)];
  if (form.trend !== 'N') units.push(blank(0, 1));
  for (let k = 0; form.season !== 'N' && k < period - 1; k++) {
    const state = blank();
    state.season[k] = 1;
    state.season[period - 1] = -1;
    units.push(state);
  }
  const n = y.length;
  const base = new Float64Array(n);
  runEts(y, form, weights, blank(), base);
  const silence = y.map((value) => (Number.isNaN(value) ? value : 0));
  const columns = units.map((start) => {
    const errors = new Float64Array(n);
    runEts(silence, form, weights, { ...start, season: start.season.slice() }, errors);
    return errors;
  });
  const p = columns.length;
  const a = new Float64Array(p * p);
  const b = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      a[i * p + j] = dot(columns[i]!, columns[j]!);
      a[j * p + i] = a[i * p + j]!;
    }
    b[i] = -dot(columns[i]!, base);
  }
  const x = solveSymmetric(a, b);
  const start = blank();
  for (let i = 0; i < p; i++) {
    start.level += x[i]! * units[i]!.level;
    start.trend += x[i]! * units[i]!.trend;
    for (let k = 0; k < start.season.length; k++) start.season[k]! += x[i]! * units[i]!.season[k]!;
  }
  return start;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function average(values: Float64Array): number {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known > 0 ? sum / known : 0;
}
