import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type ExecuteStatementCommandOutput,
  type Field,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { expect } from 'vitest';
import { openTestDatabase, type TestDatabaseOptions } from '../../database.ts';

export type Call = Partial<ExecuteStatementCommandInput>;

/** An empty database behind the Data API, driven by the real SDK as the master user. */
export async function openRdsData(options: TestDatabaseOptions = {}) {
  const db = await openTestDatabase({ migrated: false, ...options });
  const { client, cluster } = db;
  const target = { resourceArn: cluster.arn, secretArn: cluster.masterSecretArn };
  const inDatabase = { ...target, database: cluster.databaseName };

  const execute = (
    sql: string,
    parameters: SqlParameter[] = [],
    call: Call = {},
  ): Promise<ExecuteStatementCommandOutput> =>
    client.send(new ExecuteStatementCommand({ ...inDatabase, sql, parameters, ...call }));

  return {
    ...db,
    target,
    execute,
    batch: (sql: string, parameterSets: SqlParameter[][], call: Call = {}) =>
      client.send(new BatchExecuteStatementCommand({ ...inDatabase, sql, parameterSets, ...call })),
    /** The first row's fields. */
    async row(sql: string, parameters: SqlParameter[] = [], call: Call = {}): Promise<Field[]> {
      return (await execute(sql, parameters, call)).records![0]!;
    },
    async begin(): Promise<string> {
      return (await client.send(new BeginTransactionCommand(inDatabase))).transactionId!;
    },
    commit: (transactionId: string) =>
      client.send(new CommitTransactionCommand({ ...target, transactionId })),
    rollback: (transactionId: string) =>
      client.send(new RollbackTransactionCommand({ ...target, transactionId })),
  };
}

export type RdsData = Awaited<ReturnType<typeof openRdsData>>;

export const long = (name: string, longValue: number): SqlParameter => ({ name, value: { longValue } });
export const text = (name: string, stringValue: string): SqlParameter => ({ name, value: { stringValue } });
export const hinted = (
  name: string,
  typeHint: NonNullable<SqlParameter['typeHint']>,
  stringValue: string,
): SqlParameter => ({ name, typeHint, value: { stringValue } });

/** That a call is refused with this error and, if given, these words. */
export async function refuses(
  call: Promise<unknown>,
  name: string,
  words: string | RegExp = '',
): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.name).toBe(name);
  expect(error?.message).toMatch(words);
}
