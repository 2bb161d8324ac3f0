import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { loadSample } from './load-sample.ts';
import { SAMPLE_PHASES } from './sample/phases.ts';
import type { Stack } from './start-stack.ts';
import { deadLetterArns } from './template/dead-letter-arns.ts';
import { waitUntil } from './wait-until.ts';

/** Longest wait for the plan that follows the sample, and for queues to run empty. */
const PLAN_LIMIT_MS = 10 * 60_000;
/**
 * The queue that the main job does not wait for: the plan is complete without the model that it asks for. A training
 * that is cut off begins anew with the next start.
 */
const BESIDE = 'TrainQueue';

/**
 * Loads the sample into an empty database, or goes on where a killed start left off, and waits for the plan and for
 * every queue but that of the training to run empty. Data of the user's own is left alone. False when a stage left dead letters.
 */
export async function runMainJob(
  stack: Stack,
  home: string,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<boolean> {
  const marker = join(home, 'sample.json');
  const state = existsSync(marker)
    ? readFileSync(marker, 'utf8')
    : (await isEmpty(stack))
      ? 'none'
      : 'not wanted';
  if (state === 'none' || state === 'loading') {
    writeFileSync(marker, 'loading');
    log('loading the sample: this takes a moment');
    await loadSample(stack, SAMPLE_PHASES, signal);
    await waitUntil(() => isPlanned(stack), { limitMs: PLAN_LIMIT_MS, what: 'the plan', signal });
    writeFileSync(marker, 'loaded');
  }
  await waitUntil(() => isIdle(stack), { limitMs: PLAN_LIMIT_MS, what: 'the queues to run empty', signal });
  const dead = deadLetters(stack);
  for (const { name, count } of dead)
    log(`${name} holds ${count} messages that failed: see \`smart-inventory status\``);
  return dead.length === 0;
}

const Count = z.object({ n: z.int() });

async function isEmpty({ database }: Stack): Promise<boolean> {
  const [row] = await database.select(
    Count,
    `SELECT (SELECT COUNT(*) FROM import_job) + (SELECT COUNT(*) FROM orders) AS n`,
  );
  return row!.n === 0;
}

async function isPlanned({ database }: Stack): Promise<boolean> {
  const [row] = await database.select(
    Count,
    `SELECT COUNT(*) AS n
       FROM forecast_run
      WHERE status = 'done'
        AND NOT EXISTS (SELECT 1 FROM forecast_run WHERE status IN ('forecasting', 'restocking'))`,
  );
  return row!.n > 0;
}

async function isIdle({ queues, wiring, deliveries }: Stack): Promise<boolean> {
  const dead = deadLetterArns(wiring.queues);
  const areEmpty = wiring.queues.every(({ arn, name }) => {
    const { visible, inFlight, delayed } = queues.counts(arn);
    return dead.has(arn) || name.startsWith(BESIDE) || visible + inFlight + delayed === 0;
  });
  return areEmpty && deliveries.pending() === 0;
}

function deadLetters({ queues, wiring }: Stack): { name: string; count: number }[] {
  const dead = deadLetterArns(wiring.queues);
  return wiring.queues
    .filter(({ arn }) => dead.has(arn))
    .map(({ name, arn }) => ({ name, count: queues.counts(arn).visible }))
    .filter(({ count }) => count > 0);
}
