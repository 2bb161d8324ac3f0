import type { PolicyTarget } from './policies/fit-policy.ts';
import type { PolicyKind } from './policies/policy-rule.ts';

/** How the series of a class are replenished unless people say otherwise. */
export interface ClassPolicy {
  readonly kind: PolicyKind;
  readonly target: PolicyTarget;
  readonly reviewDays: number;
  readonly why: string;
}

const policy = (value: number, reviewDays: number, why: string): ClassPolicy => ({
  kind: 's-S',
  target: { kind: 'cycle-service', value },
  reviewDays,
  why,
});

/**
 * Service falls with value, as a missing A item costs most, and with uncertainty, as the same service takes far more
 * stock there; what sells little is ordered seldom. Silver, Pyke & Thomas (2017), section 2.4 and table 6.
 */
export const CLASS_POLICIES: Readonly<
  Record<'AX' | 'AY' | 'AZ' | 'BX' | 'BY' | 'BZ' | 'CX' | 'CY' | 'CZ', ClassPolicy>
> = {
  AX: policy(
    0.98,
    7,
    'much value, sure demand: service costs little stock, and an order a week keeps it low',
  ),
  AY: policy(0.97, 7, 'much value, wavering demand'),
  AZ: policy(0.95, 7, 'much value, erratic demand: more service would tie up much money'),
  BX: policy(0.96, 7, 'some value, sure demand'),
  BY: policy(0.95, 7, 'some value, wavering demand'),
  BZ: policy(0.93, 14, 'some value, erratic demand: fewer, larger orders'),
  CX: policy(0.95, 14, 'little value, sure demand: ordered seldom, and cheap to have'),
  CY: policy(0.93, 14, 'little value, wavering demand'),
  CZ: policy(0.9, 28, 'little value, erratic demand: most of the dead stock comes from here'),
};
