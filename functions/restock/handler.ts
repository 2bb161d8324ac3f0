import { openQueue } from '../../shared/aws/queue.ts';
import { ForecastsReady } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { RestockEnv } from './env.ts';
import { restockRun } from './restock-run.ts';

/** SQS -> one ForecastsReady per record -> order suggestions and draft purchase orders. */
export const handler = queueHandler({
  env: RestockEnv,
  message: ForecastsReady,
  connect: (env, { database }) => ({ database, restockQueue: openQueue(env.RESTOCK_QUEUE_URL) }),
  run: restockRun,
});
