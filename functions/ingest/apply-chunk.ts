import type { Statements } from '../../shared/data/database.ts';
import type { ImportCounts, LateReject } from '../../shared/data/import-store.ts';

/** A row that passed its schema, with where it stands. */
export interface ValidRow<Row = unknown> {
  readonly line: number;
  readonly row: Row;
}

/** What applying the valid rows of a chunk came to. `counts` leaves out `total` and the rejects found earlier. */
export interface Applied {
  readonly counts: Omit<ImportCounts, 'total' | 'rejected'>;
  readonly rejects: readonly LateReject[];
}

/** Where the rows of a chunk come from. */
export interface ChunkSource {
  readonly importId: string;
  readonly actor: string;
  /** Every location there is; rows that name another are rejected. */
  readonly locations: ReadonlySet<string>;
}

/** How the rows of one format are recorded. Made once per file, because some formats count across chunks. */
export interface ChunkApplier<Prepared = unknown> {
  /** What a row means, or why it cannot be recorded. Called for every valid row of the file, in its order. */
  prepare(row: unknown, line: number): Prepared | { readonly field: string; readonly reason: string };
  /** Makes what the rows refer to, before the transaction and again harmlessly: stubs of products and customers. */
  introduce?(rows: readonly Prepared[]): Promise<void>;
  /** Records the rows in the transaction of their chunk. */
  apply(tx: Statements, rows: readonly Prepared[], source: ChunkSource): Promise<Applied>;
}

/** First and last day of some dates or times, as YYYY-MM-DD. */
export function daySpan(times: Iterable<string>): { firstDate: string | null; lastDate: string | null } {
  let [first, last]: [string | null, string | null] = [null, null];
  for (const time of times) {
    if (first === null || time < first) first = time;
    if (last === null || time > last) last = time;
  }
  return { firstDate: first?.slice(0, 10) ?? null, lastDate: last?.slice(0, 10) ?? null };
}
