import type * as z from 'zod';

/** A value that may be bound to `:name`. Lists travel as JSON text and are opened by JSON_TABLE. */
export type Param = string | number | bigint | boolean | null | Date | Uint8Array | TypedParam;
export type Params = Readonly<Record<string, Param>>;

/** A string that the database must read as a DECIMAL, a DATE or JSON. Made by `decimal`, `date` and `json`. */
export interface TypedParam {
  readonly hint: 'DECIMAL' | 'DATE' | 'JSON';
  readonly text: string;
}

/** Money or another exact number, as a decimal string: `decimal('12.50')`. */
export const decimal = (text: string): TypedParam => ({ hint: 'DECIMAL', text });

/** A calendar day: `date('2011-08-31')`. */
export const date = (text: string): TypedParam => ({ hint: 'DATE', text });

/** Any value as JSON text, lists for JSON_TABLE included. */
export const json = (value: unknown): TypedParam => ({ hint: 'JSON', text: JSON.stringify(value) });

/** What a write did. `updated` counts matched rows, as MySQL's found-rows mode does. */
export interface WriteResult {
  readonly updated: number;
  readonly insertId: number | undefined;
}

/** What a statement may do besides reading: inside a transaction this is all there is. */
export interface Statements {
  /** Rows of one SELECT, each checked against the schema. At most 1 MiB of them: page. */
  select<T>(row: z.ZodType<T>, sql: string, params?: Params): Promise<T[]>;
  /** One INSERT, UPDATE or DELETE. */
  write(sql: string, params?: Params): Promise<WriteResult>;
}

/** The database as use cases and stores see it: plain SQL, named parameters, checked rows. */
export interface Database extends Statements {
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects.
   * A deadlock, a lock wait or a `StaleRead` starts it anew, up to 5 times, so `work` must have no other effect than through `tx`.
   */
  transaction<T>(work: (tx: Statements) => Promise<T>): Promise<T>;
}

/** Thrown inside a transaction that learns that what it read is out of date: it starts anew and reads again. */
export class StaleRead extends Error {}
