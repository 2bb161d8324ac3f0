import * as z from 'zod';

/** What was found of one promise; it holds when `violations` is 0. */
export const PromiseReport = z.object({
  promise: z.string(),
  violations: z.int(),
  /** The first rows that break it, in words. */
  examples: z.array(z.string()),
  duration_ms: z.int(),
});

/** GET /audits */
export const Audit = z.object({
  audit_id: z.string(),
  cause: z.enum(['schedule', 'api']),
  asked_by: z.string().nullable(),
  status: z.enum(['running', 'done']),
  /** The newest movement when it began; null before. */
  ledger_cursor: z.int().nullable(),
  /** Ranges that are checked, and how long that took. */
  ranges: z.int(),
  duration_ms: z.int(),
  /** Promises that are broken; null while it runs. */
  broken: z.int().nullable(),
  /** Last links of the chains of seals over the ledger, and over changes of master data: keep them elsewhere too. */
  ledger_chain: z.string().nullable(),
  changes_chain: z.string().nullable(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});
export type Audit = z.infer<typeof Audit>;

/** GET /audits/{id} */
export const AuditReport = Audit.extend({ promises: z.array(PromiseReport) });
export type AuditReport = z.infer<typeof AuditReport>;

/** GET /ledger/invariants */
export const InvariantReport = z.object({
  checked_at: z.string(),
  ledger_cursor: z.int(),
  holds: z.boolean(),
  promises: z.array(PromiseReport),
});
export type InvariantReport = z.infer<typeof InvariantReport>;

/** One change of master data. */
export const ChangeEntry = z.object({
  entry_id: z.int(),
  recorded_at: z.string(),
  actor: z.string(),
  subject: z.string(),
  subject_id: z.string(),
  action: z.enum(['create', 'change', 'remove', 'erase']),
  reason: z.string().nullable(),
  /** Of the fields that differ; null where there was nothing, or is nothing left. */
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});
export type ChangeEntry = z.infer<typeof ChangeEntry>;
