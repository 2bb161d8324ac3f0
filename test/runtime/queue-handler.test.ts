import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { BusEnv, DatabaseEnv } from '../../shared/runtime/env-parts.ts';
import { onceABatch } from '../../shared/runtime/once-a-batch.ts';
import { type Batch, queueHandler } from '../../shared/runtime/queue-handler.ts';
import { openTestDatabase } from '../database.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:000000000000:work';
let db: Awaited<ReturnType<typeof openTestDatabase>>;
/** Seconds after which each message was to come back, as the queue was told. */
const waits: number[] = [];
const logged: string[] = [];

let isBusDown = true;
/** Run numbers of the events that the bus took. */
const published: string[] = [];

/** A queue that takes every wish, and a bus that is down until somebody repairs it. */
const edge = createServer(async (request, response) => {
  let text = '';
  for await (const piece of request) text += piece;
  const target = String(request.headers['x-amz-target']);
  if (target.startsWith('AWSEvents')) {
    if (isBusDown) return response.writeHead(400).end('{"__type":"InternalException"}');
    const { Entries } = JSON.parse(text) as { Entries: { Detail: string }[] };
    published.push(...Entries.map(({ Detail }) => JSON.parse(Detail).data.runId));
    return response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
  }
  const body = JSON.parse(text) as { VisibilityTimeout?: number };
  if (target.endsWith('ChangeMessageVisibility')) waits.push(body.VisibilityTimeout!);
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(target.endsWith('GetQueueUrl') ? JSON.stringify({ QueueUrl: address() }) : '{}');
});
const address = () => `http://127.0.0.1:${(edge.address() as AddressInfo).port}`;

beforeAll(async () => {
  edge.listen(0, '127.0.0.1');
  await once(edge, 'listening');
  db = await openTestDatabase();
  const env = {
    ...db.env,
    AWS_ENDPOINT_URL_SQS: address(),
    AWS_ENDPOINT_URL_EVENTBRIDGE: address(),
    EVENT_BUS_NAME: 'bus',
    // lets the logger write to the console of this process
    POWERTOOLS_DEV: 'true',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(console, level).mockImplementation((text: string) => void logged.push(text));
  }
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  edge.closeAllConnections();
  edge.close();
  await db.close();
});
beforeEach(() => {
  waits.length = 0;
  logged.length = 0;
});

const handlerOf = (run: (message: { n: number }, batch: Batch<{ n: number }>) => Promise<void>) =>
  queueHandler({
    env: z.object({ ...DatabaseEnv.shape, ...BusEnv.shape }),
    message: z.object({ n: z.int() }),
    connect: () => undefined,
    run: (_, message, { batch }) => run(message, batch),
  });

const context = { getRemainingTimeInMillis: () => 60_000, functionName: 'work' } as unknown as Context;
const eventOf = (...bodies: string[]) => delivery(2, bodies);
const delivery = (receives: number, bodies: readonly string[]) =>
  ({
    Records: bodies.map((body, i) => ({
      messageId: `m${i}`,
      receiptHandle: `r${i}`,
      body,
      attributes: { ApproximateReceiveCount: String(receives) },
      eventSourceARN: QUEUE,
    })),
  }) as unknown as SQSEvent;

test('a message that fails is reported alone, and the others are done', async () => {
  const done: number[] = [];
  const handler = handlerOf(async ({ n }) => {
    if (n === 2) throw new Error('two');
    done.push(n);
  });
  const answer = await handler(eventOf('{"n":1}', '{"n":2}', '{"n":3}'), context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  expect(done).toEqual([1, 3]);
});

test('only a message of the wrong shape comes back at once; one whose work met wrong data waits', async () => {
  const handler = handlerOf(async () => {
    z.object({ row: z.string() }).parse({ row: null });
  });
  await handler(eventOf('{"n":"one"}', 'no json', '{"n":1}'), context);
  expect(waits).toEqual([0, 0, 20]);
});

test('a failure is told although the bus is down, too, and the event of what was committed stays', async () => {
  const handler = handlerOf(async () => {
    await db.database.transaction((tx) =>
      announce(tx, 'forecast.completed', { runId: 'r', asOf: '2011-12-09', series: 1 }),
    );
    throw new Error('the work itself failed');
  });
  const answer = await handler(eventOf('{"n":1}'), context);
  expect(answer.batchItemFailures).toHaveLength(1);
  expect(logged.join('\n')).toContain('the work itself failed');
  expect(logged.join('\n')).toContain('events are waiting');
  const [row] = await db.database.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM outbox');
  expect(row!.n).toBe(1);
});

test('every message comes back whose events the bus does not take, with the failure that was its own', async () => {
  const handler = handlerOf(async ({ n }) => {
    await db.database.transaction((tx) =>
      announce(tx, 'forecast.completed', { runId: `r${n}`, asOf: '2011-12-09', series: 1 }),
    );
    if (n === 2) throw new Error('two');
  });
  const answer = await handler(eventOf('{"n":1}', '{"n":2}', '{"n":3}'), context);
  expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
    'm0',
    'm1',
    'm2',
  ]);
  expect(logged.filter((line) => line.includes('message failed') && line.includes('two'))).toHaveLength(1);
});

test('a delivery publishes its own events, and one that comes again also what the first has left', async () => {
  await db.database.write('DELETE FROM outbox');
  const complete = (database: Database, runId: string) =>
    database.transaction((tx) =>
      announce(tx, 'forecast.completed', { runId, asOf: '2011-12-09', series: 1 }),
    );
  // committed a moment ago by a process that died before it could tell
  await complete(db.database, 'left');
  isBusDown = false;
  try {
    const handler = queueHandler({
      env: z.object({ ...DatabaseEnv.shape, ...BusEnv.shape }),
      message: z.object({ runId: z.string() }),
      connect: (_, { database }) => database,
      run: async (database, { runId }) => {
        if (runId !== 'done') await complete(database, runId);
      },
    });
    expect(await handler(delivery(1, ['{"runId":"own"}']), context)).toEqual({ batchItemFailures: [] });
    expect(published).toEqual(['own']);
    await handler(delivery(2, ['{"runId":"done"}']), context);
    expect(published).toEqual(['own', 'left']);
    const [row] = await db.database.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM outbox');
    expect(row!.n).toBe(0);
  } finally {
    isBusDown = true;
  }
});

test('what the messages of a batch have in common is done once for each of them that can be read, and anew for the next', async () => {
  const seen: string[] = [];
  const sum = onceABatch(async (_: undefined, what: string, { messages }) => {
    seen.push(`${what}: ${(messages as { n: number }[]).map(({ n }) => n)}`);
  });
  const handler = handlerOf(({ n }, batch) => sum(undefined, n === 3 ? 'last' : 'first', batch));
  await db.database.write('DELETE FROM outbox');
  await handler(eventOf('{"n":1}', '{"n":"two"}', '{"n":2}', '{"n":3}'), context);
  await handler(eventOf('{"n":1}'), context);
  expect(seen).toEqual(['first: 1,2,3', 'last: 1,2,3', 'first: 1']);
});
