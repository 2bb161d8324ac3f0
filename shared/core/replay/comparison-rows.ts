import type { PolicyKind } from '../inventory/policies/policy-rule.ts';
import { ORIGINAL_RULES } from './original-rules.ts';
import type { ReplayRow } from './replay-series.ts';

/** Policies that can be asked for, beside those that every comparison has. */
export const TEXTBOOK_POLICIES = [
  's-S',
  's-Q',
  'R-S',
  'R-s-S',
  'base-stock',
  'newsvendor',
  'min-max',
] as const satisfies readonly PolicyKind[];
/** min/max with these targets is (s,S) under another name. */
const ALL = TEXTBOOK_POLICIES.filter((kind) => kind !== 'min-max');

/** Policies that every comparison has. */
export const STANDING_POLICIES = ['auto', 'clairvoyant', ...ORIGINAL_RULES] as const;

/** Rows beside `auto`: the clairvoyant, the original rules and the named policies, with each forecaster that they use. */
export function comparisonRows(
  policies: readonly string[],
  forecasters: readonly string[],
  serviceLevel: number,
): ReplayRow[] {
  const wanted = TEXTBOOK_POLICIES.filter((kind) =>
    policies.includes('all')
      ? (ALL as readonly string[]).includes(kind) || policies.includes(kind)
      : policies.includes(kind),
  );
  return [
    { policy: 'clairvoyant', forecaster: 'demand' },
    ...forecasters.map((forecaster) => ({ policy: 'upper-bound-plus-15' as const, forecaster })),
    ...forecasters.map((forecaster) => ({ policy: 'thirty-day-times-1.2' as const, forecaster })),
    { policy: 'z-formula', forecaster: 'history' },
    ...wanted.flatMap((kind) =>
      forecasters.map((forecaster) => ({ policy: kind, forecaster, plan: planOf(kind, serviceLevel) })),
    ),
  ];
}

/** A newsvendor weighs cost against cost; the others aim at the cycle service asked for. */
function planOf(
  kind: PolicyKind,
  serviceLevel: number,
): { kind: PolicyKind; target: { kind: 'cost' } | { kind: 'cycle-service'; value: number } } {
  if (kind === 'newsvendor') return { kind, target: { kind: 'cost' } };
  return { kind, target: { kind: 'cycle-service', value: serviceLevel } };
}
