import * as z from 'zod';
import type { Queue } from '../../shared/aws/queue.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import type { WorldRequested } from '../../shared/contracts/messages.ts';
import { readSimulationConfig } from '../../shared/contracts/simulation-settings.ts';
import { readBusinessDay } from '../../shared/data/planning/business-day.ts';
import { openSimulation, whyNotOpened } from '../../shared/data/simulation/simulation-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { answerMetric } from '../api/metrics/answer-metric.ts';
import { forecastTo } from './forecast-to.ts';

/** What the function does when it is invoked by hand. */
const Operation = z.strictObject({
  function: z.enum(['run', 'metric', 'forecast']),
  config: z.record(z.string(), z.unknown()).default({}),
  /** Of rows of a measure, or series of a forecast. */
  skip: z.int().min(0).default(0),
  limit: z.int().min(1).max(200).default(50),
});

export interface OperationNeeds {
  readonly database: Database;
  readonly simulateQueue: Queue;
  /** Whether this stage lets businesses be invented. */
  readonly areAllowed: boolean;
  now(): Date;
}

/**
 * `{function, config}`:
 *   run       starts the simulation that the configuration describes, and names it
 *   metric    the measure METRIC_OPERATION over the database, up to METRIC_DATE_CUTOFF
 *   forecast  demand of each series over HORIZON_DAYS_FORECAST days after CUTOFF_DATE_FORECAST, with its 95 % range
 * A refusal is an answer `{error, detail}`, so that whoever invokes sees its sentence and not a stack of calls.
 */
export async function operate(needs: OperationNeeds, event: unknown): Promise<unknown> {
  try {
    const parsed = Operation.safeParse(event);
    if (!parsed.success)
      throw new Fault(
        'invalid',
        `The event is not {function: run | metric | forecast, config: {...}}: ${z.prettifyError(parsed.error)}`,
      );
    const { function: name, config, ...page } = parsed.data;
    const checked = readSimulationConfig(config, 'keys');
    if (name === 'run') return await startByHand(needs, checked);
    if (name === 'metric') {
      if (checked.METRIC_OPERATION === undefined)
        throw new Fault(
          'invalid',
          'METRIC_OPERATION is missing: it says which measure function metric takes',
        );
      const today = needs.now().toISOString().slice(0, 10);
      return await answerMetric(needs.database, checked.METRIC_OPERATION, today, {
        ...page,
        cutoff: checked.METRIC_DATE_CUTOFF,
      });
    }
    const asOf = checked.CUTOFF_DATE_FORECAST ?? (await readBusinessDay(needs.database));
    if (asOf === undefined) throw new Fault('conflict', 'There is no demand to forecast from');
    return await forecastTo(needs.database, {
      asOf,
      days: checked.HORIZON_DAYS_FORECAST ?? 30,
      seed: checked.SIMULATION_SEED ?? 1,
      ...page,
    });
  } catch (error) {
    if (error instanceof Fault) return { error: error.kind, detail: error.message };
    throw error;
  }
}

async function startByHand(
  { database, simulateQueue, areAllowed, now }: OperationNeeds,
  config: ReturnType<typeof readSimulationConfig>,
): Promise<unknown> {
  if (!areAllowed) throw new Fault('forbidden', 'This stage lets no business be invented into its ledger');
  const simulationId = config.SIMULATION_NAME ?? `sim-${now().getTime().toString(36)}`;
  const row = { simulationId, config, requestedBy: 'lambda' };
  const isOpened = await database.transaction((tx) => openSimulation(tx, row));
  if (!isOpened) throw await whyNotOpened(database, simulationId);
  await simulateQueue.send([{ type: 'WorldRequested', ...row } satisfies WorldRequested]);
  return { simulation_id: simulationId, status: 'running' };
}
