import { inputColumns } from '../forecast/inputs/input-columns.ts';
import { Cholesky } from '../math/cholesky.ts';
import { type Forecaster, type ForecasterInput, reachOf, scaledOutlook, thirtyDays } from './outlook.ts';

/** Columns at most, the strongest ones; demand tells little of more. */
const MOST_COLUMNS = 8;
/** Fits of a series and span. */
const FITS = 8;
/** Periods that speak for no effect at all, and those with known demand below which nothing is learnt. */
const PRIOR_PERIODS = 6;
const FEWEST_PERIODS = 20;
/** Steps of the fit, and what one may change of a period, so that a single order does not throw it off. */
const ROUNDS = 12;
const MOST_STEP = 2;

/** How many times as much a period sells by what its known columns say, as far as could be told at a fit. */
type Factor = (period: number) => number;

/**
 * A forecaster that knows columns ahead: demand divided by what the columns did to it is forecast by another one, and the
 * windows ahead are multiplied by their mean factor. At each time only demand before it is learnt from, and columns
 * are read up to its horizon alone.
 */
export function knowingColumns(forecaster: Forecaster): Forecaster {
  return (input) => {
    const { known, times, terms } = input;
    const columns = columnsOf(input);
    if (columns.length === 0) return forecaster(input);
    const { leadTime, review } = terms;
    const plain = known.slice();
    const every = Math.ceil(times.length / FITS);
    const factors: Factor[] = [];
    for (let i = 0; i < times.length; i += every) {
      const factor = fittedFactor(known, columns, times[i]!);
      const end = times[i + every] ?? times.at(-1)! + 1;
      for (let t = i === 0 ? 0 : times[i]!; t < end; t++) plain[t]! /= factor(t);
      factors.push(factor);
    }
    return forecaster({ ...input, known: plain }).map((outlook, i) => {
      const over = (periods: number): number =>
        meanFactor(factors[Math.floor(i / every)]!, times[i]!, periods);
      return scaledOutlook(outlook, {
        ...{ lead: over(leadTime), look: over(leadTime + 1), protection: over(leadTime + review) },
        thirtyDays: over(thirtyDays(terms)),
      });
    });
  };
}

/** Columns of mean 0 and deviation 1, chosen by what lies before the first time. */
function columnsOf({ id, known, times, terms, regressors = {} }: ForecasterInput): readonly Float64Array[] {
  const first = times[0]!;
  const series = { id, start: '', quantities: known.subarray(0, first), regressors };
  const horizon = times.at(-1)! - first + reachOf(terms);
  return inputColumns(series, { known: Object.keys(regressors), horizon, most: MOST_COLUMNS }).columns;
}

/**
 * Effects by a regression with a logarithmic link, errors in proportion to the mean (gamma; McCullagh & Nelder 1989, 8.2),
 * and a prior of no effect, from the periods before `end`: y = level x exp(w' x). A factor stays within those of the past.
 */
function fittedFactor(known: Float64Array, columns: readonly Float64Array[], end: number): Factor {
  const first = known.findIndex((value) => value > 0);
  const periods: number[] = [];
  let sum = 0;
  for (let t = Math.max(0, first); t < end; t++) {
    if (Number.isNaN(known[t])) continue;
    periods.push(t);
    sum += known[t]!;
  }
  if (periods.length < FEWEST_PERIODS || !(sum > 0)) return () => 1;
  const size = columns.length + 1;
  const rows = periods.map((t) => [1, ...columns.map((column) => column[t]!)]);
  const squares = new Float64Array(size * size);
  for (const row of rows)
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) squares[i * size + j]! += row[i]! * row[j]!;
  for (let i = 1; i < size; i++) squares[i * size + i]! += PRIOR_PERIODS;
  const solver = new Cholesky(squares, size);
  let weights = new Float64Array(size);
  weights[0] = Math.log(sum / periods.length);
  for (let round = 0; round < ROUNDS; round++) {
    const right = new Float64Array(size);
    rows.forEach((row, k) => {
      let log = 0;
      for (let i = 0; i < size; i++) log += weights[i]! * row[i]!;
      const step = known[periods[k]!]! / Math.exp(log) - 1;
      for (let i = 0; i < size; i++) right[i]! += row[i]! * (log + Math.min(MOST_STEP, step));
    });
    weights = solver.solve(right) as Float64Array<ArrayBuffer>;
  }
  const effect = (t: number): number =>
    columns.reduce((all, column, i) => all + weights[i + 1]! * column[t]!, 0);
  let [low, high] = [0, 0];
  for (const t of periods) {
    const value = effect(t);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return (t) => Math.exp(Math.min(high, Math.max(low, effect(t))));
}

function meanFactor(factor: Factor, from: number, periods: number): number {
  if (periods === 0) return 1;
  let sum = 0;
  for (let h = 0; h < periods; h++) sum += Math.min(1, periods - h) * factor(from + h);
  return sum / periods;
}
