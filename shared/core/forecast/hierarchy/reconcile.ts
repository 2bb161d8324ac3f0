import { type ErrorBelief, errorCovariance } from './error-covariance.ts';
import { clipLeaves, nonNegativeLeaves } from './non-negative.ts';
import { Projection } from './projection.ts';
import { assertOneEach, type Summing, sumUp } from './summing.ts';

/** How base forecasts are made coherent; top-down and middle-out are `splitDown`. */
export type Reconciliation = 'bottom-up' | ErrorBelief;

export interface ReconcileOptions {
  readonly method: Reconciliation;
  /** One-step errors of each node, newest last, NaN unknown: for `wls-variance` and `mint-shrink`. */
  readonly errors?: readonly Float64Array[];
  /**
   * For quantities that cannot be negative. Base forecasts below 0 are then read as 0. `clip`: leaves that come out negative
   * become 0, the total stays. `nearest`: the nearest values that are not negative. Default: as they come.
   */
  readonly nonNegative?: 'clip' | 'nearest';
}

/**
 * Forecasts of all nodes that add up, from base forecasts that do not: one array of periods for each node, in the order of
 * `summing.nodes`. All but bottom-up are y' = S (S' W^-1 S)^-1 S' W^-1 y, of least variance among unbiased ones when W is
 * the covariance of the base errors (Wickramasuriya, Athanasopoulos & Hyndman 2019).
 */
export function reconcile(
  summing: Summing,
  base: readonly Float64Array[],
  options: ReconcileOptions,
): Float64Array[] {
  const horizon = assertOneEach(summing, base);
  const toLeaves = leavesBy(summing, options);
  const found = base.map(() => new Float64Array(horizon));
  const values = new Float64Array(base.length);
  for (let h = 0; h < horizon; h++) {
    for (let i = 0; i < values.length; i++) values[i] = base[i]![h]!;
    const all = sumUp(summing, toLeaves(values));
    for (let i = 0; i < all.length; i++) found[i]![h] = all[i]!;
  }
  return found;
}

/** The function from values of all nodes to coherent leaves; what does not depend on the values is done once. */
export function leavesBy(
  summing: Summing,
  { method, errors, nonNegative }: ReconcileOptions,
): (values: Float64Array) => Float64Array {
  if (nonNegative === undefined) return freeLeaves(summing, method, errors);
  // What no forecast should have said is no evidence: it would be passed on to all that err alike.
  const raised = (values: Float64Array): Float64Array => values.map((value) => (value < 0 ? 0 : value));
  if (nonNegative === 'clip' || method === 'bottom-up') {
    const free = freeLeaves(summing, method, errors);
    return (values) => clipLeaves(free(raised(values)));
  }
  const covariance = errorCovariance(summing, method, errors);
  const free = new Projection(summing, covariance);
  return (values) => nonNegativeLeaves(summing, covariance, raised(values), free);
}

function freeLeaves(
  summing: Summing,
  method: Reconciliation,
  errors: readonly Float64Array[] | undefined,
): (values: Float64Array) => Float64Array {
  if (method === 'bottom-up') return (values) => values.slice(summing.sums);
  const projection = new Projection(summing, errorCovariance(summing, method, errors));
  return (values) => projection.leaves(values).leaves;
}
