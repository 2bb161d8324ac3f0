import { watch } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from './start-stack.ts';
import { synthesizeOnce } from './synthesize-once.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['functions', 'shared', 'infra/stacks', 'infra/constructs', 'web/src'];
/** Editors write a file in several steps. */
const SETTLE_MS = 100;

/** Synthesizes anew when a source changes, and lets the functions go on with the result. Wiring needs a restart. */
export function watchSources(home: string, stack: Pick<Stack, 'reload'>, log: (line: string) => void): void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const rebuild = async () => {
    try {
      stack.reload(await synthesizeOnce(home, log));
      log('functions reloaded');
    } catch (error) {
      log(`not reloaded: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const folder of FOLDERS) {
    const watcher = watch(join(ROOT, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        last = last.then(rebuild);
      }, SETTLE_MS);
    });
    watcher.unref();
  }
}
