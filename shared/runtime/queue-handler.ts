import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { openRedelivery, type Redelivery } from '../aws/redelivery.ts';
import { type Base, openBase } from './base.ts';
import type { BusEnv, DatabaseEnv } from './env-parts.ts';
import { readEnv } from './read-env.ts';

/** What a use case knows about the delivery of its message. */
export interface Delivery<M = unknown> {
  /** Stays the same when SQS delivers the message again. */
  readonly messageId: string;
  /** The how manieth delivery of the message this is, 1 for the first. */
  readonly receives: number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Milliseconds until this invocation is killed. */
  remainingMs(): number;
  readonly batch: Batch<M>;
}

/** The messages of one invocation that have the right shape; one object for all of them. */
export interface Batch<M = unknown> {
  readonly messages: readonly M[];
}

type BaseEnv = z.infer<typeof DatabaseEnv> & Partial<z.infer<typeof BusEnv>>;

export interface QueueHandlerOptions<E extends BaseEnv, M, N> {
  readonly env: z.ZodType<E>;
  /** Shape of one message's body, after JSON. A message that does not fit ends in the dead letters. */
  readonly message: z.ZodType<M>;
  /** What the use case needs, made once per container. */
  readonly connect: (env: E, base: Base) => N;
  readonly run: (needs: N, message: M, delivery: Delivery<M>) => Promise<void>;
}

/**
 * SQS -> one call of `run` for each message, one after the other.
 * A message that fails is reported alone and comes back; events of what was committed are published either way, once
 * at the end, so that a redelivered message also announces what its first delivery did. Where they cannot be published
 * every message comes back.
 */
export function queueHandler<E extends BaseEnv, M, N>(options: QueueHandlerOptions<E, M, N>) {
  const env = readEnv(options.env);
  const base = openBase(env);
  const needs = options.connect(env, base);
  const batch = { ...base, redelivery: openRedelivery() };
  const run = (message: M, delivery: Delivery<M>) => options.run(needs, message, delivery);
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(base.logger))
    .handler((event, context) => handleBatch(batch, { message: options.message, run }, event, context));
}

/** What a batch of messages stands on. */
export interface BatchNeeds {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly redelivery: Redelivery;
  publishEvents(isAgain?: boolean): Promise<void>;
}

/** What is done with each message of a queue. */
export interface BatchWork<M> {
  readonly message: z.ZodType<M>;
  run(message: M, delivery: Delivery<M>): Promise<void>;
}

/** One batch, for `queueHandler` and for whoever brings needs of their own. */
export async function handleBatch<M>(
  base: BatchNeeds,
  work: BatchWork<M>,
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse> {
  const read = event.Records.map((record) => readMessage(work.message, record.body));
  const batch = { messages: read.flatMap((message) => (message instanceof WrongShape ? [] : [message])) };
  const failed = new Map<SQSRecord, unknown>();
  for (const [i, record] of event.Records.entries()) {
    const message = read[i]!;
    try {
      if (message instanceof WrongShape) throw message;
      await work.run(message, {
        messageId: record.messageId,
        receives: receivesOf(record),
        logger: base.logger,
        remainingMs: () => context.getRemainingTimeInMillis(),
        batch,
      });
    } catch (error) {
      failed.set(record, error);
    }
  }
  try {
    // an earlier delivery may have left its events
    await base.publishEvents(event.Records.some((record) => receivesOf(record) > 1));
  } catch (error) {
    base.logger.warn('events are waiting', error as Error);
    // The first failure of a message is the one to tell.
    for (const record of event.Records) if (!failed.has(record)) failed.set(record, error);
  }
  for (const [record, error] of failed) await bringBack(base, record, error);
  return { batchItemFailures: [...failed.keys()].map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

const receivesOf = (record: SQSRecord): number => Number(record.attributes.ApproximateReceiveCount);

async function bringBack(
  { logger, redelivery }: BatchNeeds,
  record: SQSRecord,
  error: unknown,
): Promise<void> {
  logger.error('message failed', {
    messageId: record.messageId,
    body: record.body.slice(0, 500),
    error: error as Error,
  });
  await redelivery
    .after(record, waitSeconds(error, receivesOf(record)))
    // then it comes back by itself, only later
    .catch((cause: Error) => logger.warn('redelivery not hastened', cause));
}

/** A message that is not what its queue carries. */
class WrongShape extends Error {}

function readMessage<M>(schema: z.ZodType<M>, body: string): M | WrongShape {
  try {
    return schema.parse(JSON.parse(body));
  } catch (cause) {
    return new WrongShape('the message has the wrong shape', { cause });
  }
}

const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 900;

/** A message of the wrong shape will never be right: its deliveries need not be waited for. */
function waitSeconds(error: unknown, deliveries: number): number {
  if (error instanceof WrongShape) return 0;
  return Math.min(FIRST_WAIT_SECONDS * 4 ** (deliveries - 1), LONGEST_WAIT_SECONDS);
}
