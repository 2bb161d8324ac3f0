import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitSql } from './split-sql.ts';

/** One numbered SQL file. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
  readonly checksum: string;
}

/** The migrations of a folder in the order of their numbers, which must be 1, 2, 3, ... */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, i) => {
      const version = Number(/^(\d{4})-/.exec(name)?.[1]);
      if (version !== i + 1) throw new Error(`migration ${name} should have number ${i + 1}`);
      const text = await readFile(join(directory, name), 'utf8');
      return {
        version,
        name,
        statements: splitSql(text),
        checksum: createHash('sha256').update(text).digest('hex'),
      };
    }),
  );
}
