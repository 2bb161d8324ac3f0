import { hash } from 'node:crypto';
import * as z from 'zod';
import {
  type ColumnMapping,
  ColumnSource,
  normalHeader,
  StyleChoice,
} from '../../contracts/csv/column-mapping.ts';
import { TEXT_ENCODINGS, type TextEncoding } from '../../contracts/csv/text-encoding.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';

const Row = z.object({
  id: z.string(),
  name: z.string(),
  fingerprint: z.string(),
  headers: jsonColumn(z.array(z.string())),
  template: z.string(),
  columns: jsonColumn(z.record(z.string(), ColumnSource)),
  style: jsonColumn(StyleChoice),
  encoding: z.enum(TEXT_ENCODINGS).nullable(),
  created_by: z.string(),
  created_at: timeColumn,
});
/** How files of one set of headers are read. */
export type StoredMapping = z.infer<typeof Row>;

const COLUMNS = `mapping_id AS id, name, fingerprint, headers, template, columns, style, encoding, created_by, created_at`;
/** Letters of headers and columns, as JSON: three bytes each, they stay below the 64 KiB that a row may have. */
export const MAX_MAPPING_CHARS = 20_000;
/** The longest rows of a page stay below the mebibyte that an answer may have. */
export const MAPPINGS_PER_PAGE = 15;

/** How large a mapping is, in those letters. */
export const mappingChars = (headers: readonly string[], columns: ColumnMapping['columns']): number =>
  JSON.stringify(headers).length + JSON.stringify(columns).length;

/** Stands for a set of headers, whatever their order and letter case. */
export const fingerprintOf = (headers: readonly string[]): string =>
  hash('sha256', JSON.stringify([...new Set(headers.map(normalHeader))].sort()));

/** Keeps how files of these headers are read, in place of what was said of them before. Answers its id. */
export async function saveMapping(
  tx: Statements,
  mapping: ColumnMapping & {
    readonly name: string;
    readonly headers: readonly string[];
    readonly style: StyleChoice;
    readonly encoding: TextEncoding | null;
  },
  actor: string,
): Promise<string> {
  const fingerprint = fingerprintOf(mapping.headers);
  const id = hash('sha256', `mapping ${fingerprint}`, 'base64url').slice(0, 22);
  await tx.write(
    `INSERT INTO import_mapping
            (mapping_id, name, fingerprint, headers, template, columns, style, encoding, created_by)
     VALUES (:id, :name, :fingerprint, :headers, :template, :columns, :style, :encoding, :actor)
         ON DUPLICATE KEY UPDATE
            name = :name, headers = :headers, template = :template, columns = :columns, style = :style,
            encoding = :encoding, created_by = :actor, created_at = CURRENT_TIMESTAMP(3)`,
    {
      id,
      name: mapping.name,
      fingerprint,
      headers: json(mapping.headers),
      template: mapping.template,
      columns: json(mapping.columns),
      style: json(mapping.style),
      encoding: mapping.encoding,
      actor,
    },
  );
  return id;
}

/** The mapping whose headers are those of one of these fingerprints. */
export async function findMapping(
  db: Statements,
  fingerprints: readonly string[],
): Promise<StoredMapping | undefined> {
  const [found] = await db.select(
    Row,
    `SELECT ${COLUMNS}
       FROM import_mapping
      WHERE fingerprint IN (SELECT j.f FROM JSON_TABLE(:fingerprints, '$[*]' COLUMNS (f CHAR(64) PATH '$')) AS j)
      LIMIT 1`,
    { fingerprints: json(fingerprints) },
  );
  return found;
}

/** The mappings there are, by name. */
export async function listMappings(db: Statements, { skip, limit }: PageAsked): Promise<Page<StoredMapping>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM import_mapping`);
  const data = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM import_mapping ORDER BY name, mapping_id LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

/** Forgets a mapping; false when there is none of that id. */
export async function removeMapping(tx: Statements, id: string): Promise<boolean> {
  const { updated } = await tx.write(`DELETE FROM import_mapping WHERE mapping_id = :id`, { id });
  return updated === 1;
}
