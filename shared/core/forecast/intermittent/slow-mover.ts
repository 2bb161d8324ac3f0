import type { Fitted, History } from '../model.ts';
import { type SteadyState, steadyOf } from '../simple/steady.ts';
import { type HurdleState, hurdleCountsOf, hurdleOptimum } from './hurdle-counts.ts';
import {
  type NegativeBinomialState,
  negativeBinomialOf,
  negativeBinomialOptimum,
  wholeCounts,
} from './negative-binomial.ts';

/** Parameters that the hurdle form has more: a level of its own for sizes and for the chance of demand. */
const MORE_PARAMETERS = 3;
/** As many equal counts are no chance: fewer say little of how much the next ones vary. */
const CERTAIN = 8;

/**
 * The count model of a slow mover: negative binomial, or the hurdle form where AIC prefers that.
 * Eight known counts that are all the same are forecast exactly. Needs one known value, all of them whole; below 0
 * counts as 0.
 */
export function fitSlowMover(history: History): Fitted<NegativeBinomialState | HurdleState | SteadyState> {
  const y = wholeCounts(history);
  const known = y.filter((value) => !Number.isNaN(value));
  if (known.length >= CERTAIN && known.every((value) => value === known[0])) {
    return steadyOf({ model: 'steady', level: known[0]!, variance: 0, isWhole: true });
  }
  const hurdle = hurdleOptimum(y);
  const plain = negativeBinomialOptimum(y);
  return hurdle.logLikelihood - MORE_PARAMETERS > plain.logLikelihood
    ? hurdleCountsOf(hurdle.state)
    : negativeBinomialOf(plain.state);
}
