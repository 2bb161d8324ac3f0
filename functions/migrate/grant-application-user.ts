import * as z from 'zod';
import type { DataApiDatabase } from '../../shared/data/sql/data-api-client.ts';

/** Tables that the application may only add to, or only read. */
const PRIVILEGES: Readonly<Record<string, string>> = {
  inventory_log: 'SELECT, INSERT',
  audit_log: 'SELECT, INSERT',
  seal: 'SELECT, INSERT',
  schema_migration: 'SELECT',
};

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Creates the application's database user, or sets its password, and grants it what it needs table by table. */
export async function grantApplicationUser(
  database: DataApiDatabase,
  { username, password }: Credentials,
): Promise<void> {
  const user = `${quoted(username)}@'%'`;
  await database.define(`CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY ${quoted(password)}`);
  await database.define(`ALTER USER ${user} IDENTIFIED BY ${quoted(password)}`);
  const tables = await database.select(
    z.object({ name: z.string() }),
    `SELECT table_name AS name
       FROM information_schema.tables
      WHERE table_schema = DATABASE()
        AND table_type = 'BASE TABLE'
      ORDER BY table_name`,
  );
  for (const { name } of tables) {
    await database.define(
      `GRANT ${PRIVILEGES[name] ?? 'SELECT, INSERT, UPDATE, DELETE'} ON ${name} TO ${user}`,
    );
  }
}

/** CREATE USER takes no parameters; generated passwords hold letters and digits only. */
function quoted(text: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(text))
    throw new Error('user names and passwords must consist of letters and digits');
  return `'${text}'`;
}
