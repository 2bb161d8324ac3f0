import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openQueues } from '../../../infra/local/sqs/open-queues.ts';
import { serveHandler } from './serve-handler.ts';

/** The queues of a fresh folder behind a port, the real client before it, and a clock that a test may set forward. */
export async function standUpQueues() {
  const directory = mkdtempSync(join(tmpdir(), 'queues-'));
  const clock = { aheadMs: 0 };
  const open = () =>
    openQueues({
      directory,
      baseUrl: () => served.url,
      accountId: '000000000000',
      region: 'eu-central-1',
      now: () => Date.now() + clock.aheadMs,
    });
  let queues = open();
  const served = await serveHandler((request, response) => queues.handle(request, response));
  const client = new SQSClient({
    endpoint: served.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  let made = 0;
  return {
    client,
    clock,
    served,
    directory,
    get queues() {
      return queues;
    },
    /** Closes the files and opens them again. */
    async reopen() {
      await queues.close();
      queues = open();
    },
    /** A new queue with these attributes; its URL and ARN. */
    async create(attributes: Record<string, string> = {}) {
      made += 1;
      const name = `queue-${made}${attributes.FifoQueue === 'true' ? '.fifo' : ''}`;
      const { QueueUrl: url } = await client.send(
        new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
      );
      const read = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
      const { Attributes } = await client.send(read);
      return { url: url!, arn: Attributes!.QueueArn!, name };
    },
    async close() {
      client.destroy();
      await served.close();
      await queues.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
