import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { Stack } from '../../infra/local/start-stack.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';

export interface IngestSpeed {
  readonly lines: number;
  readonly seconds: number;
  readonly linesPerSecond: number;
  /** Resident memory of the process with all functions in it, the database not included. */
  readonly rssBeforeMib: number;
  readonly rssPeakMib: number;
}

/** Seconds of each stage after the import of the sales. */
export interface StageTimes {
  /** From the end of the import to the run's first row: the event, the queue and the plan function. */
  readonly plan: number;
  readonly forecast: number;
  readonly restock: number;
}

const LIMIT_MS = 60 * 60_000;
const POLL_MS = 100;
const MIB = 1024 * 1024;

const Job = z.object({ status: z.string(), lines: z.int(), ended: z.coerce.number().nullable() });
const Run = z.object({
  status: z.string(),
  created: z.coerce.number(),
  finished: z.coerce.number().nullable(),
  now: z.coerce.number(),
});

/** Drops the file, waits until it is imported and planned for, and times both. */
export async function measureIngest(
  stack: Stack,
  path: string,
): Promise<{ ingest: IngestSpeed; stages: StageTimes }> {
  const key = `drop/${basename(path)}`;
  const body = await readFile(path);
  const rssBeforeMib = process.memoryUsage.rss() / MIB;
  let rssPeakMib = rssBeforeMib;
  const began = performance.now();
  await stack.s3.send(new PutObjectCommand({ Bucket: stack.bucket, Key: key, Body: body }));
  let job: z.infer<typeof Job> | undefined;
  await waitUntil(
    async () => {
      rssPeakMib = Math.max(rssPeakMib, process.memoryUsage.rss() / MIB);
      [job] = await stack.database.select(Job, JOB, { key });
      return job !== undefined && job.status !== 'running';
    },
    { limitMs: LIMIT_MS, what: `the import of ${key}`, everyMs: POLL_MS },
  );
  const seconds = (performance.now() - began) / 1000;
  const { lines, status, ended } = job!;
  if (status !== 'done' || ended === null) throw new Error(`the import of ${key} ended as ${status}`);
  return {
    ingest: { lines, seconds, linesPerSecond: lines / seconds, rssBeforeMib, rssPeakMib },
    stages: await watchRun(stack, ended),
  };
}

/** The newest run that began after the import; the end of its forecasts is seen by polling. */
async function watchRun({ database }: Stack, importEnded: number): Promise<StageTimes> {
  let run: z.infer<typeof Run> | undefined;
  let forecastEnded: number | undefined;
  await waitUntil(
    async () => {
      [run] = await database.select(Run, RUN, { importEnded });
      if (run && run.status !== 'forecasting') forecastEnded ??= run.now;
      return run?.finished != null;
    },
    { limitMs: LIMIT_MS, what: 'the plan', everyMs: POLL_MS },
  );
  const { created, finished } = run!;
  return {
    plan: created - importEnded,
    forecast: forecastEnded! - created,
    restock: Math.max(0, finished! - forecastEnded!),
  };
}

const JOB = `
  SELECT status, total_rows AS \`lines\`, UNIX_TIMESTAMP(finished_at) AS ended
    FROM import_job
   WHERE object_key = :key`;

const RUN = `
  SELECT status, UNIX_TIMESTAMP(created_at) AS created, UNIX_TIMESTAMP(finished_at) AS finished,
         UNIX_TIMESTAMP(NOW(3)) AS now
    FROM forecast_run
   WHERE UNIX_TIMESTAMP(created_at) >= :importEnded
   ORDER BY run_no DESC
   LIMIT 1`;
