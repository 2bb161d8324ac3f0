import type { Fitted, History } from '../model.ts';
import { type HurdleState, hurdleCountsOf, hurdleOptimum } from './hurdle-counts.ts';
import {
  type NegativeBinomialState,
  negativeBinomialOf,
  negativeBinomialOptimum,
  wholeCounts,
} from './negative-binomial.ts';

/** Parameters that the hurdle form has more: a level of its own for sizes and for the chance of demand. */
const MORE_PARAMETERS = 3;

/**
 * The count model of a slow mover: negative binomial, or the hurdle form where AIC prefers that.
 * Needs one known value, all of them whole; below 0 counts as 0.
 */
export function fitSlowMover(history: History): Fitted<NegativeBinomialState | HurdleState> {
  const y = wholeCounts(history);
  const hurdle = hurdleOptimum(y);
  const plain = negativeBinomialOptimum(y);
  return hurdle.logLikelihood - MORE_PARAMETERS > plain.logLikelihood
    ? hurdleCountsOf(hurdle.state)
    : negativeBinomialOf(plain.state);
}
