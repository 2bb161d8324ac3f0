import * as z from 'zod';
import { POLICY_KINDS } from '../core/inventory/policies/policy-rule.ts';

/** What the stock of a series is to achieve. The value of a cost multiplies the cost of a shortage. */
export const PolicyTarget = z
  .object({ kind: z.enum(['cycle-service', 'fill-rate', 'cost']), value: z.number() })
  .refine(
    ({ kind, value }) => (kind === 'cost' ? value > 0 && value <= 100 : value >= 0.5 && value <= 0.999),
    {
      message: 'is 0.5 to 0.999; of a cost, a factor above 0 up to 100',
      path: ['value'],
    },
  );
export type PolicyTarget = z.infer<typeof PolicyTarget>;

export const PolicyKindName = z.enum(POLICY_KINDS);

/** Value A, B or C, then certainty X, Y or Z. */
export const SERIES_CLASSES = ['AX', 'AY', 'AZ', 'BX', 'BY', 'BZ', 'CX', 'CY', 'CZ'] as const;
export const SeriesClass = z.enum(SERIES_CLASSES);
export type SeriesClass = z.infer<typeof SeriesClass>;

/** How a series is replenished. */
export interface Policy {
  readonly kind: z.infer<typeof PolicyKindName>;
  readonly target: PolicyTarget;
  readonly reviewDays: number;
  /** The reorder point is never below it. */
  readonly minimum: number | null;
  /** The order-up-to level is never above it. */
  readonly maximum: number | null;
  /** Days added to the lead time for safety. */
  readonly safetyLeadDays: number;
  /** Where it comes from, in words: `class AX`, `override of the item`, `settings`. */
  readonly source: string;
}

/** Days from the first to the last, both included. */
export const DayRange = z
  .object({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, { message: 'ends before it begins', path: ['to'] });
export type DayRange = z.infer<typeof DayRange>;
