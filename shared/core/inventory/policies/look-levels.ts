import { sortSample } from '../../math/sort-sample.ts';
import { DemandTable } from './demand-table.ts';
import { levelByCycleService, sampleMean, smallestLevel } from './sample-levels.ts';

/**
 * What lies between two looks at the stock. An order of a look arrives after the lead time, one of the next look a look
 * later: in between the stock must last that this look leaves behind.
 */
export interface LookDemand {
  /** Demand over the lead time. */
  readonly lead: DemandTable;
  /** Demand over lead time + the time until the next look. */
  readonly next: DemandTable;
  /** Demand between two looks, not below zero. */
  readonly between: DemandTable;
  /** Its mean. */
  readonly mean: number;
  /** Mean units that the position is below the reorder point when a look finds that it is reached. */
  readonly undershoot: number;
  /** Periods between two looks, whole or not. */
  readonly periods: number;
  /** The shortest looks that there are, at whose ends keeping is counted, in one of these; at least 1. */
  readonly counts: number;
}

/** Describes looks by ascending samples of demand until the goods of two of them, and by one of demand between them, in any order. */
export function lookDemandOf(
  lead: Float64Array,
  next: Float64Array,
  between: Float64Array,
  {
    lookDemand,
    meanDemandAPeriod,
  }: { readonly lookDemand: Float64Array; readonly meanDemandAPeriod: number },
): LookDemand {
  const before = new DemandTable(lead);
  const after = new DemandTable(next);
  const mean = Math.max(0, after.mean - before.mean);
  const shortest = lookDemand === next ? mean : sampleMean(lookDemand) - before.mean;
  return {
    lead: before,
    next: after,
    between: new DemandTable(sortSample(between.map((units) => Math.max(0, units)))),
    mean,
    undershoot: meanUndershoot(between),
    periods: meanDemandAPeriod > 0 && mean > 0 ? mean / meanDemandAPeriod : 1,
    counts: shortest > 0 ? Math.max(1, mean / shortest) : 1,
  };
}

/**
 * Mean units below the reorder point that a look finds, from a sample of demand between looks: E[d^2] / (2 E[d]) - 1/2 for
 * whole units (renewal theory, Silver, Pyke & Thomas 2017, section 6.11).
 */
export function meanUndershoot(between: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const units of between) {
    if (!(units > 0)) continue;
    sum += units;
    squares += units * units;
  }
  return sum > 0 ? Math.max(0, (squares - sum) / (2 * sum)) : 0;
}

/** Orders of a rule: Delta = S - s or Q; `overshoots` when an order also makes up for the undershoot, as (s,S) does. */
export interface LookRule {
  readonly gap: number;
  readonly overshoots: boolean;
}

/**
 * Smallest whole reorder point that serves the share beta of demand from stock:
 *   (sum over y = s+1..s+Delta of B(y) + u B(s+Delta)) / (Delta + u) <= (1 - beta) m,   B(y) = E[(D(next) - y)+] - E[(D(lead) - y)+]
 * B(y) is what is short until the next look's goods when this look leaves a position of y. A look leaves y evenly spread
 * over s+1..s+Q under (s,Q), and under (s,S) at S more often by the undershoot u (renewal theory). With Delta = 1 it is
 * (R,S) of Silver, Pyke & Thomas (2017), section 6.10. From -1 on: a level of 0 is s = -1 with Delta 1.
 */
export function reorderPointByFillRate(looks: LookDemand, rule: LookRule, fillRate: number): number {
  const allowed = (1 - fillRate) * looks.mean;
  const more = rule.overshoots ? looks.undershoot : 0;
  return smallestLevel(
    looks.next.largest,
    (s) => shortSum(looks, s, rule.gap, more) <= allowed * (rule.gap + more) + 1e-9,
  );
}

/** Orders up to this many times the demand between looks go out at most looks: the undershoot is no chance part of it. */
const SMALL_ORDER = 1.25;

/**
 * Smallest whole reorder point with which the share alpha of cycles has no shortage. The position that an order finds is
 * s less an undershoot U spread as P(U = u) = P(d > u) / m, d the demand between looks: P(D(lead) + U > s) <= 1 - alpha.
 * U is what has been, D what is to come: one is no reason for the other, although both are of futures that share a level.
 * B(s+1) / m would be that only if a look's demand did not depend on the lead time's; else it weighs futures by their demand.
 * Where orders are hardly larger than the demand between looks, each look is a cycle and the level covers demand until
 * the next, as it does where nothing at all has to be covered: then s = -1.
 */
export function reorderPointByCycleService(
  looks: LookDemand,
  rule: LookRule,
  probability: number,
  next: Float64Array,
): number {
  const ofLooks = levelByCycleService(next, probability) - 1;
  if (rule.gap < SMALL_ORDER * looks.mean || !(looks.between.mean > 0) || ofLooks < 0) return ofLooks;
  const most = looks.lead.largest + looks.between.largest;
  return smallestLevel(most, (s) => looks.lead.chanceAtLeast(s + 1, looks.between) <= 1 - probability + 1e-9);
}

/**
 * Whole reorder point of least cost of holding and shortage, p a unit that is not served, h a unit and period:
 *   the first s at which one more unit costs more to keep than it saves, averaged over the same positions y
 * Holding is that of the ends of the shortest looks between two of this rule's, a straight line between the first and the
 * last, whatever period its price is of.
 */
export function reorderPointByCost(
  looks: LookDemand,
  rule: LookRule,
  cost: { readonly holding: number; readonly shortage: number },
): number {
  const { lead, next, periods, counts } = looks;
  const more = rule.overshoots ? looks.undershoot : 0;
  const each = periods / counts;
  const [ofNext, ofLead] = [(each * (counts + 1)) / 2, (each * (counts - 1)) / 2];
  return smallestLevel(next.largest, (s) => {
    const top = s + rule.gap;
    // E[(y - D)+] = y - E[D] + E[(D - y)+]; the means fall out of every difference.
    const above = next.loss(top + 1);
    const leadAbove = lead.loss(top + 1);
    const atTop = next.loss(top);
    const leadAtTop = lead.loss(top);
    const [low, leadLow] = rule.gap === 1 ? [atTop, leadAtTop] : [next.loss(s + 1), lead.loss(s + 1)];
    const keeps =
      periods * (rule.gap + more) +
      ofNext * (above - low + more * (above - atTop)) +
      ofLead * (leadAbove - leadLow + more * (leadAbove - leadAtTop));
    const saves = low - leadLow - (above - leadAbove) + more * (atTop - leadAtTop - (above - leadAbove));
    // Below the least demand nothing is kept and nothing saved: such a level is too low, not good enough.
    return cost.shortage === 0 || cost.holding * keeps > cost.shortage * saves + 1e-9 * cost.holding;
  });
}

/** Sum of B over s+1..s+gap, and `more` times that of the last; by trapezoids, exact for whole units. */
function shortSum({ lead, next }: LookDemand, s: number, gap: number, more: number): number {
  const top = s + gap;
  const last = next.loss(top) - lead.loss(top);
  if (gap === 1) return last * (1 + more);
  const first = next.loss(s) - lead.loss(s);
  const between = next.secondLoss(s) - lead.secondLoss(s) - (next.secondLoss(top) - lead.secondLoss(top));
  return between + (last - first) / 2 + more * last;
}
