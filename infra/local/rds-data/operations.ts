import type { Operation } from './backend.ts';
import { batchExecuteStatement, executeStatement } from './statement-operations.ts';
import { beginTransaction, endTransaction } from './transaction-operations.ts';

/** The operations of the Data API by their path. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  '/Execute': executeStatement,
  '/BatchExecute': batchExecuteStatement,
  '/BeginTransaction': beginTransaction,
  '/CommitTransaction': (backend, request) =>
    endTransaction(backend, request, 'COMMIT', 'Transaction Committed'),
  '/RollbackTransaction': (backend, request) =>
    endTransaction(backend, request, 'ROLLBACK', 'Rollback Complete'),
};
