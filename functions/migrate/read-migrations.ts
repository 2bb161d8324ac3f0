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

/** The migrations of a folder in the order of their numbers, each of which is there once. Gaps are allowed. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const versions = names.map((name) => Number(/^(\d{4})-/.exec(name)?.[1]));
  return Promise.all(
    names.map(async (name, i) => {
      const version = versions[i]!;
      if (!(version > (versions[i - 1] ?? 0))) throw new Error(`migration ${name} has no number of its own`);
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
