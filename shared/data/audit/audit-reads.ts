import { Audit, type AuditReport } from '../../contracts/api/audit.ts';
import type { Finding } from '../ledger/invariants.ts';
import { type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { readFindings } from './audit-store.ts';

const Row = Audit.extend({ started_at: timeColumn, finished_at: timeColumn.nullable() });
const AUDITS = `SELECT audit_id, cause, asked_by, status, ledger_cursor, ranges, duration_ms, broken, ledger_chain,
       changes_chain, started_at, finished_at
  FROM audit`;

/** Audits, newest first. */
export async function listAudits(db: Statements, { skip, limit }: PageAsked): Promise<Page<Audit>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM audit`);
  const data = await db.select(Row, `${AUDITS} ORDER BY audit_no DESC LIMIT :limit OFFSET :skip`, {
    skip,
    limit,
  });
  return { data, pagination: { skip, limit, total: count!.total } };
}

/** One audit with what it found of each promise, broken ones first. */
export async function findAudit(db: Statements, auditId: string): Promise<AuditReport | undefined> {
  const [audit] = await db.select(Row, `${AUDITS} WHERE audit_id = :auditId`, { auditId });
  if (!audit) return undefined;
  return { ...audit, promises: promiseReports(await readFindings(db, auditId)) };
}

/** Findings as answers show them, broken promises first. */
export const promiseReports = (findings: readonly Finding[]): AuditReport['promises'] =>
  [...findings]
    .sort((a, b) => Number(b.count > 0) - Number(a.count > 0))
    .map(({ promise, count, examples, durationMs }) => ({
      promise,
      violations: count,
      examples: [...examples],
      duration_ms: durationMs,
    }));
