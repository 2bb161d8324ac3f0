import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { standUpQueues } from './sqs-stand.ts';

let stand: Awaited<ReturnType<typeof standUpQueues>>;
beforeAll(async () => {
  stand = await standUpQueues();
});
afterAll(() => stand.close());

const FIFO = { FifoQueue: 'true' };

const send = (url: string, body: string, group: string | undefined, id: string | undefined = body) =>
  stand.client.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: id,
    }),
  );

const receive = async (url: string, max = 10) => {
  const system = ['All' as const];
  const input = { QueueUrl: url, MaxNumberOfMessages: max, MessageSystemAttributeNames: system };
  return (await stand.client.send(new ReceiveMessageCommand(input))).Messages ?? [];
};

const remove = (url: string, handle: string | undefined) =>
  stand.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));

test('order holds within a group, and sequence numbers grow', async () => {
  const { url } = await stand.create(FIFO);
  const expected = Array.from({ length: 10 }, (_, index) => `m${index}`);
  for (const body of expected) await send(url, body, 'g');
  const messages = await receive(url);
  expect(messages.map(({ Body }) => Body)).toEqual(expected);
  const numbers = messages.map(({ Attributes }) => Attributes?.SequenceNumber ?? '');
  expect(numbers).toEqual([...numbers].sort());
  expect(new Set(numbers).size).toBe(10);
  expect(messages[0]?.Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'm0' });
});

test('the same deduplication id within 5 minutes is stored once and answered with the first id', async () => {
  const { url } = await stand.create(FIFO);
  const first = await send(url, 'one', 'g', 'same');
  stand.clock.aheadMs += 299_000;
  const second = await send(url, 'two', 'g', 'same');
  expect(second.MessageId).toBe(first.MessageId);
  expect(second.SequenceNumber).toBe(first.SequenceNumber);
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['one']);
  stand.clock.aheadMs += 2_000;
  const third = await send(url, 'three', 'g', 'same');
  expect(third.MessageId).not.toBe(first.MessageId);
});

test('a deleted message is still known to deduplication', async () => {
  const { url } = await stand.create(FIFO);
  await send(url, 'x', 'g');
  const [message] = await receive(url);
  await remove(url, message?.ReceiptHandle);
  await send(url, 'x', 'g');
  expect(await receive(url)).toEqual([]);
});

test('the same body within 5 minutes is stored once where the queue deduplicates by content', async () => {
  const { url, arn } = await stand.create({ ...FIFO, ContentBasedDeduplication: 'true' });
  for (const body of ['same', 'same', 'other']) await stand.queues.send(arn, body, { groupId: 'g' });
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['same', 'other']);
});

test('while one message of a group is in flight the group is locked and other groups go on', async () => {
  const { url } = await stand.create(FIFO);
  for (const [body, group] of [
    ['a1', 'a'],
    ['a2', 'a'],
    ['b1', 'b'],
  ] as const)
    await send(url, body, group);
  const [first] = await receive(url, 1);
  expect(first?.Body).toBe('a1');
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['b1']);
  expect(await receive(url)).toEqual([]);
});

test('after deletion the next of the group is delivered, to a waiting receiver too', async () => {
  const { url, arn } = await stand.create(FIFO);
  await send(url, 'a1', 'a');
  await send(url, 'a2', 'a');
  const [first] = await receive(url, 1);
  const waiting = stand.queues.receive(arn, 1, 60_000);
  await remove(url, first?.ReceiptHandle);
  expect((await waiting).map(({ body }) => body)).toEqual(['a2']);
});

test('a message that comes back is delivered before the later ones of its group', async () => {
  const { url } = await stand.create(FIFO);
  await send(url, 'a1', 'a');
  await send(url, 'a2', 'a');
  const [first] = await receive(url, 1);
  const back = { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 };
  await stand.client.send(new ChangeMessageVisibilityCommand(back));
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['a1', 'a2']);
});

test('an expired receipt handle does not delete a FIFO message', async () => {
  const { url } = await stand.create({ ...FIFO, VisibilityTimeout: '10' });
  await send(url, 'x', 'g');
  const [message] = await receive(url);
  stand.clock.aheadMs += 11_000;
  await expect(remove(url, message?.ReceiptHandle)).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
  expect(await receive(url)).toHaveLength(1);
});

test('a group is required, and a deduplication id where content does not give one', async () => {
  const { url, arn } = await stand.create(FIFO);
  await expect(send(url, 'x', undefined)).rejects.toMatchObject({ Code: 'MissingParameter' });
  const sent = stand.queues.send(arn, 'x', { groupId: 'g' });
  await expect(sent).rejects.toMatchObject({ code: 'InvalidParameterValue' });
});
