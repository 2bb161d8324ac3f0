import * as z from 'zod';

/** A number behind a suggestion: what it is, in which unit, and where it comes from. */
export const ExplanationNumber = z.object({
  name: z.string(),
  value: z.union([z.number(), z.string()]),
  unit: z.string(),
  from: z.string(),
});

/** Why a quantity is suggested: every number from the stock on hand to the quantity, in the order of reasoning. */
export const Explanation = z.object({
  as_of: z.iso.date(),
  /** First day on which the source takes an order that this plan asks for; absent where that is `as_of`. */
  order_day: z.iso.date().optional(),
  /** When an order of that day should be there. */
  expected_date: z.iso.date(),
  /** First day on which a dismissal of this suggestion does not bind any more. */
  renewed_on: z.iso.date(),
  /** Absent where the forecast is as sure as others; the words say why it is not. */
  confidence: z.literal('low').optional(),
  numbers: z.array(ExplanationNumber),
  /** The same in a sentence or two. */
  words: z.string(),
});
export type Explanation = z.infer<typeof Explanation>;
