import * as z from 'zod';
import { ColumnSource, ReadingOptions, StyleChoice } from '../csv/column-mapping.ts';
import { TEXT_ENCODINGS } from '../csv/text-encoding.ts';
import { ImportReport } from './planning.ts';

/** One kind of thing about the rows of a file: how often, and the first lines where it is so. */
export const QualityIssue = z.object({
  /** Such as `invalid_date`, `duplicate_id`, `future_date`, `imputed`. */
  rule: z.string(),
  /** The column, where it is about one. */
  field: z.string(),
  message: z.string(),
  count: z.int(),
  lines: z.array(z.int()),
});
export type QualityIssue = z.infer<typeof QualityIssue>;

/** What the rows of a file were worth. */
export const Quality = z.object({
  entity: z.string(),
  /** No row was rejected. */
  is_valid: z.boolean(),
  total: z.int(),
  valid: z.int(),
  invalid: z.int(),
  /** Rejected rows over all rows; 0 of none. */
  error_rate: z.number(),
  errors: z.array(QualityIssue),
  /** Recorded, and worth a look: values that were filled in, odd values, choices that were made. */
  warnings: z.array(QualityIssue),
});
export type Quality = z.infer<typeof Quality>;

/** One import with all that is known of it. */
export const ImportDetail = ImportReport.extend({
  is_dry_run: z.boolean(),
  /** SHA-256 of the file as it was dropped, uncompressed; it stays as it is. */
  content_sha256: z.string().nullable(),
  encoding: z.string().nullable(),
  /** Of a file whose columns fitted no format, so that a mapping can be made of them. */
  headers: z.array(z.string()).nullable(),
  /** What somebody said of how it is to be read. */
  options: ReadingOptions.nullable(),
  quality: Quality.nullable(),
  /** While it runs: what it does, and how far and how fast. */
  progress: z
    .object({
      stage: z.string(),
      bytes_done: z.number(),
      bytes_total: z.number(),
      rows_done: z.int(),
      rows_per_second: z.number(),
    })
    .nullable(),
  undone_by: z.string().nullable(),
  undo_reason: z.string().nullable(),
  undone_at: z.string().nullable(),
});
export type ImportDetail = z.infer<typeof ImportDetail>;

/** How files of one set of headers are read. */
export const NewMapping = z
  .object({
    name: z.string().trim().min(1).max(100),
    /** Of the file; or `import_id` names an import that failed because nobody knew its headers. */
    headers: z.array(z.string().trim().max(255)).min(1).max(500).optional(),
    import_id: z.string().length(22).optional(),
    template: z.string(),
    columns: z.record(z.string(), ColumnSource),
    style: StyleChoice.default({}),
    encoding: z.enum(TEXT_ENCODINGS).nullable().default(null),
  })
  .strict()
  .refine(({ headers, import_id }) => (headers === undefined) !== (import_id === undefined), {
    path: ['headers'],
    message: 'say either headers or import_id',
  });

/** How files of one set of headers are read, as it was said. */
export const Mapping = z.object({
  id: z.string(),
  name: z.string(),
  headers: z.array(z.string()),
  template: z.string(),
  columns: z.record(z.string(), ColumnSource),
  style: StyleChoice,
  encoding: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
});

/** How a file that failed is to be read now; a dry run only if it says so. */
export const RetryImport = ReadingOptions.extend({ dry_run: z.boolean().default(false) });

const columns = z.array(z.string());

/** GET /imports/formats */
export const ImportFormats = z.object({
  templates: z.array(z.object({ name: z.string(), required: columns, optional: columns })),
  /** One of the signatures has to be in the header whole; letter case does not matter. */
  other_systems: z.array(z.object({ name: z.string(), signatures: z.array(columns) })),
});
export type ImportFormats = z.infer<typeof ImportFormats>;

/** POST /imports: a form that uploads one file. */
export const UploadForm = z.object({
  method: z.literal('POST'),
  url: z.string(),
  /** Send these as form fields, then the file as the last field, `file`. */
  fields: z.record(z.string(), z.string()),
  key: z.string(),
  max_bytes: z.int(),
  expires_at: z.string(),
});
export type UploadForm = z.infer<typeof UploadForm>;

/** What a look at an uploaded file showed, before its import; nothing of one that swells too far to be looked at. */
export const UploadAnswer = z.object({
  success: z.literal(true),
  message: z.string(),
  job_id: z.string(),
  records_processed: z.int().nullable(),
  categories_found: z.array(z.string()),
  date_range: z.object({ start: z.string().nullable(), end: z.string().nullable() }),
});
export type UploadAnswer = z.infer<typeof UploadAnswer>;
