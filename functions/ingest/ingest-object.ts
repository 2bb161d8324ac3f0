import { hash } from 'node:crypto';
import type { Objects } from '../../shared/aws/objects.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import type { ObjectDropped } from '../../shared/contracts/messages.ts';
import type { Database } from '../../shared/data/database.ts';
import {
  finishedImportOf,
  type ImportJob,
  lateRejectsOf,
  openImport,
  saveSurvey,
} from '../../shared/data/import-store.ts';
import { readLocations } from '../../shared/data/location-store.ts';
import { ahead } from './ahead.ts';
import { applierOf } from './applier-of.ts';
import { commitChunk } from './commit-chunk.ts';
import { type Chunk, cutChunks, type Reject } from './cut-chunks.ts';
import { endJob } from './end-job.ts';
import { readHeader } from './read-header.ts';
import { readText } from './read-text.ts';
import { recogniseFormat } from './recognise-format.ts';
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
  /** Puts the file back on the queue, to be gone on with by another invocation. */
  handOver(drop: ObjectDropped): Promise<void>;
  readonly chunkRows?: number;
}

/** The same object is the same import, however often it is announced. */
export const importIdOf = ({ bucket, key, etag }: ObjectDropped): string =>
  hash('sha256', JSON.stringify([bucket, key, etag]), 'base64url').slice(0, 22);

/**
 * Imports one dropped file: 1 open or resume its job, 2 survey the whole file, 3 recognise its format, 4 commit it
 * chunk by chunk, 5 store its rejects, 6 end the job and announce it. Interrupted anywhere and run again, it goes on
 * where it stopped and ends the same. A file that cannot be imported ends as `failed` with the reason, without a throw.
 */
export async function ingestObject(
  needs: IngestNeeds,
  drop: ObjectDropped,
  remainingMs: () => number,
): Promise<void> {
  const importId = importIdOf(drop);
  const job = await openImport(needs.database, { importId, key: drop.key, etag: drop.etag, size: drop.size });
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
  const earlier = await finishedImportOf(database, survey.sha256);
  if (earlier !== undefined) {
    const detail = `The content is that of import ${earlier}.`;
    await endJob(database, { importId, key: drop.key }, 'duplicate', detail);
    return;
  }

  const header = await readHeader(readText(await open(needs, drop), survey.encoding));
  const rejects = new RejectsFile(needs.objects, `rejects/${importId}.csv`);
  try {
    const recognised = recogniseFormat(header.text);
    const locations = await readLocations(database);
    const applier = applierOf(recognised.format.name, database, locations.defaultId);
    const source = { importId, actor: `import:${importId}`, locations: locations.ids };
    const chunks = cutChunks(
      header.rest,
      header.nextLine,
      recognised,
      (row, line) => applier.prepare(row, line),
      needs.chunkRows ?? CHUNK_ROWS,
    );
    let committed = 0;
    let chunksDone = job.chunks_done;
    for await (const chunk of ahead(chunks)) {
      if (chunk.no >= chunksDone) {
        if (committed > 0 && remainingMs() < HAND_OVER_MS) {
          return await needs.handOver(drop);
        }
        chunksDone = await commitChunk(database, applier, chunk, source);
        committed++;
      }
      await rejects.add(await allRejects(database, importId, chunk));
    }
    const end = {
      importId,
      key: drop.key,
      format: recognised.format.name,
      rejectsKey: await rejects.close(),
    };
    await endJob(database, end, 'done', remarkOn(survey));
  } finally {
    await header.rest.return(undefined);
    await rejects.abandon();
  }
}

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

const remarkOn = (survey: Survey): string | null =>
  survey.encoding === 'utf-8' ? null : 'The file is not UTF-8; it was read as Windows-1252 (Latin-1).';
