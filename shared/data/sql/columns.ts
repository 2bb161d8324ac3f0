import * as z from 'zod';

/** Columns as the Data API hands them over -> values as answers show them. */

/** DATETIME(3) in UTC as an instant: `2011-08-31T10:00:00.000Z`. */
export const timeColumn = z
  .string()
  .transform((text) => new Date(`${text.replace(' ', 'T')}Z`).toISOString());

/** DECIMAL with as many decimals as it needs, two at least: `2.5500` is `2.55`. */
export const moneyColumn = z.string().transform((text) => {
  const [whole, decimals = ''] = text.split('.');
  return `${whole}.${decimals.replace(/0+$/, '').padEnd(2, '0')}`;
});

/** TINYINT(1), or a comparison. */
export const flagColumn = z.union([z.boolean(), z.int()]).transform(Boolean);

/** A JSON column, read by its schema. */
export const jsonColumn = <T>(schema: z.ZodType<T>) =>
  z.string().transform((text) => schema.parse(JSON.parse(text)));

/** The part of a list that somebody asked for. */
export interface PageAsked {
  readonly skip: number;
  readonly limit: number;
}

/** A page of a list, and how long the whole list is. */
export interface Page<T> {
  readonly data: T[];
  readonly pagination: PageAsked & { readonly total: number };
}

/** Rows of `SELECT COUNT(*) AS total`. */
export const Total = z.object({ total: z.int() });

/** `WHERE` with those conditions that are asked for; empty when none is. */
export function where(conditions: readonly (string | false | undefined)[]): string {
  const asked = conditions.filter((condition) => condition);
  return asked.length === 0 ? '' : `WHERE ${asked.join('\n  AND ')}`;
}

/** A pattern for LIKE that finds the text anywhere, its own wildcards being plain characters. */
export const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
