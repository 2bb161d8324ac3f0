import { type CountMoments, countQuantile } from '../math/count-distribution.ts';
import { type Normal, normalDensity, normalQuantile } from '../math/normal.ts';

/** Cost of one unit left over, and of one unit short, for the period. */
export interface UnitCost {
  readonly holding: number;
  readonly shortage: number;
}

/** Critical ratio p / (p + h): the share of periods without a shortage that is cheapest. */
export function criticalRatio({ holding, shortage }: UnitCost): number {
  if (!(holding > 0) || !(shortage > 0)) throw new RangeError('holding and shortage cost are positive');
  return shortage / (shortage + holding);
}

/**
 * Stock level (units) that minimises expected holding plus shortage cost under normal demand.
 *   S* = mu + z(a) sigma,  a = p / (p + h)       Snyder & Shen (2019), Example 4.3: 56.60
 */
export function newsvendorLevel(demand: Normal, cost: UnitCost): number {
  return demand.mean + normalQuantile(criticalRatio(cost)) * demand.deviation;
}

/** Expected cost at that level: (h + p) phi(z) sigma. Snyder & Shen (2019), Example 4.3: 1.9976 */
export function newsvendorCost(demand: Normal, cost: UnitCost): number {
  const z = normalQuantile(criticalRatio(cost));
  return (cost.holding + cost.shortage) * normalDensity(z) * demand.deviation;
}

/** The same for counts (negative binomial, or Poisson when variance <= mean): smallest S with F(S) >= p / (p + h). */
export function newsvendorCountLevel(demand: CountMoments, cost: UnitCost): number {
  return countQuantile(criticalRatio(cost), demand);
}
