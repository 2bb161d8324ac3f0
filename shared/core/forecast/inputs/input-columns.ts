import { extendRegressor } from '../calendar/extend-regressors.ts';
import type { PanelSeries, Regressor } from '../panel.ts';
import { Independent } from './independent.ts';
import { standardised, valuesAt } from './standardised.ts';

/** A column that a model does not use, and why. */
export interface DroppedInput {
  /** Of the column; one category of a column is `column=category`. */
  readonly name: string;
  readonly reason: string;
}

export interface InputColumns {
  /** A value for each period of the history and of the horizon: mean 0 and deviation 1 where quantities are known. */
  readonly columns: readonly Float64Array[];
  readonly names: readonly string[];
  readonly dropped: readonly DroppedInput[];
}

export interface InputPlan {
  /** Names of the regressors whose future is known. */
  readonly known: readonly string[];
  readonly horizon: number;
  /** Columns that the model has room for. */
  readonly most: number;
}

interface Candidate {
  readonly name: string;
  readonly values: Float64Array;
  readonly strength: number;
}

/** Known quantities for each column that is estimated from them. */
const QUANTITIES_A_COLUMN = 10;
/** Periods with a category, at least: of less its effect cannot be told from noise. */
const FEWEST_PERIODS = 2;
/** Categories of a column that are looked at: the most usual ones. */
const MOST_CATEGORIES = 100;

/**
 * The regressors of a series as columns for a linear model. Only those whose future is known are used, gaps filled with
 * the newest value before (at the start, with the first known one); a category becomes a column of 0 and 1, and `a|b` is
 * both a and b. What is constant, what other columns say already and what there is no room for is dropped with a reason;
 * the columns whose changes go most with those of the quantities are kept. All of that is judged where quantities are
 * known: what a column did elsewhere teaches nothing. Periods beyond the horizon are not read.
 */
export function inputColumns(series: PanelSeries, plan: InputPlan): InputColumns {
  const { horizon, most } = plan;
  const y = series.quantities;
  const known = Array.from(y.keys()).filter((t) => !Number.isNaN(y[t]));
  const dropped: DroppedInput[] = [];
  const candidates: Candidate[] = [];
  for (const [name, regressor] of Object.entries(series.regressors)) {
    if (!plan.known.includes(name)) {
      dropped.push({ name, reason: 'its future is not known' });
      continue;
    }
    for (const [part, column] of columnsOf(name, regressor, y.length, horizon, known)) {
      const values = typeof column === 'string' ? column : standardised(column, known);
      if (typeof values === 'string') dropped.push({ name: part, reason: values });
      else candidates.push({ name: part, values, strength: strengthOf(values, y) });
    }
  }
  // A sort that keeps the order of equals: the same columns whatever happens elsewhere.
  candidates.sort((a, b) => b.strength - a.strength);
  const room = Math.min(most, Math.floor(known.length / QUANTITIES_A_COLUMN));
  const independent = new Independent(known.length);
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const { name, values } = candidate;
    if (kept.length >= room)
      dropped.push({ name, reason: 'there are too many columns for so few quantities' });
    else if (independent.add(valuesAt(values, known))) kept.push(candidate);
    else dropped.push({ name, reason: 'other columns say the same' });
  }
  return { columns: kept.map(({ values }) => values), names: kept.map(({ name }) => name), dropped };
}

/** Columns of numbers that a regressor stands for, or why there is none. */
function columnsOf(
  name: string,
  regressor: Regressor,
  length: number,
  horizon: number,
  known: readonly number[],
): [name: string, column: Float64Array | string][] {
  if (!(regressor instanceof Float64Array)) {
    return flagsOf(name, regressor, length, length + horizon, known);
  }
  const first = regressor.findIndex((value) => Number.isFinite(value));
  if (first < 0 || first >= length) return [[name, 'it is unknown in the history']];
  const finite = regressor.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  const column = extendRegressor(finite, 'known', length, horizon) as Float64Array;
  let newest = finite[first]!;
  for (let t = 0; t < column.length; t++) {
    if (Number.isNaN(column[t])) column[t] = newest;
    newest = column[t]!;
  }
  return [[name, column]];
}

function flagsOf(
  name: string,
  regressor: readonly (string | null)[],
  length: number,
  end: number,
  known: readonly number[],
): [name: string, column: Float64Array | string][] {
  const flags = new Map<string, Float64Array>();
  for (let t = 0; t < Math.min(end, regressor.length); t++) {
    for (const category of regressor[t]?.split('|') ?? []) {
      if (t >= length && !flags.has(category)) continue;
      const column = flags.get(category) ?? new Float64Array(end);
      column[t] = 1;
      flags.set(category, column);
    }
  }
  const usual = [...flags]
    .map(([category, column]) => ({ category, column, count: countOf(valuesAt(column, known)) }))
    .sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
  if (usual.length === 0) return [[name, 'it is unknown in the history']];
  return usual.map(({ category, column, count }) => [
    `${name}=${category}`,
    count >= FEWEST_PERIODS ? column : `it is there in fewer than ${FEWEST_PERIODS} periods`,
  ]);
}

function countOf(column: Float64Array): number {
  let count = 0;
  for (const value of column) count += value;
  return count;
}

/** How much the changes of a column go with those of the quantities: the size of their correlation. */
function strengthOf(x: Float64Array, y: Float64Array): number {
  let both = 0;
  let xs = 0;
  let ys = 0;
  for (let t = 1; t < y.length; t++) {
    const change = y[t]! - y[t - 1]!;
    if (Number.isNaN(change)) continue;
    const dx = x[t]! - x[t - 1]!;
    both += dx * change;
    xs += dx * dx;
    ys += change * change;
  }
  // Rounded, so that columns that say the same stay in their order.
  return xs > 0 && ys > 0 ? Number((Math.abs(both) / Math.sqrt(xs * ys)).toPrecision(9)) : 0;
}
