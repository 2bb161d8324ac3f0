import type { ObjectDropped } from '../../shared/contracts/messages.ts';
import { importIdOf } from '../../shared/data/imports/import-id.ts';
import { findJob } from '../../shared/data/imports/import-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { toSqlTime } from '../../shared/data/sql/sql-time.ts';

/** The same object dropped and undone more often than anybody does. */
const MAX_ROUNDS = 100;

/**
 * The import that a dropped object is. One that was put there again after its import was undone is a new import; the
 * late repetition of an older message is not, or it would bring back what somebody took away.
 */
export async function findImport(db: Statements, drop: ObjectDropped): Promise<string> {
  if (drop.importId !== undefined) return drop.importId;
  const droppedAt = drop.droppedAt === undefined ? '' : toSqlTime(new Date(drop.droppedAt));
  for (let round = 1; ; round++) {
    const importId = importIdOf(drop, round);
    if (round === MAX_ROUNDS) return importId;
    const undoneAt = (await findJob(db, importId))?.undone_at ?? null;
    if (undoneAt === null || droppedAt <= undoneAt) return importId;
  }
}
