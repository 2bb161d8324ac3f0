import { fileURLToPath } from 'node:url';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import * as z from 'zod';
import { openDataApiDatabase } from '../../shared/data/sql/data-api-client.ts';
import { readEnv } from '../../shared/runtime/read-env.ts';
import { MigrateEnv } from './env.ts';
import { grantApplicationUser } from './grant-application-user.ts';
import { migrateDatabase } from './migrate-database.ts';
import { readMigrations } from './read-migrations.ts';

const Credentials = z.object({ username: z.string(), password: z.string() });

/** Deployment -> schema up to date and the application's user granted, before any other function serves. */
export const handler = middy<unknown, { migrations: number }>().handler(async () => {
  const env = readEnv(MigrateEnv);
  const database = openDataApiDatabase({
    clusterArn: env.DB_CLUSTER_ARN,
    secretArn: env.DB_MASTER_SECRET_ARN,
    database: env.DB_NAME,
  });
  const migrations = await migrateDatabase(
    database,
    // beside the bundle, where the CDK app copies them
    await readMigrations(fileURLToPath(new URL('./migrations', import.meta.url))),
  );
  const secret = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: env.DB_APP_SECRET_ARN }),
  );
  await grantApplicationUser(database, Credentials.parse(JSON.parse(secret.SecretString ?? '{}')));
  return { migrations };
});
