import { fitPolicyToSorted, type PolicyTarget } from '../inventory/policies/fit-policy.ts';
import { orderOf, type PolicyKind, type PolicyRule } from '../inventory/policies/policy-rule.ts';
import { MOST_COVER_DAYS } from '../inventory/policies/round-order.ts';
import type { Outlook } from './outlook.ts';
import type { ReplayCase } from './replay-case.ts';
import type { Decide } from './replay-stock.ts';
import type { ReplayTerms } from './replay-terms.ts';

/** A kind of rule and what its levels aim at. */
export interface PolicyPlan {
  readonly kind: PolicyKind;
  readonly target: PolicyTarget;
  /** Safety beyond what past errors show: outlooks are stretched by this factor. Default 1. */
  readonly stretch?: number;
}

/** Least share of a unit's cost that keeping it for a year is taken to cost when order quantities are computed. */
const LEAST_KEEPING = 0.01;

export interface PlanInput {
  readonly of: ReplayCase;
  readonly terms: ReplayTerms;
  readonly times: Int32Array;
  /** Stretched already. */
  readonly outlooks: readonly Outlook[];
  readonly start: number;
}

/**
 * The plan as a rule for a replay: levels are fitted anew to each outlook and hold until the next. Rules that look at
 * every period cover lead time + 1 period (an order that is not placed now can be placed in the next), rules with
 * reviews lead time + review.
 */
export function planRule({ kind, target }: Pick<PolicyPlan, 'kind' | 'target'>, input: PlanInput): Decide {
  const { of, terms, times, outlooks, start } = input;
  const rules: PolicyRule[] = [];
  let current = -1;
  return (t, position) => {
    while (current + 1 < times.length && times[current + 1]! <= t) {
      current++;
      rules[current] = fitted(current);
    }
    return orderOf(rules[current]!, position, (t - start) % terms.review === 0);
  };

  function fitted(i: number): PolicyRule {
    const outlook = outlooks[i]!;
    const t = Math.max(0, times[i]! - 1);
    const meanAPeriod = Math.max(0, outlook.meanAPeriod);
    const least = (LEAST_KEEPING * of.cost[t]! * terms.daysAPeriod) / 365.25;
    return fitPolicyToSorted(kind, {
      leadTimeDemand: outlook.lead,
      lookDemand: outlook.look,
      protectionDemand: outlook.protection,
      betweenLooks: outlook.betweenLooks,
      betweenReviews: outlook.betweenReviews,
      meanDemandAPeriod: meanAPeriod,
      mostOrder: (MOST_COVER_DAYS / terms.daysAPeriod) * meanAPeriod,
      cost: {
        order: terms.orderCost,
        holdingAPeriodUnit: Math.max(of.holding[t]!, least, 1e-9),
        shortageUnit: of.margin[t]!,
      },
      target,
    });
  }
}
