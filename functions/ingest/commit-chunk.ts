import { addKind, type ImportCounts, lockImport, saveChunk } from '../../shared/data/imports/import-store.ts';
import { isDuplicateKey } from '../../shared/data/sql/data-api-client.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Applied, ChunkApplier, ChunkSource } from './apply-chunk.ts';
import type { Chunk } from './cut-chunks.ts';
import type { StubIntroducer } from './introduce-stubs.ts';

/** How often a chunk is tried that met the same new rows of another file. */
const ATTEMPTS = 3;

/** Commits a chunk with its counts, unless another delivery did; answers how many chunks are done. */
export async function commitChunk<Prepared>(
  database: Database,
  applier: ChunkApplier<Prepared>,
  stubs: StubIntroducer,
  chunk: Chunk<Prepared>,
  source: ChunkSource,
): Promise<number> {
  await applier.introduce?.(stubs, chunk.rows);
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(async (tx) => {
        const { isRunning, chunksDone } = await lockImport(tx, source.importId);
        if (!isRunning || chunksDone > chunk.no) return Math.max(chunksDone, chunk.no + 1);
        if (chunksDone < chunk.no) throw new Error(`chunk ${chunk.no} comes after ${chunksDone}`);
        const applied = await applier.apply(tx, chunk.rows, source);
        await saveChunk(tx, source.importId, chunk.no, countsOf(chunk, applied), applied.rejects);
        return chunk.no + 1;
      });
    } catch (error) {
      // Another file brought the same lines at this moment: the next try sees them as recorded.
      if (!isDuplicateKey(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** What the rows of a chunk came to, those included that never reached the database. */
export function countsOf(chunk: Chunk, { counts, rejects }: Applied): ImportCounts {
  const kinds = { ...counts.kinds };
  let excluded = counts.excluded;
  for (const [reason, rows] of Object.entries(chunk.excluded)) {
    addKind(kinds, `excluded: ${reason}`, rows);
    excluded += rows;
  }
  return { ...counts, excluded, kinds, total: chunk.total, rejected: chunk.rejects.length + rejects.length };
}
