import { addCounts, type ImportCounts, NO_COUNTS } from '../../shared/data/imports/import-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { type Applied, asDatabase, type ChunkApplier, type ChunkSource } from './apply-chunk.ts';
import { countsOf } from './commit-chunk.ts';
import type { Chunk, Reject } from './cut-chunks.ts';
import { StubIntroducer } from './introduce-stubs.ts';

/** Chunks that are tried in one transaction: about a second, for which stock is held. */
const TOGETHER = 5;

/** What an import would come to. */
export interface Rehearsal {
  readonly counts: ImportCounts;
  /** Whether every row met what the rows before it would have left. */
  readonly isExact: boolean;
}

/**
 * Does what an import would do, and takes all of it back: counts and rejects are what they would be. A file of few
 * chunks is tried as a whole; of a larger one each chunk is tried against what is recorded now, so that what its chunks
 * owe each other, as stock that comes in one and leaves in the next, is not seen.
 */
export async function rehearseChunks<Prepared>(
  database: Database,
  applier: ChunkApplier<Prepared>,
  chunks: AsyncIterable<Chunk<Prepared>>,
  source: ChunkSource,
  onRejects: (rejects: readonly Reject[]) => Promise<void>,
): Promise<Rehearsal> {
  let counts = NO_COUNTS;
  let held: Chunk<Prepared>[] = [];
  let isExact = true;
  const tryOut = async (some: readonly Chunk<Prepared>[]) => {
    const applied = await rehearse(database, applier, some, source);
    for (const [n, chunk] of some.entries()) {
      counts = addCounts(counts, countsOf(chunk, applied[n]!));
      const late = applied[n]!.rejects.map((reject) => ({
        ...reject,
        raw: chunk.raws.get(reject.line) ?? '',
      }));
      await onRejects([...chunk.rejects, ...late].sort((a, b) => a.line - b.line));
    }
  };
  for await (const chunk of chunks) {
    held.push(chunk);
    if (held.length <= TOGETHER) continue;
    isExact = false;
    for (const one of held) await tryOut([one]);
    held = [];
  }
  if (isExact) await tryOut(held);
  else for (const one of held) await tryOut([one]);
  return { counts, isExact };
}

/** Carries what was found out of the transaction that is thrown away. */
class Rehearsed extends Error {
  readonly applied: readonly Applied[];

  constructor(applied: readonly Applied[]) {
    super('rehearsed');
    this.applied = applied;
  }
}

async function rehearse<Prepared>(
  database: Database,
  applier: ChunkApplier<Prepared>,
  chunks: readonly Chunk<Prepared>[],
  source: ChunkSource,
): Promise<readonly Applied[]> {
  try {
    return await database.transaction(async (tx) => {
      const stubs = new StubIntroducer(asDatabase(tx));
      const applied: Applied[] = [];
      for (const chunk of chunks) {
        await applier.introduce?.(stubs, chunk.rows);
        applied.push(await applier.apply(tx, chunk.rows, source));
      }
      throw new Rehearsed(applied);
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.applied;
    throw error;
  } finally {
    applier.forget?.();
  }
}
