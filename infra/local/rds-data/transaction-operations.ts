import type { Backend } from './backend.ts';
import { optionalText, type RequestDocument, requiredText } from './request.ts';
import { withinTime } from './statement-clock.ts';
import { loginOf, targetOf } from './target.ts';
import { runOne } from './with-connection.ts';

const NO_RESULT = { resultBytes: 0, rowBytes: 0 };

/** BeginTransaction: takes a connection for what is to come. */
export async function beginTransaction(backend: Backend, request: RequestDocument): Promise<string> {
  const target = targetOf(request, backend.clusters);
  const login = loginOf(target, optionalText(request, 'database'), backend.secrets);
  const { limits, kill, pools } = backend;
  const connection = await withinTime(limits.statementMs, false, kill, async (clock) => {
    const taken = await pools.forTransaction(login);
    try {
      // Not BEGIN: after a DDL statement, which commits, the next statement must be in a transaction again.
      await runOne(taken, clock, 'SET autocommit = 0', NO_RESULT);
    } catch (error) {
      taken.destroy();
      throw error;
    }
    if (clock.isOver) taken.destroy();
    return taken;
  });
  const id = backend.transactions.add({ ...target, connection, database: login.database });
  return JSON.stringify({ transactionId: id });
}

/** CommitTransaction and RollbackTransaction. */
export async function endTransaction(
  backend: Backend,
  request: RequestDocument,
  sql: 'COMMIT' | 'ROLLBACK',
  transactionStatus: string,
): Promise<string> {
  const { clusterArn } = targetOf(request, backend.clusters);
  const { transactions, limits, kill } = backend;
  const transaction = transactions.enter(requiredText(request, 'transactionId'), clusterArn);
  await withinTime(limits.statementMs, true, kill, async (clock) => {
    let isBroken = true;
    try {
      await runOne(transaction.connection, clock, sql, NO_RESULT);
      isBroken = false;
    } finally {
      transactions.end(transaction, isBroken);
    }
  });
  return JSON.stringify({ transactionStatus });
}
