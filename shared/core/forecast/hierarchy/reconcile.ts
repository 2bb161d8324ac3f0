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
  /** `clip`: negative leaves become 0, the total stays. `nearest`: the nearest values that are not negative. Default: as they come. */
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
  const clipped = nonNegative === undefined ? (leaves: Float64Array) => leaves : clipLeaves;
  if (method === 'bottom-up') return (values) => clipped(values.slice(summing.sums));
  const covariance = errorCovariance(summing, method, errors);
  const free = new Projection(summing, covariance);
  if (nonNegative === 'nearest') return (values) => nonNegativeLeaves(summing, covariance, values, free);
  return (values) => clipped(free.leaves(values).leaves);
}
