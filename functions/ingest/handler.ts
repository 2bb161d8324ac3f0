import { openObjects } from '../../shared/aws/objects.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import type { ObjectDropped } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { DropMessage } from './drop-message.ts';
import { IngestEnv } from './env.ts';
import { ingestObject } from './ingest-object.ts';

/** SQS -> the dropped file in the ledger, a report beside it. */
export const handler = queueHandler({
  env: IngestEnv,
  message: DropMessage,
  connect: (env, { database }) => {
    const ingestQueue = openQueue(env.INGEST_QUEUE_URL);
    return {
      database,
      objects: openObjects(env.DATA_BUCKET),
      handOver: (drop: ObjectDropped) => ingestQueue.send([drop]),
    };
  },
  run: async (needs, drops, delivery) => {
    for (const drop of drops) await ingestObject(needs, drop, () => delivery.remainingMs());
  },
});
