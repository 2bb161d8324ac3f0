import { createConnection } from 'mysql2/promise';
import type { AdminCredentials } from '../database/admin-account.ts';
import type { ClusterDefinition, Secrets } from '../services.ts';
import { textLiteral } from './literal.ts';

/** What the master user of an Aurora cluster may do, on the whole server. */
const MASTER_PRIVILEGES = [
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES',
  'CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE',
  'CREATE USER, EVENT, TRIGGER',
].join(', ');

/** Creates what a new cluster has: its database, and the master user of its secret. */
export async function provisionCluster(
  { databaseName, masterSecretArn }: ClusterDefinition,
  secrets: Pick<Secrets, 'get'>,
  { port, admin }: { readonly port: number; readonly admin: AdminCredentials },
): Promise<void> {
  const { username, password } = secrets.get(masterSecretArn) ?? {};
  if (username === undefined || password === undefined)
    throw new Error(`secret ${masterSecretArn} holds no username and password`);
  const user = `${textLiteral(username)}@'%'`;
  const identified = `${user} IDENTIFIED BY ${textLiteral(password)}`;
  const connection = await createConnection({ host: '127.0.0.1', port, ...admin, charset: 'utf8mb4' });
  try {
    await connection.query(`CREATE DATABASE IF NOT EXISTS \`${databaseName.replaceAll('`', '``')}\``);
    await connection.query(`CREATE USER IF NOT EXISTS ${identified}`);
    await connection.query(`ALTER USER ${identified}`);
    await connection.query(`GRANT ${MASTER_PRIVILEGES} ON *.* TO ${user} WITH GRANT OPTION`);
  } finally {
    await connection.end();
  }
}
