import { findSeenChain } from '../../shared/data/audit/audit-store.ts';
import type { Finding } from '../../shared/data/ledger/invariants.ts';
import {
  faultOfSeal,
  findSeal,
  holdsChain,
  type SealedLog,
  sealNext,
} from '../../shared/data/ledger/seal-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/** What is sealed in each step of an audit, and what is promised of it. */
export const SEALED: Readonly<Record<'ledger' | 'changes', { log: SealedLog; promise: string }>> = {
  ledger: { log: 'inventory_log', promise: 'movements are what they were when they were sealed' },
  changes: {
    log: 'audit_log',
    promise: 'entries about changed master data are what they were when they were sealed',
  },
};

/**
 * Checks the seal after the one named by `afterKey`; after the last, seals rows that have none yet.
 * `lastKey` is the seal that was reached, undefined when there is nothing left to check or to seal.
 */
export async function checkSeals(
  tx: Statements,
  step: keyof typeof SEALED,
  afterKey: string,
  minAgeMinutes: number,
): Promise<{ readonly finding: Finding; readonly lastKey: string | undefined }> {
  const { log, promise } = SEALED[step];
  const started = performance.now();
  const examples: string[] = [];
  if (afterKey === '') {
    const seen = await findSeenChain(tx, log);
    if (seen !== undefined && !(await holdsChain(tx, log, seen)))
      examples.push(`the seals of ${log}: the last one that an earlier audit saw is gone`);
  }
  const before = Number(afterKey);
  const seal = await findSeal(tx, log, before + 1);
  if (seal) {
    const fault = await faultOfSeal(tx, log, seal, before > 0 ? await findSeal(tx, log, before) : undefined);
    if (fault !== undefined) examples.push(fault);
  }
  const made = seal ? undefined : await sealNext(tx, log, minAgeMinutes);
  const durationMs = Math.round(performance.now() - started);
  return {
    finding: { promise, count: examples.length, examples, durationMs },
    lastKey: (seal ?? made)?.sealNo.toString(),
  };
}
