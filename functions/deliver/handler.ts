import { postWebhook } from '../../shared/aws/post-webhook.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { openVault } from '../../shared/aws/vault.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { deliverMessage, ToDeliver } from './deliver-message.ts';
import { DeliverEnv } from './env.ts';

/** SQS -> one event of the bus or one delivery per record -> subscribers told by webhook. */
export const handler = queueHandler({
  env: DeliverEnv,
  message: ToDeliver,
  connect: (env, { database }) => ({
    database,
    deliverQueue: openQueue(env.DELIVER_QUEUE_URL),
    vault: openVault(env.WEBHOOK_SECRET_ARN),
    post: (url: string, body: string, headers: Readonly<Record<string, string>>) =>
      postWebhook(url, body, headers, { isLoopbackToo: env.WEBHOOK_TARGETS === 'loopback-too' }),
    now: () => new Date(),
    chance: Math.random,
  }),
  run: deliverMessage,
});
