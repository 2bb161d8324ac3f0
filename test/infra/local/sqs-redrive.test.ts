import {
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { standUpQueues } from './sqs-stand.ts';

let stand: Awaited<ReturnType<typeof standUpQueues>>;
beforeAll(async () => {
  stand = await standUpQueues();
});
afterAll(() => stand.close());

/** A queue with dead letters, and one message in the latter after `maxReceiveCount` receives. */
async function withDeadLetter(body: string, more: Record<string, string> = {}, groupId?: string) {
  const dead = await stand.create(more);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  const source = await stand.create({ ...more, VisibilityTimeout: '0', RedrivePolicy });
  await stand.queues.send(source.arn, body, groupId === undefined ? {} : { groupId });
  const counts: (string | undefined)[] = [];
  for (let time = 0; time < 3; time += 1) {
    const [message] = await stand.queues.receive(source.arn, 10, 0);
    counts.push(message?.attributes.ApproximateReceiveCount);
  }
  return { dead, source, counts };
}

test('with maxReceiveCount 2 the third receive finds nothing and the message is in the dead-letter queue', async () => {
  const { dead, source, counts } = await withDeadLetter('poison');
  expect(counts).toEqual(['1', '2', undefined]);
  expect(stand.queues.counts(source.arn)).toMatchObject({ visible: 0, inFlight: 0 });
  expect(stand.queues.peek(dead.arn, 10)).toMatchObject([{ body: 'poison', receiveCount: 2 }]);
});

test('dead letters keep their body and id and name their source by DeadLetterQueueSourceArn', async () => {
  const { dead, source } = await withDeadLetter('{"poison":true}');
  const [message] = await stand.queues.receive(dead.arn, 1, 0);
  expect(message?.body).toBe('{"poison":true}');
  expect(message?.attributes.DeadLetterQueueSourceArn).toBe(source.arn);
});

test('a long poll on the dead-letter queue wakes when a message is moved there', async () => {
  const dead = await stand.create();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const source = await stand.create({ VisibilityTimeout: '0', RedrivePolicy });
  const waiting = stand.queues.receive(dead.arn, 1, 60_000);
  await stand.queues.send(source.arn, 'poison');
  await stand.queues.receive(source.arn, 1, 0);
  await stand.queues.receive(source.arn, 1, 0);
  expect((await waiting).map(({ body }) => body)).toEqual(['poison']);
});

test('StartMessageMoveTask moves dead letters back to their source queue', async () => {
  const { dead, source } = await withDeadLetter('mended');
  const { TaskHandle } = await stand.client.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
  expect(TaskHandle).toBeTruthy();
  const list = await stand.client.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
  expect(list.Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  const [message] = await stand.queues.receive(source.arn, 1, 0);
  expect(message?.body).toBe('mended');
  expect(message?.attributes.ApproximateReceiveCount).toBe('1');
  expect(stand.queues.counts(dead.arn).visible).toBe(0);
});

test('redrive answers how many it moved, each to the queue it came from', async () => {
  const dead = await stand.create();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const sources = [
    await stand.create({ VisibilityTimeout: '0', RedrivePolicy }),
    await stand.create({ VisibilityTimeout: '0', RedrivePolicy }),
  ];
  for (const { arn } of sources) {
    for (let index = 0; index < 600; index += 1) await stand.queues.send(arn, `from ${arn}`);
    await stand.queues.receive(arn, 600, 0);
    expect(await stand.queues.receive(arn, 600, 0)).toEqual([]);
  }
  expect(stand.queues.counts(dead.arn).visible).toBe(1_200);
  expect(await stand.queues.redrive(dead.arn)).toBe(1_200);
  for (const { arn } of sources) {
    const back = await stand.queues.receive(arn, 1_000, 0);
    expect(back.map(({ body }) => body)).toEqual(Array(600).fill(`from ${arn}`));
  }
});

test('a message sent to the dead-letter queue itself stays there', async () => {
  const { dead } = await withDeadLetter('moved');
  await stand.queues.send(dead.arn, 'sent directly');
  expect(await stand.queues.redrive(dead.arn)).toBe(1);
  expect(stand.queues.peek(dead.arn, 10)).toMatchObject([{ body: 'sent directly' }]);
});

test('a FIFO queue has FIFO dead letters, and the rest of the group goes on', async () => {
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  const { dead, source } = await withDeadLetter('poison', fifo, 'g');
  await stand.queues.send(source.arn, 'next', { groupId: 'g' });
  expect((await stand.queues.receive(source.arn, 1, 0)).map(({ body }) => body)).toEqual(['next']);
  expect((await stand.queues.receive(dead.arn, 1, 0)).map(({ body }) => body)).toEqual(['poison']);
});

test('ListDeadLetterSourceQueues names the queues that send dead letters here', async () => {
  const { dead, source } = await withDeadLetter('x');
  const list = await stand.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.url }));
  expect(list.queueUrls).toEqual([source.url]);
});

test('only dead-letter queues have moves', async () => {
  const { arn } = await stand.create();
  const start = (SourceArn: string) => stand.client.send(new StartMessageMoveTaskCommand({ SourceArn }));
  await expect(start(arn)).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  await expect(start(`${arn}-missing`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
