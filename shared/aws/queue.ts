import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Limits of one SendMessageBatch call, and how often refused entries are sent again. */
const BATCH = 10;
const BATCH_BYTES = 1_000_000;
const ATTEMPTS = 4;

/** Sends JSON messages to one queue. */
export interface Queue {
  /** `delaySeconds`: they cannot be received before, up to 900. */
  send(messages: readonly unknown[], options?: { readonly delaySeconds?: number }): Promise<void>;
}

/** A queue by its URL. Every message is sent or the call throws. */
export function openQueue(queueUrl: string, client = new SQSClient({})): Queue {
  async function sendBatch(bodies: readonly string[], delaySeconds: number | undefined): Promise<void> {
    let pending = bodies.map((body, i) => ({ Id: String(i), MessageBody: body, DelaySeconds: delaySeconds }));
    for (let attempt = 1; pending.length > 0; attempt++) {
      const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: pending }));
      const failed = new Set(answer.Failed?.map((entry) => entry.Id));
      pending = pending.filter((entry) => failed.has(entry.Id));
      if (pending.length > 0 && attempt === ATTEMPTS) {
        throw new Error(
          `${pending.length} messages not accepted by ${queueUrl}: ${answer.Failed?.[0]?.Message}`,
        );
      }
    }
  }

  return {
    async send(messages, { delaySeconds } = {}) {
      let batch: string[] = [];
      let bytes = 0;
      for (const message of messages) {
        const body = JSON.stringify(message);
        const size = Buffer.byteLength(body);
        if (batch.length === BATCH || bytes + size > BATCH_BYTES) {
          await sendBatch(batch, delaySeconds);
          batch = [];
          bytes = 0;
        }
        batch.push(body);
        bytes += size;
      }
      await sendBatch(batch, delaySeconds);
    },
  };
}
