import * as z from 'zod';
import type { DataApiDatabase } from '../../shared/data/sql/data-api-client.ts';
import { databaseErrorNumber } from '../../shared/data/sql/data-api-errors.ts';
import type { Migration } from './read-migrations.ts';

const Applied = z.object({ version: z.int(), checksum: z.string(), statements_done: z.int() });
type Applied = z.infer<typeof Applied>;

/** Table, column, key, row or trigger that is already there. */
const ALREADY_DONE = new Set([1050, 1060, 1061, 1062, 1359]);

/**
 * Brings the schema up to date; answers how many migrations it touched.
 * DDL commits by itself, so progress is kept per statement: a run that was cut off is taken up at the statement it
 * had reached, which may have taken effect without having been noted.
 */
export async function migrateDatabase(
  database: DataApiDatabase,
  migrations: readonly Migration[],
): Promise<number> {
  await database.define(
    `CREATE TABLE IF NOT EXISTS schema_migration (
       version         INT NOT NULL PRIMARY KEY,
       name            VARCHAR(100) NOT NULL,
       checksum        CHAR(64) NOT NULL,
       statements_done INT NOT NULL,
       applied_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
     )`,
  );
  const rows = await database.select(
    Applied,
    `SELECT version, checksum, statements_done FROM schema_migration`,
  );
  const applied = new Map(rows.map((row) => [row.version, row]));
  let touched = 0;
  for (const migration of migrations) {
    if (await applyMigration(database, migration, applied.get(migration.version))) touched++;
  }
  return touched;
}

async function applyMigration(
  database: DataApiDatabase,
  migration: Migration,
  seen: Applied | undefined,
): Promise<boolean> {
  const { version, name, checksum, statements } = migration;
  if (seen && seen.checksum !== checksum)
    throw new Error(`migration ${name} was changed after it had been applied`);
  if (seen?.statements_done === statements.length) return false;
  if (!seen) {
    await database.write(
      `INSERT INTO schema_migration (version, name, checksum, statements_done) VALUES (:version, :name, :checksum, 0)`,
      { version, name, checksum },
    );
  }
  const start = seen?.statements_done ?? 0;
  for (let i = start; i < statements.length; i++) {
    try {
      await database.define(statements[i]!);
    } catch (error) {
      const isResumed = seen !== undefined && i === start;
      if (!isResumed || !ALREADY_DONE.has(databaseErrorNumber(error) ?? 0)) throw error;
    }
    await database.write(`UPDATE schema_migration SET statements_done = :done WHERE version = :version`, {
      done: i + 1,
      version,
    });
  }
  return true;
}
