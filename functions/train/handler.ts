import { openObjects } from '../../shared/aws/objects.ts';
import { TrainTask } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { TrainEnv } from './env.ts';
import { evaluatePolicies } from './evaluate-policies.ts';
import { trainModel } from './train-model.ts';

/** SQS -> one TrainTask per record -> a version of the model of many series, or what policies would have cost. */
export const handler = queueHandler({
  env: TrainEnv,
  message: TrainTask,
  connect: (env, { database }) => ({ database, objects: openObjects(env.DATA_BUCKET) }),
  run: (needs, task, delivery) =>
    task.type === 'TrainRequested'
      ? trainModel(needs, task, delivery)
      : evaluatePolicies(needs, task, delivery),
});
