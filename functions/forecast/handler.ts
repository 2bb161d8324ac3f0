import { openObjects } from '../../shared/aws/objects.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { ForecastRequested } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { ForecastEnv } from './env.ts';
import { forecastChunk } from './forecast-chunk.ts';
import { openModels } from './open-models.ts';

/** SQS -> one ForecastRequested per record -> a forecast of each series of the chunk. */
export const handler = queueHandler({
  env: ForecastEnv,
  message: ForecastRequested,
  connect: (env, { database }) => ({
    database,
    restockQueue: openQueue(env.RESTOCK_QUEUE_URL),
    models: openModels(database, openObjects(env.DATA_BUCKET)),
  }),
  run: forecastChunk,
});
