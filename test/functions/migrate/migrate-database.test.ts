import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { migrateDatabase } from '../../../functions/migrate/migrate-database.ts';
import type { Migration } from '../../../functions/migrate/read-migrations.ts';
import type { DataApiDatabase } from '../../../shared/data/sql/data-api-client.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ migrated: false });
});
afterAll(() => db.close());

const MIGRATIONS: Migration[] = [
  {
    version: 1,
    name: '0001-things.sql',
    checksum: 'a'.repeat(64),
    statements: [
      'CREATE TABLE thing (id INT PRIMARY KEY)',
      'INSERT INTO thing VALUES (1)',
      'INSERT INTO thing VALUES (2)',
    ],
  },
  {
    version: 2,
    name: '0002-notes.sql',
    checksum: 'b'.repeat(64),
    statements: ['ALTER TABLE thing ADD COLUMN note TEXT'],
  },
];

/** The database as it is for a process that dies at its n-th statement, after the database has run it. */
function dyingAfter(n: number): DataApiDatabase {
  let left = n;
  const die = async <T>(result: Promise<T>): Promise<T> => {
    const value = await result;
    if (--left <= 0) throw new Error('killed');
    return value;
  };
  return {
    ...db.master,
    define: (sql) => die(db.master.define(sql)),
    write: (sql, params) => die(db.master.write(sql, params)),
  };
}

test('a migration that is killed after any statement is taken up where it stopped', async () => {
  for (let n = 1; n <= 12; n++) {
    await db.master.define('DROP TABLE IF EXISTS thing, schema_migration');
    await migrateDatabase(dyingAfter(n), MIGRATIONS).catch((error: Error) =>
      expect(error.message).toBe('killed'),
    );
    await migrateDatabase(db.master, MIGRATIONS);
    const Row = z.object({ id: z.int(), note: z.null() });
    expect(
      await db.master.select(Row, 'SELECT id, note FROM thing ORDER BY id'),
      `killed after ${n}`,
    ).toEqual([
      { id: 1, note: null },
      { id: 2, note: null },
    ]);
    expect(await migrateDatabase(db.master, MIGRATIONS)).toBe(0);
  }
});

test('a migration that was changed after it had been applied is refused', async () => {
  const changed = MIGRATIONS.map((migration) => ({ ...migration, checksum: 'c'.repeat(64) }));
  await expect(migrateDatabase(db.master, changed)).rejects.toThrow(/0001-things.sql was changed/);
});
