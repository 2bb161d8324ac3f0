import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

/** Everything under test/; a file that needs a database or the whole stack asks for it itself. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: ['test/database-broker.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // modules are loaded once a worker instead of once a file: a test takes back what it changes of the process
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
});
