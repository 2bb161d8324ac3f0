import { createHash, randomUUID } from 'node:crypto';
import type { Engine } from './engine.ts';
import { attributeBytes, type MessageAttributes } from './message-attributes.ts';
import type { Queue } from './queue-table.ts';
import { SqsError } from './sqs-error.ts';

/** A message before it is stored. */
export interface NewMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader: string | undefined;
  readonly delaySeconds: number | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
}

export interface SentMessage {
  readonly messageId: string;
  readonly sequenceNumber: string | undefined;
}

/** For so long the same deduplication id of a FIFO queue means the same message. */
const DEDUPLICATION_MS = 300_000;

// What XML cannot carry, SQS refuses: most control characters, lone surrogates and the two non-characters.
const FORBIDDEN_CHARACTERS = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Stores one message, or answers the one that a FIFO queue has already stored under the same deduplication id. */
export function sendMessage(engine: Engine, queue: Queue, message: NewMessage): SentMessage {
  checkContents(queue, message);
  const sent = engine.sqlite.transaction(() =>
    queue.settings.isFifo ? storeOnce(engine, queue, message) : store(engine, queue, message),
  );
  engine.waiters.wake(queue.name);
  return {
    messageId: sent.messageId,
    sequenceNumber: queue.settings.isFifo ? sequence(sent.number) : undefined,
  };
}

/** Bytes that count against the limits of a message and a batch. */
export function messageBytes(message: Pick<NewMessage, 'body' | 'attributes'>): number {
  return Buffer.byteLength(message.body) + attributeBytes(message.attributes);
}

/** The number of a FIFO message as its readers see it. */
export function sequence(number: number): string {
  return String(number).padStart(20, '0');
}

function checkContents(queue: Queue, message: NewMessage): void {
  const { maximumMessageBytes, isFifo } = queue.settings;
  if (messageBytes(message) > maximumMessageBytes) {
    const reason = `Message must be shorter than ${maximumMessageBytes} bytes.`;
    throw new SqsError('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
  }
  if (FORBIDDEN_CHARACTERS.test(message.body)) {
    throw new SqsError('InvalidMessageContents', 'Invalid characters found in the message body.');
  }
  if (isFifo && message.groupId === undefined) {
    throw new SqsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  }
  if (isFifo && message.delaySeconds) {
    const reason = 'The request include parameter that is not valid for this queue type.';
    throw new SqsError(
      'InvalidParameterValue',
      `Value for parameter DelaySeconds is invalid. Reason: ${reason}`,
    );
  }
  if (!isFifo && message.deduplicationId !== undefined) {
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    throw new SqsError(
      'InvalidParameterValue',
      `Value ${message.deduplicationId} for parameter MessageDeduplicationId is invalid. Reason: ${reason}`,
    );
  }
  for (const id of [message.groupId, message.deduplicationId]) {
    if (id !== undefined && !/^[!-~]{1,128}$/.test(id)) {
      throw new SqsError(
        'InvalidParameterValue',
        'An id has 1 to 128 alphanumeric or punctuation characters.',
      );
    }
  }
}

function storeOnce(engine: Engine, queue: Queue, message: NewMessage): Stored {
  const { sqlite } = engine;
  const deduplicationId = deduplicationIdOf(queue, message);
  // The scope of a group is part of the key, so that equal ids of two groups stay apart.
  const isPerGroup = queue.settings.passive.DeduplicationScope === 'messageGroup';
  const key = isPerGroup ? `${message.groupId} ${deduplicationId}` : deduplicationId;
  const now = engine.now();
  sqlite.run(
    'DELETE FROM deduplications WHERE queue = ? AND sent_at <= ?',
    queue.name,
    now - DEDUPLICATION_MS,
  );
  const earlier = sqlite.get<Stored>(
    'SELECT message_id AS messageId, number FROM deduplications WHERE queue = ? AND deduplication_id = ?',
    queue.name,
    key,
  );
  if (earlier !== undefined) return earlier;
  const stored = store(engine, queue, { ...message, deduplicationId });
  sqlite.run(
    'INSERT INTO deduplications (queue, deduplication_id, message_id, number, sent_at) VALUES (?, ?, ?, ?, ?)',
    queue.name,
    key,
    stored.messageId,
    stored.number,
    now,
  );
  return stored;
}

function deduplicationIdOf(queue: Queue, message: NewMessage): string {
  if (message.deduplicationId !== undefined) return message.deduplicationId;
  if (queue.settings.contentBasedDeduplication)
    return createHash('sha256').update(message.body).digest('hex');
  throw new SqsError(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

type Stored = { messageId: string; number: number };

function store(engine: Engine, queue: Queue, message: NewMessage): Stored {
  const now = engine.now();
  const delaySeconds = message.delaySeconds ?? queue.settings.delaySeconds;
  const stored = engine.sqlite.get<Stored>(
    `INSERT INTO messages (queue, message_id, body, attributes, trace_header, group_id, deduplication_id,
                           sent_at, visible_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING message_id AS messageId, number`,
    queue.name,
    randomUUID(),
    message.body,
    JSON.stringify(message.attributes),
    message.traceHeader ?? null,
    message.groupId ?? null,
    message.deduplicationId ?? null,
    now,
    now + delaySeconds * 1_000,
  );
  return stored!;
}
