import { openQueue } from '../../shared/aws/queue.ts';
import { SimulateRequested } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { SimulateEnv } from './env.ts';
import { simulateDays } from './simulate-days.ts';

/** SQS -> one SimulateRequested per record -> days of invented sales in the ledger. */
export const handler = queueHandler({
  env: SimulateEnv,
  message: SimulateRequested,
  connect: (env, { database }) => ({ database, simulateQueue: openQueue(env.SIMULATE_QUEUE_URL) }),
  run: simulateDays,
});
