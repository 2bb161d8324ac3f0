import type { CountMoments } from '../../math/count-distribution.ts';
import { type Normal, normalLoss, normalQuantile } from '../../math/normal.ts';
import { economicOrderQuantity, orderQuantityWithBackorders } from '../economic-order-quantity.ts';
import { criticalRatio, newsvendorLevel } from '../newsvendor.ts';
import { countCost, countProbabilities, normalLossInverse, normalSecondLoss } from './loss-functions.ts';
import type { PeriodCost } from './optimal-s-s.ts';

/** Continuous review: units a time, and the demand over a lead time. Costs are a unit and time. */
export interface LotRuleInput {
  readonly demandRate: number;
  readonly lead: Normal;
  readonly cost: PeriodCost;
}

/** Order `quantity` whenever the position falls to the reorder point. */
export interface LotRule {
  readonly reorderPoint: number;
  readonly quantity: number;
}

/** How a pair is found; all but `exact` are approximations of the textbook. */
export type LotRuleMethod =
  | 'exact'
  | 'expected-inventory'
  | 'eoq-with-backorders'
  | 'eoq-plus-safety'
  | 'loss-function';

const MOST_STEPS = 5000;

/**
 * Expected cost a time of (r,Q) under normal demand, the integral in closed form by the second-order loss:
 *   (K lambda + integral from r to r + Q of g(y) dy) / Q,   g(y) = h E[(y - D)+] + p E[(D - y)+]
 * Snyder & Shen (2019), chapter 5: (126.8, 328.5) costs 78.0712.
 */
export function lotRuleCost({ reorderPoint, quantity }: LotRule, input: LotRuleInput): number {
  assertInput(input);
  if (!(quantity > 0)) throw new RangeError('an order quantity is positive');
  const { lead, cost, demandRate } = input;
  const secondLoss = (y: number): number =>
    lead.deviation ** 2 * normalSecondLoss((y - lead.mean) / lead.deviation);
  const low = reorderPoint - lead.mean;
  const high = low + quantity;
  const shortBetween = secondLoss(reorderPoint) - secondLoss(reorderPoint + quantity);
  const kept = (cost.holding * (high * high - low * low)) / 2;
  return (cost.perOrder * demandRate + kept + (cost.holding + cost.shortage) * shortBetween) / quantity;
}

/** The best reorder point of an order quantity: g(r) = g(r + Q). Q 300: 129.4273. */
export function bestReorderPoint(quantity: number, input: LotRuleInput): number {
  assertInput(input);
  if (!(quantity > 0)) throw new RangeError('an order quantity is positive');
  const g = levelCost(input);
  // g falls up to the newsvendor's level and rises after it, so r and r + Q lie on its two sides.
  let high = newsvendorLevel(input.lead, input.cost);
  let low = high - quantity;
  for (let i = 0; i < 200 && high - low > 1e-13 * Math.max(1, Math.abs(high)); i++) {
    const r = (low + high) / 2;
    if (g(r) > g(r + quantity)) low = r;
    else high = r;
  }
  return (low + high) / 2;
}

/**
 * (r,Q) under normal demand. `exact`: the pair of least cost, where g(r) = g(r + Q) = the cost itself (Zheng 1992).
 * The others are those of Snyder & Shen (2019), sections 5.2 and 5.3: expected inventory level (shortage cost a unit,
 * not a time), EOQ with backorders, EOQ plus safety stock, loss function.
 */
export function lotRule(method: LotRuleMethod, input: LotRuleInput): LotRule {
  assertInput(input);
  const { demandRate, lead, cost } = input;
  const ordering = { perOrder: cost.perOrder, holding: cost.holding, demand: demandRate };
  const economic = economicOrderQuantity(ordering);
  switch (method) {
    case 'exact':
      return exactRule(input);
    case 'eoq-with-backorders': {
      const { quantity } = orderQuantityWithBackorders({ ...ordering, backorder: cost.shortage });
      return { quantity, reorderPoint: bestReorderPoint(quantity, input) };
    }
    case 'eoq-plus-safety':
      return {
        quantity: economic,
        reorderPoint: lead.mean + normalQuantile(criticalRatio(cost)) * lead.deviation,
      };
    case 'expected-inventory':
      return alternate(economic, input, (quantity) => {
        const share = 1 - (quantity * cost.holding) / (cost.shortage * demandRate);
        if (!(share > 0)) throw new RangeError('a shortage is so cheap that no stock is worth its cost');
        const z = normalQuantile(share);
        const short = lead.deviation * normalLoss(z);
        return {
          z,
          quantity: Math.sqrt((2 * demandRate * (cost.perOrder + cost.shortage * short)) / cost.holding),
        };
      });
    case 'loss-function':
      return alternate(economic, input, (quantity) => {
        const z = normalLossInverse(
          (cost.holding * quantity) / (cost.holding + cost.shortage) / lead.deviation,
        );
        const twice = (cost.holding + cost.shortage) * lead.deviation ** 2 * normalSecondLoss(z);
        return { z, quantity: Math.sqrt((2 * (cost.perOrder * demandRate + twice)) / cost.holding) };
      });
  }
}

/**
 * (r,Q) of least cost for whole units, by the search of Federgruen & Zheng (1992): the Q cheapest levels are neighbours,
 * and one more is taken as long as it costs less than the average. Poisson demand of 1.5 over a lead time of 2, h 20,
 * p 150, K 100: (3, 5) at 107.92 (Snyder & Shen 2019, Example 5.8).
 */
export function optimalCountLotRule(
  demandRate: number,
  lead: CountMoments,
  cost: PeriodCost,
): LotRule & { readonly cost: number } {
  if (!(demandRate > 0) || !(cost.perOrder >= 0))
    throw new RangeError('demand is positive, an order costs nothing or more');
  criticalRatio(cost);
  const g = countCost(countProbabilities(lead), cost);
  let level = Math.max(0, Math.floor(lead.mean));
  while (g(level + 1) < g(level)) level++;
  while (g(level - 1) <= g(level)) level--;
  let reorderPoint = level - 1;
  let quantity = 1;
  let sum = cost.perOrder * demandRate + g(level);
  for (let step = 0; step < MOST_STEPS * 20; step++) {
    const below = g(reorderPoint);
    const above = g(reorderPoint + quantity + 1);
    const next = Math.min(below, above);
    if (next * quantity >= sum) break;
    if (below <= above) reorderPoint--;
    quantity++;
    sum += next;
  }
  return { reorderPoint, quantity, cost: sum / quantity };
}

/** Expected cost a time of holding and shortage at a level, under normal demand. */
function levelCost({ lead, cost }: LotRuleInput): (level: number) => number {
  return (level) => {
    const short = lead.deviation * normalLoss((level - lead.mean) / lead.deviation);
    return cost.holding * (level - lead.mean + short) + cost.shortage * short;
  };
}

/** The cost of the best r falls in Q while it is above g(r), and rises after. */
function exactRule(input: LotRuleInput): LotRule {
  const g = levelCost(input);
  const isEnough = (quantity: number): boolean => {
    const reorderPoint = bestReorderPoint(quantity, input);
    return g(reorderPoint) >= lotRuleCost({ reorderPoint, quantity }, input);
  };
  let low = 0;
  let high = Math.max(1e-6, orderQuantityWithBackorders(orderingOf(input)).quantity, input.lead.deviation);
  for (let i = 0; i < 60 && !isEnough(high); i++) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 100 && high - low > 1e-12 * high; i++) {
    const quantity = (low + high) / 2;
    if (isEnough(quantity)) high = quantity;
    else low = quantity;
  }
  return { quantity: high, reorderPoint: bestReorderPoint(high, input) };
}

function orderingOf({ demandRate, cost }: LotRuleInput) {
  return { perOrder: cost.perOrder, holding: cost.holding, demand: demandRate, backorder: cost.shortage };
}

/** r for Q, Q for r, until both stand. */
function alternate(
  start: number,
  { lead }: LotRuleInput,
  next: (quantity: number) => { readonly z: number; readonly quantity: number },
): LotRule {
  let quantity = start;
  let z = 0;
  for (let i = 0; i < MOST_STEPS; i++) {
    const before = quantity;
    ({ z, quantity } = next(before));
    if (Math.abs(quantity - before) <= 1e-13 * quantity) break;
  }
  return { quantity, reorderPoint: lead.mean + z * lead.deviation };
}

function assertInput({ demandRate, lead, cost }: LotRuleInput): void {
  if (!(demandRate > 0) || !(lead.deviation > 0) || !(cost.perOrder > 0))
    throw new RangeError('demand, its deviation and the cost of an order are positive');
  criticalRatio(cost);
}
