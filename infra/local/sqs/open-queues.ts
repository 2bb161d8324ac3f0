import { join } from 'node:path';
import type { Queues } from '../services.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';
import { answerRequest } from './answer-request.ts';
import { countMessages } from './count-messages.ts';
import type { Engine } from './engine.ts';
import { deleteMessage } from './held-messages.ts';
import { moveDeadLetters } from './move-dead-letters.ts';
import { openWaiters } from './open-waiters.ts';
import { urlOf } from './queue-actions.ts';
import { settingsOf } from './queue-settings.ts';
import { openQueueTable } from './queue-table.ts';
import { receiveMessages } from './receive-messages.ts';
import { SQS_SCHEMA } from './schema.ts';
import { sendMessage } from './send-message.ts';

export interface QueueOptions {
  /** Where the queues live; what is in it from an earlier start is kept. */
  readonly directory: string;
  /** Where queue URLs point to, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since 1970; a test may let time pass. */
  readonly now?: () => number;
}

/** Opens the durable queues of one machine. */
export function openQueues({ directory, baseUrl, accountId, region, now = Date.now }: QueueOptions): Queues {
  const sqlite = openSqlite(join(directory, 'queues.sqlite'), SQS_SCHEMA);
  const [queues, waiters] = [openQueueTable(sqlite), openWaiters()];
  const engine: Engine = { sqlite, queues, waiters, accountId, region, now, baseUrl };
  return {
    handle: (request, response) => answerRequest(engine, request, response),
    define(definition) {
      const [known, at] = [queues.find(definition.name), now()];
      const { name, arn } = definition;
      const [createdAt, tags] = [known?.createdAt ?? at, known?.tags ?? {}];
      queues.put({ name, arn, createdAt, modifiedAt: at, settings: settingsOf(definition), tags });
      waiters.wake(name);
    },
    releaseHeld() {
      sqlite.run(
        `UPDATE messages
            SET visible_at = ?1, receive_count = receive_count - 1
          WHERE receipt IS NOT NULL AND visible_at > ?1`,
        now(),
      );
    },
    urlOf: (arn) => urlOf(engine, queues.byArn(arn).name),
    async send(arn, body, { groupId, deduplicationId } = {}) {
      const message = { body, attributes: {}, traceHeader: undefined, delaySeconds: undefined };
      const queue = queues.byArn(arn);
      // a group may serve a standard queue as well, for fairness; only a FIFO queue knows duplicates
      const ids = { groupId, deduplicationId: queue.settings.isFifo ? deduplicationId : undefined };
      sendMessage(engine, queue, { ...message, ...ids });
    },
    async receive(arn, max, waitMs, signal) {
      const { name, settings } = queues.byArn(arn);
      const { visibilitySeconds } = settings;
      return receiveMessages(engine, name, { max, waitMs, visibilitySeconds, signal });
    },
    async delete(arn, receiptHandles) {
      const queue = queues.byArn(arn);
      sqlite.transaction(() => {
        for (const handle of receiptHandles) deleteMessage(engine, queue, handle);
      });
    },
    counts: (arn) => countMessages(engine, queues.byArn(arn)),
    redrive: async (arn) => moveDeadLetters(engine, queues.byArn(arn), undefined),
    peek(arn, max) {
      return sqlite.all<{ messageId: string; body: string; receiveCount: number }>(
        `SELECT message_id AS messageId, body, receive_count AS receiveCount
           FROM messages WHERE queue = ? ORDER BY number LIMIT ?`,
        queues.byArn(arn).name,
        max,
      );
    },
    async close() {
      waiters.close();
      // Lets woken receivers answer before the database goes.
      await new Promise((resolve) => setImmediate(resolve));
      sqlite.close();
    },
  };
}
