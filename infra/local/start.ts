import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readSummary } from '../../shared/data/planning/summary-store.ts';
import { runMainJob } from './run-main-job.ts';
import { type Stack, startStack } from './start-stack.ts';
import { dropOldSyntheses, synthesizeOnce } from './synthesize-once.ts';
import { watchSources } from './watch-sources.ts';

/** `npm start`: everything on this machine, with the sample in an empty database. See `--help`. */
const HELP = `npm start -- [--once | --empty | --watch]
  --once   run the main job on the sample, print a summary as JSON, end
  --empty  start without the sample
  --watch  take the functions anew whenever a source changes
Environment: PORT (8080), AWS_PORT (4566), SMART_INVENTORY_HOME (.local), SERPAPI_KEY, MYSQLD, SMART_INVENTORY_DATABASE`;

const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

// a worker thread has no clock of its own: the whole process keeps the functions' time
process.env.TZ = 'UTC';

const began = performance.now();
const home = resolve(process.env.SMART_INVENTORY_HOME ?? '.local');
// stdout is kept for what a script may read
const log = (line: string): void => console.error(line);
/** Everything must have ended by then, or is ended with the process; npm and the database need a moment besides. */
const STOP_LIMIT_MS = 2_500;

const stopping = new AbortController();
let stack: Stack | undefined;
let isSynthesizing = true;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) return;
    stopping.abort(new Error(`stopped by ${signal}`));
    // nothing runs yet, and a synthesis that is cut off counts for nothing
    if (isSynthesizing) process.exit(1);
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    void stack?.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

mkdirSync(home, { recursive: true });
const assembly = await synthesizeOnce(home, log);
isSynthesizing = false;
stack = await startStack({
  home,
  assembly,
  port: portOf('PORT', 8080),
  edgePort: portOf('AWS_PORT', 4566),
  searchKey: process.env.SERPAPI_KEY,
  log,
});
// not before: as long as an earlier start runs in this home, its functions come from there
await dropOldSyntheses(home, assembly);
if (stopping.signal.aborted) await stack.close().then(() => process.exit(0));
if (!options.once) announce(stack);
if (options.watch) watchSources(home, stack, log);

try {
  const isComplete = options.empty || (await runMainJob(stack, home, stopping.signal, log));
  const summary = await readSummary(stack.database);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (options.once) {
    await stack.close();
    console.log(JSON.stringify({ ...summary, seconds }));
    process.exit(isComplete ? 0 : 1);
  }
  if (!options.empty) log(`main job done in ${seconds} s: ${JSON.stringify(summary)}`);
} catch (error) {
  if (!stopping.signal.aborted) {
    log(`main job failed: ${error instanceof Error ? error.message : String(error)}`);
    if (options.once) {
      await stack.close();
      process.exit(1);
    }
  }
}

function portOf(name: string, fallback: number): number {
  const text = process.env[name];
  const port = text === undefined || text === '' ? fallback : Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  console.error(`${name} is "${text}"; it must be a port number, or 0 for a free one`);
  process.exit(2);
}

function announce({ apiUrl, edgeUrl, bucket, wiring }: Stack): void {
  const path = join(home, 'credentials.json');
  const { users } = JSON.parse(readFileSync(path, 'utf8')) as {
    users: { username: string; password: string }[];
  };
  console.log(
    [
      `dashboard and API  ${apiUrl}   (API described at ${apiUrl}/docs)`,
      `AWS APIs           ${edgeUrl}   (aws --endpoint-url ${edgeUrl} ...)`,
      `drop CSV files at  s3://${bucket}/drop/`,
      ...wiring.queues.filter(({ redrive }) => redrive).map(({ arn }) => `queue              ${arn}`),
      ...wiring.buses.map(({ arn }) => `event bus          ${arn}`),
      ...wiring.clusters.map(({ arn }) => `database           ${arn}`),
      `sign in as         ${users.map(({ username, password }) => `${username} / ${password}`).join('\n                   ')}`,
      `                   (kept in ${path})`,
    ].join('\n'),
  );
}
