import type { FieldPacket, PoolConnection, ResultSetHeader } from 'mysql2';
import { type Column, columnOf } from './column.ts';
import { DataApiError } from './data-api-error.ts';
import type { RawRow } from './encode-rows.ts';

/** What one statement did: the rows of a query, or the counts of a change. */
export type QueryResult =
  | { readonly columns: readonly Column[]; readonly rows: readonly RawRow[] }
  | { readonly columns: undefined; readonly updated: number; readonly insertId: string | undefined };

export interface ResultLimits {
  readonly resultBytes: number;
  readonly rowBytes: number;
}

/** The flag of an answer that leaves a transaction open. */
const IN_TRANSACTION = 1;

/** Runs one statement; a result above the limits is cut off with `cancel` and never held in memory. */
export function runQuery(
  connection: PoolConnection,
  sql: string,
  limits: ResultLimits,
  cancel: () => void,
): Promise<{ readonly result: QueryResult; readonly leavesTransaction: boolean }> {
  return new Promise((resolve, reject) => {
    let columns: readonly Column[] | undefined;
    let change: ResultSetHeader | undefined;
    let failure: unknown;
    let bytes = 0;
    const rows: RawRow[] = [];
    const onLost = (error: unknown) => reject(error);
    const refuse = (message: string) => {
      if (failure) return;
      failure = new DataApiError('BadRequestException', message);
      rows.length = 0;
      cancel();
    };
    const onRow = (row: RawRow) => {
      let size = 0;
      for (const cell of row) size += cell?.length ?? 0;
      bytes += size;
      if (bytes > limits.resultBytes) {
        refuse('Database returned more than the allowed response size limit');
      } else if (size > limits.rowBytes) {
        refuse(`Database returned a row of ${size} bytes, above the limit of ${limits.rowBytes} bytes a row`);
      } else if (!failure) {
        rows.push(row);
      }
    };
    connection.once('error', onLost);
    // Without values the driver looks for no placeholders in what may be megabytes.
    const query = connection.query({ sql, values: null, rowsAsArray: true, typeCast: false });
    query.on('fields', (fields: FieldPacket[] | undefined) => {
      // a procedure may give several results; the first counts
      if (fields && !columns) columns = fields.map(columnOf);
    });
    query.on('result', (row: RawRow | ResultSetHeader, index = 0) => {
      if (!Array.isArray(row)) change = row as ResultSetHeader;
      else if (index === 0) onRow(row);
    });
    query.on('error', (error: unknown) => {
      failure ??= error;
    });
    query.on('end', () => {
      connection.off('error', onLost);
      if (failure) reject(failure);
      else resolve({ result: resultOf(columns, rows, change), leavesTransaction: isOpen(change) });
    });
  });
}

function resultOf(
  columns: readonly Column[] | undefined,
  rows: readonly RawRow[],
  change: ResultSetHeader | undefined,
): QueryResult {
  if (columns) return { columns, rows };
  const insertId = change?.insertId ? String(change.insertId) : undefined;
  return { columns, updated: Number(change?.affectedRows ?? 0), insertId };
}

const isOpen = (change: ResultSetHeader | undefined): boolean =>
  ((change?.serverStatus ?? 0) & IN_TRANSACTION) !== 0;
