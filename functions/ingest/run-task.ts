import type { ImportTask, ObjectDropped } from '../../shared/contracts/messages.ts';
import { findJob, reopenImport } from '../../shared/data/imports/import-store.ts';
import { databaseErrorNumber, isLockConflict } from '../../shared/data/sql/data-api-errors.ts';
import { endJob } from './end-job.ts';
import { findImport } from './find-import.ts';
import { type IngestNeeds, ingestObject } from './ingest-object.ts';
import { undoImport } from './undo-import.ts';

/** Does what one message of the ingest queue asks for; `receives` = the how manieth delivery of it this is. */
export async function runTask(
  needs: IngestNeeds,
  task: ImportTask,
  remainingMs: () => number,
  receives = 1,
): Promise<void> {
  if ('type' in task && task.type === 'ImportUndoRequested')
    return await undoImport(needs, task, remainingMs);
  const drop = 'type' in task ? task.drop : task;
  try {
    if ('type' in task) await reopenImport(needs.database, await findImport(needs.database, drop), task);
    await ingestObject(needs, drop, remainingMs);
  } catch (error) {
    if (receives > 1 && isForGood(error)) await giveUp(needs, drop, error);
    throw error;
  }
}

const BUGS = new Set([
  'RangeError',
  'TypeError',
  'ZodError',
  'BadRequestException',
  'DatabaseErrorException',
]);

/** Whether the same would happen again: the database refused what it was told, or the program met its own bug. */
const isForGood = (error: unknown): error is Error =>
  error instanceof Error &&
  !isLockConflict(error) &&
  (databaseErrorNumber(error) !== undefined || BUGS.has(error.name));

/** Ends the import as failed, so that somebody hears of it and may retry or undo it; it would say `running` for ever. */
async function giveUp({ database }: IngestNeeds, drop: ObjectDropped, error: Error): Promise<void> {
  const importId = await findImport(database, drop);
  if ((await findJob(database, importId))?.status !== 'running') return;
  const detail = `A part of it could not be recorded, several times: ${error.message.slice(0, 500)}`;
  await endJob(database, { importId, key: drop.key }, 'failed', detail);
}
