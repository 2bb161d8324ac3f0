import { kpssDifferences } from '../diagnose/kpss.ts';
import { tellingInputs } from '../inputs/telling-inputs.ts';
import { type Fitted, type History, HistoryError, knownValues } from '../model.ts';
import { type ArimaOptimum, arimaOptimum, fitArima } from './arima.ts';
import { type ArimaState, constantArima } from './arima-model.ts';
import type { ArimaSearch } from './optimise-arima.ts';
import { type ArimaOrder, coefficientCount, lostToDifferences, stateLength } from './order.ts';
import { differenced } from './polynomial.ts';
import { knownStretch, withoutEffects } from './prepare.ts';
import { needsSeasonalDifference } from './season-strength.ts';
import { rootsBeyond } from './stationary.ts';

export interface AutoArimaOptions {
  /** Periods in a season; 1 for none. */
  readonly period?: number;
  /** Known inputs: columns over the history and as many periods ahead as are known. */
  readonly inputs?: readonly ArrayLike<number>[];
}

/** What the search settled on. */
export interface ArimaChoice {
  readonly order: ArimaOrder;
  readonly constant: boolean;
  readonly pairs: number;
  readonly aicc: number;
  /** Models that were fitted. */
  readonly tried: number;
  /** How the chosen order is fitted again: with everything where the search did not run out of work. */
  readonly search: ArimaSearch;
}

/** Above this a season costs a long state: fewer seasonal orders are tried, and waves besides. */
const SHORT_SEASON = 24;
/** Above this a seasonal model with differences does not fit into a stored state: waves alone. */
const LONGEST_SEASON = 80;
const MOST_TRIED = { short: 94, long: 40 };
/**
 * Work after which no further order is tried, see `workOf`; half of it on one model. About a fifth of a second, which a
 * series reaches whose every further lag helps: a thousand days of a wave that is no season.
 */
const MOST_WORK = 1.5e8;
/** Newest quantities, and seasons at least, that the orders are searched on; the order that is found is fitted to all of them. */
const MOST_SEARCHED = { quantities: 400, seasons: 4 };
const MOST_LAGS = 5;
const WAVES = [1, 2, 3, 4, 6];
/** Models with a root nearer to the unit circle are not trusted (R forecast uses the same). */
const LEAST_ROOT = 1.01;
/** Neighbours on one step of the search, as changes of p, q, P, Q: seasonal ones first. */
const MOVES: readonly (readonly [number, number, number, number])[] = [
  [0, 0, -1, 0],
  [0, 0, 0, -1],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
  [0, 0, -1, -1],
  [0, 0, -1, 1],
  [0, 0, 1, -1],
  [0, 0, 1, 1],
  [-1, 0, 0, 0],
  [0, -1, 0, 0],
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [-1, -1, 0, 0],
  [-1, 1, 0, 0],
  [1, -1, 0, 0],
  [1, 1, 0, 0],
];

/**
 * ARIMA of the order that the stepwise search of Hyndman & Khandakar (2008) finds: differences by the strength of the
 * season and by KPSS, the other orders by AICc of the exact likelihood. Unknown values are bridged while searching and
 * left out of the final likelihood. Inputs that say nothing in the part of the history that is used are left out. Constant histories are forecast exactly; otherwise 3 known values are needed.
 */
export function fitAutoArima(history: History, options: AutoArimaOptions = {}): Fitted<ArimaState> {
  const known = knownValues(history, 1);
  const inputs = options.inputs?.length ? tellingInputs(options.inputs, periodsUsed(history)) : [];
  if (inputs.length === 0 && known.every((value) => value === known[0])) return constantArima(known[0]!);
  const { order, constant, pairs, search } = chooseArima(history, { ...options, inputs });
  return fitArima(history, { order, constant, pairs, inputs, search });
}

/** Periods with a known quantity, in the part of the history that is not cut off. */
function periodsUsed(history: History): number[] {
  const { y, from } = knownStretch(history);
  return Array.from(y, (_, t) => from + t).filter((t) => !Number.isNaN(history[t]));
}

/** The order alone, with its AICc; for histories that are not constant. */
export function chooseArima(history: History, options: AutoArimaOptions = {}): ArimaChoice {
  knownValues(history, 3);
  const { y, from } = knownStretch(history);
  const period = options.period ?? 1;
  // From the first known value on, so that the phase of waves does not matter; inputs start there too.
  const inputs = (options.inputs ?? []).map((input) => Array.from(input).slice(from));
  const hasSeason = period <= LONGEST_SEASON && y.length > 2 * period + 5;
  // A promotion is no trend: differences are taken for what the inputs leave.
  const rest = withoutEffects(y, inputs);
  const D = hasSeason && needsSeasonalDifference(rest, period) ? 1 : 0;
  const d = kpssDifferences(differenced(rest, { d: 0, D, period }), y.length < 10 ? 1 : 2);
  const skipped = Math.max(0, y.length - Math.max(MOST_SEARCHED.quantities, MOST_SEARCHED.seasons * period));
  const newest = Array.from({ length: y.length - skipped }, (_, t) => skipped + t);
  const told = (skipped > 0 ? tellingInputs(inputs, newest) : inputs).map((x) =>
    Array.from(x).slice(skipped),
  );
  const search = new Stepwise(y.subarray(skipped), { p: 0, d, q: 0, P: 0, D, Q: 0, period }, told);
  return search.choice(y.length);
}

interface ArimaModel {
  readonly order: ArimaOrder;
  readonly constant: boolean;
  readonly pairs: number;
}

interface Candidate extends ArimaModel {
  readonly optimum: ArimaOptimum;
}

class Stepwise {
  readonly #y: Float64Array;
  readonly #base: ArimaOrder;
  readonly #inputs: readonly ArrayLike<number>[];
  readonly #mostLags: number;
  readonly #mostSeasons: number;
  readonly #mostTried: number;
  readonly #seen = new Set<string>();
  #tried = 0;
  #work = 0;
  #best: Candidate | null = null;

  constructor(y: Float64Array, base: ArimaOrder, inputs: readonly ArrayLike<number>[]) {
    this.#y = y;
    this.#base = base;
    this.#inputs = inputs;
    const isLong = base.period > SHORT_SEASON;
    this.#mostLags = Math.min(MOST_LAGS, Math.floor(y.length / 3));
    const most = base.period === 1 || base.period > LONGEST_SEASON ? 0 : isLong ? 1 : 2;
    this.#mostSeasons = Math.min(most, Math.floor(y.length / (isLong ? 2 : 3) / base.period));
    this.#mostTried = isLong ? MOST_TRIED.long : MOST_TRIED.short;
  }

  /** The choice, and how to fit it to a history of so many quantities. */
  choice(length: number): ArimaChoice {
    const hasConstant = this.#base.d + this.#base.D < 2;
    this.#try(0, 0, 0, 0, hasConstant);
    const isExplained = this.#best?.optimum.aicc === Number.NEGATIVE_INFINITY;
    if (!isExplained) {
      this.#try(2, 2, 1, 1, hasConstant);
      this.#try(1, 0, 1, 0, hasConstant);
      this.#try(0, 1, 0, 1, hasConstant);
      if (hasConstant) this.#try(0, 0, 0, 0, false);
      while (this.#hasTime() && this.#step(hasConstant));
      if (this.#base.period > SHORT_SEASON && this.#base.D === 0 && this.#y.length >= 2 * this.#base.period) {
        this.#tryWaves();
      }
    }
    const best = this.#best;
    if (!best) throw new HistoryError('too few quantities for any ARIMA model');
    const { order, constant, pairs, optimum } = best;
    const isWhole = length === this.#y.length && this.#work < MOST_WORK;
    const search = isWhole ? {} : { ...this.#searchOf(best, length), near: optimum.coefficients };
    return { order, constant, pairs, aicc: optimum.aicc, tried: this.#tried, search };
  }

  #hasTime(): boolean {
    return this.#tried < this.#mostTried && this.#work < MOST_WORK;
  }

  /** One climb, of as many steps as half of the work allows. */
  #searchOf(model: ArimaModel, length = this.#y.length): ArimaSearch {
    const { each } = workOf(length, model, this.#inputs.length);
    const aStep = each * (coefficientCount(model.order) + 2);
    const maxSteps = Math.max(4, Math.min(60, Math.floor(MOST_WORK / 2 / aStep)));
    return { starts: 3, climbs: 1, edges: false, tolerance: 1e-3, maxSteps };
  }

  /** The first neighbour that is better; false when none is. */
  #step(hasConstant: boolean): boolean {
    const best = this.#best;
    if (!best) return false;
    const { p, q, P, Q } = best.order;
    for (const [dp, dq, dP, dQ] of MOVES) {
      if (!this.#hasTime()) return false;
      if (this.#try(p + dp, q + dq, P + dP, Q + dQ, best.constant)) return true;
    }
    return hasConstant && this.#hasTime() && this.#try(p, q, P, Q, !best.constant);
  }

  #tryWaves(): void {
    const best = this.#best;
    if (!best) return;
    const { p, q } = best.order;
    for (const pairs of WAVES) {
      if (2 * pairs < this.#base.period) this.#try(p, q, 0, 0, best.constant, pairs);
    }
  }

  #try(p: number, q: number, P: number, Q: number, constant: boolean, pairs = 0): boolean {
    if (Math.min(p, q, P, Q) < 0 || Math.max(p, q) > this.#mostLags) return false;
    const order = {
      ...this.#base,
      p,
      q,
      P: Math.min(P, this.#mostSeasons),
      Q: Math.min(Q, this.#mostSeasons),
    };
    if (this.#best && Math.max(P, Q) > this.#mostSeasons && this.#seen.size > 4) return false;
    const key = [p, q, order.P, order.Q, constant, pairs].join();
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    const unknowns = p + q + order.P + order.Q + (constant ? 1 : 0) + 2 * pairs + this.#inputs.length;
    if (this.#y.length - lostToDifferences(order) < unknowns + 2) return false;
    this.#tried++;
    const near = this.#seen.size > 5 && this.#best ? widened(this.#best.optimum, order) : null;
    const search = { ...this.#searchOf({ order, constant, pairs }), ...(near && { near }) };
    const optimum = arimaOptimum(this.#y, { order, constant, pairs, inputs: this.#inputs, search });
    const { each, screen } = workOf(this.#y.length, { order, constant, pairs }, this.#inputs.length);
    this.#work += optimum.evaluations * each + optimum.screened * screen;
    const isTrusted = rootsBeyond(optimum.coefficients, order, LEAST_ROOT);
    const isFirst = this.#best === null;
    const isBetter = this.#best !== null && optimum.aicc < this.#best.optimum.aicc - 1e-9;
    if (!isFirst && !(isBetter && isTrusted)) return false;
    this.#best = { order, constant, pairs, optimum };
    return true;
  }
}

/** About the nanoseconds of one exact likelihood and of one conditional sum of squares: the same on every machine. */
function workOf(
  length: number,
  { order, constant, pairs }: ArimaModel,
  inputs: number,
): { each: number; screen: number } {
  const r = stateLength(order);
  const columns = (constant ? 1 : 0) + 2 * pairs + inputs;
  const lags = (order.p + 1) * (order.P + 1) + (order.q + 1) * (order.Q + 1);
  return { each: length * (30 + 2 * r + columns * (20 + 1.6 * r)), screen: length * (10 + lags) };
}

/** The coefficients of one model as a start for a neighbour: what is new starts small. */
function widened({ order, coefficients }: ArimaOptimum, to: ArimaOrder): Float64Array {
  const from = [order.p, order.q, order.P, order.Q];
  const wanted = [to.p, to.q, to.P, to.Q];
  const packed = new Float64Array(wanted.reduce((sum, count) => sum + count, 0));
  let read = 0;
  let write = 0;
  for (let b = 0; b < 4; b++) {
    for (let i = 0; i < wanted[b]!; i++) packed[write + i] = i < from[b]! ? coefficients[read + i]! : 0.01;
    read += from[b]!;
    write += wanted[b]!;
  }
  return packed;
}
