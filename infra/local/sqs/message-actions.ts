import { createHash } from 'node:crypto';
import { readEntries, runBatch } from './batch.ts';
import type { Engine } from './engine.ts';
import { changeVisibility, deleteMessage } from './held-messages.ts';
import {
  attributesMd5,
  pickAttributes,
  readMessageAttributes,
  writeMessageAttributes,
} from './message-attributes.ts';
import { MAXIMUM_MESSAGE_BYTES } from './queue-settings.ts';
import type { Queue } from './queue-table.ts';
import { type Input, optionalInteger, optionalText, record, requiredText, textList } from './read-input.ts';
import { receiveMessages } from './receive-messages.ts';
import { messageBytes, type NewMessage, sendMessage } from './send-message.ts';
import { SqsError } from './sqs-error.ts';

type Action = (engine: Engine, input: Input, signal: AbortSignal) => object | Promise<object>;

/** Everything that sends, receives or settles messages. */
export const MESSAGE_ACTIONS: Readonly<Record<string, Action>> = {
  SendMessage: (engine, input) => send(engine, queueOf(engine, input), readMessage(input)),

  SendMessageBatch(engine, input) {
    const queue = queueOf(engine, input);
    const entries = readEntries(input);
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    // A single message that is too long fails alone; together they fail as a batch.
    if (entries.length > 1 && bytes > MAXIMUM_MESSAGE_BYTES) {
      const message = `Batch requests cannot be longer than ${MAXIMUM_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`;
      throw new SqsError('BatchRequestTooLong', message);
    }
    return engine.sqlite.transaction(() =>
      runBatch(entries, (entry) => send(engine, queue, readMessage(entry))),
    );
  },

  async ReceiveMessage(engine, input, signal) {
    const queue = queueOf(engine, input);
    const waitSeconds = optionalInteger(input, 'WaitTimeSeconds', 0, 20) ?? queue.settings.receiveWaitSeconds;
    const messages = await receiveMessages(engine, queue.name, {
      max: optionalInteger(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
      waitMs: waitSeconds * 1_000,
      visibilitySeconds:
        optionalInteger(input, 'VisibilityTimeout', 0, 43_200) ?? queue.settings.visibilitySeconds,
      signal,
    });
    const system = new Set([
      ...textList(input, 'AttributeNames'),
      ...textList(input, 'MessageSystemAttributeNames'),
    ]);
    const wanted = textList(input, 'MessageAttributeNames');
    const written = messages.map((message) => {
      const picked = pickAttributes(message.messageAttributes, wanted);
      const isAsked = ([name]: [string, string]) => system.has('All') || system.has(name);
      const attributes = Object.fromEntries(Object.entries(message.attributes).filter(isAsked));
      return {
        MessageId: message.messageId,
        ReceiptHandle: message.receiptHandle,
        Body: message.body,
        MD5OfBody: message.md5OfBody,
        ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
        ...(Object.keys(picked).length > 0 && {
          MessageAttributes: writeMessageAttributes(picked),
          MD5OfMessageAttributes: attributesMd5(picked),
        }),
      };
    });
    return written.length > 0 ? { Messages: written } : {};
  },

  DeleteMessage(engine, input) {
    deleteMessage(engine, queueOf(engine, input), requiredText(input, 'ReceiptHandle'));
    return {};
  },

  DeleteMessageBatch(engine, input) {
    const queue = queueOf(engine, input);
    const entries = readEntries(input);
    return engine.sqlite.transaction(() =>
      runBatch(entries, (entry) => {
        deleteMessage(engine, queue, requiredText(entry, 'ReceiptHandle'));
        return {};
      }),
    );
  },

  ChangeMessageVisibility: (engine, input) => setVisibility(engine, queueOf(engine, input), input),

  ChangeMessageVisibilityBatch(engine, input) {
    const queue = queueOf(engine, input);
    return runBatch(readEntries(input), (entry) => setVisibility(engine, queue, entry));
  },
};

/** The queue that a request's QueueUrl names. */
export function queueOf(engine: Engine, input: Input): Queue {
  return engine.queues.byName(requiredText(input, 'QueueUrl').split('/').at(-1)!);
}

function entryBytes(entry: Input): number {
  try {
    return messageBytes(readMessage(entry));
  } catch (error) {
    if (!(error instanceof SqsError)) throw error;
    // refused by itself when its turn comes
    return 0;
  }
}

function readMessage(input: Input): NewMessage {
  const system = readMessageAttributes(record(input, 'MessageSystemAttributes'));
  const unknown = Object.keys(system).find((name) => name !== 'AWSTraceHeader');
  if (unknown !== undefined) {
    throw new SqsError('InvalidParameterValue', `Message system attribute name '${unknown}' is invalid.`);
  }
  return {
    body: requiredText(input, 'MessageBody'),
    attributes: readMessageAttributes(record(input, 'MessageAttributes')),
    traceHeader: system.AWSTraceHeader?.stringValue,
    delaySeconds: optionalInteger(input, 'DelaySeconds', 0, 900),
    groupId: optionalText(input, 'MessageGroupId'),
    deduplicationId: optionalText(input, 'MessageDeduplicationId'),
  };
}

function send(engine: Engine, queue: Queue, message: NewMessage): object {
  const { messageId, sequenceNumber } = sendMessage(engine, queue, message);
  const { traceHeader } = message;
  const system =
    traceHeader === undefined ? {} : { AWSTraceHeader: { dataType: 'String', stringValue: traceHeader } };
  return {
    MessageId: messageId,
    MD5OfMessageBody: createHash('md5').update(message.body).digest('hex'),
    MD5OfMessageAttributes: attributesMd5(message.attributes),
    MD5OfMessageSystemAttributes: attributesMd5(system),
    SequenceNumber: sequenceNumber,
  };
}

function setVisibility(engine: Engine, queue: Queue, input: Input): object {
  const seconds = optionalInteger(input, 'VisibilityTimeout', 0, 43_200);
  if (seconds === undefined) {
    throw new SqsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
  }
  changeVisibility(engine, queue, requiredText(input, 'ReceiptHandle'), seconds);
  return {};
}
