import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { answerRequest } from '../../functions/api/http/answer-request.ts';
import type { ApiNeeds } from '../../functions/api/http/needs.ts';
import { ROUTES } from '../../functions/api/routes.ts';
import { DropMessage } from '../../functions/ingest/drop-message.ts';
import type { ingestObject } from '../../functions/ingest/ingest-object.ts';
import { runTask } from '../../functions/ingest/run-task.ts';
import { simulateDays } from '../../functions/simulate/simulate-days.ts';
import type { Queue } from '../../shared/aws/queue.ts';
import type { KeptEnvelope } from '../../shared/contracts/events.ts';
import { type ImportTask, type ObjectDropped, SimulateRequested } from '../../shared/contracts/messages.ts';
import type { Random } from '../../shared/core/math/random.ts';
import { type Outbox, openOutbox } from '../../shared/data/messages/outbox-store.ts';
import { handleBatch } from '../../shared/runtime/queue-handler.ts';
import type { BareDataApi } from './bare-data-api.ts';
import type { Operations } from './data-api-commands.ts';
import { faultyDatabase } from './faulty-database.ts';
import { type Move, type Process, Scheduler } from './scheduler.ts';
import { VirtualQueue } from './virtual-queue.ts';

/** A function's answer over HTTP, or nothing when none came. */
export type HttpAnswer = { readonly status: number; readonly body: string } | undefined;

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly key?: string | undefined;
}

export type QueueName = 'ingest' | 'simulate';

const silent = { info() {}, warn() {}, error() {} };

/** The functions with their queues, bucket and bus, over a real database, in the hands of a scheduler. */
export class World {
  readonly scheduler: Scheduler;
  readonly objects = new Map<string, Buffer>();
  readonly published: KeptEnvelope[] = [];
  readonly queues: Readonly<Record<QueueName, VirtualQueue>>;
  /** What functions reported as a failure or a bug. */
  readonly reports: string[] = [];
  readonly #random: Random;
  readonly #operations: Operations;
  readonly #chunkRows: number;
  #requests = 0;
  #invocations = 0;

  constructor(
    api: BareDataApi,
    random: Random,
    options: {
      readonly now: number;
      readonly chunkRows: number;
      readonly moves: () => readonly Move[];
      /** What the functions ask instead of the database itself: for planted faults. */
      readonly asked?: (api: BareDataApi) => Operations;
    },
  ) {
    this.#operations = options.asked?.(api) ?? api;
    this.#random = random;
    this.#chunkRows = options.chunkRows;
    this.scheduler = new Scheduler(random, options.now, {
      moves: options.moves,
      rollback: (transaction) => api.end(transaction, 'ROLLBACK'),
      restart: (transaction) => api.restart(transaction),
    });
    this.queues = { ingest: new VirtualQueue(random), simulate: new VirtualQueue(random) };
  }

  /** Sends a request to a new invocation of the API. */
  ask(request: HttpRequest, onAnswer: (answer: HttpAnswer) => void): void {
    this.#requests += 1;
    const event = eventOf(request, this.#requests);
    this.scheduler.start(
      `api#${this.#requests}`,
      async (process) => {
        const reply = await answerRequest(this.#apiNeeds(process), ROUTES, event);
        return { status: reply.statusCode, body: reply.body };
      },
      (ending) => onAnswer(typeof ending === 'object' && 'value' in ending ? ending.value : undefined),
    );
  }

  /** Puts a file into the bucket, which announces it. */
  drop(name: string, text: string): void {
    const { bucket, key, size, etag } = dropOf(name, text);
    this.objects.set(key, Buffer.from(text));
    const object = { key, size, eTag: etag };
    this.queues.ingest.send({ Records: [{ s3: { bucket: { name: bucket }, object } }] });
  }

  /** Hands a batch of a queue to a new invocation of its function. */
  deliver(queue: QueueName): void {
    const batch = this.queues[queue].receive();
    this.#invocations += 1;
    const event = {
      Records: batch.map(({ id, body, receives }) => ({
        messageId: id,
        receiptHandle: id,
        body,
        attributes: { ApproximateReceiveCount: String(receives) },
        eventSourceARN: `arn:aws:sqs:eu-central-1:000000000000:${queue}`,
      })),
    } as unknown as SQSEvent;
    const remaining = this.#random.integer(3) === 0 ? 1_000 : 900_000;
    this.scheduler.start(
      `${queue}#${this.#invocations}`,
      (process) => this.#handle(queue, process, event, { getRemainingTimeInMillis: () => remaining }),
      (ending) => {
        const failed =
          typeof ending === 'object' && 'value' in ending
            ? ending.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
            : batch.map(({ id }) => id);
        this.queues[queue].settle(batch, new Set(failed));
      },
    );
  }

  /** Publishes what is still waiting, as the next invocation does that looks for it. */
  publishLeftovers(): void {
    this.scheduler.start(
      'publisher',
      (process) => this.#outbox(process).publish(true),
      () => undefined,
    );
  }

  #handle(
    queue: QueueName,
    process: Process,
    event: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> {
    const { database, publish } = this.#outbox(process);
    const base = {
      logger: silent,
      redelivery: { after: async () => undefined },
      publishEvents: publish,
    };
    if (queue === 'simulate') {
      const needs = { database, simulateQueue: this.#queue(process, 'simulate') };
      const run = (message: SimulateRequested, delivery: Parameters<typeof simulateDays>[2]) =>
        simulateDays(needs, message, delivery);
      return handleBatch(base, { message: SimulateRequested, run }, event, context);
    }
    const ingestQueue = this.#queue(process, 'ingest');
    const needs = {
      database,
      objects: this.#bucket(process),
      chunkRows: this.#chunkRows,
      handOver: (task: ImportTask) => ingestQueue.send([task]),
      publishEvents: base.publishEvents,
    };
    return handleBatch(
      base,
      {
        message: DropMessage,
        run: async (drops, delivery) => {
          for (const task of drops) await runTask(needs, task, () => delivery.remainingMs());
        },
      },
      event,
      context,
    );
  }

  #apiNeeds(process: Process): ApiNeeds {
    const { database, publish } = this.#outbox(process);
    const needs: Partial<ApiNeeds> = {
      database,
      planQueue: { send: async () => undefined },
      publishEvents: publish,
      isRateLimited: false,
      now: () => new Date(this.scheduler.now),
      report: (message, error) => void this.reports.push(`${message}: ${error}`),
    };
    // the routes that schedules ask stand on nothing else
    return needs as ApiNeeds;
  }

  /** Whatever others wrote counts as left at once, so that a process that looks meets those that publish their own. */
  #outbox(process: Process): Outbox {
    const publish = (events: readonly KeptEnvelope[]): Promise<void> =>
      this.scheduler.step(process, {
        kind: 'publish',
        label: `publishes ${events.length} events`,
        perform: async () => void this.published.push(...events),
      });
    const database = faultyDatabase(this.#operations, this.scheduler, process);
    const isTimeToLook = () => this.#random.integer(3) === 0;
    return openOutbox(database, publish, { leftAfterSeconds: 0, isTimeToLook });
  }

  #queue(process: Process, name: QueueName): Queue {
    return {
      send: (messages) =>
        this.scheduler.step(process, {
          kind: 'send',
          label: `sends to ${name}`,
          perform: async () => {
            for (const message of messages) this.queues[name].send(message);
          },
        }),
    };
  }

  #bucket(process: Process): Parameters<typeof ingestObject>[0]['objects'] {
    const { objects, scheduler } = this;
    const step = <T>(label: string, perform: () => T): Promise<T> =>
      scheduler.step(process, { kind: 'object', label, perform: async () => perform() });
    return {
      remove: (key) => step('removes an object', () => void objects.delete(key)),
      head: (key) =>
        step('asks for an object', () => {
          const bytes = objects.get(key);
          return bytes && { etag: etagOf(bytes), size: bytes.length };
        }),
      read: (key, ifMatch) =>
        step('reads an object', () => {
          const bytes = objects.get(key);
          if (bytes === undefined || (ifMatch !== undefined && ifMatch !== etagOf(bytes))) return undefined;
          return Readable.from(
            [bytes.subarray(0, 100), bytes.subarray(100)].filter(({ length }) => length > 0),
          );
        }),
      async write(key, body) {
        const pieces: Buffer[] = [];
        for await (const piece of body) pieces.push(Buffer.from(piece));
        await step('writes an object', () => void objects.set(key, Buffer.concat(pieces)));
      },
    };
  }
}

/** A file as the bucket announces it. */
export function dropOf(name: string, text: string): ObjectDropped {
  const bytes = Buffer.from(text);
  return { bucket: 'files', key: `drop/${name}.csv`, etag: etagOf(bytes), size: bytes.length };
}

const etagOf = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

function eventOf({ method, path, query, body, key }: HttpRequest, no: number): object {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: query ?? '',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      requestId: `request-${no}`,
      http: { method, path, sourceIp: '127.0.0.1' },
      authorizer: {
        jwt: { claims: { token_use: 'access', username: 'ada', 'cognito:groups': '[admin]' } },
      },
    },
  };
}
