import type { Context, SQSEvent } from 'aws-lambda';
import { openQueue } from '../../shared/aws/queue.ts';
import { SimulationTask } from '../../shared/contracts/messages.ts';
import { openBase } from '../../shared/runtime/base.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { readEnv } from '../../shared/runtime/read-env.ts';
import { SimulateEnv } from './env.ts';
import { operate } from './operate.ts';
import { simulateDays } from './simulate-days.ts';
import { simulateWorld } from './simulate-world.ts';

const onQueue = queueHandler({
  env: SimulateEnv,
  message: SimulationTask,
  connect: (env, { database }) => ({
    database,
    simulateQueue: openQueue(env.SIMULATE_QUEUE_URL),
    mostDeliveries: env.DELIVERIES,
  }),
  run: (needs, task, delivery) =>
    task.type === 'WorldRequested'
      ? simulateWorld(needs, task, delivery)
      : simulateDays(needs, task, delivery),
});

const env = readEnv(SimulateEnv);
const { database } = openBase(env);
const operations = {
  database,
  simulateQueue: openQueue(env.SIMULATE_QUEUE_URL),
  areAllowed: env.SIMULATIONS === 'on',
  now: () => new Date(),
};

/**
 * SQS -> days of an invented business, or of sales drawn from forecasts, in the ledger. Invoked by hand with
 * `{function: run | metric | forecast, config}`: what that operation answers.
 */
export const handler = (event: unknown, context: Context): Promise<unknown> =>
  isOfQueue(event) ? (onQueue(event, context) as Promise<unknown>) : operate(operations, event);

const isOfQueue = (event: unknown): event is SQSEvent =>
  typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records);
