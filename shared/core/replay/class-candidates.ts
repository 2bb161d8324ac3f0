import type { PolicyTarget } from '../inventory/policies/fit-policy.ts';
import type { PolicyKind } from '../inventory/policies/policy-rule.ts';
import type { Candidate } from './candidates.ts';

/** A policy that a class can be given: no stretch, which a class has no place for. */
export interface ClassPlan {
  readonly kind: PolicyKind;
  readonly target: PolicyTarget;
}

/** Cycle services that levels may aim at. */
const AIMS = [0.6, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995] as const;
const KINDS = ['s-S', 's-Q', 'R-S', 'R-s-S', 'base-stock'] as const;
/** Forecasters that a policy is tried with; `mix` is nearest to what plans use. */
export const CLASS_FORECASTERS = ['mix', 'window', 'snaive'] as const;

/**
 * What a class may be given: what stands first, which wins ties, then each kind with each aim and with the least cost, all
 * of that with each forecaster. Not to stock a whole class is no candidate.
 */
export function classCandidates(standing: ClassPlan): readonly Candidate[] {
  const targets: PolicyTarget[] = [
    ...AIMS.map((value) => ({ kind: 'cycle-service' as const, value })),
    { kind: 'cost', value: 1 },
  ];
  const grid = KINDS.flatMap((kind) => targets.map((target) => ({ kind, target })));
  const plans = [standing, ...grid.filter((plan) => !isSamePlan(plan, standing))];
  return CLASS_FORECASTERS.flatMap((forecaster) => plans.map((plan) => ({ ...plan, forecaster })));
}

/** Whether two plans order the same. */
export const isSamePlan = (a: ClassPlan, b: ClassPlan): boolean =>
  a.kind === b.kind && a.target.kind === b.target.kind && (a.target.value ?? 1) === (b.target.value ?? 1);
