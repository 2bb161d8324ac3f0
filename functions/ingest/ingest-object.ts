import type { Objects } from '../../shared/aws/objects.ts';
import { tellsState } from '../../shared/contracts/csv/state-formats.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import type { ImportTask, ObjectDropped } from '../../shared/contracts/messages.ts';
import { readLocations } from '../../shared/data/catalogue/location-store.ts';
import { DRY_RUN_PREFIX } from '../../shared/data/imports/import-id.ts';
import {
  finishedImportOf,
  type ImportJob,
  lateRejectsOf,
  openImport,
  saveSurvey,
} from '../../shared/data/imports/import-store.ts';
import { importActor } from '../../shared/data/imports/imported-movements.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { ahead } from './ahead.ts';
import { applierOf } from './applier-of.ts';
import type { ChunkApplier } from './apply-chunk.ts';
import { commitChunk } from './commit-chunk.ts';
import { type Chunk, cutChunks, type Reject } from './cut-chunks.ts';
import { endJob } from './end-job.ts';
import { findImport } from './find-import.ts';
import { foreignApplier } from './foreign-rows.ts';
import { ImportProgress } from './import-progress.ts';
import { StubIntroducer } from './introduce-stubs.ts';
import { type OpenedFile, openFile } from './open-file.ts';
import { rowReader } from './read-row.ts';
import { rehearseChunks } from './rehearse-chunks.ts';
import { RejectsFile } from './rejects-file.ts';
import { type Survey, surveyObject } from './survey-object.ts';

/** Rows committed together: long enough to be fast, short enough to hold locks for a fraction of a second. */
const CHUNK_ROWS = 4_000;
/** With less time than this left, no chunk is begun. */
const HAND_OVER_MS = 45_000;

/** What ingest needs of the world. */
export interface IngestNeeds {
  readonly database: Database;
  readonly objects: Objects;
  /** Puts the work back on the queue, to be gone on with by another invocation. */
  handOver(task: ImportTask): Promise<void>;
  /** Publishes the events of what is committed so far, while a long file goes on. */
  publishEvents?(): Promise<void>;
  readonly chunkRows?: number;
}

/**
 * Imports one dropped file: 1 open or resume its job, 2 survey the whole file, 3 recognise its format, 4 commit it
 * chunk by chunk, 5 store its rejects, 6 end the job and announce it. Interrupted anywhere and run again, it goes on
 * where it stopped and ends the same. A file that cannot be imported ends as `failed` with the reason, without a throw.
 */
export async function ingestObject(
  needs: IngestNeeds,
  dropped: ObjectDropped,
  remainingMs: () => number,
): Promise<void> {
  const importId = await findImport(needs.database, dropped);
  const drop = { ...dropped, importId };
  const job = await openImport(needs.database, {
    importId,
    key: drop.key,
    etag: drop.etag,
    size: drop.size,
    isDryRun: drop.key.startsWith(DRY_RUN_PREFIX),
  });
  if (job.status !== 'running') return;
  try {
    await runJob(needs, drop, job, remainingMs);
  } catch (error) {
    if (!(error instanceof Fault) || (error.kind !== 'invalid' && error.kind !== 'missing')) throw error;
    await endJob(needs.database, { importId, key: drop.key }, 'failed', error.message);
  }
}

async function runJob(
  needs: IngestNeeds,
  drop: ObjectDropped,
  job: ImportJob,
  remainingMs: () => number,
): Promise<void> {
  const { database } = needs;
  const importId = job.import_id;
  const survey = await surveyOf(needs, drop, job);
  const earlier = await finishedImportOf(database, survey.sha256, tellsState);
  if (earlier !== undefined) {
    const detail = `The content is that of import ${earlier}.`;
    await endJob(database, { importId, key: drop.key }, 'duplicate', detail);
    return;
  }

  const progress = new ImportProgress(needs, job);
  const file = await openFile(
    database,
    () => open(needs, drop),
    job,
    survey,
    (bytes) => progress.read(bytes),
  );
  const rejects = new RejectsFile(needs.objects, `rejects/${importId}.csv`);
  try {
    const work = await prepareWork(needs, job, file);
    const onRejects = async (some: readonly Reject[]) => {
      for (const reject of some) file.quality.reject(reject);
      await rejects.add(some);
    };
    if (job.dry_run) {
      const { counts, isExact } = await rehearseChunks(
        database,
        work.applier,
        work.chunks,
        work.source,
        onRejects,
      );
      if (!isExact)
        file.quality.warn(
          'dry_run',
          'too large to be tried as a whole: what its parts owe each other was not seen',
        );
      const end = endOf(drop, importId, file, await rejects.close());
      const quality = file.quality.report(counts.total, counts.rejected);
      await endJob(
        database,
        { ...end, counts, quality },
        'checked',
        'Nothing was written: this was a dry run.',
      );
      return;
    }
    const stubs = new StubIntroducer(database);
    let committed = 0;
    let chunksDone = job.chunks_done;
    let [total, rejected] = [0, 0];
    for await (const chunk of ahead(work.chunks)) {
      if (chunk.no >= chunksDone) {
        if (committed > 0 && remainingMs() < HAND_OVER_MS) return await needs.handOver(drop);
        chunksDone = await commitChunk(database, work.applier, stubs, chunk, work.source);
        committed++;
      }
      const some = await allRejects(database, importId, chunk);
      total += chunk.total;
      rejected += some.length;
      await onRejects(some);
      await progress.rows(total);
    }
    const end = endOf(drop, importId, file, await rejects.close());
    await endJob(
      database,
      { ...end, quality: file.quality.report(total, rejected) },
      'done',
      remarkOn(survey),
    );
  } finally {
    await file.header.rest.return(undefined);
    await rejects.abandon();
  }
}

/** The rows of the file as chunks, and who records them. */
async function prepareWork(
  needs: IngestNeeds,
  job: ImportJob,
  { recognised, header, style, quality }: OpenedFile,
) {
  const locations = await readLocations(needs.database);
  const { file } = recognised;
  const applier: ChunkApplier =
    file.kind === 'foreign'
      ? (foreignApplier(locations.defaultId) as ChunkApplier)
      : applierOf(file.template.name, locations.defaultId);
  const context = { headers: recognised.headers, style, droppedAt: job.started_at };
  const read = rowReader(recognised, context, applier, quality);
  return {
    applier,
    chunks: cutChunks(header.rest, header.nextLine, recognised, read, needs.chunkRows ?? CHUNK_ROWS),
    source: {
      importId: job.import_id,
      importNo: job.import_no,
      actor: importActor(job.import_id),
      locations: locations.ids,
    },
  };
}

const endOf = (
  drop: ObjectDropped,
  importId: string,
  { recognised }: OpenedFile,
  rejectsKey: string | null,
) => ({
  importId,
  key: drop.key,
  format: recognised.name,
  rejectsKey,
});

/** The survey of an earlier delivery, or a new one. */
async function surveyOf(needs: IngestNeeds, drop: ObjectDropped, job: ImportJob): Promise<Survey> {
  if (job.content_sha256 !== null && job.encoding !== null) {
    return { sha256: job.content_sha256, encoding: job.encoding };
  }
  const survey = await surveyObject(await open(needs, drop));
  await saveSurvey(needs.database, job.import_id, survey);
  return survey;
}

async function open(needs: IngestNeeds, drop: ObjectDropped) {
  const object = await needs.objects.read(drop.key, drop.etag);
  if (object === undefined) {
    throw new Fault('missing', 'The object was deleted or replaced before it was read.');
  }
  return object;
}

async function allRejects(database: Database, importId: string, chunk: Chunk): Promise<readonly Reject[]> {
  const late = await lateRejectsOf(database, importId, chunk.no);
  const rejects = late.map((reject) => ({ ...reject, raw: chunk.raws.get(reject.line) ?? '' }));
  return [...chunk.rejects, ...rejects].sort((a, b) => a.line - b.line);
}

const remarkOn = ({ encoding }: Survey): string | null => {
  if (encoding === 'windows-1252') return 'The file is not UTF-8; it was read as Windows-1252 (Latin-1).';
  return encoding === 'shift_jis' ? 'The file is not UTF-8; it was read as Shift-JIS.' : null;
};
