import { countLaw, countLawQuantiles, drawCount } from '../../math/panjer-counts.ts';
import { type Random, seededRandom } from '../../math/random.ts';
import {
  assertAsked,
  type Fitted,
  type History,
  HistoryError,
  knownValues,
  type ModelState,
} from '../model.ts';
import { type CountLevel, fitCountLevel } from './count-level.ts';

export type NegativeBinomialState = ModelState &
  CountLevel & {
    readonly model: 'negbin';
    /** Mean of the first period ahead. */
    readonly level: number;
  };

/**
 * Slow movers by the negative-binomial state-space model of Snyder, Ord & Beaumont (2012): a damped local level of the
 * mean, counts that vary more than Poisson around it. Quantiles are those of a negative binomial with the mean and the
 * variance of each period ahead: exact for the first, matched by moments after it. Paths let every draw move the level.
 * Needs one known value, all of them whole; below 0 (returns) counts as 0.
 */
export function fitNegativeBinomial(history: History): Fitted<NegativeBinomialState> {
  return negativeBinomialOf(negativeBinomialOptimum(wholeCounts(history)).state);
}

/** The state of most likelihood. */
export function negativeBinomialOptimum(y: Float64Array): {
  readonly state: NegativeBinomialState;
  readonly logLikelihood: number;
} {
  if (!y.some((value) => value > 0)) {
    const none = { average: 0, persistence: 0, weight: 0, excess: 1, level: 0 };
    return { state: { model: 'negbin', ...none }, logLikelihood: 0 };
  }
  const { logLikelihood, ...found } = fitCountLevel(y);
  return { state: { model: 'negbin', ...found }, logLikelihood };
}

/** The model as it was stored. */
export function negativeBinomialOf(state: NegativeBinomialState): Fitted<NegativeBinomialState> {
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const { mean, variance } = countMoments(state, state.level, horizon);
      const ascending = [...levels].sort((a, b) => a - b);
      const quantiles = Object.fromEntries(
        levels.map((level) => [String(level), new Array<number>(horizon)]),
      );
      for (let h = 0; h < horizon; h++) {
        const found = countLawQuantiles(countLaw({ mean: mean[h]!, variance: variance[h]! }), ascending);
        for (let i = 0; i < ascending.length; i++) quantiles[String(ascending[i])]![h] = found[i]!;
      }
      return { mean: Array.from(mean), quantiles };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      return Array.from({ length: count }, () => countPath(state, state.level, horizon, random));
    },
    toState: () => state,
  };
}

/** Known counts with their gaps, returns as 0; HistoryError when nothing is known or a quantity is not whole. */
export function wholeCounts(history: History): Float64Array {
  const known = knownValues(history, 1);
  if (!known.every(Number.isInteger)) throw new HistoryError('a count model needs whole quantities');
  return Float64Array.from(history, (value) => (value < 0 ? 0 : value));
}

/** Mean and variance of the count of each period ahead, when the first has mean `level`. */
export function countMoments(
  { average, persistence, weight, excess }: CountLevel,
  level: number,
  horizon: number,
): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const mean = new Float64Array(horizon);
  const variance = new Float64Array(horizon);
  let expected = level;
  let spread = 0;
  for (let h = 0; h < horizon; h++) {
    const around = expected * (1 + excess);
    mean[h] = expected;
    variance[h] = around + spread;
    spread = persistence * persistence * spread + weight * weight * around;
    expected = (1 - persistence) * average + persistence * expected;
  }
  return { mean, variance };
}

function countPath(of: CountLevel, from: number, horizon: number, random: Random): Float64Array {
  const path = new Float64Array(horizon);
  const start = (1 - of.persistence) * of.average;
  let level = from;
  for (let h = 0; h < horizon; h++) {
    const count = drawCount(countLaw({ mean: level, variance: level * (1 + of.excess) }), random);
    path[h] = count;
    level = start + (of.persistence - of.weight) * level + of.weight * count;
  }
  return path;
}
