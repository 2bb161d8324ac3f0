import * as z from 'zod';

/** One kind of thing about the rows of a file: how often, and the first lines where it is so. */
export const QualityIssue = z.object({
  /** Such as `invalid_date`, `duplicate_id`, `future_date`, `imputed`. */
  rule: z.string(),
  /** The column, where it is about one. */
  field: z.string(),
  message: z.string(),
  count: z.int(),
  lines: z.array(z.int()),
});
export type QualityIssue = z.infer<typeof QualityIssue>;

/** What the rows of a file were worth. */
export const Quality = z.object({
  entity: z.string(),
  /** No row was rejected. */
  is_valid: z.boolean(),
  total: z.int(),
  valid: z.int(),
  invalid: z.int(),
  /** Rejected rows over all rows; 0 of none. */
  error_rate: z.number(),
  errors: z.array(QualityIssue),
  /** Recorded, and worth a look: values that were filled in, odd values, choices that were made. */
  warnings: z.array(QualityIssue),
});
export type Quality = z.infer<typeof Quality>;
