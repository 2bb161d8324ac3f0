import { extendRegressor, type RegressorFuture } from './extend-regressors.ts';

/** What a signal tells of. */
export const SIGNAL_KINDS = ['price', 'promotion', 'event', 'weather', 'market', 'other'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** What a signal said in the periods it has values in. */
export interface SignalPeriods {
  /** [periods before the last one of the history, sum of the values, number of values]; negative ages lie ahead. */
  readonly sums: readonly (readonly [age: number, sum: number, count: number])[];
  /** The newest value before all of them; null without one. */
  readonly before: number | null;
}

export interface SignalPlan {
  readonly kind: SignalKind;
  readonly future: RegressorFuture;
  /** Periods of the history. */
  readonly length: number;
  readonly horizon: number;
  readonly periodDays: number;
}

/** Kinds that are 0 on a day without a value. The others go on as they were. */
const PASSING: readonly SignalKind[] = ['promotion', 'event'];

/**
 * A signal as a column of `length` + `horizon` periods. Promotions and events: the mean over all days of a period, 0
 * without a signal. Prices, weather and markets: the mean of the values given in a period, else the newest one before;
 * unknown without a signal and before its first value.
 */
export function signalRegressor(
  signal: SignalPeriods | undefined,
  { kind, future, length, horizon, periodDays }: SignalPlan,
): Float64Array {
  const isPassing = PASSING.includes(kind);
  const column = new Float64Array(length + horizon).fill(isPassing ? 0 : Number.NaN);
  for (const [age, sum, count] of signal?.sums ?? []) {
    const period = length - 1 - age;
    if (count > 0 && period >= 0 && period < column.length)
      column[period] = sum / (isPassing ? periodDays : count);
  }
  if (!isPassing) {
    let newest = newestBefore(signal, length);
    for (let t = 0; t < column.length; t++) {
      if (Number.isNaN(column[t])) column[t] = newest;
      newest = column[t]!;
    }
  }
  return extendRegressor(column, future, length, horizon) as Float64Array;
}

/** Of a history that begins later than what was read, too. */
function newestBefore(signal: SignalPeriods | undefined, length: number): number {
  const sums = signal?.sums ?? [];
  const earlier = sums.filter(([age, , count]) => age >= length && count > 0).sort(([a], [b]) => a - b)[0];
  if (earlier) return earlier[1] / earlier[2];
  return signal?.before ?? Number.NaN;
}
