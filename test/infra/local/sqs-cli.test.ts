import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AWS_CLI_NOTE, aws, hasAwsCli } from './aws-cli.ts';
import { standUpQueues } from './sqs-stand.ts';

// Each call of the CLI starts Python anew, which takes its time on a busy machine.
describe.skipIf(!hasAwsCli)(`aws sqs${AWS_CLI_NOTE}`, { timeout: 300_000 }, () => {
  let stand: Awaited<ReturnType<typeof standUpQueues>>;
  beforeAll(async () => {
    stand = await standUpQueues();
  });
  afterAll(() => stand.close());

  const sqs = async (...args: string[]) => {
    const printed = await aws(stand.served.url, ['sqs', ...args, '--output', 'json']);
    return printed.trim() === '' ? {} : JSON.parse(printed);
  };

  test('makes, fills, reads and empties a queue', async () => {
    const { QueueUrl } = await sqs(
      'create-queue',
      '--queue-name',
      'cli',
      '--attributes',
      'VisibilityTimeout=90',
    );
    expect((await sqs('get-queue-url', '--queue-name', 'cli')).QueueUrl).toBe(QueueUrl);
    const attribute = '{"kind":{"DataType":"String","StringValue":"sale"}}';
    const queue = ['--queue-url', QueueUrl];
    await sqs('send-message', ...queue, '--message-body', 'Größe 漢字', '--message-attributes', attribute);
    const names = ['--attribute-names', 'All', '--message-attribute-names', 'All'];
    const { Messages } = await sqs('receive-message', ...queue, ...names);
    expect(Messages).toMatchObject([
      {
        Body: 'Größe 漢字',
        MessageAttributes: { kind: { StringValue: 'sale' } },
        Attributes: { SenderId: '000000000000' },
      },
    ]);
    const { Attributes } = await sqs('get-queue-attributes', ...queue, '--attribute-names', 'All');
    expect(Attributes).toMatchObject({ VisibilityTimeout: '90', ApproximateNumberOfMessagesNotVisible: '1' });
    await sqs('delete-message', ...queue, '--receipt-handle', Messages[0].ReceiptHandle);
    await sqs('purge-queue', ...queue);
    await sqs('delete-queue', ...queue);
  });

  test('moves dead letters back', async () => {
    const dead = await stand.create();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
    const source = await stand.create({ VisibilityTimeout: '0', RedrivePolicy });
    await stand.queues.send(source.arn, 'poison');
    await sqs('receive-message', '--queue-url', source.url);
    expect(await sqs('receive-message', '--queue-url', source.url)).toEqual({});
    await sqs('start-message-move-task', '--source-arn', dead.arn);
    const { Results } = await sqs('list-message-move-tasks', '--source-arn', dead.arn);
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    expect(stand.queues.peek(source.arn, 1)).toMatchObject([{ body: 'poison' }]);
  });

  test('is told of a missing queue', async () => {
    const asked = sqs('get-queue-url', '--queue-name', 'missing');
    await expect(asked).rejects.toThrow('AWS.SimpleQueueService.NonExistentQueue');
  });
});
