import * as z from 'zod';
import type { Quality } from '../../contracts/api/import.ts';
import { ReadingOptions } from '../../contracts/csv/column-mapping.ts';
import { TEXT_ENCODINGS } from '../../contracts/csv/text-encoding.ts';
import { flagColumn, jsonColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';

/** What the rows of an import, or of one chunk of it, came to. */
export const ImportCounts = z.object({
  total: z.int(),
  imported: z.int(),
  /** Already recorded with the same values. */
  duplicates: z.int(),
  /** Imported, but neither stock nor demand. */
  excluded: z.int(),
  rejected: z.int(),
  shortages: z.int(),
  /** Imported rows by what they are. */
  kinds: z.record(z.string(), z.int()),
  /** YYYY-MM-DD */
  firstDate: z.string().nullable(),
  lastDate: z.string().nullable(),
});
export type ImportCounts = z.infer<typeof ImportCounts>;

export const NO_COUNTS: ImportCounts = {
  total: 0,
  imported: 0,
  duplicates: 0,
  excluded: 0,
  rejected: 0,
  shortages: 0,
  kinds: {},
  firstDate: null,
  lastDate: null,
};

/** A rejection that only the database could know: kept with the chunk, so that a resumed import reports it again. */
export const LateReject = z.object({ line: z.int(), field: z.string(), reason: z.string() });
export type LateReject = z.infer<typeof LateReject>;

export const IMPORT_STATUSES = [
  'queued',
  'running',
  'done',
  'failed',
  'duplicate',
  'checked',
  'undoing',
  'undone',
] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];
/** What an import is doing. */
export type ImportStage = 'surveying' | 'importing' | 'undoing';

const Job = z.object({
  import_id: z.string(),
  import_no: z.int(),
  object_key: z.string(),
  object_etag: z.string(),
  object_size: z.int(),
  status: z.enum(IMPORT_STATUSES),
  content_sha256: z.string().nullable(),
  encoding: z.enum(TEXT_ENCODINGS).nullable(),
  dry_run: flagColumn,
  options: jsonColumn(ReadingOptions).nullable(),
  imported_rows: z.int(),
  chunks_done: z.int(),
  log_before: z.int().nullable(),
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC */
  started_at: z.string(),
  /** When it was taken back, likewise. */
  undone_at: z.string().nullable(),
});
export type ImportJob = z.infer<typeof Job>;

const JOB = `import_id, import_no, object_key, object_etag, object_size, status, content_sha256, encoding, dry_run,
              options, imported_rows, chunks_done, log_before, started_at, undone_at`;

/** A dropped object that becomes an import. */
interface NewImport {
  readonly importId: string;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly isDryRun?: boolean;
}

/** Makes an import known whose file was dropped just now; that it has begun already stays so. */
export async function queueImport(
  statements: Statements,
  { importId, key, etag, size, isDryRun = false }: NewImport,
): Promise<void> {
  await statements.write(
    `INSERT IGNORE INTO import_job (import_id, object_key, object_etag, object_size, status, dry_run)
     VALUES (:importId, :key, :etag, :size, 'queued', :isDryRun)`,
    { importId, key, etag, size, isDryRun: isDryRun ? 1 : 0 },
  );
}

/** Opens the import, or finds it as an earlier delivery left it. */
export async function openImport(statements: Statements, job: NewImport): Promise<ImportJob> {
  await queueImport(statements, job);
  await statements.write(
    `UPDATE import_job
        SET status = 'running', stage = 'surveying', log_before = :logBefore
      WHERE import_id = :importId AND status = 'queued'`,
    { importId: job.importId, logBefore: await newestMovement(statements) },
  );
  return (await findJob(statements, job.importId))!;
}

/** Lets an import that failed, or that was only checked, begin again; any other stays as it is. */
export async function reopenImport(
  statements: Statements,
  importId: string,
  { options, dryRun }: { readonly options: ReadingOptions; readonly dryRun: boolean },
): Promise<void> {
  await statements.write(
    `UPDATE import_job
        SET status = 'running', stage = 'surveying', options = :options, dry_run = :dryRun, detail = NULL,
            format = NULL, rejects_key = NULL, quality = NULL, finished_at = NULL, bytes_done = 0, rows_done = 0,
            log_before = CASE WHEN chunks_done = 0 THEN :logBefore ELSE log_before END
      WHERE import_id = :importId AND status IN ('failed', 'checked')`,
    {
      importId,
      options: json(options),
      dryRun: dryRun ? 1 : 0,
      logBefore: await newestMovement(statements),
    },
  );
}

/** Keeps the headers of a file that no format fits, so that a mapping can be made of them. */
export async function saveHeaders(
  statements: Statements,
  importId: string,
  headers: readonly string[],
): Promise<void> {
  await statements.write(`UPDATE import_job SET headers = :headers WHERE import_id = :importId`, {
    importId,
    headers: json(headers),
  });
}

const Headers = z.object({ headers: jsonColumn(z.array(z.string())).nullable() });

/** The headers of an import that no format fitted; undefined of any other. */
export async function unknownHeaders(
  statements: Statements,
  importId: string,
): Promise<readonly string[] | undefined> {
  const [row] = await statements.select(
    Headers,
    `SELECT headers FROM import_job WHERE import_id = :importId`,
    { importId },
  );
  return row?.headers ?? undefined;
}

/** The job of an import as the ingest sees it. */
export async function findJob(statements: Statements, importId: string): Promise<ImportJob | undefined> {
  const [row] = await statements.select(Job, `SELECT ${JOB} FROM import_job WHERE import_id = :importId`, {
    importId,
  });
  return row;
}

/** Keeps what the first look through the file told. */
export async function saveSurvey(
  statements: Statements,
  importId: string,
  survey: { sha256: string; encoding: string },
): Promise<void> {
  await statements.write(
    `UPDATE import_job
        SET content_sha256 = :sha256, encoding = :encoding, stage = 'importing'
      WHERE import_id = :importId`,
    { importId, sha256: survey.sha256, encoding: survey.encoding },
  );
}

/** What the content check goes by: the newest import that is done of a content. */
const Done = z.object({ import_id: z.string(), format: z.string().nullable(), is_newest: flagColumn });

/**
 * The import that brought this very content to its end, if one did, and the content would say nothing new. It may, once
 * anything was undone since that import began: what the content repeated may be gone. And where a file tells a state,
 * as prices or stock on hand, the same state may come back after another one was told.
 */
export async function finishedImportOf(
  statements: Statements,
  sha256: string,
  isState: (format: string) => boolean,
): Promise<string | undefined> {
  const [job] = await statements.select(
    Done,
    `SELECT d.import_id, d.format,
            NOT EXISTS (SELECT 1
                          FROM import_job n
                         WHERE n.format = d.format AND n.status = 'done' AND n.dry_run = 0
                           AND (n.started_at > d.started_at
                                OR n.started_at = d.started_at AND n.import_no > d.import_no)) AS is_newest
       FROM import_job d
      WHERE d.content_sha256 = :sha256 AND d.status = 'done'
        AND NOT EXISTS (SELECT 1
                          FROM import_job u
                         WHERE u.status = 'undoing' OR u.undone_at >= d.started_at)
      ORDER BY d.started_at DESC, d.import_no DESC
      LIMIT 1`,
    { sha256 },
  );
  if (job === undefined) return undefined;
  return !job.is_newest && job.format !== null && isState(job.format) ? undefined : job.import_id;
}

const Progress = z.object({ status: z.string(), chunks_done: z.int() });

/** Holds the import until the transaction ends, so that two deliveries of it take turns. Answers how far it is. */
export async function lockImport(
  tx: Statements,
  importId: string,
): Promise<{ isRunning: boolean; chunksDone: number }> {
  const rows = await tx.select(
    Progress,
    `SELECT status, chunks_done FROM import_job WHERE import_id = :importId FOR UPDATE`,
    { importId },
  );
  return { isRunning: rows[0]!.status === 'running', chunksDone: rows[0]!.chunks_done };
}

const ChunkRow = z.object({
  chunk_no: z.int(),
  counts: z.string().transform((text) => ImportCounts.parse(JSON.parse(text))),
});
/** A page of counts stays far below the Data API's 1 MiB. */
const CHUNK_PAGE = 1_000;

/** What the committed chunks of an import came to together. */
export async function sumOfChunks(statements: Statements, importId: string): Promise<ImportCounts> {
  let sum = NO_COUNTS;
  for (let after = -1; ; ) {
    const rows = await statements.select(
      ChunkRow,
      `SELECT chunk_no, counts
         FROM import_chunk
        WHERE import_id = :importId AND chunk_no > :after
        ORDER BY chunk_no
        LIMIT ${CHUNK_PAGE}`,
      { importId, after },
    );
    for (const row of rows) sum = addCounts(sum, row.counts);
    if (rows.length < CHUNK_PAGE) return sum;
    after = rows.at(-1)!.chunk_no;
  }
}

const EXCLUDED = 'excluded: ';
/** Reasons why rows were left out that are told apart, and letters of each: a file may have one for every row. */
const MAX_REASONS = 20;
const MAX_REASON = 40;

/** Counts one more of a kind; `excluded: ` and why for rows that were left out, of which only the first reasons are told apart. */
export function addKind(kinds: Record<string, number>, kind: string, rows: number): void {
  let key = kind;
  if (kind.startsWith(EXCLUDED)) {
    key = [...kind].slice(0, EXCLUDED.length + MAX_REASON).join('');
    const reasons = Object.keys(kinds).filter((other) => other.startsWith(EXCLUDED)).length;
    if (!Object.hasOwn(kinds, key) && reasons >= MAX_REASONS) key = `${EXCLUDED}other`;
  }
  kinds[key] = (Object.hasOwn(kinds, key) ? kinds[key]! : 0) + rows;
}

/** Counts of two parts of a file together. */
export function addCounts(a: ImportCounts, b: ImportCounts): ImportCounts {
  const kinds = { ...a.kinds };
  for (const [kind, rows] of Object.entries(b.kinds)) addKind(kinds, kind, rows);
  const days = [a.firstDate, a.lastDate, b.firstDate, b.lastDate].filter((day) => day !== null).sort();
  return {
    total: a.total + b.total,
    imported: a.imported + b.imported,
    duplicates: a.duplicates + b.duplicates,
    excluded: a.excluded + b.excluded,
    rejected: a.rejected + b.rejected,
    shortages: a.shortages + b.shortages,
    kinds,
    firstDate: days[0] ?? null,
    lastDate: days.at(-1) ?? null,
  };
}

const NumberedReject = LateReject.extend({ n: z.int() });
/** A page of rejects stays far below the Data API's 1 MiB; all of a chunk in one row would be above its 64 KiB. */
const REJECT_PAGE = 2_000;

/** The late rejects of a committed chunk. */
export async function lateRejectsOf(
  statements: Statements,
  importId: string,
  chunkNo: number,
): Promise<LateReject[]> {
  const rejects: LateReject[] = [];
  for (let after = 0; ; ) {
    const rows = await statements.select(
      NumberedReject,
      `SELECT j.n, j.line, j.field, j.reason
         FROM import_chunk c
         JOIN JSON_TABLE(c.rejects, '$[*]' COLUMNS (
                n      FOR ORDINALITY,
                line   INT          PATH '$.line',
                field  VARCHAR(100) PATH '$.field',
                reason VARCHAR(500) PATH '$.reason')) AS j
        WHERE c.import_id = :importId AND c.chunk_no = :chunkNo AND j.n > :after
        ORDER BY j.n
        LIMIT ${REJECT_PAGE}`,
      { importId, chunkNo, after },
    );
    for (const { line, field, reason } of rows) rejects.push({ line, field, reason });
    if (rows.length < REJECT_PAGE) return rejects;
    after = rows.at(-1)!.n;
  }
}

/** Notes that the chunk is done, in the transaction that does it. */
export async function saveChunk(
  tx: Statements,
  importId: string,
  chunkNo: number,
  counts: ImportCounts,
  rejects: readonly LateReject[],
): Promise<void> {
  // Its own movements are written by now: this is at least the newest of them.
  const upTo = await newestMovement(tx);
  await tx.write(
    `INSERT INTO import_chunk (import_id, chunk_no, counts, rejects, log_upto)
     VALUES (:importId, :chunkNo, :counts, :rejects, :upTo)`,
    { importId, chunkNo, counts: json(counts), rejects: json(rejects), upTo },
  );
  await tx.write(`UPDATE import_job SET chunks_done = :chunksDone WHERE import_id = :importId`, {
    importId,
    chunksDone: chunkNo + 1,
  });
}

async function newestMovement(statements: Statements): Promise<number> {
  const [row] = await statements.select(
    z.object({ newest: z.int().nullable() }),
    `SELECT MAX(log_id) AS newest FROM inventory_log`,
  );
  return row?.newest ?? 0;
}

/** How far an import is: bytes of the object that were read, rows of the file that are done. */
export async function saveProgress(
  statements: Statements,
  importId: string,
  progress: { bytes: number; rows: number },
): Promise<void> {
  await statements.write(
    `UPDATE import_job
        SET bytes_done = LEAST(:bytes, object_size), rows_done = :rows
      WHERE import_id = :importId AND status = 'running'`,
    { importId, ...progress },
  );
}

/** Ends a running import. False when it has ended already. */
export async function endImport(
  tx: Statements,
  importId: string,
  end: {
    status: 'done' | 'failed' | 'duplicate' | 'checked';
    detail: string | null;
    format: string | null;
    rejectsKey: string | null;
    counts: ImportCounts;
    quality?: Quality | null;
  },
): Promise<boolean> {
  const { updated } = await tx.write(
    `UPDATE import_job
        SET status = :status, detail = :detail, format = :format, rejects_key = :rejectsKey,
            total_rows = :total, imported_rows = :imported, duplicate_rows = :duplicates,
            excluded_rows = :excluded, rejected_rows = :rejected, shortages = :shortages, counts = :kinds,
            first_date = :firstDate, last_date = :lastDate, quality = :quality, stage = NULL,
            rows_done = :total, bytes_done = CASE WHEN :status IN ('done', 'checked') THEN object_size ELSE bytes_done END,
            finished_at = CURRENT_TIMESTAMP(3)
      WHERE import_id = :importId AND status = 'running'`,
    {
      importId,
      status: end.status,
      detail: end.detail === null ? null : end.detail.slice(0, 1000),
      format: end.format,
      rejectsKey: end.rejectsKey,
      total: end.counts.total,
      imported: end.counts.imported,
      duplicates: end.counts.duplicates,
      excluded: end.counts.excluded,
      rejected: end.counts.rejected,
      shortages: end.counts.shortages,
      kinds: json(end.counts.kinds),
      quality: end.quality ? json(end.quality) : null,
      firstDate: end.counts.firstDate,
      lastDate: end.counts.lastDate,
    },
  );
  return updated === 1;
}
