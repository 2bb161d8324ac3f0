import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadSample } from '../../infra/local/load-sample.ts';
import { SAMPLE_PHASES } from '../../infra/local/sample/phases.ts';
import { type Stack, startStack } from '../../infra/local/start-stack.ts';
import { synthesizeOnce } from '../../infra/local/synthesize-once.ts';
import { measureBareInsert } from './bare-insert.ts';
import { engineOf, newHome } from './bench-home.ts';
import { measureColdStarts } from './cold-starts.ts';
import { measureIngest } from './ingest-speed.ts';
import { machineFacts } from './machine.ts';
import { measureReads } from './read-speed.ts';
import { type Results, reportOf } from './report.ts';
import { measureStarts } from './start-times.ts';

/** `npm run bench -- [--data FILE]`: times the whole product in a home of its own; FILE has UCI order lines. */
const { values: options } = parseArgs({ options: { data: { type: 'string' } } });

process.env.TZ = 'UTC';
const loadBefore = loadavg()[0]!;
const log = (line: string): void => console.error(line);
const results = join(import.meta.dirname, '../results');
const homes = [newHome(), newHome()] as const;
const [home, otherHome] = homes;
/** Everything but the sales, and the sales. */
const supply = SAMPLE_PHASES.slice(0, -1);
const sales = options.data ? resolve(options.data) : SAMPLE_PHASES.at(-1)![0]!.path;

let stack: Stack | undefined;
try {
  log('starting three times');
  const starts = await measureStarts(home, otherHome);
  const assembly = await synthesizeOnce(home, log);
  stack = await startStack({ home, assembly, port: 0, edgePort: 0, log });
  log('importing');
  await loadSample(stack, supply, new AbortController().signal);
  const { ingest, stages } = await measureIngest(stack, sales);
  log('inserting the same lines bare');
  const bareInsert = await measureBareInsert(stack);
  log('reading');
  const reads = await measureReads(stack, home);
  log('starting functions cold');
  const coldStarts = await measureColdStarts(stack);
  const found: Results = {
    machine: machineFacts(engineOf(home), loadBefore),
    file: basename(sales),
    starts,
    ingest,
    bareInsert,
    ingestToBare: ingest.linesPerSecond / bareInsert.linesPerSecond,
    stages,
    reads,
    coldStarts,
  };
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'speed.json'), `${JSON.stringify(found, rounded, 2)}\n`);
  writeFileSync(join(results, 'speed.md'), reportOf(found));
  console.log(reportOf(found));
} finally {
  await stack?.close();
  for (const folder of homes) rmSync(folder, { recursive: true, force: true });
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
