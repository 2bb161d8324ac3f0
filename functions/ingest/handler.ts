import { openObjects } from '../../shared/aws/objects.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import type { ImportTask } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { DropMessage } from './drop-message.ts';
import { IngestEnv } from './env.ts';
import { runTask } from './run-task.ts';

/** SQS -> the dropped file in the ledger, a report beside it; or an import taken back. */
export const handler = queueHandler({
  env: IngestEnv,
  message: DropMessage,
  connect: (env, { database, publishEvents }) => {
    const ingestQueue = openQueue(env.INGEST_QUEUE_URL);
    return {
      database,
      objects: openObjects(env.DATA_BUCKET),
      handOver: (task: ImportTask) => ingestQueue.send([task]),
      publishEvents,
    };
  },
  run: async (needs, tasks, delivery) => {
    const remainingMs = () => delivery.remainingMs();
    for (const task of tasks) {
      await runTask(needs, task, remainingMs, delivery.receives);
    }
  },
});
