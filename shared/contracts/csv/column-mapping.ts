import * as z from 'zod';
import type { CellStyle } from './cell-style.ts';
import { type Template, templateNamed } from './templates.ts';
import { TEXT_ENCODINGS } from './text-encoding.ts';
import { zoneNamed } from './zone-time.ts';

/** What a person knows of how cells are written; the rest is found in the file. */
export const StyleChoice = z.object({
  decimal: z.enum(['.', ',']).optional(),
  dates: z.enum(['day-first', 'month-first']).optional(),
  timeZone: z
    .string()
    .transform((text, context) => {
      const zone = zoneNamed(text);
      if (zone !== undefined) return zone;
      context.addIssue({ code: 'custom', message: 'is no time zone such as Europe/Berlin' });
      return z.NEVER;
    })
    .optional(),
});
export type StyleChoice = { readonly [K in keyof CellStyle]?: CellStyle[K] | undefined };

/** How one file is to be read, against what the ingest finds. */
export const ReadingOptions = z.object({
  style: StyleChoice.optional(),
  encoding: z.enum(TEXT_ENCODINGS).optional(),
});
export type ReadingOptions = z.infer<typeof ReadingOptions>;

/** Where a template's column comes from: a header of the file, or a value for every row. */
export const ColumnSource = z.union([z.string().min(1), z.object({ value: z.string().max(255) })]);
export type ColumnSource = z.infer<typeof ColumnSource>;

/** How the columns of a file become those of a template. */
export interface ColumnMapping {
  readonly template: string;
  readonly columns: Readonly<Record<string, ColumnSource>>;
}

export const normalHeader = (header: string): string => header.trim().toLowerCase();

/** What is wrong with a mapping for a file of these headers; nothing when it can be used. */
export function mappingFaults(
  { template: name, columns }: ColumnMapping,
  headers: readonly string[],
): { field: string; reason: string }[] {
  const template: Template | undefined = templateNamed(name);
  if (template === undefined) return [{ field: 'template', reason: 'is no template' }];
  const known: readonly string[] = [...template.required, ...template.optional];
  const has = new Set(headers.map(normalHeader));
  const missing = template.required
    .filter((column) => columns[column] === undefined)
    .map((column) => ({ field: `columns.${column}`, reason: 'is required and has no source' }));
  const wrong = Object.entries(columns).flatMap(([column, source]) => {
    if (!known.includes(column)) return [{ field: `columns.${column}`, reason: `is no column of ${name}` }];
    if (typeof source === 'string' && !has.has(normalHeader(source)))
      return [{ field: `columns.${column}`, reason: `the file has no header ${source}` }];
    return [];
  });
  return [...missing, ...wrong];
}
