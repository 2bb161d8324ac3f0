import { openObjects } from '../../shared/aws/objects.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { ForecastEnv } from './env.ts';
import { doForecastWork, ForecastWork } from './forecast-work.ts';
import { openModels } from './open-models.ts';

/** SQS -> one record per chunk, and one for the groups -> a forecast of each series and of what they add up to. */
export const handler = queueHandler({
  env: ForecastEnv,
  message: ForecastWork,
  connect: (env, { database }) => ({
    database,
    forecastQueue: openQueue(env.FORECAST_QUEUE_URL),
    restockQueue: openQueue(env.RESTOCK_QUEUE_URL),
    models: openModels(database, openObjects(env.DATA_BUCKET)),
  }),
  run: doForecastWork,
});
