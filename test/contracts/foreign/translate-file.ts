import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { type CellStyle, DEFAULT_STYLE } from '../../../shared/contracts/csv/cell-style.ts';
import { FOREIGN_FORMATS } from '../../../shared/contracts/csv/foreign/foreign-formats.ts';
import type {
  CanonicalRow,
  ForeignFormat,
  Translation,
} from '../../../shared/contracts/csv/foreign-format.ts';

export const DROPPED_AT = '2026-08-10 12:00:00.000';

/** What a fixture says, line by line, by the only format that its header has. */
export interface Translated {
  readonly formats: readonly string[];
  readonly lines: readonly Translation[];
  /** All rows of a template, in their order. */
  rowsOf(template: CanonicalRow['template']): Record<string, unknown>[];
}

/** The formats whose signature is wholly in the header. */
export function formatsOf(headers: readonly string[]): ForeignFormat[] {
  const has = new Set(headers.map((header) => header.trim().toLowerCase()));
  return FOREIGN_FORMATS.filter((format) =>
    format.signatures.some((signature) => signature.every((header) => has.has(header))),
  );
}

/** Translates a file of test/fixtures/imports, or a text. */
export function translate(source: string, style: Partial<CellStyle> = {}): Translated {
  const text = source.includes('\n')
    ? source
    : readFileSync(new URL(`../../fixtures/imports/${source}`, import.meta.url), 'utf8');
  const delimiter = text.slice(0, text.indexOf('\n')).includes('\t') ? '\t' : ',';
  const [headers, ...records] = parse(text, { bom: true, delimiter }) as string[][];
  const formats = formatsOf(headers!);
  const translator = formats[0]!.open({
    headers: headers!,
    style: { ...DEFAULT_STYLE, ...style },
    droppedAt: DROPPED_AT,
  });
  const names = headers!.map((header) => header.trim().toLowerCase());
  const lines = records.map((record, n) =>
    translator(Object.fromEntries(names.map((name, i) => [name, record[i]!])), n + 2),
  );
  return {
    formats: formats.map((format) => format.name),
    lines,
    rowsOf: (template) =>
      lines.flatMap((line) =>
        'rows' in line ? line.rows.filter((row) => row.template === template).map((row) => row.row) : [],
      ),
  };
}

/** The translations that record something, with what was filled in. */
export const imputedOf = ({ lines }: Translated): (readonly string[])[] =>
  lines.flatMap((line) => ('rows' in line ? [line.imputed ?? []] : []));

export const excludedOf = ({ lines }: Translated): string[] =>
  lines.flatMap((line) => ('excluded' in line ? [line.excluded] : []));

export const faultsOf = ({ lines }: Translated): string[] =>
  lines.flatMap((line) => ('reason' in line ? [`${line.field} ${line.reason}`] : []));
