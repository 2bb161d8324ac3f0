import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { type IngestNeeds, ingestObject } from '../../../functions/ingest/ingest-object.ts';
import type { Objects } from '../../../shared/aws/objects.ts';
import type { ImportTask, ObjectDropped } from '../../../shared/contracts/messages.ts';
import { importIdOf } from '../../../shared/data/imports/import-id.ts';
import type { Database } from '../../../shared/data/sql/database.ts';

const Job = z.object({
  import_id: z.string(),
  status: z.string(),
  detail: z.string().nullable(),
  format: z.string().nullable(),
  total_rows: z.int(),
  imported_rows: z.int(),
  duplicate_rows: z.int(),
  excluded_rows: z.int(),
  rejected_rows: z.int(),
  shortages: z.int(),
  rejects_key: z.string().nullable(),
  first_date: z.string().nullable(),
  last_date: z.string().nullable(),
});
export type ImportReport = z.infer<typeof Job>;

/** A bucket in memory, and ingest over it with a real database. */
export interface Drops {
  readonly objects: Map<string, Buffer>;
  /** Files handed to another invocation. */
  readonly handedOver: ImportTask[];
  readonly needs: IngestNeeds;
  put(key: string, content: string | Buffer): ObjectDropped;
  /** Puts the file, imports it, answers its report. */
  drop(content: string | Buffer, key?: string): Promise<ImportReport>;
  report(drop: ObjectDropped): Promise<ImportReport>;
  rejects(report: ImportReport): string;
}

let files = 0;

/** Ingest as its handler wires it, with objects in memory. */
export function openDrops(database: Database, options: { chunkRows?: number } = {}): Drops {
  const objects = new Map<string, Buffer>();
  const handedOver: ImportTask[] = [];
  const needs: IngestNeeds = {
    database,
    objects: inMemory(objects),
    handOver: async (task) => void handedOver.push(task),
    ...(options.chunkRows === undefined ? {} : { chunkRows: options.chunkRows }),
  };
  const put = (key: string, content: string | Buffer): ObjectDropped => {
    const bytes = Buffer.from(content);
    objects.set(key, bytes);
    return { bucket: 'data', key, etag: etagOf(bytes), size: bytes.length };
  };
  const report = async (drop: ObjectDropped) => {
    const [job] = await database.select(
      Job,
      `SELECT import_id, status, detail, format, total_rows, imported_rows, duplicate_rows, excluded_rows,
              rejected_rows, shortages, rejects_key, CAST(first_date AS CHAR) AS first_date,
              CAST(last_date AS CHAR) AS last_date
         FROM import_job
        WHERE import_id = :importId`,
      { importId: importIdOf(drop) },
    );
    return job!;
  };
  return {
    objects,
    handedOver,
    needs,
    put,
    report,
    async drop(content, key = `drop/file-${++files}.csv`) {
      const dropped = put(key, content);
      await ingestObject(needs, dropped, () => 900_000);
      return await report(dropped);
    },
    rejects: (job) => (job.rejects_key === null ? '' : objects.get(job.rejects_key)!.toString()),
  };
}

/** A bucket in memory. */
export function inMemory(objects: Map<string, Buffer>): Objects {
  return {
    async remove(key) {
      objects.delete(key);
    },
    async head(key) {
      const bytes = objects.get(key);
      return bytes && { etag: etagOf(bytes), size: bytes.length };
    },
    async read(key, ifMatch) {
      const bytes = objects.get(key);
      if (bytes === undefined || (ifMatch !== undefined && ifMatch !== etagOf(bytes))) return undefined;
      // small odd pieces: no reader may depend on where they are cut
      const pieces: Buffer[] = [];
      const step = Math.max(7, Math.ceil(bytes.length / 50));
      for (let at = 0; at < bytes.length; at += step) pieces.push(bytes.subarray(at, at + step));
      return Readable.from(pieces);
    },
    async write(key, body) {
      const pieces: Buffer[] = [];
      for await (const piece of body) pieces.push(Buffer.from(piece));
      objects.set(key, Buffer.concat(pieces));
    },
  };
}

const etagOf = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');
