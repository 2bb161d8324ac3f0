import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readMigrations } from '../../../functions/migrate/read-migrations.ts';
import { splitSql } from '../../../functions/migrate/split-sql.ts';

test('statements end at semicolons, the last one with or without', () => {
  expect(splitSql('SELECT 1; SELECT 2;\nSELECT 3')).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3']);
});

test('a semicolon inside quotes, names or comments ends nothing', () => {
  expect(splitSql(`SELECT 'a;b', "c;d", \`e;f\` -- g;h\n; SELECT /* i;j */ 2 # k;l\n;`)).toEqual([
    `SELECT 'a;b', "c;d", \`e;f\``,
    'SELECT   2',
  ]);
});

test('doubled and escaped quotes stay inside their string', () => {
  expect(splitSql(`INSERT INTO t VALUES ('it''s; \\'so\\';');SELECT 1`)).toEqual([
    `INSERT INTO t VALUES ('it''s; \\'so\\';')`,
    'SELECT 1',
  ]);
});

test('a minus is no comment', () => {
  expect(splitSql('SELECT 3--1, 2 - 1;')).toEqual(['SELECT 3--1, 2 - 1']);
});

test('comments and empty statements vanish', () => {
  expect(splitSql('-- nothing\n;;\n/* here */;\n--\n')).toEqual([]);
});

test('the product’s migrations are numbered without a gap and each has statements', async () => {
  const migrations = await readMigrations(
    fileURLToPath(new URL('../../../shared/data/migrations', import.meta.url)),
  );
  expect(migrations.length).toBeGreaterThanOrEqual(5);
  expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, i) => i + 1));
  for (const { name, statements } of migrations) expect(statements.length, name).toBeGreaterThan(0);
});
