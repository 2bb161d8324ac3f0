import { openObjects } from '../../shared/aws/objects.ts';
import { TrainRequested } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { TrainEnv } from './env.ts';
import { trainModel } from './train-model.ts';

/** SQS -> one TrainRequested per record -> a version of the model of many series. */
export const handler = queueHandler({
  env: TrainEnv,
  message: TrainRequested,
  connect: (env, { database }) => ({ database, objects: openObjects(env.DATA_BUCKET) }),
  run: trainModel,
});
