import type { PolicyPlan } from './policy-plan.ts';
import type { ReplayTerms } from './replay-terms.ts';

/** A policy, what it aims at, and the forecaster whose outlooks it uses. */
export interface Candidate extends PolicyPlan {
  readonly forecaster: string;
}

/**
 * Cycle services that levels may aim at. The last ones reach beyond what past errors show: by an extreme quantile stretched,
 * or by one that more of the errors tell of, where a history is so short that its extremes are chance.
 */
const AIMS: readonly { readonly service: number; readonly stretch?: number }[] = [
  { service: 0.6 },
  { service: 0.8 },
  { service: 0.9 },
  { service: 0.95 },
  { service: 0.975 },
  { service: 0.99 },
  { service: 0.995 },
  { service: 0.975, stretch: 1.5 },
  { service: 0.975, stretch: 2 },
  { service: 0.975, stretch: 2.7 },
  { service: 0.975, stretch: 3.6 },
  { service: 0.9, stretch: 1.5 },
  { service: 0.9, stretch: 2 },
  { service: 0.9, stretch: 2.7 },
  { service: 0.9, stretch: 3.6 },
  { service: 0.9, stretch: 5 },
];

/**
 * What `auto` may choose from. Without a cost of an order only levels matter, and rules that save orders are left out.
 */
export function candidatesFor(
  { orderCost }: ReplayTerms,
  forecasters: readonly string[],
): readonly Candidate[] {
  const kinds =
    orderCost > 0 ? (['s-S', 's-Q', 'R-s-S', 'base-stock'] as const) : (['base-stock', 'R-S'] as const);
  const plans = forecasters.flatMap((forecaster) =>
    kinds.flatMap((kind) =>
      AIMS.map(({ service, stretch }) => ({
        forecaster,
        kind,
        target: { kind: 'cycle-service' as const, value: service },
        ...(stretch !== undefined && { stretch }),
      })),
    ),
  );
  if (forecasters.length === 0) return [];
  const none = {
    kind: 'do-not-stock' as const,
    target: { kind: 'cost' as const },
    forecaster: forecasters[0]!,
  };
  return [...plans, none];
}

/** Index of the candidate that aims nearest at a cycle service without reaching beyond past errors, the first of equal ones. */
export function candidateAimingAt(candidates: readonly Candidate[], serviceLevel: number): number {
  const distances = candidates.map(({ target, stretch }) =>
    target.kind === 'cycle-service' && stretch === undefined
      ? Math.abs(target.value - serviceLevel)
      : Number.POSITIVE_INFINITY,
  );
  return distances.indexOf(Math.min(...distances));
}
