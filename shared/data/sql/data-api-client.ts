import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandOutput,
  type Field,
  RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import {
  asksForRetry,
  databaseErrorNumber,
  isLockConflict,
  isResuming,
  isTransactionLost,
  isTransient,
} from './data-api-errors.ts';
import {
  type Database,
  type Param,
  type Params,
  StaleRead,
  type Statements,
  type WriteResult,
} from './database.ts';
import { toSqlTime } from './sql-time.ts';
import { takeTurns } from './take-turns.ts';

/** How long one call waits for a paused database, and how often a transaction is tried in all. */
const RESUME_BUDGET_MS = 60_000;
const TRANSACTION_ATTEMPTS = 5;
/**
 * Transactions of one process at once, and how many more may wait. The SDK has 50 connections: were all of them taken by
 * statements that wait for a lock, whoever holds it could not say that it is done.
 */
const TRANSACTIONS_AT_ONCE = 32;
const MOST_WAITING = 10_000;
/** Above the Data API's own limit of 45 s a call. */
const REQUEST_TIMEOUT_MS = 60_000;

export interface DataApiOptions {
  readonly clusterArn: string;
  readonly secretArn: string;
  readonly database: string;
  readonly client?: RDSDataClient;
  readonly resumeBudgetMs?: number;
  /** How time passes between attempts; by default as it does. */
  readonly waiting?: Waiting;
}

/** A clock, and pauses of about so long. */
export interface Waiting {
  now(): number;
  pause(aboutMs: number): Promise<void>;
}

/** A `Database` that may also change the schema. */
export interface DataApiDatabase extends Database {
  /** Runs one DDL statement to its end, however long it takes. */
  define(sql: string): Promise<void>;
}

interface Call {
  readonly sql: string;
  readonly params: Params;
  readonly transactionId?: string;
  readonly continueAfterTimeout?: boolean;
}

/**
 * The RDS Data API as a `Database`.
 * - A resuming cluster is waited for, up to a minute a call; then Fault `unavailable`.
 * - Reads are repeated after transient failures; a write outside a transaction never is, because it may have happened.
 * - A transaction that met a deadlock, or failed before its commit, is rolled back and run anew. A commit is repeated only
 *   where it was turned away before it ran.
 */
export function openDataApiDatabase(options: DataApiOptions): DataApiDatabase {
  const client = options.client ?? openClient();
  const target = { resourceArn: options.clusterArn, secretArn: options.secretArn };
  const patience = {
    budgetMs: options.resumeBudgetMs ?? RESUME_BUDGET_MS,
    ...(options.waiting ?? REAL_TIME),
  };

  const send = (
    { sql, params, ...call }: Call,
    repeatable: boolean,
  ): Promise<ExecuteStatementCommandOutput> => {
    const command = new ExecuteStatementCommand({
      ...target,
      database: options.database,
      sql,
      parameters: Object.entries(params).map(([name, value]) => toParameter(name, value)),
      includeResultMetadata: true,
      ...call,
    });
    return patiently(() => client.send(command), repeatable, patience);
  };

  type Transaction = ConstructorParameters<typeof RollbackTransactionCommand>[0];
  const rollBack = async (transaction: Transaction): Promise<void> => {
    // A transaction that cannot be rolled back ends by itself after three idle minutes.
    await client.send(new RollbackTransactionCommand(transaction)).catch(() => undefined);
  };

  const inTurn = takeTurns(TRANSACTIONS_AT_ONCE, MOST_WAITING);
  async function attempt<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    const begin = new BeginTransactionCommand({ ...target, database: options.database });
    const { transactionId } = await patiently(() => client.send(begin), true, patience);
    const transaction = { resourceArn: target.resourceArn, secretArn: target.secretArn, transactionId };
    let result: T;
    try {
      result = await work(
        statements((call) => send({ ...call, transactionId: transactionId! }, false), true),
      );
    } catch (error) {
      await rollBack(transaction);
      const mayRepeat = isOutrun(error) || isTransient(error) || isTransactionLost(error);
      throw mayRepeat ? new RetryTransaction(error) : error;
    }
    try {
      await patiently(() => client.send(new CommitTransactionCommand(transaction)), false, patience);
    } catch (error) {
      // Turned away to the end: nothing is committed, and what it holds should not be held for three minutes more.
      if (error instanceof Fault) await rollBack(transaction);
      throw error;
    }
    return result;
  }

  return {
    ...statements((call, isRead) => send(call, isRead), false),
    async define(sql) {
      await send({ sql, params: {}, continueAfterTimeout: true }, false);
    },
    async transaction(work) {
      for (let tried = 1; ; tried++) {
        try {
          return await inTurn(() => attempt(work));
        } catch (error) {
          if (!(error instanceof RetryTransaction)) throw error;
          if (tried === TRANSACTION_ATTEMPTS) throw giveUp(error.cause);
          await patience.pause(50 * 2 ** tried);
        }
      }
    },
  };
}

function openClient(): RDSDataClient {
  // The SDK's own retries would repeat writes after an ambiguous 500: ours know the difference.
  const client = new RDSDataClient({
    maxAttempts: 1,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS },
  });
  // It copies every cell of every answer for a log that nobody keeps.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

class RetryTransaction extends Error {
  constructor(cause: unknown) {
    super('transaction rolled back', { cause });
  }
}

/** Somebody else was there first; what they did is there to see the next time. */
const isOutrun = (error: unknown): boolean => isLockConflict(error) || error instanceof StaleRead;

function giveUp(cause: unknown): Fault {
  return isOutrun(cause)
    ? new Fault('conflict', 'The same rows are being changed elsewhere; try again', { cause })
    : new Fault('unavailable', 'The database cannot be reached', { cause });
}

function statements(
  send: (call: Call, isRead: boolean) => Promise<ExecuteStatementCommandOutput>,
  exclusive: boolean,
): Statements {
  let busy = false;
  const run = async (call: Call, isRead: boolean): Promise<ExecuteStatementCommandOutput> => {
    // The Data API refuses a second call on a running transaction: a Promise.all inside one is a bug.
    if (exclusive && busy) throw new Error(`two statements at once in one transaction: ${call.sql}`);
    busy = true;
    try {
      return await send(call, isRead);
    } finally {
      busy = false;
    }
  };
  return {
    async select<T>(row: z.ZodType<T>, sql: string, params: Params = {}): Promise<T[]> {
      const output = await run({ sql, params }, true);
      return z.array(row).parse(toRows(output));
    },
    async write(sql: string, params: Params = {}): Promise<WriteResult> {
      const output = await run({ sql, params }, false);
      return {
        updated: output.numberOfRecordsUpdated ?? 0,
        insertId: output.generatedFields?.[0]?.longValue,
      };
    },
  };
}

/** Repeats what did not run (resuming, throttled) within the budget, and transient failures when `repeatable`. */
async function patiently<T>(
  call: () => Promise<T>,
  repeatable: boolean,
  { budgetMs, now, pause }: Waiting & { readonly budgetMs: number },
): Promise<T> {
  const deadline = now() + budgetMs;
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      return await call();
    } catch (error) {
      if (!asksForRetry(error) && !(repeatable && isTransient(error))) throw error;
      if (now() + waitMs > deadline) {
        const reason = isResuming(error) ? 'The database is resuming' : 'The database is overloaded';
        throw new Fault('unavailable', reason, { cause: error });
      }
      await pause(waitMs);
    }
  }
}

function toParameter(name: string, value: Param): SqlParameter {
  if (value === null) return { name, value: { isNull: true } };
  switch (typeof value) {
    case 'string':
      return { name, value: { stringValue: value } };
    case 'boolean':
      return { name, value: { booleanValue: value } };
    case 'bigint':
      return { name, value: { stringValue: value.toString() } };
    case 'number':
      return { name, value: Number.isSafeInteger(value) ? { longValue: value } : { doubleValue: value } };
  }
  if (value instanceof Date) return { name, value: { stringValue: toSqlTime(value) }, typeHint: 'TIMESTAMP' };
  if (value instanceof Uint8Array) return { name, value: { blobValue: value } };
  // A JSON hint would make the database parse the text twice: JSON_TABLE and JSON columns take plain text.
  return value.hint === 'JSON'
    ? { name, value: { stringValue: value.text } }
    : { name, value: { stringValue: value.text }, typeHint: value.hint };
}

function toRows(output: ExecuteStatementCommandOutput): Record<string, unknown>[] {
  const names = output.columnMetadata?.map((column) => column.label ?? column.name ?? '') ?? [];
  return (output.records ?? []).map((record) => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) row[names[i]!] = toValue(record[i]!);
    return row;
  });
}

function toValue(field: Field): unknown {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? field.blobValue;
}

/** Whether the database refused a row because its unique key exists. */
export const isDuplicateKey = (error: unknown): boolean => databaseErrorNumber(error) === 1062;

const REAL_TIME: Waiting = {
  now: () => Date.now(),
  // Callers that failed together must not come back together.
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms * (0.75 + Math.random() / 2))),
};
