import type { ReplayTerms } from '../../../shared/core/replay/replay-terms.ts';

/** Terms of a shop that looks every period and waits two; the parts that a test is about replace them. */
export function replayTermsOf(parts: Partial<ReplayTerms> = {}): ReplayTerms {
  return {
    leadTime: 2,
    review: 1,
    serviceLevel: 0.95,
    holdingRate: 0.25,
    margin: 0.4,
    orderCost: 0,
    daysAPeriod: 1,
    season: 7,
    ...parts,
  };
}

/** Demand by period: counts around a level with a chance of none. */
export function inventedDemand(seed: number, periods: number, level = 6): number[] {
  let state = seed * 2654435761 + 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  return Array.from({ length: periods }, () =>
    uniform() < 0.25 ? 0 : Math.round(level * (0.3 + 1.4 * uniform())),
  );
}
