import { createReadStream, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { cutChunks } from '../../functions/ingest/cut-chunks.ts';
import { readHeader } from '../../functions/ingest/read-header.ts';
import { readText } from '../../functions/ingest/read-text.ts';
import { readingsOf, recogniseFormat } from '../../functions/ingest/recognise-format.ts';
import { surveyObject } from '../../functions/ingest/survey-object.ts';
import { readServerRecord } from '../../infra/local/database/server-record.ts';
import type { Stack } from '../../infra/local/start-stack.ts';
import { deadLetterArns } from '../../infra/local/template/dead-letter-arns.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { stockFile, writeFlatFile } from './flat-file.ts';

/** One import, from the drop to its end. */
export interface ImportTimes {
  readonly lines: number;
  readonly seconds: number;
  /** The first look through the file, alone. */
  readonly surveySeconds: number;
  /** Unpacking, decoding and cutting into cells, alone; it overlaps with the database's work. */
  readonly readSeconds: number;
  /** CPU seconds of functions and local services, and of the database, which is another process. */
  readonly cpuSeconds: number;
  readonly databaseCpuSeconds: number;
  /** Resident memory of the process of functions and local services, and of the database. */
  readonly rssPeakMib: number;
  readonly databasePeakMib: number;
}

const LIMIT_MS = 3 * 3_600_000;
const MIB = 1024 * 1024;

/** Imports flat order files of growing size into one database, the first of them small to warm everything up. */
export async function measureGrowth(
  stack: Stack,
  home: string,
  sizes: readonly number[],
): Promise<ImportTimes[]> {
  await drop(stack, 'drop/stock.csv', Buffer.from(stockFile()));
  const times: ImportTimes[] = [];
  for (const lines of sizes) {
    const path = join(home, `flat-${lines}.csv.gz`);
    await writeFlatFile(path, lines);
    times.push(await measureImport(stack, home, path));
    rmSync(path);
  }
  return times;
}

/** Imports one file and times its parts, then waits until what follows an import is done: the next shall be alone. */
export async function measureImport(stack: Stack, home: string, path: string): Promise<ImportTimes> {
  const surveySeconds = await timed(() => surveyObject(createReadStream(path)));
  const readSeconds = await timed(() => readOnly(path));
  let rssPeakMib = 0;
  let databasePeakMib = 0;
  const watch = setInterval(async () => {
    rssPeakMib = Math.max(rssPeakMib, process.memoryUsage.rss() / MIB);
    databasePeakMib = Math.max(databasePeakMib, await databaseRss(home));
  }, 500);
  const cpu = process.cpuUsage();
  const databaseCpu = await databaseCpuSeconds(home);
  const began = performance.now();
  const lines = await drop(stack, `drop/${began}-${path.split('/').at(-1)}`, await readFile(path));
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  const { user, system } = process.cpuUsage(cpu);
  const databaseCpuSince = (await databaseCpuSeconds(home)) - databaseCpu;
  await waitUntil(async () => isAtRest(stack), {
    limitMs: LIMIT_MS,
    what: 'the queues to run empty',
    everyMs: 500,
  });
  return {
    lines,
    seconds,
    surveySeconds,
    readSeconds,
    cpuSeconds: (user + system) / 1e6,
    databaseCpuSeconds: databaseCpuSince,
    rssPeakMib,
    databasePeakMib,
  };
}

const Job = z.object({ status: z.string(), total_rows: z.int() });

async function drop({ s3, bucket, database }: Stack, key: string, body: Buffer): Promise<number> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  let job: z.infer<typeof Job> | undefined;
  await waitUntil(
    async () => {
      [job] = await database.select(
        Job,
        'SELECT status, total_rows FROM import_job WHERE object_key = :key',
        {
          key,
        },
      );
      return job !== undefined && job.status !== 'running';
    },
    { limitMs: LIMIT_MS, what: `the import of ${key}`, everyMs: 200 },
  );
  if (job!.status !== 'done') throw new Error(`the import of ${key} ended as ${job!.status}`);
  return job!.total_rows;
}

/** Nothing waits in any queue, dead letters apart, nor at a delivery. */
function isAtRest({ queues, wiring, deliveries }: Stack): boolean {
  const dead = deadLetterArns(wiring.queues);
  const busy = wiring.queues.some(({ arn }) => {
    const { visible, inFlight, delayed } = queues.counts(arn);
    return !dead.has(arn) && visible + inFlight + delayed > 0;
  });
  return !busy && deliveries.pending() === 0;
}

/** The rows of the file cut into cells, and nothing done with them. */
async function readOnly(path: string): Promise<void> {
  const header = await readHeader(readText(createReadStream(path), 'utf-8'));
  const format = recogniseFormat(readingsOf(header.text, header.delimiter));
  const chunks = cutChunks(header.rest, header.nextLine, format, (row) => ({ row }), 4_000);
  for await (const _ of chunks);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Resident memory of the database's process in MiB; 0 where the system does not tell. */
async function databaseRss(home: string): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await databaseFile(home, 'status'))?.[1] ?? 0) / 1024;
}

/** User and system time of the database's process, which Linux counts in hundredths of a second. */
async function databaseCpuSeconds(home: string): Promise<number> {
  const fields = (await databaseFile(home, 'stat')).split(') ').at(-1)!.split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

/** What the system says of the database's process; empty where it does not tell. */
async function databaseFile(home: string, name: 'status' | 'stat'): Promise<string> {
  try {
    const record = readServerRecord(join(home, 'database'));
    return await readFile(`/proc/${record!.server.pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
