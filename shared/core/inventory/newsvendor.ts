import { type CountMoments, countQuantile } from '../math/count-distribution.ts';
import { type Normal, normalDensity, normalLoss, normalQuantile } from '../math/normal.ts';
import { countLoss, countProbabilities } from './policies/loss-functions.ts';

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

/** Expected cost of any level under normal demand: h E[(S - D)+] + p E[(D - S)+]; of 60 in the example above: 2.1561 */
export function newsvendorCostAt(level: number, demand: Normal, cost: UnitCost): number {
  const short = demand.deviation * normalLoss((level - demand.mean) / demand.deviation);
  return cost.holding * (level - demand.mean + short) + cost.shortage * short;
}

/** The same for counts. Poisson with mean 50 at 56, h 0.18, p 0.7: 1.7972 */
export function newsvendorCountCost(level: number, demand: CountMoments, cost: UnitCost): number {
  const { short, left } = countLoss(level, countProbabilities(demand));
  return cost.holding * left + cost.shortage * short;
}

/**
 * Demand over lead time + review when a period's is normal and periods are independent: what the newsvendor's level of
 * a business that goes on has to cover. Lead time 4, review 1 of N(50, 8): level 264.77 (Snyder & Shen 2019, 4.3.2.7).
 */
export function demandOverPeriods(period: Normal, periods: number): Normal {
  if (!(periods >= 0)) throw new RangeError('periods are not negative');
  return { mean: period.mean * periods, deviation: period.deviation * Math.sqrt(periods) };
}

/** What a unit sells for, costs, and brings when it is left over. */
export interface UnitMargin {
  readonly price: number;
  readonly cost: number;
  readonly salvage: number;
}

/** Those as costs of a unit left over and a unit short: cost - salvage and price - cost. */
export function unitCostOf({ price, cost, salvage }: UnitMargin): UnitCost {
  return { holding: cost - salvage, shortage: price - cost };
}

/** Expected profit of the best level: (price - cost) mean - its expected cost. Price 1, cost 0.3, salvage 0.12: 33.0024 */
export function newsvendorProfit(demand: Normal, margin: UnitMargin): number {
  return (margin.price - margin.cost) * demand.mean - newsvendorCost(demand, unitCostOf(margin));
}
