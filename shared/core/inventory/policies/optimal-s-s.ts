import type { CountMoments } from '../../math/count-distribution.ts';
import { type Normal, normalQuantile } from '../../math/normal.ts';
import { criticalRatio, type UnitCost } from '../newsvendor.ts';
import { countCost, countProbabilities } from './loss-functions.ts';

/** Cost of a look-every-period business: money an order, a unit kept for a period, a unit short at a period's end. */
export interface PeriodCost extends UnitCost {
  readonly perOrder: number;
}

export interface CountPolicyInput {
  /** Demand of one period; periods are independent. */
  readonly period: CountMoments;
  /** Whole periods until an order arrives. Default 0. */
  readonly leadTimePeriods?: number;
  readonly cost: PeriodCost;
}

/** An (s,S) pair and its expected cost a period. */
export interface CostedPair {
  readonly reorderPoint: number;
  readonly orderUpTo: number;
  readonly cost: number;
}

/** Largest S - s that is looked at. */
const MOST_GAP = 20_000;

/**
 * Expected cost a period of an (s,S) rule with backorders, for whole units, by renewal theory:
 *   c(s,S) = (K + sum_{j < S-s} M_j g(S - j)) / sum_{j < S-s} M_j,   M_0 = 1 / (1 - f(0)), M_j = sum_{k=1..j} f(k) M_{j-k} / (1 - f(0))
 * g = expected holding and shortage cost of a level at the end of lead time + 1 periods.
 * Snyder & Shen (2019), section 4.4: Poisson 6, h 1, p 4, K 5, (4, 10): 8.034112.
 */
export function reorderPairCost(reorderPoint: number, orderUpTo: number, input: CountPolicyInput): number {
  return pairCosts(input).of(reorderPoint, orderUpTo);
}

/**
 * The (s,S) of least cost among all policies, by the search of Zheng & Federgruen (1991): from the best level down to s,
 * then upward in S as long as a level by itself costs no more than the best pair. Exact.
 */
export function optimalReorderPair(input: CountPolicyInput): CostedPair {
  const { of, g, mean } = pairCosts(input);
  let level = Math.max(0, Math.floor(mean));
  while (g(level + 1) < g(level)) level++;
  while (g(level - 1) <= g(level)) level--;
  let s = level - 1;
  let best = level;
  while (of(s, best) > g(s)) s--;
  let cost = of(s, best);
  for (let candidate = best + 1; g(candidate) <= cost; candidate++) {
    if (!(of(s, candidate) < cost)) continue;
    best = candidate;
    while (of(s, best) <= g(s + 1)) s++;
    cost = of(s, best);
  }
  return { reorderPoint: s, orderUpTo: best, cost };
}

/**
 * The power approximation of (s,S) by regression over optimal pairs (Ehrhardt & Mosier 1984):
 *   Q = 1.30 mu^0.494 (K/h)^0.506 (1 + sigma_L^2 / mu^2)^0.116,   z = sqrt(Q h / (sigma_L p))
 *   s = 0.973 mu_L + sigma_L (0.183 / z + 1.063 - 2.192 z),   S = s + Q
 * mu of one period, mu_L and sigma_L over lead time + 1. Snyder & Shen (2019), section 4.4: (40.19, 74.29).
 * `capped` also applies its rule for small orders: when Q <= 1.5 mu no level is above the newsvendor's.
 */
export function powerApproximation(
  period: Normal,
  cost: PeriodCost,
  options: { readonly leadTimePeriods?: number; readonly capped?: boolean } = {},
): { readonly reorderPoint: number; readonly orderUpTo: number; readonly quantity: number } {
  const { leadTimePeriods = 0, capped = false } = options;
  const { perOrder, holding, shortage } = cost;
  if (!(period.mean > 0 && period.deviation > 0 && perOrder > 0))
    throw new RangeError('demand, its deviation and the cost of an order are positive');
  const ratio = criticalRatio(cost);
  const mean = period.mean * (leadTimePeriods + 1);
  const deviation = period.deviation * Math.sqrt(leadTimePeriods + 1);
  const quantity =
    1.3 *
    period.mean ** 0.494 *
    (perOrder / holding) ** 0.506 *
    (1 + (deviation / period.mean) ** 2) ** 0.116;
  const z = Math.sqrt((quantity / deviation) * (holding / shortage));
  const reorderPoint = 0.973 * mean + deviation * (0.183 / z + 1.063 - 2.192 * z);
  const orderUpTo = reorderPoint + quantity;
  if (!capped || quantity > 1.5 * period.mean) return { reorderPoint, orderUpTo, quantity };
  const most = mean + normalQuantile(ratio) * deviation;
  return { reorderPoint: Math.min(reorderPoint, most), orderUpTo: Math.min(orderUpTo, most), quantity };
}

interface PairCosts {
  readonly of: (reorderPoint: number, orderUpTo: number) => number;
  readonly g: (level: number) => number;
  /** Mean demand over lead time + 1 periods. */
  readonly mean: number;
}

function pairCosts({ period, leadTimePeriods = 0, cost }: CountPolicyInput): PairCosts {
  if (!(period.mean > 0)) throw new RangeError('without demand nothing is ordered');
  if (!(Number.isInteger(leadTimePeriods) && leadTimePeriods >= 0))
    throw new RangeError('lead times are whole periods');
  if (!(cost.perOrder >= 0)) throw new RangeError('an order costs nothing or more');
  criticalRatio(cost);
  const periods = leadTimePeriods + 1;
  const one = countProbabilities(period);
  const mean = period.mean * periods;
  const g = countCost(countProbabilities({ mean, variance: period.variance * periods }), cost);
  const moves = 1 - one[0]!;
  const visits: number[] = [1 / moves];
  const visit = (j: number): number => {
    if (j > MOST_GAP) throw new RangeError(`S - s above ${MOST_GAP}`);
    for (let at = visits.length; at <= j; at++) {
      let sum = 0;
      for (let k = 1; k <= at && k < one.length; k++) sum += one[k]! * visits[at - k]!;
      visits.push(sum / moves);
    }
    return visits[j]!;
  };
  const of = (reorderPoint: number, orderUpTo: number): number => {
    const gap = orderUpTo - reorderPoint;
    if (!(Number.isInteger(gap) && gap > 0)) throw new RangeError('S is above s by whole units');
    let time = 0;
    let sum = cost.perOrder;
    for (let j = 0; j < gap; j++) {
      const m = visit(j);
      time += m;
      sum += m * g(orderUpTo - j);
    }
    return sum / time;
  };
  return { of, g, mean };
}
