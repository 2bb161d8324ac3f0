import type { Quality } from '../../shared/contracts/api/import.ts';
import {
  endImport,
  type ImportCounts,
  lockImport,
  sumOfChunks,
} from '../../shared/data/imports/import-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import { raiseAlert } from '../../shared/data/planning/alert-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';

export interface EndedJob {
  readonly importId: string;
  readonly key: string;
  readonly format?: string;
  readonly rejectsKey?: string | null;
  readonly quality?: Quality;
  /** Of a dry run, which leaves no chunks to sum. */
  readonly counts?: ImportCounts;
}

/** Ends an import once: its totals, its event and, after shortages, one alert. Answers what it came to. */
export async function endJob(
  database: Database,
  job: EndedJob,
  status: 'done' | 'failed' | 'duplicate' | 'checked',
  detail: string | null,
): Promise<ImportCounts> {
  return await database.transaction(async (tx) => {
    await lockImport(tx, job.importId);
    const counts = job.counts ?? (await sumOfChunks(tx, job.importId));
    const hasEnded = await endImport(tx, job.importId, {
      status,
      detail:
        counts.total === 0 && (status === 'done' || status === 'checked')
          ? 'The file has a header and no rows.'
          : detail,
      format: job.format ?? null,
      rejectsKey: job.rejectsKey ?? null,
      counts,
      quality: job.quality ?? null,
    });
    if (!hasEnded) return counts;
    await announce(tx, 'import.completed', {
      importId: job.importId,
      objectKey: job.key,
      format: job.format ?? null,
      status,
      importedRows: counts.imported,
      rejectedRows: counts.rejected,
      shortages: counts.shortages,
      changesPlan: status !== 'checked' && counts.imported > 0,
    });
    if (counts.shortages > 0 && status !== 'checked') {
      await raiseAlert(tx, {
        key: `shortage:${job.importId}`,
        type: 'unexplained_shortage',
        level: 'warning',
        title: 'More was sold than the ledger knew of',
        message: `${counts.shortages} lines of ${job.key.slice(0, 300)} took stock that was not there. Each was booked after an adjustment with the reason "unexplained shortage".`,
      });
    }
    return counts;
  });
}
