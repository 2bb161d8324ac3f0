import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { failedMessages } from '../../../infra/local/events/failed-messages.ts';
import { startPollers } from '../../../infra/local/events/start-pollers.ts';
import type { InvokeResult, QueueDefinition } from '../../../infra/local/services.ts';
import { openQueues } from '../../../infra/local/sqs/open-queues.ts';
import type { EventSourceMapping } from '../../../infra/local/template/wiring.ts';
import { tempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-for.ts';
import { mappingOf } from './wiring-samples.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:F';
const ARN = 'arn:aws:sqs:us-east-1:000000000000:';
const QUEUE = `${ARN}Work`;
const DEAD = `${ARN}Dead`;

interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Record<string, string>;
}
type Answer = (records: readonly QueueRecord[]) => Promise<InvokeResult> | InvokeResult;

const OK: InvokeResult = { ok: true, payload: null };

function definition(name: string, settings: Partial<QueueDefinition> = {}): QueueDefinition {
  return {
    name,
    arn: ARN + name,
    visibilitySeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 0,
    isFifo: false,
    contentBasedDeduplication: false,
    redrive: undefined,
    ...settings,
  };
}

/** Queues with dead letters after three receives, and a poller in front of a function that the test answers for. */
function started(
  answer: Answer,
  settings: Partial<EventSourceMapping> & { visibilitySeconds?: number } = {},
) {
  const { visibilitySeconds = 30, ...mapping } = settings;
  const queues = openQueues({
    directory: tempFolder(),
    baseUrl: () => 'http://127.0.0.1',
    accountId: '000000000000',
    region: 'us-east-1',
  });
  queues.define(definition('Dead'));
  queues.define(
    definition('Work', { visibilitySeconds, redrive: { deadLetterArn: DEAD, maxReceiveCount: 3 } }),
  );
  const batches: QueueRecord[][] = [];
  const pollers = startPollers({
    mappings: [mappingOf(QUEUE, FUNCTION, mapping)],
    queues,
    functions: {
      invoke: async (_arn, event) => {
        const { Records } = event as { Records: QueueRecord[] };
        batches.push(Records);
        return answer(Records);
      },
    },
    concurrency: 4,
    log: () => {},
  });
  onTestFinished(async () => {
    await pollers.stop();
    await queues.close();
  });
  return { queues, batches, pollers };
}

const isEmpty = ({ queues }: ReturnType<typeof started>) => {
  const { visible, inFlight, delayed } = queues.counts(QUEUE);
  return visible + inFlight + delayed === 0;
};

test('a message reaches the function in the shape of AWS and is deleted after it', async () => {
  const stand = started(() => OK);
  await stand.queues.send(QUEUE, '{"n":1}');
  await waitUntil(() => stand.batches.length === 1 && isEmpty(stand));
  expect(stand.batches[0]).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      body: '{"n":1}',
      attributes: expect.objectContaining({
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d+$/),
      }),
      messageAttributes: {},
      md5OfBody: createHash('md5').update('{"n":1}').digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: QUEUE,
      awsRegion: 'us-east-1',
    },
  ]);
});

test('only the messages that failed come back, and the poison goes to the dead letters', async () => {
  const stand = started(
    (records) => ({
      ok: true,
      payload: {
        batchItemFailures: records
          .filter(({ body }) => body === 'poison')
          .map(({ messageId }) => ({ itemIdentifier: messageId })),
      },
    }),
    { visibilitySeconds: 1 },
  );
  for (const body of ['good', 'poison', 'fine']) await stand.queues.send(QUEUE, body);
  await waitUntil(() => stand.queues.counts(DEAD).visible === 1);
  const received = stand.batches.flat().map(({ body }) => body);
  expect(received.filter((body) => body === 'poison')).toHaveLength(3);
  expect(received.filter((body) => body !== 'poison').sort()).toEqual(['fine', 'good']);
  expect(stand.queues.peek(DEAD, 1)[0]!.body).toBe('poison');
  expect(isEmpty(stand)).toBe(true);
});

test('a thrown error fails the whole batch', async () => {
  const stand = started(() => ({ ok: false, errorType: 'Error', errorMessage: 'no' }), {
    visibilitySeconds: 1,
  });
  await stand.queues.send(QUEUE, 'a');
  await waitUntil(() => stand.queues.counts(DEAD).visible === 1);
  expect(stand.batches).toHaveLength(3);
});

test('no more invocations run at once than the mapping allows', async () => {
  let [running, most, done] = [0, 0, 0];
  const stand = started(
    async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running -= 1;
      done += 1;
      return OK;
    },
    { batchSize: 1, maximumConcurrency: 2 },
  );
  for (let n = 0; n < 8; n += 1) await stand.queues.send(QUEUE, `${n}`);
  await waitUntil(() => done === 8);
  expect(most).toBe(2);
});

test('a batching window gathers what comes into one batch', async () => {
  const stand = started(() => OK, { batchSize: 3, batchingWindowSeconds: 20 });
  for (const body of ['a', 'b', 'c']) await stand.queues.send(QUEUE, body);
  await waitUntil(() => stand.batches.length === 1);
  expect(stand.batches[0]!.map(({ body }) => body).sort()).toEqual(['a', 'b', 'c']);
});

test('a batch may hold more than one receive can bring', async () => {
  const stand = started(() => OK, { batchSize: 25, batchingWindowSeconds: 20 });
  for (let n = 0; n < 25; n += 1) await stand.queues.send(QUEUE, `${n}`);
  await waitUntil(() => stand.batches.length > 0);
  expect(stand.batches[0]).toHaveLength(25);
});

test('a filter lets its messages through and drops the others unseen', async () => {
  const stand = started(() => OK, { filters: [{ body: { type: ['wanted'] } }] });
  await stand.queues.send(QUEUE, '{"type":"other"}');
  await stand.queues.send(QUEUE, 'no json');
  await stand.queues.send(QUEUE, '{"type":"wanted"}');
  await waitUntil(() => stand.batches.length > 0 && isEmpty(stand));
  expect(stand.batches.flat().map(({ body }) => body)).toEqual(['{"type":"wanted"}']);
});

test('a mapping that is switched off takes nothing', async () => {
  const stand = started(() => OK, { isEnabled: false });
  await stand.queues.send(QUEUE, 'a');
  await stand.pollers.stop();
  expect(stand.queues.counts(QUEUE).visible).toBe(1);
});

test('stopping waits for the running invocation and its deletion', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const stand = started(async () => {
    await gate;
    return OK;
  });
  await stand.queues.send(QUEUE, 'a');
  await waitUntil(() => stand.batches.length === 1);
  const stopped = stand.pollers.stop(30_000);
  open();
  await stopped;
  expect(isEmpty(stand)).toBe(true);
});

test('stopping gives up on an invocation that does not end', async () => {
  const stand = started(() => new Promise(() => {}));
  await stand.queues.send(QUEUE, 'a');
  await waitUntil(() => stand.batches.length === 1);
  await stand.pollers.stop(10);
  expect(stand.queues.counts(QUEUE).inFlight).toBe(1);
});

const IDS = ['a', 'b', 'c'];
test.each<[string, unknown, string[]]>([
  ['nothing', null, []],
  ['an empty list', { batchItemFailures: [] }, []],
  ['a null list', { batchItemFailures: null }, []],
  ['no list', {}, []],
  ['one failure', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
  ['an id that is not in the batch', { batchItemFailures: [{ itemIdentifier: 'z' }] }, IDS],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, IDS],
  ['a null id', { batchItemFailures: [{ itemIdentifier: null }] }, IDS],
  ['a wrong key', { batchItemFailures: [{ id: 'b' }] }, IDS],
  ['a list of nothing', { batchItemFailures: [null] }, IDS],
  ['no list but a text', { batchItemFailures: 'b' }, IDS],
])('an answer with %s', (_name, payload, expected) => {
  expect([...failedMessages({ ok: true, payload }, true, IDS)]).toEqual(expected);
});

test('without ReportBatchItemFailures the answer is not looked at', () => {
  const payload = { batchItemFailures: [{ itemIdentifier: 'a' }] };
  expect([...failedMessages({ ok: true, payload }, false, IDS)]).toEqual([]);
});
