import type { History } from '../model.ts';
import { fitSeasonalNaive } from '../simple/seasonal-naive.ts';
import type { InsufficientData } from '../simple/trend-label.ts';
import { type ErrorFigures, errorFigures, forecastEnsemble, trainEnsemble } from './ensemble.ts';

export interface Compared {
  /** Of the coming periods, known history in full. */
  readonly total: number;
  /** Of the newest periods, forecast from what was known before them. */
  readonly backtest: { readonly total: number; readonly errors: ErrorFigures };
}

export interface EnsembleComparison {
  readonly kind: 'comparison';
  /** Periods that both knew in the backtest. */
  readonly known: number;
  readonly actual: number;
  /** The member alone; null where it cannot be fitted. */
  readonly single: Compared | null;
  readonly ensemble: Compared & {
    /** Now, and as they were before the backtest's periods, which they must not have seen. */
    readonly weights: Readonly<Record<string, number>>;
    readonly backtestWeights: Readonly<Record<string, number>>;
  };
  readonly naive: ErrorFigures;
}

/**
 * One member and the ensemble over the same horizon from the same history: what both expect of the coming periods, and how
 * both would have done on the newest ones. The ensemble's weights of the backtest are learnt before its first period.
 */
export function compareEnsemble(
  history: History,
  {
    member,
    horizon,
    validation,
    period = 52,
  }: {
    readonly member: string;
    readonly horizon: number;
    readonly validation: number;
    readonly period?: number;
  },
): EnsembleComparison | InsufficientData {
  const y = Float64Array.from(history);
  const known = y.length - horizon;
  const past = y.subarray(0, Math.max(0, known));
  const before = trainEnsemble(past, { validation, period });
  const now = trainEnsemble(y, { validation, period });
  if (before.kind !== 'ensemble' || now.kind !== 'ensemble') {
    const { needed } = before as InsufficientData;
    return { kind: 'insufficient-data', points: y.length, needed: needed + horizon };
  }
  const actual = y.subarray(known);
  const expect = (series: Float64Array, weights: Readonly<Record<string, number>>): readonly number[] =>
    forecastEnsemble(series, { weights, horizon, levels: [], seed: 1, period }).mean;
  const both = (backtestWeights: Weights, weights: Weights): Compared => {
    const judged = expect(past, backtestWeights);
    return {
      total: total(expect(y, weights)),
      backtest: { total: total(judged), errors: errorFigures(actual, judged) },
    };
  };
  const [weights, backtestWeights] = [now, before].map(({ members }) =>
    Object.fromEntries(members.map(({ name, weight }) => [name, weight])),
  ) as [Weights, Weights];
  const isAble = Object.hasOwn(weights, member) && Object.hasOwn(backtestWeights, member);
  return {
    kind: 'comparison',
    known,
    actual: total(actual),
    single: isAble ? both({ [member]: 1 }, { [member]: 1 }) : null,
    ensemble: { ...both(backtestWeights, weights), weights, backtestWeights },
    naive: errorFigures(actual, fitSeasonalNaive(past, { period }).forecast(horizon, []).mean),
  };
}

type Weights = Readonly<Record<string, number>>;

const total = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);
