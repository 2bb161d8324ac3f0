import * as z from 'zod';
import { EXAMPLES, type Finding } from '../ledger/invariants.ts';
import { json, type Statements } from '../sql/database.ts';

/** The steps of an audit, in their order. `done` is none. */
export const AUDIT_STEPS = ['products', 'orders', 'whole', 'ledger', 'changes', 'done'] as const;
export type AuditStep = (typeof AUDIT_STEPS)[number];

/** How far an audit is. */
export interface AuditProgress {
  readonly status: 'running' | 'done';
  readonly cause: string;
  readonly step: AuditStep;
  /** Last key of the step that is checked; empty before the first. */
  readonly afterKey: string;
}

/** Notes that an audit is asked for; asking again changes nothing. */
export async function openAudit(
  tx: Statements,
  {
    auditId,
    cause,
    askedBy,
  }: { readonly auditId: string; readonly cause: string; readonly askedBy: string | null },
): Promise<void> {
  await tx.write(
    `INSERT IGNORE INTO audit (audit_id, cause, asked_by, step) VALUES (:auditId, :cause, :askedBy, :step)`,
    { auditId, cause, askedBy, step: AUDIT_STEPS[0] },
  );
}

const Cursor = z.object({ log_id: z.int() });

/** Notes the newest movement as the one that the audit knows, unless it has begun before. */
export async function beginAudit(statements: Statements, auditId: string): Promise<void> {
  // a read of its own: inside the UPDATE it would hold the end of the ledger, and every writer would wait
  const [newest] = await statements.select(
    Cursor,
    `SELECT COALESCE(MAX(log_id), 0) AS log_id FROM inventory_log`,
  );
  await statements.write(
    `UPDATE audit SET ledger_cursor = :cursor WHERE audit_id = :auditId AND ledger_cursor IS NULL`,
    { auditId, cursor: newest!.log_id },
  );
}

const Progress = z
  .object({
    status: z.enum(['running', 'done']),
    cause: z.string(),
    step: z.enum(AUDIT_STEPS),
    after_key: z.string(),
  })
  .transform(({ after_key, ...row }): AuditProgress => ({ ...row, afterKey: after_key }));

/** How far the audit is, if there is one. */
export async function findAuditProgress(
  statements: Statements,
  auditId: string,
): Promise<AuditProgress | undefined> {
  const [row] = await statements.select(
    Progress,
    `SELECT status, cause, step, after_key FROM audit WHERE audit_id = :auditId`,
    { auditId },
  );
  return row;
}

/**
 * Moves an audit on from where it was read to be, with what was found on the way. False when another delivery of the
 * message has moved it on meanwhile: then nothing is written.
 */
export async function moveAuditOn(
  tx: Statements,
  auditId: string,
  from: Pick<AuditProgress, 'step' | 'afterKey'>,
  to: Pick<AuditProgress, 'step' | 'afterKey'>,
  findings: readonly Finding[],
): Promise<boolean> {
  const durationMs = findings.reduce((sum, finding) => sum + finding.durationMs, 0);
  const { updated } = await tx.write(
    `UPDATE audit
        SET step = :step, after_key = :afterKey, ranges = ranges + 1, duration_ms = duration_ms + :durationMs
      WHERE audit_id = :auditId AND step = :fromStep AND after_key = :fromKey AND status = 'running'`,
    { auditId, ...to, fromStep: from.step, fromKey: from.afterKey, durationMs },
  );
  if (updated === 0) return false;
  if (findings.length > 0) await addFindings(tx, auditId, findings);
  return true;
}

async function addFindings(tx: Statements, auditId: string, findings: readonly Finding[]): Promise<void> {
  const kept = await readFindings(tx, auditId);
  const rows = findings.map((finding) => {
    const before = kept.find(({ promise }) => promise === finding.promise);
    const examples = [...(before?.examples ?? []), ...finding.examples].slice(0, EXAMPLES);
    return [
      finding.promise,
      (before?.count ?? 0) + finding.count,
      JSON.stringify(examples),
      (before?.durationMs ?? 0) + finding.durationMs,
    ];
  });
  await tx.write(
    `INSERT INTO audit_finding (audit_id, promise, violations, examples, duration_ms)
     SELECT :auditId, j.promise, j.violations, j.examples, j.duration_ms
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              promise     VARCHAR(120) PATH '$[0]',
              violations  BIGINT       PATH '$[1]',
              examples    TEXT         PATH '$[2]',
              duration_ms BIGINT       PATH '$[3]')) AS j
         ON DUPLICATE KEY UPDATE violations = j.violations, examples = j.examples, duration_ms = j.duration_ms`,
    { auditId, rows: json(rows) },
  );
}

const FindingRow = z
  .object({
    promise: z.string(),
    violations: z.int(),
    examples: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
    duration_ms: z.int(),
  })
  .transform(
    ({ violations, duration_ms, ...row }): Finding => ({
      ...row,
      count: violations,
      durationMs: duration_ms,
    }),
  );

/** What an audit has found so far, one entry for each promise that was looked at. */
export function readFindings(statements: Statements, auditId: string): Promise<Finding[]> {
  return statements.select(
    FindingRow,
    `SELECT promise, violations, examples, duration_ms FROM audit_finding WHERE audit_id = :auditId ORDER BY promise`,
    { auditId },
  );
}

/** Ends an audit. False when it has ended before. */
export async function endAudit(
  tx: Statements,
  auditId: string,
  end: { readonly broken: number; readonly ledgerChain: string | null; readonly changesChain: string | null },
): Promise<boolean> {
  const { updated } = await tx.write(
    `UPDATE audit
        SET status = 'done', broken = :broken, ledger_chain = :ledgerChain, changes_chain = :changesChain,
            finished_at = UTC_TIMESTAMP(3)
      WHERE audit_id = :auditId AND status = 'running'`,
    { auditId, ...end },
  );
  return updated === 1;
}

const KeyRow = z.object({ id: z.string() });
/** The tables whose rows bound a range, with the column that is its key. */
const BOUNDS = {
  products: { table: 'inventory_log', column: 'product_id' },
  orders: { table: 'orders', column: 'order_id' },
} as const;

/**
 * The last id of the range after an id that covers about so many movements, or orders; undefined when what is left is
 * less. All movements of a product are in one range, so that a range has more where one product has.
 */
export async function endOfRange(
  statements: Statements,
  step: keyof typeof BOUNDS,
  afterKey: string,
  rows: number,
): Promise<string | undefined> {
  const { table, column } = BOUNDS[step];
  const [row] = await statements.select(
    KeyRow,
    `SELECT ${column} AS id FROM ${table} WHERE ${column} > :afterKey ORDER BY ${column} LIMIT 1 OFFSET ${rows}`,
    { afterKey },
  );
  return row?.id;
}

/** The last link of a chain of seals that the newest complete audit saw. */
export async function findSeenChain(
  statements: Statements,
  log: 'inventory_log' | 'audit_log',
): Promise<string | undefined> {
  const column = log === 'inventory_log' ? 'ledger_chain' : 'changes_chain';
  const [row] = await statements.select(
    KeyRow,
    `SELECT ${column} AS id FROM audit WHERE ${column} IS NOT NULL ORDER BY audit_no DESC LIMIT 1`,
  );
  return row?.id;
}

/** Audits that are kept. */
const KEPT_AUDITS = 1_000;

/** Forgets all but the newest audits. */
export async function forgetOldAudits(statements: Statements): Promise<void> {
  const [oldest] = await statements.select(
    z.object({ audit_no: z.int() }),
    `SELECT audit_no FROM audit ORDER BY audit_no DESC LIMIT 1 OFFSET ${KEPT_AUDITS}`,
  );
  if (oldest) await statements.write(`DELETE FROM audit WHERE audit_no <= :no`, { no: oldest.audit_no });
}
