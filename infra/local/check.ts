import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What must hold before a commit, quickest first; the whole suite is `npm test`. */
const STEPS: readonly (readonly [title: string, ...command: string[]])[] = [
  ['format and lint', 'biome', 'check'],
  ['types', 'tsc', '-p', '.', '--noEmit'],
  ['types of the page', 'tsc', '-p', 'web', '--noEmit'],
  [
    'fast tests',
    'vitest',
    'run',
    '--config',
    'test/vitest.config.ts',
    'test/tidy.test.ts',
    'test/core',
    'test/data',
    'test/functions',
  ],
];

for (const [title, command, ...args] of STEPS) {
  const started = performance.now();
  const child = spawn(command!, args, { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  console.log(
    `${code === 0 ? 'ok' : 'FAILED'}: ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (code !== 0) process.exit(1);
}
