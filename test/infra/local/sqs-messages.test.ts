import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standUpQueues } from './sqs-stand.ts';

let stand: Awaited<ReturnType<typeof standUpQueues>>;
beforeAll(async () => {
  stand = await standUpQueues();
});
afterAll(() => stand.close());

const send = (url: string, body: string, more: Partial<SendMessageCommandInput> = {}) =>
  stand.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...more }));

const receive = async (url: string, more: Partial<ReceiveMessageCommandInput> = {}) => {
  const input = {
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All' as const],
    ...more,
  };
  return (await stand.client.send(new ReceiveMessageCommand(input))).Messages ?? [];
};

const bodies = async (url: string, more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await receive(url, more)).map(({ Body }) => Body);

const remove = (url: string, handle: string | undefined) =>
  stand.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));

const hide = (url: string, handle: string | undefined, seconds: number) =>
  stand.client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds }),
  );

describe('messages of a standard queue', () => {
  test('send, receive and delete keep body, message attributes and system attributes', async () => {
    const { url } = await stand.create();
    const body = 'Größe "1" <&> 漢字 🛒\n\t\u0085';
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'grün' },
      number: { DataType: 'Number.int', StringValue: '-12.5' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 7]) },
    };
    const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' };
    const sent = await send(url, body, { MessageAttributes, MessageSystemAttributes: { AWSTraceHeader } });
    // An independent reckoning of the digest over name, type, kind and value.
    expect(sent.MD5OfMessageAttributes).toBe('046cc45515cfdda5d3ad19344fbb8c5f');

    const [message] = await receive(url, { MessageAttributeNames: ['All'] });
    expect(message?.Body).toBe(body);
    expect(message?.MessageId).toBe(sent.MessageId);
    expect(message?.MessageAttributes).toMatchObject(MessageAttributes);
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SenderId: '000000000000',
      AWSTraceHeader: AWSTraceHeader.StringValue,
    });
    expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThan(1.7e12);
    await remove(url, message?.ReceiptHandle);
    expect(stand.queues.peek('queue-1', 10)).toEqual([]);
  });

  test('a receiver gets the attributes it names, by prefix too, and none otherwise', async () => {
    const { url } = await stand.create({ VisibilityTimeout: '0' });
    const one = { DataType: 'String', StringValue: '1' };
    await send(url, 'x', { MessageAttributes: { 'app.a': one, 'app.b': one, other: one } });
    const names = async (MessageAttributeNames: string[]) =>
      Object.keys((await receive(url, { MessageAttributeNames }))[0]?.MessageAttributes ?? {}).sort();
    expect(await names([])).toEqual([]);
    expect(await names(['app.*'])).toEqual(['app.a', 'app.b']);
    expect(await names(['other'])).toEqual(['other']);
  });

  test('SendMessageBatch, ReceiveMessage and DeleteMessageBatch handle 10 entries at once', async () => {
    const { url, name } = await stand.create();
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `e${index}`,
      MessageBody: `body ${index}`,
    }));
    const sent = await stand.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(sent.Successful).toHaveLength(10);
    const messages = await receive(url);
    expect(messages.map(({ Body }) => Body)).toEqual(Entries.map(({ MessageBody }) => MessageBody));
    const handles = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const gone = await stand.client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: handles }));
    expect(gone.Successful).toHaveLength(10);
    expect(stand.queues.counts(name)).toMatchObject({ visible: 0, inFlight: 0 });
  });

  test('one bad entry of a batch fails alone', async () => {
    const { url } = await stand.create();
    const Entries = [
      { Id: 'good', MessageBody: 'fine' },
      { Id: 'bad', MessageBody: 'bell \u0007' },
      {
        Id: 'odd',
        MessageBody: 'fine, but for its attribute',
        MessageAttributes: { price: { DataType: 'Number', StringValue: 'cheap' } },
      },
    ];
    const sent = await stand.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(sent.Failed).toMatchObject([
      { Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true },
      { Id: 'odd', Code: 'InvalidParameterValue', SenderFault: true },
    ]);
    expect(await bodies(url)).toEqual(['fine']);
  });

  test('a received message stays hidden for the visibility timeout and comes back afterwards', async () => {
    const { url } = await stand.create({ VisibilityTimeout: '600' });
    await send(url, 'again');
    const [first] = await receive(url);
    expect(await receive(url)).toEqual([]);
    stand.clock.aheadMs += 601_000;
    const [second] = await receive(url);
    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(second?.MessageId).toBe(first?.MessageId);
    const firstTime = first?.Attributes?.ApproximateFirstReceiveTimestamp;
    expect(second?.Attributes?.ApproximateFirstReceiveTimestamp).toBe(firstTime);
  });

  test('ChangeMessageVisibility 0 makes it visible at once; the newest receipt handle deletes it', async () => {
    const { url, name } = await stand.create();
    await send(url, 'x');
    const [first] = await receive(url);
    await hide(url, first?.ReceiptHandle, 0);
    const [second] = await receive(url);
    await remove(url, first?.ReceiptHandle);
    expect(stand.queues.counts(name).inFlight).toBe(1);
    await remove(url, second?.ReceiptHandle);
    expect(stand.queues.counts(name).inFlight).toBe(0);
    await remove(url, second?.ReceiptHandle);
  });

  test('ChangeMessageVisibility prolongs the time of a message, in a batch too', async () => {
    const { url } = await stand.create({ VisibilityTimeout: '60' });
    await send(url, 'long');
    const [message] = await receive(url);
    const Entries = [
      { Id: 'a', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 3_600 },
      { Id: 'b', ReceiptHandle: 'rubbish', VisibilityTimeout: 1 },
    ];
    const changed = await stand.client.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }),
    );
    expect(changed.Successful?.map(({ Id }) => Id)).toEqual(['a']);
    expect(changed.Failed).toMatchObject([{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }]);
    stand.clock.aheadMs += 120_000;
    expect(await receive(url)).toEqual([]);
    stand.clock.aheadMs += 3_600_000;
    expect(await bodies(url)).toEqual(['long']);
  });

  test('a message that is visible again cannot be hidden: MessageNotInflight', async () => {
    const { url } = await stand.create();
    await send(url, 'x');
    const [message] = await receive(url);
    await hide(url, message?.ReceiptHandle, 0);
    await expect(hide(url, message?.ReceiptHandle, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  test('a handle that SQS never gave is refused: ReceiptHandleIsInvalid', async () => {
    const [one, other] = [await stand.create(), await stand.create()];
    await send(one.url, 'x');
    const [message] = await receive(one.url);
    for (const handle of ['rubbish', message?.ReceiptHandle]) {
      await expect(remove(other.url, handle)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    }
  });

  test('a long poll wakes as soon as a message arrives', async () => {
    const { url } = await stand.create();
    const waiting = receive(url, { WaitTimeSeconds: 20 });
    await sleep(300);
    const sentAt = performance.now();
    await send(url, 'now');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['now']);
    // Far from the 20 seconds of the poll, and roomy for a slow machine.
    expect(performance.now() - sentAt).toBeLessThan(10_000);
  });

  test('an idle long poll waits its full WaitTimeSeconds and returns nothing', async () => {
    const { url } = await stand.create();
    const startedAt = performance.now();
    expect(await receive(url, { WaitTimeSeconds: 1 })).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });

  test('a long poll also gets a message whose delay or visibility timeout ends meanwhile', async () => {
    const { url } = await stand.create();
    await send(url, 'late', { DelaySeconds: 1 });
    expect(await bodies(url, { VisibilityTimeout: 1, WaitTimeSeconds: 20 })).toEqual(['late']);
    expect(await bodies(url, { WaitTimeSeconds: 20 })).toEqual(['late']);
  });

  test('DelaySeconds hides a message until the delay is over, of the queue or of the message', async () => {
    const { url, name } = await stand.create({ DelaySeconds: '300' });
    await send(url, 'queue delay');
    await send(url, 'own delay', { DelaySeconds: 900 });
    await send(url, 'none', { DelaySeconds: 0 });
    expect(await bodies(url)).toEqual(['none']);
    expect(stand.queues.counts(name)).toMatchObject({ visible: 0, inFlight: 1, delayed: 2 });
    stand.clock.aheadMs += 301_000;
    expect(await bodies(url)).toContain('queue delay');
    stand.clock.aheadMs += 600_000;
    expect(await bodies(url)).toContain('own delay');
  });

  test('a standard queue takes a group, for fairness, and refuses a deduplication id', async () => {
    const { url } = await stand.create();
    await send(url, 'fair', { MessageGroupId: 'shop' });
    const refused = send(url, 'once', { MessageGroupId: 'shop', MessageDeduplicationId: '1' });
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('MessageDeduplicationId'),
    });
    expect((await receive(url)).map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(['shop']);
  });

  test('a message of 1.1 MB is rejected with InvalidParameterValue', async () => {
    const { url } = await stand.create();
    await expect(send(url, 'x'.repeat(1_100_000))).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    await expect(send(url, '')).rejects.toMatchObject({ Code: 'MissingParameter' });
  });

  test('a message of 700 KiB is accepted, and so is one of exactly 1 MiB', async () => {
    const { url } = await stand.create();
    for (const bytes of [700 * 1_024, 1_048_576]) {
      await send(url, 'é'.repeat(bytes / 2));
      const [message] = await receive(url);
      expect(Buffer.byteLength(message?.Body ?? '')).toBe(bytes);
    }
  });

  test('a message is forgotten when its retention is over, four days by default', async () => {
    const [short, usual] = [await stand.create({ MessageRetentionPeriod: '60' }), await stand.create()];
    await send(short.url, 'short');
    await send(usual.url, 'usual');
    stand.clock.aheadMs += 61_000;
    expect(await receive(short.url)).toEqual([]);
    stand.clock.aheadMs += 95.9 * 3_600_000;
    expect(stand.queues.counts(usual.name).visible).toBe(1);
    stand.clock.aheadMs += 0.2 * 3_600_000;
    expect(stand.queues.counts(usual.name).visible).toBe(0);
  });

  test.each([
    ['EmptyBatchRequest', []],
    [
      'TooManyEntriesInBatchRequest',
      Array.from({ length: 11 }, (_, at) => ({ Id: `i${at}`, MessageBody: 'x' })),
    ],
    ['BatchEntryIdsNotDistinct', ['same', 'same'].map((Id) => ({ Id, MessageBody: 'x' }))],
    ['InvalidBatchEntryId', [{ Id: 'no blanks', MessageBody: 'x' }]],
    ['BatchRequestTooLong', ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) }))],
  ])('a bad batch is refused as a whole: %s', async (name, Entries) => {
    const { url } = await stand.create();
    const batch = new SendMessageBatchCommand({ QueueUrl: url, Entries });
    await expect(stand.client.send(batch)).rejects.toMatchObject({ name });
    expect(await receive(url)).toEqual([]);
  });
});
