import { type Fitted, type History, HistoryError, knownValues } from '../model.ts';
import { type ArimaState, arimaOf, constantArima } from './arima-model.ts';
import { armaFilter } from './arma-filter.ts';
import { arimaLikelihood } from './likelihood.ts';
import { type ArimaSearch, optimiseArima } from './optimise-arima.ts';
import { type ArimaOrder, arimaOrder, coefficientCount, lostToDifferences, stateLength } from './order.ts';
import { effectsAt, type PreparedSeries, prepareSeries } from './prepare.ts';
import { rootsBeyond } from './stationary.ts';

export interface ArimaOptions {
  readonly order: Partial<ArimaOrder>;
  /** A mean (d + D = 0) or drift (d + D = 1). Default: a mean where nothing is differenced. */
  readonly constant?: boolean;
  /** Pairs of a cosine and a sine as regressors, for long seasons. Default 0. */
  readonly pairs?: number;
  /** Known inputs: columns over the history and as many periods ahead as are known. */
  readonly inputs?: readonly ArrayLike<number>[];
  readonly search?: ArimaSearch;
}

/** A fit as other software reports it. */
export interface ArimaOptimum {
  readonly order: ArimaOrder;
  readonly coefficients: Float64Array;
  /** Constant, waves, inputs. */
  readonly effects: Float64Array;
  /** Maximum likelihood estimate: squares over observations. */
  readonly sigma2: number;
  readonly squares: number;
  readonly logDeterminant: number;
  readonly logLikelihood: number;
  /** Known observations after differencing. */
  readonly count: number;
  readonly aicc: number;
  readonly evaluations: number;
  /** Conditional sums of squares that were looked at besides. */
  readonly screened: number;
}

/**
 * Seasonal ARIMA with regressors by exact maximum likelihood (Box & Jenkins 1970). A constant history, or one that
 * differences and effects explain altogether, is forecast exactly. Unknown values are left out of the likelihood; the
 * spread of the forecast takes them as filled in. Beyond the periods that inputs are known for, forecasts are refused.
 * Throws HistoryError when there are too few observations for the orders.
 */
export function fitArima(history: History, options: ArimaOptions): Fitted<ArimaState> {
  const known = knownValues(history, 1);
  if (!options.inputs?.length && known.every((value) => value === known[0])) return constantArima(known[0]!);
  return arimaOf(fitAt(history, options, null).state);
}

/** The fit with its likelihood; `given` coefficients are taken as they are, and so is a given variance. */
export function arimaOptimum(history: History, options: ArimaOptions, given?: GivenArima): ArimaOptimum {
  return fitAt(history, options, given ?? null).optimum;
}

/** The model with coefficients from elsewhere, at the end of this history. */
export function arimaWith(history: History, options: ArimaOptions, given: GivenArima): Fitted<ArimaState> {
  return arimaOf(fitAt(history, options, given).state);
}

export interface GivenArima {
  /** ar, ma, sar, sma. */
  readonly coefficients: readonly number[];
  /** Constant, waves, inputs; estimated when absent. */
  readonly effects?: readonly number[];
  readonly sigma2?: number;
}

function fitAt(
  history: History,
  options: ArimaOptions,
  given: GivenArima | null,
): { optimum: ArimaOptimum; state: ArimaState } {
  const order = arimaOrder(options.order);
  const constant = options.constant ?? order.d + order.D === 0;
  if (constant && order.d + order.D > 1)
    throw new RangeError('a constant under two differences is a parabola');
  const inputs = options.inputs ?? [];
  const prepared = prepareSeries(history, order, { constant, pairs: options.pairs ?? 0, inputs });
  const { w, columns, gaps } = prepared;
  if (given && !rootsBeyond(given.coefficients, order, 1 - 1e-12)) {
    throw new RangeError('the given coefficients are not stationary and invertible');
  }
  if (prepared.isExact && !given) w.fill(0);
  const estimated = given?.effects ? columns.slice(0, gaps.length) : columns;
  const totals = prepared.effects.slice();
  if (given?.effects) {
    for (let c = gaps.length; c < columns.length; c++) {
      const change = totals[c]! - given.effects[c - gaps.length]!;
      for (let t = 0; t < w.length; t++) w[t]! += change * columns[c]![t]!;
      totals[c] = given.effects[c - gaps.length]!;
    }
  }
  const likelihood = arimaLikelihood(order, w, estimated, gaps.length);
  const isSearched = !given && !prepared.isExact;
  const peak = isSearched ? optimiseArima(order, w, likelihood, options.search) : null;
  const packed =
    peak?.packed ?? Float64Array.from(given?.coefficients ?? new Float64Array(coefficientCount(order)));
  likelihood(packed);
  const { squares, logDeterminant, effects } = likelihood.last;
  for (let c = 0; c < estimated.length; c++) {
    totals[c]! += effects[c]!;
    for (let t = 0; t < w.length; t++) w[t]! -= effects[c]! * estimated[c]![t]!;
  }
  const { count } = likelihood;
  const mlVariance = squares / count;
  const sigma2 = given?.sigma2 ?? mlVariance;
  const logLikelihood =
    -0.5 * (count * Math.log(2 * Math.PI * sigma2) + (sigma2 > 0 ? squares / sigma2 : 0) + logDeterminant);
  const unknowns = packed.length + columns.length - gaps.length;
  const room = count - unknowns - 2;
  const aicc = room > 0 ? -2 * logLikelihood + (2 * (unknowns + 1) * count) / room : Number.POSITIVE_INFINITY;
  const variance = given?.sigma2 ?? (prepared.isExact ? 0 : squares / Math.max(1, count - unknowns));
  return {
    optimum: {
      order,
      coefficients: packed,
      effects: totals.slice(gaps.length),
      sigma2,
      squares,
      logDeterminant,
      logLikelihood,
      count,
      aicc,
      evaluations: peak?.evaluations ?? 1,
      screened: peak?.screened ?? 0,
    },
    state: stateAt(history, order, prepared, packed, totals, variance, { constant, inputs }),
  };
}

function stateAt(
  history: History,
  order: ArimaOrder,
  prepared: PreparedSeries,
  packed: Float64Array,
  totals: Float64Array,
  variance: number,
  { constant, inputs }: { constant: boolean; inputs: readonly ArrayLike<number>[] },
): ArimaState {
  const { y, w, gaps, from, trailing } = prepared;
  const coefficients = Array.from(packed, (value) => Number(value.toPrecision(12)));
  const filter = armaFilter(order, w.length, [w]);
  if (!filter.run(coefficients)) throw new HistoryError('the ARIMA filter lost its digits');
  const r = stateLength(order);
  const [mean, ...others] = constant ? totals.subarray(gaps.length) : [0, ...totals.subarray(gaps.length)];
  const waves = others.slice(0, others.length - inputs.length);
  const effectOf = (t: number): number => {
    const values = effectsAt(t, order.period, { pairs: waves.length / 2, inputs });
    return values.reduce((sum, value, c) => sum + value * others[c]!, 0);
  };
  const filled = y.slice();
  gaps.forEach((gap, c) => {
    filled[gap]! += -totals[c]!;
  });
  const lost = lostToDifferences(order);
  const last = Array.from(
    filled.subarray(y.length - lost),
    (value, i) => value - effectOf(from + y.length - lost + i),
  );
  const next = history.length;
  const periodsKnown = inputs.length > 0 ? Math.min(...inputs.map((input) => input.length)) - next : 0;
  if (inputs.length > 0 && periodsKnown < 1) throw new RangeError('the inputs end with the history');
  const inputEffects = Array.from({ length: periodsKnown }, (_, h) => {
    const values = effectsAt(next + h, order.period, { pairs: 0, inputs });
    return values.reduce((sum, value, c) => sum + value * others[waves.length + c]!, 0);
  });
  const digits = Math.max(5, Math.min(15, Math.floor(1350 / (r + lost + inputEffects.length)) - 4));
  return {
    model: 'arima',
    orders: [order.p, order.d, order.q, order.P, order.D, order.Q, order.period],
    coefficients,
    variance,
    seen: w.length,
    ahead: shortened(filter.end.states.subarray(0, r), digits),
    last: shortened(last, digits),
    constant: mean!,
    waves: shortened(waves, 9),
    next,
    inputs: shortened(inputEffects, digits),
    trailing,
  };
}

/** So many digits after the first of the largest: a state of 160 numbers stays under 2 KB. */
function shortened(values: ArrayLike<number>, digits: number): number[] {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  if (!(largest > 0)) return Array.from(values, () => 0);
  const decimals = Math.max(0, Math.min(100, digits - 1 - Math.floor(Math.log10(largest))));
  // Adding 0 turns -0 into 0, which JSON would not keep.
  return Array.from(values, (value) => Number(value.toFixed(decimals)) + 0);
}
