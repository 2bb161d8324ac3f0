import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceHash } from '../source-hash.ts';

/**
 * The templates and bundles of the dev stage in a folder named after the hash of the sources: made once, and again
 * when a source changes. Answers the folder.
 */
export async function synthesizeOnce(home: string, log: (line: string) => void): Promise<string> {
  const hash = sourceHash().slice(0, 16);
  const folder = join(home, `cdk.out-${hash}`);
  const done = join(folder, 'complete');
  if (existsSync(done)) return folder;
  log('synthesizing the templates');
  // loads the whole CDK, which the second start can do without
  const { synthesize } = await import('../synth.ts');
  await rm(folder, { recursive: true, force: true });
  await synthesize({ stage: 'dev', outdir: folder });
  await writeFile(`${done}.part`, new Date().toISOString());
  await rename(`${done}.part`, done);
  return folder;
}

/** Drops the syntheses of earlier sources, which nothing runs any more. */
export async function dropOldSyntheses(home: string, keep: string): Promise<void> {
  for (const name of await readdir(home)) {
    const folder = join(home, name);
    if (name.startsWith('cdk.out-') && folder !== keep) await rm(folder, { recursive: true, force: true });
  }
}
