import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import { grantApplicationUser } from '../functions/migrate/grant-application-user.ts';
import { migrateDatabase } from '../functions/migrate/migrate-database.ts';
import { readMigrations } from '../functions/migrate/read-migrations.ts';
import type { DataApiLimits } from '../infra/local/rds-data/limits.ts';
import { openDataApi } from '../infra/local/rds-data/open-data-api.ts';
import type { ClusterDefinition } from '../infra/local/services.ts';
import { findViolations } from '../shared/data/ledger/invariants.ts';
import { type DataApiDatabase, openDataApiDatabase } from '../shared/data/sql/data-api-client.ts';
import { makeTables } from './copied-tables.ts';
import type { TestServer } from './database-broker.ts';

export interface TestDatabaseOptions {
  /** Default true: the tables of shared/data/migrations and the application's grants. */
  readonly migrated?: boolean;
  /** Shortened limits of the Data API. */
  readonly limits?: Partial<DataApiLimits>;
  /**
   * For tests that write half a world: `demand` without its sales, or stock and movements without the rest of the
   * `ledger`. `close` does not check what is promised of those.
   */
  readonly brokenOnPurpose?: readonly (keyof typeof HALF_WORLDS)[];
  /** Default: the run's server. */
  readonly server?: TestServer;
}

/** The promises that half a world cannot keep. */
const HALF_WORLDS = {
  demand: ['demand is the sum of the sales that nothing took back'],
  ledger: [
    'stock is the sum of its movements',
    'every movement starts at the level where the one before ended',
    'every movement of a sale has its sale',
  ],
} as const;

/** A database of one test file's own, behind the Data API. */
export interface TestDatabase {
  /** As the application's user, who may not change the past. */
  readonly database: DataApiDatabase;
  /** As the master user, who may do anything. */
  readonly master: DataApiDatabase;
  /** The variables that a function finds in its environment. */
  readonly env: Readonly<{
    DB_CLUSTER_ARN: string;
    DB_SECRET_ARN: string;
    DB_MASTER_SECRET_ARN: string;
    DB_NAME: string;
    AWS_ENDPOINT_URL_RDS_DATA: string;
    AWS_REGION: string;
    AWS_ACCESS_KEY_ID: string;
    AWS_SECRET_ACCESS_KEY: string;
  }>;
  readonly cluster: ClusterDefinition;
  /** The SDK's client, which makes one attempt a call. */
  readonly client: RDSDataClient;
  /** The next `calls` requests fail with DatabaseResumingException. */
  pretendResuming(calls: number): void;
  /** Drops it, and throws when the tests left data that break a promise. */
  close(): Promise<void>;
}

export const MIGRATIONS = new URL('../shared/data/migrations', import.meta.url).pathname;
/** The same for all, so that what grants it to one user grants it to another. */
const PASSWORD = 'of-tests';
const ACCOUNT = 'eu-central-1:000000000000';

/** Makes a fresh database on the run's server; `close` drops it with its users. */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = options.server ?? (await askBroker());
  const id = randomBytes(6).toString('hex');
  const names = { database: `test_${id}`, master: `master_${id}`, app: `app_${id}` };
  const secretArn = (user: string) => `arn:aws:secretsmanager:${ACCOUNT}:secret:${user}-AbCdEf`;
  const secrets = new Map(
    [names.master, names.app].map((username) => [secretArn(username), { username, password: PASSWORD }]),
  );
  const cluster: ClusterDefinition = {
    arn: `arn:aws:rds:${ACCOUNT}:cluster:${names.database}`,
    databaseName: names.database,
    masterSecretArn: secretArn(names.master),
    secretArns: [...secrets.keys()],
  };
  const api = await openDataApi({
    clusters: [cluster],
    secrets: { get: (arn) => secrets.get(arn) },
    database: server,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const http = createServer((request, response) => void api.handle(request, response));
  // A test that computes for seconds would find that its idle connection was closed meanwhile.
  http.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const client = new RDSDataClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const as = (user: string) =>
    openDataApiDatabase({
      clusterArn: cluster.arn,
      secretArn: secretArn(user),
      database: names.database,
      client,
    });
  const master = as(names.master);
  const isMigrated = options.migrated ?? true;
  const drop = async () => {
    client.destroy();
    await api.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await dropAll(server, names.database, [names.master, names.app]);
  };
  const close = async () => {
    api.pretendResuming(0);
    const unkept = new Set<string>(options.brokenOnPurpose?.flatMap((half) => HALF_WORLDS[half]));
    const found = isMigrated ? await findViolations(master).finally(drop) : await drop().then(() => []);
    const violations = found.filter(({ promise }) => !unkept.has(promise));
    if (violations.length > 0)
      throw new Error(`the tests left data that break promises: ${JSON.stringify(violations, null, 1)}`);
  };
  try {
    if (isMigrated) {
      await makeTables(server, { id, ...names }, async () => {
        await migrateDatabase(master, await readMigrations(MIGRATIONS));
        await grantApplicationUser(master, secrets.get(secretArn(names.app))!);
      });
    }
  } catch (error) {
    await drop();
    throw error;
  }
  return {
    database: as(names.app),
    master,
    env: {
      DB_CLUSTER_ARN: cluster.arn,
      DB_SECRET_ARN: secretArn(names.app),
      DB_MASTER_SECRET_ARN: cluster.masterSecretArn,
      DB_NAME: names.database,
      AWS_ENDPOINT_URL_RDS_DATA: endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    cluster,
    client,
    pretendResuming: (calls) => api.pretendResuming(calls),
    close,
  };
}

/** The run's server; the first who asks waits until it has started. */
export async function askBroker(): Promise<TestServer> {
  const answer = await fetch(inject('databaseBroker'));
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as TestServer;
}

async function dropAll(server: TestServer, database: string, users: readonly string[]): Promise<void> {
  const admin = await createConnection({ host: '127.0.0.1', port: server.port, ...server.admin });
  await admin.query(`DROP DATABASE IF EXISTS ${database}`);
  for (const user of users) await admin.query(`DROP USER IF EXISTS '${user}'@'%'`);
  await admin.end();
}
