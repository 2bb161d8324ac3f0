import { solveSymmetric } from '../../math/least-squares.ts';
import { type History, HistoryError } from '../model.ts';
import { type ArimaOrder, coefficientCount, lostToDifferences } from './order.ts';
import { differenced } from './polynomial.ts';

export interface ArimaEffects {
  /** A mean of the differenced series: the mean itself, or the drift. */
  readonly constant: boolean;
  /** Pairs of a cosine and a sine of the season. */
  readonly pairs: number;
  /** Known inputs, one column each: a value for each period of the history and those ahead that are known. */
  readonly inputs: readonly ArrayLike<number>[];
}

export interface KnownStretch {
  /** From the first to the last known value, gaps bridged by straight lines. */
  readonly y: Float64Array;
  /** Where `y` begins in the history. */
  readonly from: number;
  /** Unknown periods after the last known one. */
  readonly trailing: number;
  /** Indexes into `y` of the unknown values. */
  readonly gaps: readonly number[];
}

/** A history made ready: differenced, its unknown values and effects as columns, the obvious part of them taken out. */
export interface PreparedSeries extends KnownStretch {
  /** Differenced, less `columns` times `effects`. */
  readonly w: Float64Array;
  /** Differenced columns: gaps, constant, pairs, inputs. */
  readonly columns: readonly Float64Array[];
  readonly effects: Float64Array;
  /** Nothing is left to explain: `w` is zero but for rounding. */
  readonly isExact: boolean;
}

/** Unknown values that are treated exactly: each costs a column. Older history than this many is left out. */
const MOST_GAPS = 40;
const MOST_TRAILING = 500;
const LARGEST = 1e120;
const MOST_INPUTS = 40;

/** Makes a history ready for one order. HistoryError when it is too short for it, or infinite somewhere. */
export function prepareSeries(history: History, order: ArimaOrder, effects: ArimaEffects): PreparedSeries {
  const { y, from, trailing, gaps } = knownStretch(history);
  const columns = [
    ...gaps.map((gap) =>
      differenced(
        Float64Array.from(y, (_, t) => (t === gap ? 1 : 0)),
        order,
      ),
    ),
    ...effectColumns(y.length, from, order, effects),
  ];
  const w = differenced(y, order);
  const unknowns = coefficientCount(order) + columns.length;
  if (w.length < unknowns + 2) {
    throw new HistoryError(`${w.length} differences cannot tell ${unknowns} unknowns`);
  }
  const start = leastSquares(w, columns);
  for (let c = 0; c < columns.length; c++) {
    for (let t = 0; t < w.length; t++) w[t]! -= start[c]! * columns[c]![t]!;
  }
  let level = 0;
  let left = 0;
  for (const value of y) level = Math.max(level, Math.abs(value));
  for (const value of w) left = Math.max(left, Math.abs(value));
  return { y, from, trailing, gaps, w, columns, effects: start, isExact: left <= 1e-10 * level };
}

/** Effect columns at one period, counted from the start of the history; inputs beyond their end are NaN. */
export function effectsAt(
  t: number,
  period: number,
  { pairs, inputs }: Omit<ArimaEffects, 'constant'>,
): number[] {
  const values: number[] = [];
  for (let k = 1; k <= pairs; k++) {
    // Reduced first: the angle of a late period keeps its digits.
    const angle = (2 * Math.PI * ((k * t) % period)) / period;
    values.push(Math.cos(angle), Math.sin(angle));
  }
  for (const input of inputs) values.push(t < input.length ? input[t]! : Number.NaN);
  return values;
}

/** A series less what least squares with a mean finds inputs to add to it. */
export function withoutEffects(y: Float64Array, inputs: readonly ArrayLike<number>[]): Float64Array {
  if (inputs.length === 0) return y;
  const columns = [
    new Float64Array(y.length).fill(1),
    ...inputs.map((x) => Float64Array.from(y, (_, t) => x[t]!)),
  ];
  const effects = leastSquares(y, columns);
  return y.map((value, t) =>
    columns.reduce((rest, column, c) => (c > 0 ? rest - effects[c]! * column[t]! : rest), value),
  );
}

function effectColumns(
  length: number,
  from: number,
  order: ArimaOrder,
  effects: ArimaEffects,
): Float64Array[] {
  if (effects.inputs.length > MOST_INPUTS) throw new RangeError(`more than ${MOST_INPUTS} inputs`);
  if (!Number.isInteger(effects.pairs) || effects.pairs < 0 || 2 * effects.pairs > order.period) {
    throw new RangeError(`${effects.pairs} pairs of waves do not fit a season of ${order.period}`);
  }
  const rows = Array.from({ length }, (_, t) => effectsAt(from + t, order.period, effects));
  const columns = (rows[0] ?? []).map((_, c) => {
    const column = Float64Array.from(rows, (row) => row[c]!);
    if (!column.every(Number.isFinite)) throw new HistoryError('an input is unknown within the history');
    return differenced(column, order);
  });
  const constant = new Float64Array(Math.max(0, length - lostToDifferences(order))).fill(1);
  return effects.constant ? [constant, ...columns] : columns;
}

/**
 * The newest part of a history from a known value to the last known one, with at most 40 gaps, which are bridged by
 * straight lines. HistoryError when nothing is known or something is infinite.
 */
export function knownStretch(history: History): KnownStretch {
  const whole = Float64Array.from(history);
  if (whole.some((value) => value === Infinity || value === -Infinity)) {
    throw new HistoryError('a quantity of the history is infinite');
  }
  if (whole.some((value) => Math.abs(value) > LARGEST)) {
    throw new HistoryError(`a quantity above ${LARGEST} has no square`);
  }
  const { from, to } = knownSpan(whole);
  if (to < from) throw new HistoryError('no known quantity');
  const trailing = whole.length - 1 - to;
  if (trailing > MOST_TRAILING) throw new HistoryError(`the last ${trailing} quantities are unknown`);
  const y = whole.slice(from, to + 1);
  return { y, from, trailing, gaps: bridge(y) };
}

function knownSpan(y: Float64Array): { from: number; to: number } {
  let to = y.length - 1;
  while (to >= 0 && Number.isNaN(y[to])) to--;
  let from = 0;
  let gaps = 0;
  for (let t = to; t >= 0; t--) {
    if (!Number.isNaN(y[t])) {
      from = t;
      continue;
    }
    gaps++;
    if (gaps > MOST_GAPS) break;
  }
  return { from, to };
}

/** Straight lines over the unknown values, in place; answers where they were. */
function bridge(y: Float64Array): number[] {
  const gaps: number[] = [];
  let last = 0;
  for (let t = 1; t < y.length; t++) {
    if (Number.isNaN(y[t])) {
      gaps.push(t);
      continue;
    }
    for (let g = last + 1; g < t; g++) y[g] = y[last]! + ((y[t]! - y[last]!) * (g - last)) / (t - last);
    last = t;
  }
  return gaps;
}

function leastSquares(w: Float64Array, columns: readonly Float64Array[]): Float64Array {
  const k = columns.length;
  const a = new Float64Array(k * k);
  const b = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let t = 0; t < w.length; t++) sum += columns[i]![t]! * columns[j]![t]!;
      a[i * k + j] = sum;
      a[j * k + i] = sum;
    }
    for (let t = 0; t < w.length; t++) b[i]! += columns[i]![t]! * w[t]!;
  }
  return solveSymmetric(a, b);
}
