import { expect, onTestFinished, test } from 'vitest';
import { grantApplicationUser } from '../functions/migrate/grant-application-user.ts';
import { migrateDatabase } from '../functions/migrate/migrate-database.ts';
import { readMigrations } from '../functions/migrate/read-migrations.ts';
import { readTables } from './copied-tables.ts';
import { askBroker, MIGRATIONS, openTestDatabase, type TestDatabase } from './database.ts';

test('a database that is made like another is what migrations and grants make', async () => {
  const made = async (migrated: boolean): Promise<TestDatabase> => {
    const db = await openTestDatabase({ migrated });
    onTestFinished(() => db.close());
    return db;
  };
  await made(true);
  const [copied, migrated] = [await made(true), await made(false)];
  await migrateDatabase(migrated.master, await readMigrations(MIGRATIONS));
  await grantApplicationUser(migrated.master, { username: appOf(migrated), password: 'another' });
  const expected = await tablesOf(migrated);
  expect(expected.length).toBeGreaterThan(150);
  expect(await tablesOf(copied)).toEqual(expected);
});

const idOf = ({ cluster }: TestDatabase): string => cluster.databaseName.slice('test_'.length);
const appOf = (db: TestDatabase): string => `app_${idOf(db)}`;

/** Statements without what differs from one database to the next: its id, the times of migrations, a password. */
async function tablesOf(db: TestDatabase): Promise<string[]> {
  const names = { id: idOf(db), database: db.cluster.databaseName, app: appOf(db) };
  const text = await readTables(await askBroker(), names);
  return text
    .replaceAll(names.id, 'ID')
    .replaceAll(/'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}'|PASSWORD '.*?'/g, '?')
    .split(';\n')
    .sort();
}
