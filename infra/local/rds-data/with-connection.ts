import type { PoolConnection } from 'mysql2';
import type { Backend } from './backend.ts';
import { DataApiError } from './data-api-error.ts';
import type { Login, Pools } from './pools.ts';
import { optionalText, type RequestDocument } from './request.ts';
import { type QueryResult, type ResultLimits, runQuery } from './run-query.ts';
import { type StatementClock, withinTime } from './statement-clock.ts';
import { loginOf, type Target } from './target.ts';

/** Runs `work` on the connection of the request's transaction, or on a pooled one in autocommit. */
export function withConnection<T>(
  backend: Backend,
  target: Target,
  request: RequestDocument,
  work: (connection: PoolConnection, clock: StatementClock) => Promise<T>,
): Promise<T> {
  const { limits, kill, pools, transactions } = backend;
  const database = optionalText(request, 'database');
  const transactionId = optionalText(request, 'transactionId');
  const continues = request.continueAfterTimeout === true;
  if (transactionId === undefined) {
    const login = loginOf(target, database, backend.secrets);
    return withinTime(limits.statementMs, continues, kill, (clock) => onPool(pools, login, clock, work));
  }
  const transaction = transactions.enter(transactionId, target.clusterArn);
  return withinTime(limits.statementMs, continues, kill, async (clock) => {
    try {
      if (database !== undefined && database !== transaction.database)
        throw new DataApiError('BadRequestException', 'Database name is not the same as transaction');
      if (target.secretArn !== transaction.secretArn)
        throw new DataApiError('BadRequestException', 'Secret is not the same as transaction');
      return await work(transaction.connection, clock);
    } finally {
      transactions.leave(transaction);
    }
  });
}

async function onPool<T>(
  pools: Pools,
  login: Login,
  clock: StatementClock,
  work: (connection: PoolConnection, clock: StatementClock) => Promise<T>,
): Promise<T> {
  const connection = await pools.forStatement(login);
  try {
    // Time may have run out in the queue: then nothing must happen any more.
    if (clock.isOver) throw new DataApiError('StatementTimeoutException', 'Request timed out');
    return await work(connection, clock);
  } finally {
    // Somebody's BEGIN must not reach whoever gets the connection next.
    if (clock.leftOpen) connection.destroy();
    else connection.release();
  }
}

/** Runs one statement under the clock; an interruption of it is over when this resolves. */
export async function runOne(
  connection: PoolConnection,
  clock: StatementClock,
  sql: string,
  limits: ResultLimits,
): Promise<QueryResult> {
  clock.watch(connection);
  try {
    const { result, leavesTransaction } = await runQuery(connection, sql, limits, clock.cancel);
    if (leavesTransaction) clock.leftOpen = true;
    return result;
  } finally {
    await clock.settle();
  }
}
