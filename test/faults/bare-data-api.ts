import { randomBytes } from 'node:crypto';
import type { ExecuteStatementCommandInput, ExecuteStatementCommandOutput } from '@aws-sdk/client-rds-data';
import { type Connection, createConnection, type PoolConnection } from 'mysql2';
import { grantApplicationUser } from '../../functions/migrate/grant-application-user.ts';
import { migrateDatabase } from '../../functions/migrate/migrate-database.ts';
import { readMigrations } from '../../functions/migrate/read-migrations.ts';
import { fromDriver } from '../../infra/local/rds-data/data-api-error.ts';
import { encodeRecords } from '../../infra/local/rds-data/encode-rows.ts';
import { literalOf } from '../../infra/local/rds-data/literal.ts';
import { runQuery } from '../../infra/local/rds-data/run-query.ts';
import { renderSql, sqlTemplate } from '../../infra/local/rds-data/sql-template.ts';
import { openDataApiDatabase } from '../../shared/data/sql/data-api-client.ts';
import type { TestServer } from '../database-broker.ts';
import { plantBallast } from './ballast.ts';
import { clientOf } from './data-api-commands.ts';

/** A transaction on a connection of its own. */
export interface Transaction {
  readonly id: string;
  readonly connection: Connection;
  isOpen: boolean;
}

export type Statement = Pick<ExecuteStatementCommandInput, 'sql' | 'parameters'>;

/**
 * The operations of the RDS Data API in this process: its literals, answers and errors, without HTTP. A statement that
 * meets a lock of somebody else fails at once with a lock wait timeout and has done nothing, so that it can be tried
 * again when the other has ended: waiting is for the scheduler.
 */
export interface BareDataApi {
  begin(): Promise<Transaction>;
  /** On the transaction's connection, else by itself. */
  execute(statement: Statement, transaction?: Transaction): Promise<ExecuteStatementCommandOutput>;
  end(transaction: Transaction, how: 'COMMIT' | 'ROLLBACK'): Promise<void>;
  /** What a deadlock does: all is undone, and what comes next is in a transaction again. */
  restart(transaction: Transaction): Promise<void>;
  /** Rolls back whatever is still open. */
  endAll(): Promise<void>;
  close(): Promise<void>;
}

const MIGRATIONS = new URL('../../shared/data/migrations', import.meta.url).pathname;
const LIMITS = { resultBytes: 1024 * 1024, rowBytes: 64 * 1024 };

/** Makes a migrated database on this server, asked as the application's user; `close` drops it. */
export async function openBareDataApi(server: TestServer): Promise<BareDataApi> {
  const id = randomBytes(6).toString('hex');
  const [database, user, password] = [`faults_${id}`, `faults_${id}`, randomBytes(12).toString('hex')];
  const admin = { ...server.admin, port: server.port };
  const socketPath = process.platform === 'win32' ? '' : await once(admin, 'SELECT @@socket');
  const place = { port: server.port, ...(socketPath !== '' && { socketPath }) };
  await once(admin, `CREATE DATABASE ${database}`);
  // whoever changes the schema waits: other databases share the server's dictionary
  const master = openOn({ ...admin, database }, { waits: true });
  const schema = openDataApiDatabase({ clusterArn: '-', secretArn: '-', database, client: clientOf(master) });
  await migrateDatabase(schema, await readMigrations(MIGRATIONS));
  await grantApplicationUser(schema, { username: user, password });
  await plantBallast(schema);
  await master.close();
  const api = openOn({ user, password, ...place, database });
  return {
    ...api,
    async close() {
      await api.close();
      await once(admin, `DROP DATABASE ${database}`);
      await once(admin, `DROP USER '${user}'@'%'`);
    },
  };
}

interface Login {
  readonly user: string;
  readonly password: string;
  readonly port: number;
  /** Where the server is reached without a network, which is quicker. */
  readonly socketPath?: string;
  readonly database?: string;
}

function openOn(login: Login, { waits = false } = {}): BareDataApi {
  const all = new Set<Connection>();
  const idle = { statement: [] as Connection[], transaction: [] as Connection[] };
  const open = new Set<Transaction>();
  let begun = 0;
  let neverWaits = false;

  async function end(transaction: Transaction, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const connection = connectionOf(transaction);
    transaction.isOpen = false;
    open.delete(transaction);
    await query(connection, how);
    idle.transaction.push(connection);
  }

  async function take(purpose: keyof typeof idle): Promise<Connection> {
    const free = idle[purpose].pop();
    if (free) return free;
    const connection = connect(login);
    all.add(connection);
    if (!waits) {
      // MySQL knows no shorter wait than a second
      neverWaits = /mariadb/i.test(await textOf(connection, 'SELECT VERSION()'));
      await query(connection, `SET SESSION innodb_lock_wait_timeout = ${neverWaits ? 0 : 1}`);
    }
    await query(connection, 'SET collation_connection = @@collation_server');
    if (purpose === 'transaction') await query(connection, 'SET autocommit = 0');
    return connection;
  }

  return {
    async begin() {
      const connection = await take('transaction');
      begun += 1;
      const transaction = { id: `transaction-${begun}`, connection, isOpen: true };
      open.add(transaction);
      return transaction;
    },
    async execute({ sql, parameters }, transaction) {
      const values = new Map((parameters ?? []).map((parameter) => [parameter.name, parameter]));
      const connection = transaction ? connectionOf(transaction) : await take('statement');
      // MariaDB 10.11 fails with error 1180 where it may not wait and shall skip; skipping never waits
      const prefix =
        neverWaits && / SKIP LOCKED/.test(sql!) ? 'SET STATEMENT innodb_lock_wait_timeout=50 FOR ' : '';
      const text = renderSql(sqlTemplate(sql!), (name) => {
        const parameter = values.get(name);
        if (!parameter) throw new Error(`parameter ${name} is missing`);
        return literalOf(asDocument(parameter));
      });
      try {
        return await query(connection, prefix + text);
      } finally {
        if (!transaction) idle.statement.push(connection);
      }
    },
    end,
    async endAll() {
      for (const transaction of [...open]) await end(transaction, 'ROLLBACK');
    },
    async restart(transaction) {
      await query(connectionOf(transaction), 'ROLLBACK');
    },
    async close() {
      for (const connection of all) connection.destroy();
    },
  };
}

function connectionOf({ connection, isOpen }: Transaction): Connection {
  if (!isOpen) throw dataApiFault('TransactionNotFoundException', 'Transaction is not found');
  return connection;
}

function connect({ user, password, port, socketPath, database }: Login): Connection {
  const connection = createConnection({
    ...(socketPath === undefined ? { host: '127.0.0.1', port } : { socketPath }),
    user,
    password,
    ...(database === undefined ? {} : { database }),
    charset: 'utf8mb4',
    flags: ['-IGNORE_SPACE'],
  });
  // the statement that comes upon it tells
  connection.on('error', () => undefined);
  return connection;
}

async function textOf(connection: Connection, sql: string): Promise<string> {
  const { records } = await query(connection, sql);
  return records?.[0]?.[0]?.stringValue ?? '';
}

async function once(login: Login, sql: string): Promise<string> {
  const connection = connect(login);
  const text = await textOf(connection, sql);
  connection.destroy();
  return text;
}

/** Bytes travel as base64. */
function asDocument(
  parameter: NonNullable<Statement['parameters']>[number],
): Parameters<typeof literalOf>[0] {
  const bytes = parameter.value?.blobValue;
  return (
    bytes ? { ...parameter, value: { blobValue: Buffer.from(bytes).toString('base64') } } : parameter
  ) as Parameters<typeof literalOf>[0];
}

async function query(connection: Connection, sql: string): Promise<ExecuteStatementCommandOutput> {
  const $metadata = {};
  try {
    const { result } = await runQuery(connection as PoolConnection, sql, LIMITS, () => connection.destroy());
    if (!result.columns) {
      const generatedFields = result.insertId === undefined ? [] : [{ longValue: Number(result.insertId) }];
      return { $metadata, numberOfRecordsUpdated: result.updated, generatedFields };
    }
    return {
      $metadata,
      numberOfRecordsUpdated: 0,
      columnMetadata: result.columns.map((column) => column.metadata) as never,
      records: JSON.parse(encodeRecords(result.columns, result.rows, {})),
    };
  } catch (error) {
    const refusal = fromDriver(error);
    throw dataApiFault(refusal.type, refusal.message);
  }
}

/** An exception as the SDK throws it. */
export function dataApiFault(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
