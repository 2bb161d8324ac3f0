import { type ImportJob, saveProgress } from '../../shared/data/imports/import-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import type { IngestNeeds } from './ingest-object.ts';

/** A listener hears at most so often of one import. */
const EVERY_MS = 1_000;

/** Tells how far a long import is; what takes less than a second is told only by its end. */
export class ImportProgress {
  readonly #needs: Pick<IngestNeeds, 'database' | 'publishEvents'>;
  readonly #job: ImportJob;
  #bytes = 0;
  #toldAt = performance.now();

  constructor(needs: Pick<IngestNeeds, 'database' | 'publishEvents'>, job: ImportJob) {
    this.#needs = needs;
    this.#job = job;
  }

  /** Bytes of the object were read. */
  read(bytes: number): void {
    this.#bytes += bytes;
  }

  /** So many rows of the file are done. */
  async rows(rows: number): Promise<void> {
    if (performance.now() - this.#toldAt < EVERY_MS) return;
    this.#toldAt = performance.now();
    const { import_id: importId, object_size: bytesTotal } = this.#job;
    const bytesDone = Math.min(this.#bytes, bytesTotal);
    await this.#needs.database.transaction(async (tx) => {
      await saveProgress(tx, importId, { bytes: bytesDone, rows });
      await announce(tx, 'import.progress', {
        importId,
        stage: 'importing',
        bytesDone,
        bytesTotal,
        rowsDone: rows,
      });
    });
    // A bus that is down must not stop the import: the end of the message tries again.
    await this.#needs.publishEvents?.().catch(() => undefined);
  }
}
