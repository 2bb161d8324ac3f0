import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { standUpQueues } from './sqs-stand.ts';

let stand: Awaited<ReturnType<typeof standUpQueues>>;
beforeAll(async () => {
  stand = await standUpQueues();
});
afterAll(() => stand.close());

const attributesOf = async (url: string) => {
  const read = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
  return (await stand.client.send(read)).Attributes ?? {};
};

const DEFINITION = {
  visibilitySeconds: 60,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  isFifo: false,
  contentBasedDeduplication: false,
  redrive: undefined,
};

test('CreateQueue returns a URL; calling it again returns the same queue', async () => {
  const create = (VisibilityTimeout: string) =>
    stand.client.send(new CreateQueueCommand({ QueueName: 'twice', Attributes: { VisibilityTimeout } }));
  const { QueueUrl } = await create('45');
  expect(QueueUrl).toBe(`${stand.served.url}/000000000000/twice`);
  expect((await create('45')).QueueUrl).toBe(QueueUrl);
  await expect(create('46')).rejects.toMatchObject({ name: 'QueueNameExists' });
  const found = await stand.client.send(new GetQueueUrlCommand({ QueueName: 'twice' }));
  expect(found.QueueUrl).toBe(QueueUrl);
  expect(stand.queues.urlOf('arn:aws:sqs:eu-central-1:000000000000:twice')).toBe(QueueUrl);
});

test('GetQueueAttributes All gives the counts of waiting, in-flight and delayed messages', async () => {
  const { url, arn } = await stand.create();
  for (let index = 0; index < 3; index += 1) await stand.queues.send(arn, 'x');
  await stand.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 900 }));
  await stand.queues.receive(arn, 1, 0);
  expect(await attributesOf(url)).toMatchObject({
    QueueArn: arn,
    ApproximateNumberOfMessages: '2',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
    VisibilityTimeout: '30',
    MessageRetentionPeriod: '345600',
    MaximumMessageSize: '1048576',
  });
});

test('counts tell the age of the oldest message', async () => {
  const { arn } = await stand.create();
  expect(stand.queues.counts(arn).oldestAgeSeconds).toBe(0);
  await stand.queues.send(arn, 'x');
  stand.clock.aheadMs += 90_000;
  expect(stand.queues.counts(arn).oldestAgeSeconds).toBeGreaterThanOrEqual(90);
});

test('a missing queue gives a typed QueueDoesNotExist', async () => {
  const QueueUrl = `${stand.served.url}/000000000000/missing`;
  const sent = stand.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const expected = { name: 'QueueDoesNotExist', Code: 'AWS.SimpleQueueService.NonExistentQueue' };
  await expect(sent).rejects.toMatchObject(expected);
  const asked = stand.client.send(new GetQueueUrlCommand({ QueueName: 'missing' }));
  await expect(asked).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('SetQueueAttributes changes a queue, and refuses what it does not know or allow', async () => {
  const { url } = await stand.create();
  const set = (Attributes: Record<string, string>) =>
    stand.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
  await set({ VisibilityTimeout: '7', ReceiveMessageWaitTimeSeconds: '3' });
  expect(await attributesOf(url)).toMatchObject({
    VisibilityTimeout: '7',
    ReceiveMessageWaitTimeSeconds: '3',
  });
  await expect(set({ VisibilityTimeout: '43201' })).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  await expect(set({ Colour: 'green' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
  const nowhere = {
    deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:000000000000:nowhere',
    maxReceiveCount: 1,
  };
  const refused = set({ RedrivePolicy: JSON.stringify(nowhere) });
  await expect(refused).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
});

test('ListQueues pages through the queues of a prefix; DeleteQueue removes one; PurgeQueue empties one', async () => {
  const create = (QueueName: string) => stand.client.send(new CreateQueueCommand({ QueueName }));
  for (const name of ['list-a', 'list-b', 'list-c']) await create(name);
  const list = (NextToken?: string) =>
    stand.client.send(new ListQueuesCommand({ QueueNamePrefix: 'list-', MaxResults: 2, NextToken }));
  const first = await list();
  const second = await list(first.NextToken);
  const names = [...(first.QueueUrls ?? []), ...(second.QueueUrls ?? [])].map((url) => url.split('/').at(-1));
  expect(names).toEqual(['list-a', 'list-b', 'list-c']);
  expect(second.NextToken).toBeUndefined();

  const QueueUrl = first.QueueUrls?.[0];
  await stand.queues.send('list-a', 'x');
  await stand.client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(stand.queues.counts('list-a').visible).toBe(0);
  await stand.client.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(attributesOf(QueueUrl ?? '')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('tags are kept', async () => {
  const { url } = await stand.create();
  await stand.client.send(new TagQueueCommand({ QueueUrl: url, Tags: { team: 'stock' } }));
  expect((await stand.client.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({
    team: 'stock',
  });
});

test('define creates a queue, and later brings its settings up to date and keeps its messages', async () => {
  const arn = 'arn:aws:sqs:eu-central-1:000000000000:defined';
  stand.queues.define({ ...DEFINITION, name: 'defined', arn });
  await stand.queues.send(arn, 'kept');
  stand.queues.define({ ...DEFINITION, name: 'defined', arn, visibilitySeconds: 120 });
  expect(await attributesOf(stand.queues.urlOf(arn))).toMatchObject({ VisibilityTimeout: '120' });
  expect(stand.queues.peek(arn, 10)).toMatchObject([{ body: 'kept', receiveCount: 0 }]);
});

test('a receiver in the process stops waiting when its signal aborts, and when all closes', async () => {
  const { arn } = await stand.create();
  const abort = new AbortController();
  const waiting = stand.queues.receive(arn, 1, 3_600_000, abort.signal);
  abort.abort();
  expect(await waiting).toEqual([]);
  expect(await stand.queues.receive(arn, 1, 3_600_000, abort.signal)).toEqual([]);
  const other = stand.queues.receive(arn, 1, 3_600_000);
  await stand.reopen();
  expect(await other).toEqual([]);
});

test('a receiver that hangs up takes no message', async () => {
  const { url, arn } = await stand.create({ VisibilityTimeout: '3600' });
  const abort = new AbortController();
  const polled = fetch(stand.served.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body: JSON.stringify({ QueueUrl: url, WaitTimeSeconds: 20 }),
    signal: abort.signal,
  });
  const settled = expect(polled).rejects.toThrow();
  setTimeout(() => abort.abort(), 300);
  await settled;
  // The server learns of it a moment later than the client.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await stand.queues.send(arn, 'mine');
  expect((await stand.queues.receive(arn, 1, 0)).map(({ body }) => body)).toEqual(['mine']);
});

test('messages, settings and visibility outlive the process', async () => {
  const { url, arn } = await stand.create({ VisibilityTimeout: '600' });
  await stand.queues.send(arn, 'in flight');
  await stand.queues.receive(arn, 1, 0);
  await stand.queues.send(arn, 'waiting');
  await stand.reopen();
  expect((await attributesOf(url)).VisibilityTimeout).toBe('600');
  expect((await stand.queues.receive(arn, 10, 0)).map(({ body }) => body)).toEqual(['waiting']);
  stand.clock.aheadMs += 601_000;
  expect((await stand.queues.receive(arn, 10, 0)).map(({ body }) => body).sort()).toEqual([
    'in flight',
    'waiting',
  ]);
});

test('every send that was answered is there after a kill -9', async () => {
  const script = `
    import { openQueues } from '${new URL('../../../infra/local/sqs/open-queues.ts', import.meta.url).href}';
    const [directory] = process.argv.slice(1);
    const queues = openQueues({ directory, baseUrl: () => '', accountId: '0', region: 'r' });
    const queue = ${JSON.stringify({ ...DEFINITION, name: 'killed', arn: 'arn:aws:sqs:r:0:killed' })};
    queues.define(queue);
    for (let sent = 1; sent <= 1_000_000; sent += 1) {
      await queues.send(queue.arn, String(sent));
      if (sent % 100 === 0) process.stdout.write(sent + '\\n');
      if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }`;
  const directory = `${stand.directory}/killed`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory]);
  const closed = once(child, 'close');
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
    if (said.length > 20) child.kill('SIGKILL');
  });
  await closed;
  const promised = Number(said.trim().split('\n').at(-1));
  expect(promised).toBeGreaterThanOrEqual(100);
  const { openQueues } = await import('../../../infra/local/sqs/open-queues.ts');
  const queues = openQueues({ directory, baseUrl: () => '', accountId: '0', region: 'r' });
  const bodies = queues.peek('killed', 2_000_000).map(({ body }) => Number(body));
  await queues.close();
  expect(bodies.length).toBeGreaterThanOrEqual(promised);
  expect(bodies).toEqual(bodies.map((_, index) => index + 1));
});
