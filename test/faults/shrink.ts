import type { BareDataApi } from './bare-data-api.ts';
import { type Outcome, type RunOptions, runSchedule } from './run-schedule.ts';

/** Runs spent on making one failure smaller. */
const MAX_RUNS = 60;

/** Leaves out commands as long as something is still wrong without them: the smallest run found, and what it left out. */
export async function shrink(
  api: BareDataApi,
  options: RunOptions,
  found: Outcome,
): Promise<{ readonly outcome: Outcome; readonly without: ReadonlySet<number> }> {
  let best = { outcome: found, without: new Set<number>() as ReadonlySet<number> };
  let run = 1;
  for (let size = Math.ceil(found.schedule.commands.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < found.schedule.commands.length && run <= MAX_RUNS; at += size) {
      const without = new Set(best.without);
      for (let n = at; n < at + size; n++) without.add(n);
      if (without.size === best.without.size) continue;
      const outcome = await runSchedule(api, { ...options, without, run: run++ });
      if (outcome.violations.length > 0) best = { outcome, without };
    }
  }
  return best;
}
