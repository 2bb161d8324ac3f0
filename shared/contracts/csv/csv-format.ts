import type * as z from 'zod';

/** One kind of file: how it is recognised, and what each of its rows must be. */
export interface CsvFormat<Row = unknown> {
  readonly name: string;
  /** Columns that must all be there; letter case and spaces around do not matter. */
  readonly required: readonly string[];
  /** Columns that may be there. A file with any other column is not of this format. */
  readonly optional: readonly string[];
  /** One row, by column name. */
  readonly row: z.ZodType<Row>;
}

/** The row type of a format. */
export type RowOf<F> = F extends CsvFormat<infer Row> ? Row : never;
