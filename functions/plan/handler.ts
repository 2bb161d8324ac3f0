import { openQueue } from '../../shared/aws/queue.ts';
import { PlanRequested } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { PlanEnv } from './env.ts';
import { planRun } from './plan-run.ts';

/** SQS -> one PlanRequested per record -> a run and one ForecastRequested per chunk. */
export const handler = queueHandler({
  env: PlanEnv,
  message: PlanRequested,
  connect: (env, { database }) => ({
    database,
    forecastQueue: openQueue(env.FORECAST_QUEUE_URL),
    restockQueue: openQueue(env.RESTOCK_QUEUE_URL),
    trainQueue: openQueue(env.TRAIN_QUEUE_URL),
  }),
  run: planRun,
});
