import { createHash } from 'node:crypto';
import { seededRandom, seedOf } from '../../shared/core/math/random.ts';
import type { BareDataApi } from './bare-data-api.ts';
import { checkSchedule } from './check-schedule.ts';
import { makeSchedule, type Schedule } from './commands.ts';
import type { Operations } from './data-api-commands.ts';
import { Director } from './director.ts';
import { plainDatabase } from './faulty-database.ts';
import { plantSchedule } from './plant-schedule.ts';

export interface RunOptions {
  readonly seed: number;
  /** Another run of the same seed in the same database needs another. */
  readonly run?: number;
  /** Commands to leave out, by their number. */
  readonly without?: ReadonlySet<number>;
  /** Chance of the scheduler, when it shall differ from the seed's. */
  readonly luck?: number;
  readonly asked?: (api: BareDataApi) => Operations;
  /** Another schedule, made from the seed's. */
  readonly change?: (schedule: Schedule) => Schedule;
}

/** What a schedule came to. */
export interface Outcome {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  /** The same for the same seed, whatever the run. */
  readonly traceHash: string;
  /** What went wrong on the way, by kind. */
  readonly faults: ReadonlyMap<string, number>;
  readonly steps: number;
}

/** Runs the schedule of a seed with its faults, lets everything settle, and checks what must be true then. */
export async function runSchedule(api: BareDataApi, options: RunOptions): Promise<Outcome> {
  const { seed } = options;
  const namespace =
    `Q${(seed % 36 ** 6).toString(36).padStart(6, '0')}${(options.run ?? 0).toString(36).padStart(2, '0')}`.toUpperCase();
  const made = makeSchedule(seededRandom(seedOf(seed, 'commands')), seed, namespace);
  const kept = { ...made, commands: made.commands.filter((_, n) => !options.without?.has(n)) };
  const schedule = options.change?.(kept) ?? kept;
  const database = plainDatabase(api);
  // a schedule before it that broke may have left something
  await api.endAll();
  await database.write('DELETE FROM outbox');
  await plantSchedule(database, schedule);
  const director = new Director(
    api,
    schedule,
    seededRandom(seedOf(seed, `luck ${options.luck ?? 0}`)),
    options.asked,
  );
  const violations: string[] = [];
  try {
    await director.run();
    violations.push(...(await director.askAboutThePast()));
    violations.push(...(await checkSchedule(database, schedule, director)));
  } catch (error) {
    violations.push(`it broke: ${error instanceof Error ? error.stack : error}`);
  }
  const trace = director.world.scheduler.trace.map((line) => line.replaceAll(namespace, ''));
  return {
    seed,
    schedule,
    violations,
    trace,
    traceHash: createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16),
    faults: director.faults(),
    steps: trace.length,
  };
}
