import { copyFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** An empty home that knows the database engine of the usual one, so that none is fetched. */
export function newHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smart-inventory-bench-'));
  const known = join(resolve(process.env.SMART_INVENTORY_HOME ?? '.local'), 'engine.json');
  if (existsSync(known)) copyFileSync(known, join(folder, 'engine.json'));
  return folder;
}

/** Flavour and version of the engine of a home. */
export function engineOf(folder: string): string {
  const { engine } = JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8')) as {
    engine: { flavour: string; version: string };
  };
  return `${engine.flavour} ${engine.version}`;
}
