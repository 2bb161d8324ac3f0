import { AssessRequested } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { assessRun } from './assess-run.ts';
import { AssessEnv } from './env.ts';

/** SQS -> one AssessRequested per record -> weeks that are over closed, the run's forecasts kept for theirs. */
export const handler = queueHandler({
  env: AssessEnv,
  message: AssessRequested,
  connect: (_, { database }) => ({ database }),
  run: assessRun,
});
