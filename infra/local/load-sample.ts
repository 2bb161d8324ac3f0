import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { Database } from '../../shared/data/sql/database.ts';
import type { SampleFile } from './sample/phases.ts';
import { waitUntil } from './wait-until.ts';

/** Longest that one phase of the sample may take to be imported. */
const PHASE_LIMIT_MS = 10 * 60_000;

const Job = z.object({ object_etag: z.string(), status: z.string(), detail: z.string().nullable() });

/**
 * Drops the files of each phase into the bucket, as a person would, and waits until they are imported: sales must
 * find the stock that they sold. What an earlier start has imported is not dropped again; what it left half done is
 * dropped once more, which changes nothing but resumes it.
 */
export async function loadSample(
  needs: { readonly s3: S3Client; readonly bucket: string; readonly database: Database },
  phases: readonly (readonly SampleFile[])[],
  signal: AbortSignal,
): Promise<void> {
  for (const phase of phases) {
    const etags = new Set<string>();
    const seen = await importsByEtag(needs.database);
    for (const { key, path } of phase) {
      const body = await readFile(path);
      const etag = createHash('md5').update(body).digest('hex');
      etags.add(etag);
      if (isEnded(seen.get(etag))) continue;
      await needs.s3.send(new PutObjectCommand({ Bucket: needs.bucket, Key: key, Body: body }));
    }
    await waitUntil(
      async () => {
        const jobs = await importsByEtag(needs.database);
        return [...etags].every((etag) => isEnded(jobs.get(etag)));
      },
      {
        limitMs: PHASE_LIMIT_MS,
        what: `the import of ${phase.map((file) => file.key).join(', ')}`,
        signal,
      },
    );
  }
}

const isEnded = (status: string | undefined): boolean => status !== undefined && status !== 'running';

async function importsByEtag(database: Database): Promise<Map<string, string>> {
  const jobs = await database.select(
    Job,
    `SELECT object_etag, status, detail FROM import_job ORDER BY started_at`,
  );
  return new Map(jobs.map((job) => [job.object_etag, job.status]));
}
