import type { ImportTask } from '../../shared/contracts/messages.ts';
import { importIdOf } from '../../shared/data/import-id.ts';
import { reopenImport } from '../../shared/data/import-store.ts';
import { type IngestNeeds, ingestObject } from './ingest-object.ts';
import { undoImport } from './undo-import.ts';

/** Does what one message of the ingest queue asks for. */
export async function runTask(
  needs: IngestNeeds,
  task: ImportTask,
  remainingMs: () => number,
): Promise<void> {
  if (!('type' in task)) return await ingestObject(needs, task, remainingMs);
  if (task.type === 'ImportUndoRequested') return await undoImport(needs, task, remainingMs);
  const { drop, options, dryRun } = task;
  await reopenImport(needs.database, importIdOf(drop), { options, dryRun });
  await ingestObject(needs, drop, remainingMs);
}
