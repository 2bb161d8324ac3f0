import * as z from 'zod';
import { type ImportDetail, Quality } from '../../contracts/api/import.ts';
import { ImportReport } from '../../contracts/api/planning.ts';
import { ReadingOptions } from '../../contracts/csv/column-mapping.ts';
import { SHOWN_IMPORT_STATUS } from '../planning/shown-status.ts';
import {
  flagColumn,
  jsonColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
  where,
} from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const Row = ImportReport.omit({ rejects: true })
  .extend({
    counts: jsonColumn(z.record(z.string(), z.unknown())).nullable(),
    rejects_key: z.string().nullable(),
    started_at: timeColumn,
    finished_at: timeColumn.nullable(),
  })
  .transform(({ rejects_key: rejectsKey, ...row }) => ({
    ...row,
    rejects: rejectsKey === null ? null : `/imports/${row.id}/rejects`,
    rejectsKey,
  }));

const COLUMNS = `import_id AS id, object_key, object_size, format, ${SHOWN_IMPORT_STATUS} AS status, detail, total_rows, imported_rows,
  duplicate_rows, excluded_rows, rejected_rows, shortages, counts, rejects_key, first_date, last_date, started_at,
  finished_at`;

/** Imports, newest first. */
export async function listImports(
  db: Statements,
  status: string | undefined,
  { skip, limit }: PageAsked,
): Promise<Page<ImportReport>> {
  const conditions = where([status !== undefined && 'status = :status']);
  const params = status === undefined ? {} : { status };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM import_job ${conditions}`, params);
  const data = await db.select(
    Row,
    `SELECT ${COLUMNS}
       FROM import_job
      ${conditions}
      ORDER BY started_at DESC, import_id DESC
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

/** One import, with the key of its rejects. */
export async function findImport(
  db: Statements,
  importId: string,
): Promise<(ImportReport & { readonly rejectsKey: string | null }) | undefined> {
  const [found] = await db.select(Row, `SELECT ${COLUMNS} FROM import_job WHERE import_id = :importId`, {
    importId,
  });
  return found;
}

const More = z.object({
  is_dry_run: flagColumn,
  content_sha256: z.string().nullable(),
  encoding: z.string().nullable(),
  headers: jsonColumn(z.array(z.string())).nullable(),
  options: jsonColumn(ReadingOptions).nullable(),
  quality: jsonColumn(Quality).nullable(),
  stage: z.string().nullable(),
  bytes_done: z.int(),
  rows_done: z.int(),
  seconds: z.coerce.number(),
  undone_by: z.string().nullable(),
  undo_reason: z.string().nullable(),
  undone_at: timeColumn.nullable(),
});

/** One import with its quality, and how far it is while it runs. */
export async function findImportDetail(db: Statements, importId: string): Promise<ImportDetail | undefined> {
  const report = await findImport(db, importId);
  const [more] = await db.select(
    More,
    `SELECT dry_run AS is_dry_run, content_sha256, encoding, headers, options, quality, stage, bytes_done, rows_done,
            TIMESTAMPDIFF(MICROSECOND, started_at, updated_at) / 1e6 AS seconds, undone_by, undo_reason, undone_at
       FROM import_job
      WHERE import_id = :importId`,
    { importId },
  );
  if (report === undefined || more === undefined) return undefined;
  const { stage, bytes_done, rows_done, seconds, ...rest } = more;
  const progress = stage !== null && {
    stage,
    bytes_done,
    bytes_total: report.object_size,
    rows_done,
    rows_per_second: seconds > 0 ? Math.round(rows_done / seconds) : 0,
  };
  return { ...report, ...rest, progress: progress || null };
}
