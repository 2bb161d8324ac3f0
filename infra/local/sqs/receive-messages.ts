import { createHash } from 'node:crypto';
import type { ReceivedMessage } from '../services.ts';
import { dropExpired } from './drop-expired.ts';
import type { Engine } from './engine.ts';
import type { Queue } from './queue-table.ts';
import { makeReceipt } from './receipt-handle.ts';
import { sequence } from './send-message.ts';

export interface ReceiveOptions {
  readonly max: number;
  readonly waitMs: number;
  readonly visibilitySeconds: number;
  readonly signal: AbortSignal | undefined;
}

type Row = {
  number: number;
  message_id: string;
  body: string;
  attributes: string;
  trace_header: string | null;
  group_id: string | null;
  deduplication_id: string | null;
  sent_at: number;
  first_received_at: number | null;
  receive_count: number;
  moved_at_count: number;
  source_arn: string | null;
};

/** Takes up to `max` messages, waiting for the first; nothing once the signal aborts, the queue goes or all closes. */
export async function receiveMessages(
  engine: Engine,
  queueName: string,
  { max, waitMs, visibilitySeconds, signal }: ReceiveOptions,
): Promise<ReceivedMessage[]> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    if (engine.waiters.isClosed || signal?.aborted) return [];
    const queue = engine.queues.find(queueName);
    if (queue === undefined) return [];
    const messages = takeMessages(engine, queue, max, visibilitySeconds);
    const leftMs = deadline - performance.now();
    if (messages.length > 0 || leftMs <= 0) return messages;
    await engine.waiters.wait(queue.name, Math.min(leftMs, msToNextVisible(engine, queue)), signal);
  }
}

function takeMessages(
  engine: Engine,
  queue: Queue,
  max: number,
  visibilitySeconds: number,
): ReceivedMessage[] {
  const movedTo = new Set<string>();
  const taken = engine.sqlite.transaction(() => {
    dropExpired(engine, queue);
    const result = new Map<number, ReceivedMessage>();
    // Each round either takes or moves what it found; a round that moved none is the last.
    for (let hasMoved = true; hasMoved && result.size < max; ) {
      hasMoved = false;
      for (const row of candidates(engine, queue, max)) {
        const deadLetters = deadLetterQueueFor(engine, queue, row);
        if (deadLetters !== undefined) {
          moveToDeadLetters(engine, queue, row, deadLetters);
          movedTo.add(deadLetters.name);
          hasMoved = true;
        } else if (result.size < max && !result.has(row.number)) {
          result.set(row.number, take(engine, queue, row, visibilitySeconds));
        }
      }
    }
    return [...result.values()];
  });
  for (const name of movedTo) engine.waiters.wake(name);
  return taken;
}

function candidates(engine: Engine, queue: Queue, max: number): Row[] {
  const now = engine.now();
  if (!queue.settings.isFifo) {
    return engine.sqlite.all<Row>(
      'SELECT * FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, number LIMIT ?',
      queue.name,
      now,
      max,
    );
  }
  // A group is locked while one of its messages is in flight, and an earlier one that is not due holds up later ones.
  return engine.sqlite.all<Row>(
    `SELECT * FROM messages AS m
      WHERE queue = ? AND visible_at <= ?
        AND NOT EXISTS (SELECT 1 FROM messages AS other
                         WHERE other.queue = m.queue AND other.group_id = m.group_id AND other.visible_at > ?
                           AND (other.receipt IS NOT NULL OR other.number < m.number))
      ORDER BY number LIMIT ?`,
    queue.name,
    now,
    now,
    max,
  );
}

function deadLetterQueueFor(engine: Engine, queue: Queue, row: Row): Queue | undefined {
  const { redrive } = queue.settings;
  if (redrive === undefined || row.receive_count - row.moved_at_count < redrive.maxReceiveCount)
    return undefined;
  return engine.queues.find(redrive.deadLetterArn);
}

function moveToDeadLetters(engine: Engine, queue: Queue, row: Row, deadLetters: Queue): void {
  engine.sqlite.run(
    `UPDATE messages SET queue = ?, source_arn = ?, receipt = NULL, moved_at_count = receive_count, visible_at = ?
      WHERE number = ?`,
    deadLetters.name,
    queue.arn,
    engine.now(),
    row.number,
  );
}

function take(engine: Engine, queue: Queue, row: Row, visibilitySeconds: number): ReceivedMessage {
  const now = engine.now();
  const { handle, receipt } = makeReceipt(queue, row.number);
  const firstReceivedAt = row.first_received_at ?? now;
  engine.sqlite.run(
    `UPDATE messages SET receive_count = receive_count + 1, receipt = ?, visible_at = ?, first_received_at = ?
      WHERE number = ?`,
    receipt,
    now + visibilitySeconds * 1_000,
    firstReceivedAt,
    row.number,
  );
  return {
    messageId: row.message_id,
    receiptHandle: handle,
    body: row.body,
    md5OfBody: createHash('md5').update(row.body).digest('hex'),
    attributes: {
      SenderId: engine.accountId,
      SentTimestamp: String(row.sent_at),
      ApproximateReceiveCount: String(row.receive_count + 1),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      ...(queue.settings.isFifo && { SequenceNumber: sequence(row.number) }),
      ...(row.group_id !== null && { MessageGroupId: row.group_id }),
      ...(row.deduplication_id !== null && { MessageDeduplicationId: row.deduplication_id }),
      ...(row.trace_header !== null && { AWSTraceHeader: row.trace_header }),
      ...(row.source_arn !== null && { DeadLetterQueueSourceArn: row.source_arn }),
    },
    messageAttributes: JSON.parse(row.attributes),
  };
}

function msToNextVisible(engine: Engine, queue: Queue): number {
  const now = engine.now();
  const next = engine.sqlite.get<{ at: number | null }>(
    'SELECT MIN(visible_at) AS at FROM messages WHERE queue = ? AND visible_at > ?',
    queue.name,
    now,
  )?.at;
  return typeof next === 'number' ? Math.max(1, next - now) : Number.POSITIVE_INFINITY;
}
