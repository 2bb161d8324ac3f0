import * as z from 'zod';
import type { InvariantReport } from '../../../shared/contracts/api/audit.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { promiseReports } from '../../../shared/data/audit/audit-reads.ts';
import { checkPromises, type Finding } from '../../../shared/data/ledger/invariants.ts';
import type { Database } from '../../../shared/data/sql/database.ts';

/** Movements that are checked within the time in which an answer must come. */
const MOST_MOVEMENTS = 200_000;

const Size = z.object({ movements: z.int(), cursor: z.int() });

/**
 * Checks the whole data at once, in one picture that no writer waits for. Fault `conflict` when the ledger is too large
 * for that: then POST /audits does it.
 */
export async function checkInvariants(database: Database, now: Date): Promise<InvariantReport> {
  return database.transaction(async (tx) => {
    const [size] = await tx.select(
      Size,
      `SELECT COUNT(*) AS movements, COALESCE(MAX(log_id), 0) AS \`cursor\`
         FROM (SELECT log_id FROM inventory_log ORDER BY log_id DESC LIMIT ${MOST_MOVEMENTS + 1}) AS l`,
    );
    if (size!.movements > MOST_MOVEMENTS) {
      throw new Fault(
        'conflict',
        `The ledger has more than ${MOST_MOVEMENTS} movements: ask for an audit by POST /audits`,
      );
    }
    const findings: Finding[] = [];
    for (const subject of ['products', 'orders', 'whole'] as const) {
      findings.push(...(await checkPromises(tx, subject)));
    }
    return {
      checked_at: now.toISOString(),
      ledger_cursor: size!.cursor,
      holds: findings.every(({ count }) => count === 0),
      promises: promiseReports(findings),
    };
  });
}
