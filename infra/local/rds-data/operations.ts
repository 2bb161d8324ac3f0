import type { PoolConnection } from 'mysql2';
import type { ClusterDefinition, Secrets } from '../services.ts';
import { DataApiError } from './data-api-error.ts';
import { encodeObjects, encodeRecords } from './encode-rows.ts';
import type { DataApiLimits } from './limits.ts';
import { literalOf } from './literal.ts';
import type { Login, Pools } from './pools.ts';
import { optionalObject, optionalText, parameterMap, type RequestDocument, requiredText } from './request.ts';
import { type QueryResult, runQuery } from './run-query.ts';
import { renderSql, sqlTemplate } from './sql-template.ts';
import { type KillQuery, type StatementClock, withinTime } from './statement-clock.ts';
import { loginOf, type Target, targetOf } from './target.ts';
import type { Transactions } from './transactions.ts';

/** What the operations work with. */
export interface Backend {
  readonly clusters: ReadonlyMap<string, ClusterDefinition>;
  readonly secrets: Pick<Secrets, 'get'>;
  readonly pools: Pools;
  readonly transactions: Transactions;
  readonly kill: KillQuery;
  readonly limits: DataApiLimits;
}

/** The request's document in, the JSON text of the answer out. */
export type Operation = (backend: Backend, request: RequestDocument) => Promise<string>;

/** The operations of the Data API by their path. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  '/Execute': execute,
  '/BatchExecute': batchExecute,
  '/BeginTransaction': begin,
  '/CommitTransaction': (backend, request) => end(backend, request, 'COMMIT', 'Transaction Committed'),
  '/RollbackTransaction': (backend, request) => end(backend, request, 'ROLLBACK', 'Rollback Complete'),
};

async function execute(backend: Backend, request: RequestDocument): Promise<string> {
  const target = targetOf(request, backend.clusters);
  const sql = rendered(requiredText(request, 'sql'), request.parameters);
  const asJson = request.formatRecordsAs === 'JSON';
  const { limits } = backend;
  const resultBytes = asJson ? limits.formattedBytes : limits.responseBytes;
  const result = await withConnection(backend, target, request, (connection, clock) =>
    runOne(connection, clock, sql, { resultBytes, rowBytes: limits.rowBytes }),
  );
  if (!result.columns) {
    const generatedFields = generated(result.insertId);
    return `{"generatedFields":${generatedFields},"numberOfRecordsUpdated":${result.updated}}`;
  }
  if (asJson) return formatted(result);
  const metadata = request.includeResultMetadata
    ? `"columnMetadata":${JSON.stringify(result.columns.map((column) => column.metadata))},`
    : '';
  const records = encodeRecords(result.columns, result.rows, optionalObject(request, 'resultSetOptions'));
  return `{${metadata}"numberOfRecordsUpdated":0,"records":${records}}`;
}

async function batchExecute(backend: Backend, request: RequestDocument): Promise<string> {
  const target = targetOf(request, backend.clusters);
  const sql = requiredText(request, 'sql');
  const sets = request.parameterSets ?? [];
  if (!Array.isArray(sets)) throw new DataApiError('ValidationException', 'parameterSets must be a list');
  if (/^[\s(]*(select|show|explain|describe|with|values|table)\b/i.test(sql))
    throw new DataApiError('BadRequestException', 'Batch update must not be a query');
  const statements = (sets.length === 0 ? [undefined] : sets).map((set) => rendered(sql, set));
  const { rowBytes, responseBytes: resultBytes } = backend.limits;
  const results = await withConnection(backend, target, request, async (connection, clock) => {
    const ids: string[] = [];
    for (const statement of statements) {
      if (clock.isOver) break;
      const result = await runOne(connection, clock, statement, { resultBytes, rowBytes });
      if (result.columns) throw new DataApiError('BadRequestException', 'Batch update must not be a query');
      ids.push(`{"generatedFields":${generated(result.insertId)}}`);
    }
    return ids;
  });
  return `{"updateResults":[${sets.length === 0 ? '' : results.join(',')}]}`;
}

async function begin(backend: Backend, request: RequestDocument): Promise<string> {
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

async function end(
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

const NO_RESULT = { resultBytes: 0, rowBytes: 0 };

/** Runs `work` on the connection of the request's transaction, or on a pooled one in autocommit. */
function withConnection<T>(
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

async function runOne(
  connection: PoolConnection,
  clock: StatementClock,
  sql: string,
  limits: { readonly resultBytes: number; readonly rowBytes: number },
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

function rendered(sql: string, parameters: unknown): string {
  const given = parameterMap(parameters);
  return renderSql(sqlTemplate(sql), (name) => {
    const parameter = given.get(name);
    if (!parameter) throw new DataApiError('BadRequestException', `Cannot find parameter: ${name}`);
    return literalOf(parameter);
  });
}

const generated = (insertId: string | undefined): string =>
  insertId === undefined ? '[]' : `[{"longValue":${insertId}}]`;

function formatted({ columns, rows }: Extract<QueryResult, { rows: unknown }>): string {
  const labels = new Set(columns.map(({ label }) => label));
  if (labels.size < columns.length)
    throw new DataApiError('UnsupportedResultException', 'Column labels must differ for formatted records');
  const records = encodeObjects(columns, rows);
  return `{"formattedRecords":${JSON.stringify(records)},"numberOfRecordsUpdated":0}`;
}
