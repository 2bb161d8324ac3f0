import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureEngine } from '../../infra/local/database/ensure-engine.ts';
import { startDatabase } from '../../infra/local/database/start-database.ts';
import { findViolations } from '../../shared/data/ledger/invariants.ts';
import { repositoryHome } from '../database-broker.ts';
import { type BareDataApi, openBareDataApi } from './bare-data-api.ts';
import { plainDatabase } from './faulty-database.ts';
import { reportOf, type Tally } from './report.ts';
import { type Outcome, runSchedule } from './run-schedule.ts';
import { shrink } from './shrink.ts';

/**
 * Schedules with faults, each from its seed: `npm run faults -- --seeds 1000 --from 1`. What came of them is written to
 * bench/results/faults.md; `--trace` tells one step by step and writes nothing.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    /** Schedules at once, each in a database of its own. */
    'at-once': { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
  },
});
/** Schedules that share a database before it is checked as a whole and given up. */
const PART = 100;

const root = new URL('../..', import.meta.url).pathname;
const [from, seeds] = [Number(values.from), Number(values.seeds)];
const tally: Tally = {
  from,
  schedules: 0,
  steps: 0,
  seconds: 0,
  faults: new Map(),
  failures: [],
  commit: commit(),
};
const began = performance.now();

const home = await mkdtemp(join(tmpdir(), 'smart-inventory-faults-'));
const server = await startDatabase({
  home,
  engine: await ensureEngine({ home: repositoryHome() }),
  logFileMib: 32,
  durable: false,
});
try {
  let next = from;
  await Promise.all(
    Array.from({ length: Number(values['at-once']) }, async () => {
      while (next < from + seeds) await part(() => (next < from + seeds ? next++ : undefined));
    }),
  );
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}
process.exitCode = tally.failures.length === 0 ? 0 : 1;

async function part(take: () => number | undefined): Promise<void> {
  const api = await openBareDataApi({ port: server.port, admin: server.admin });
  try {
    for (let done = 0; done < PART; done++) {
      const seed = take();
      if (seed === undefined) break;
      note(await runSchedule(api, { seed }));
      if (tally.failures.at(-1)?.seed === seed) await explain(api, tally.failures.at(-1)!);
    }
    const broken = await findViolations(plainDatabase(api));
    if (broken.length > 0 && tally.failures.length === 0)
      tally.failures.push({
        seed: Number.NaN,
        violations: broken.map(({ promise }) => promise),
        commands: [],
      });
  } finally {
    await api.close();
  }
  tally.seconds = (performance.now() - began) / 1000;
  console.log(
    `${tally.schedules} schedules, ${tally.failures.length} failures, ${tally.seconds.toFixed(0)} s`,
  );
  if (!values.trace) await writeFile(join(root, 'bench/results/faults.md'), reportOf(tally));
}

function note({ seed, steps, faults, violations, trace }: Outcome): void {
  tally.schedules += 1;
  tally.steps += steps;
  for (const [fault, n] of faults) tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + n);
  if (values.trace) console.log(trace.join('\n'));
  if (violations.length === 0) return;
  console.log(`seed ${seed}: ${violations.join('\n  ')}`);
  tally.failures.push({ seed, violations, commands: [] });
}

/** The fewest commands that still fail. */
async function explain(api: BareDataApi, failure: Tally['failures'][number]): Promise<void> {
  const found = await runSchedule(api, { seed: failure.seed, run: 1_000 });
  if (found.violations.length === 0) return;
  const { outcome } = await shrink(api, { seed: failure.seed }, found);
  failure.commands = outcome.schedule.commands.map((command) => JSON.stringify(command).slice(0, 300));
  console.log(
    `  with these commands alone: ${outcome.violations.join('\n  ')}\n  ${failure.commands.join('\n  ')}`,
  );
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
