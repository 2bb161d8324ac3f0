import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';

/** A message as SQS handed it to a function. */
interface HeldMessage {
  readonly eventSourceARN: string;
  readonly receiptHandle: string;
}

/** Decides when a failed message comes back, which otherwise takes six times the function's timeout. */
export interface Redelivery {
  after(message: HeldMessage, seconds: number): Promise<void>;
}

/** Redelivery for whatever queue a message came from. */
export function openRedelivery(client = new SQSClient({})): Redelivery {
  const urls = new Map<string, string>();
  return {
    async after({ eventSourceARN, receiptHandle }, seconds) {
      let url = urls.get(eventSourceARN);
      if (url === undefined) {
        const { QueueUrl } = await client.send(
          new GetQueueUrlCommand({ QueueName: eventSourceARN.split(':').at(-1)! }),
        );
        url = QueueUrl!;
        urls.set(eventSourceARN, url);
      }
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
  };
}
