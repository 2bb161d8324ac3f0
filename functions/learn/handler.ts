import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { BusEvent } from '../notify/tell-listeners.ts';
import { LearnEnv } from './env.ts';
import { learnEvent } from './learn-event.ts';

/** SQS -> one event of the bus per record -> the online models of the series that it touches, and alerts of low stock. */
export const handler = queueHandler({
  env: LearnEnv,
  message: BusEvent,
  connect: (_, { database }) => ({ database }),
  run: learnEvent,
});
