import { endAudit, readFindings } from '../../shared/data/audit/audit-store.ts';
import { findLastSeal } from '../../shared/data/ledger/seal-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import { openAlert, settleAlert } from '../../shared/data/planning/alert-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/** Type, and beginning of the key, of alerts that the data break a promise. */
export const LEDGER_MISMATCH = 'ledger_mismatch';

/** Ends an audit: an alert for each promise that is broken, none for those that hold. Answers how many are broken. */
export async function closeAudit(tx: Statements, auditId: string): Promise<number> {
  const findings = await readFindings(tx, auditId);
  const broken = findings.filter(({ count }) => count > 0);
  const ledgerChain = (await findLastSeal(tx, 'inventory_log'))?.chain ?? null;
  const changesChain = (await findLastSeal(tx, 'audit_log'))?.chain ?? null;
  const hasEnded = await endAudit(tx, auditId, { broken: broken.length, ledgerChain, changesChain });
  if (!hasEnded) return broken.length;
  for (const { promise, count } of findings) {
    if (count === 0) await settleAlert(tx, `${LEDGER_MISMATCH}:${promise}`);
  }
  for (const { promise, count, examples } of broken) {
    await openAlert(tx, {
      key: `${LEDGER_MISMATCH}:${promise}`,
      type: LEDGER_MISMATCH,
      level: 'critical',
      title: 'The data break a promise',
      message: `Promised: ${promise}. Broken by ${count}: ${examples.join('; ')}`.slice(0, 1000),
    });
    const data = { auditId, promise, violations: count, examples: [...examples] };
    await announce(tx, 'ledger.mismatch', data, { correlationId: auditId });
  }
  return broken.length;
}
