import { openPush } from '../../shared/aws/push.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { NotifyEnv } from './env.ts';
import { BusEvent, tellListeners } from './tell-listeners.ts';

/** SQS -> one event of the bus per record -> listeners told. */
export const handler = queueHandler({
  env: NotifyEnv,
  message: BusEvent,
  connect: (env, { database }) => ({ database, push: openPush(env.PUSH_ENDPOINT) }),
  run: tellListeners,
});
