import * as z from 'zod';
import { POLICY_KINDS } from '../core/inventory/policies/policy-rule.ts';

/**
 * Highest service that can be asked for: forecasts are learnt up to their quantile of 97.5 %, and of 500 futures two or three
 * lie beyond this. What is rarer they do not know, and a level for it would be an accident.
 */
export const MOST_SERVICE = 0.995;

/** What the stock of a series is to achieve, as it is kept. The value of a cost multiplies the cost of a shortage. */
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

/** The same as people may set it. */
export const AskedTarget = PolicyTarget.refine(
  ({ kind, value }) => kind === 'cost' || value <= MOST_SERVICE,
  {
    message: `is above ${MOST_SERVICE}: simulated futures tell nothing of shortages as rare as that`,
    path: ['value'],
  },
);

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
  /** Where it comes from, in words: `class AX`, `override of the item by ann over class AX`, `settings`. */
  readonly source: string;
}

/** Days from the first to the last, both included. */
export const DayRange = z
  .object({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, { message: 'ends before it begins', path: ['to'] });
export type DayRange = z.infer<typeof DayRange>;
