import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { openRedelivery } from '../aws/redelivery.ts';
import { type Base, openBase } from './base.ts';
import type { BusEnv, DatabaseEnv } from './env-parts.ts';
import { readEnv } from './read-env.ts';

/** What a use case knows about the delivery of its message. */
export interface Delivery {
  /** Stays the same when SQS delivers the message again. */
  readonly messageId: string;
  readonly logger: Logger;
  /** Milliseconds until this invocation is killed. */
  remainingMs(): number;
}

type BaseEnv = z.infer<typeof DatabaseEnv> & Partial<z.infer<typeof BusEnv>>;

export interface QueueHandlerOptions<E extends BaseEnv, M, N> {
  readonly env: z.ZodType<E>;
  /** Shape of one message's body, after JSON. A message that does not fit ends in the dead letters. */
  readonly message: z.ZodType<M>;
  /** What the use case needs, made once per container. */
  readonly connect: (env: E, base: Base) => N;
  readonly run: (needs: N, message: M, delivery: Delivery) => Promise<void>;
}

/**
 * SQS -> one call of `run` for each message, one after the other.
 * A message that fails is reported alone and comes back; events of what was committed are published either way,
 * so that a redelivered message also announces what its first delivery did.
 */
export function queueHandler<E extends BaseEnv, M, N>(options: QueueHandlerOptions<E, M, N>) {
  const env = readEnv(options.env);
  const base = openBase(env);
  const needs = options.connect(env, base);
  const { logger } = base;
  const redelivery = openRedelivery();

  async function deliver(record: SQSRecord, context: Context): Promise<void> {
    const message = readMessage(options.message, record.body);
    const delivery: Delivery = {
      messageId: record.messageId,
      logger,
      remainingMs: () => context.getRemainingTimeInMillis(),
    };
    try {
      await options.run(needs, message, delivery);
    } catch (error) {
      // The first failure is the one to tell: a bus that is down as well must not hide it.
      await base.publishEvents().catch((cause: Error) => logger.warn('events are waiting', cause));
      throw error;
    }
    await base.publishEvents();
  }

  async function handle(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
    const failures: { itemIdentifier: string }[] = [];
    for (const record of event.Records) {
      try {
        await deliver(record, context);
      } catch (error) {
        logger.error('message failed', {
          messageId: record.messageId,
          body: record.body.slice(0, 500),
          error: error as Error,
        });
        failures.push({ itemIdentifier: record.messageId });
        await redelivery
          .after(record, waitSeconds(error, Number(record.attributes.ApproximateReceiveCount)))
          // then it comes back by itself, only later
          .catch((cause: Error) => logger.warn('redelivery not hastened', cause));
      }
    }
    return { batchItemFailures: failures };
  }

  return middy<SQSEvent, SQSBatchResponse>().use(injectLambdaContext(logger)).handler(handle);
}

/** A message that is not what its queue carries. */
class WrongShape extends Error {}

function readMessage<M>(schema: z.ZodType<M>, body: string): M {
  try {
    return schema.parse(JSON.parse(body));
  } catch (cause) {
    throw new WrongShape('the message has the wrong shape', { cause });
  }
}

const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 900;

/** A message of the wrong shape will never be right: its deliveries need not be waited for. */
function waitSeconds(error: unknown, deliveries: number): number {
  if (error instanceof WrongShape) return 0;
  return Math.min(FIRST_WAIT_SECONDS * 4 ** (deliveries - 1), LONGEST_WAIT_SECONDS);
}
