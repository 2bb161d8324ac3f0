import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** What a synthesis reads. `infra/local` runs its result, and `web/dist` is one: neither is part of it. */
const SOURCES = ['infra', 'functions', 'shared', 'web', 'cdk.json', 'package-lock.json'];
const NOT_READ = ['infra/local', 'web/dist'];

/** One hash over everything that a synthesis depends on: as long as it stays, so does the result. */
export function sourceHash(root: string = ROOT): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesUnder(join(root, source), root)).sort()) {
    // lengths keep the border between two files from moving unnoticed
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function filesUnder(path: string, root: string): string[] {
  const name = relative(root, path).replaceAll('\\', '/');
  if (NOT_READ.includes(name)) return [];
  try {
    return readdirSync(path).flatMap((entry) => filesUnder(join(path, entry), root));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [name];
    if (code === 'ENOENT') return [];
    throw error;
  }
}
