import type { ImportCounts, LateReject } from '../../shared/data/imports/import-store.ts';
import type { Position } from '../../shared/data/ledger/ledger-store.ts';
import type { Database, Statements } from '../../shared/data/sql/database.ts';
import type { StubIntroducer } from './introduce-stubs.ts';

/** A row that passed its schema, with where it stands. */
export interface ValidRow<Row = unknown> {
  readonly line: number;
  readonly row: Row;
  /** Makes what is not there yet, and leaves what is. */
  readonly isStub?: boolean;
}

/** What applying the valid rows of a chunk came to. `counts` leaves out `total` and the rejects found earlier. */
export interface Applied {
  readonly counts: Omit<ImportCounts, 'total' | 'rejected'>;
  readonly rejects: readonly LateReject[];
  /** Line of each row that was recorded already; a line stands there once for each of its rows. */
  readonly known: readonly number[];
}

/** Where the rows of a chunk come from. */
export interface ChunkSource {
  readonly importId: string;
  /** The same, shorter. */
  readonly importNo: number;
  readonly actor: string;
  /** Every location there is; rows that name another are rejected. */
  readonly locations: ReadonlySet<string>;
}

/** How the rows of one format are recorded. Made once per file, because some formats count across chunks. */
export interface ChunkApplier<Prepared = unknown> {
  /** What a row means, or why it cannot be recorded. Called for every valid row of the file, in its order. */
  prepare(row: unknown, line: number): Prepared | { readonly field: string; readonly reason: string };
  /** Makes what the rows refer to, before the transaction and again harmlessly: stubs of products and customers. */
  introduce?(stubs: StubIntroducer, rows: readonly Prepared[]): Promise<void>;
  /** What it introduced was taken back: the next chunk may need it again. */
  forget?(): void;
  /** The stock that the rows move. */
  positionsOf?(rows: readonly Prepared[]): readonly Position[];
  /** Records the rows in the transaction of their chunk. */
  apply(tx: Statements, rows: readonly Prepared[], source: ChunkSource): Promise<Applied>;
}

/** Whether `prepare` answered why the row cannot be recorded. */
export function isRefusal(
  prepared: unknown,
): prepared is { readonly field: string; readonly reason: string } {
  return typeof prepared === 'object' && prepared !== null && 'field' in prepared && 'reason' in prepared;
}

/** A transaction as a database: what would be transactions of their own becomes part of it. */
export const asDatabase = (tx: Statements): Database => ({
  select: (row, sql, params) => tx.select(row, sql, params),
  write: (sql, params) => tx.write(sql, params),
  transaction: (work) => work(tx),
});

/** First and last day of some dates or times, as YYYY-MM-DD. */
export function daySpan(times: Iterable<string>): { firstDate: string | null; lastDate: string | null } {
  let [first, last]: [string | null, string | null] = [null, null];
  for (const time of times) {
    if (first === null || time < first) first = time;
    if (last === null || time > last) last = time;
  }
  return { firstDate: first?.slice(0, 10) ?? null, lastDate: last?.slice(0, 10) ?? null };
}
