import { expect, test } from 'vitest';
import { arnOf, lambda, wired } from './template-fixture.ts';

test('queues take their settings, and dead-letter queues come first', () => {
  const { queues } = wired({
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 180,
        DelaySeconds: 5,
        MessageRetentionPeriod: '1209600',
        ReceiveMessageWaitTimeSeconds: 20,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue' },
    Ordered: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true, ContentBasedDeduplication: true } },
  });
  expect(queues.map(({ name }) => name)).toEqual(['Dead', 'Work', 'Ordered.fifo']);
  expect(queues[0]).toEqual({
    name: 'Dead',
    arn: arnOf('sqs', 'Dead'),
    visibilitySeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 0,
    isFifo: false,
    contentBasedDeduplication: false,
    redrive: undefined,
  });
  expect(queues[1]).toMatchObject({
    visibilitySeconds: 180,
    delaySeconds: 5,
    retentionSeconds: 1_209_600,
    receiveWaitSeconds: 20,
    redrive: { deadLetterArn: arnOf('sqs', 'Dead'), maxReceiveCount: 3 },
  });
  expect(queues[2]).toMatchObject({ isFifo: true, contentBasedDeduplication: true });
});

test('notifications come from the custom resource of CDK and from the bucket itself', () => {
  const { buckets } = wired({
    Files: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        NotificationConfiguration: {
          LambdaConfigurations: [
            {
              Event: 's3:ObjectRemoved:*',
              Function: { 'Fn::GetAtt': ['F', 'Arn'] },
              Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.csv' }] } },
            },
          ],
        },
      },
    },
    F: lambda(),
    Q: { Type: 'AWS::SQS::Queue' },
    Notifications: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        BucketName: { Ref: 'Files' },
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Events: ['s3:ObjectCreated:*'],
              QueueArn: { 'Fn::GetAtt': ['Q', 'Arn'] },
              Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'drop/' }] } },
            },
          ],
        },
      },
    },
  });
  expect(buckets).toMatchObject([{ name: 'files', arn: 'arn:aws:s3:::files' }]);
  expect(buckets[0]!.notifications).toMatchObject([
    { events: ['s3:ObjectRemoved:*'], prefix: '', suffix: '.csv', targetArn: arnOf('lambda', 'function:F') },
    { events: ['s3:ObjectCreated:*'], prefix: 'drop/', suffix: '', targetArn: arnOf('sqs', 'Q') },
  ]);
});

test('functions have the defaults of Lambda, and the deployment keeps its own', () => {
  const { functions } = wired({
    Plain: lambda(),
    Large: lambda({
      Timeout: 900,
      MemorySize: 1769,
      ReservedConcurrentExecutions: 2,
      Environment: { Variables: { QUEUE_URL: { Ref: 'Q' }, SIZE: 5 } },
    }),
    Q: { Type: 'AWS::SQS::Queue' },
    Python: lambda({ Runtime: 'python3.13' }),
    Provider: lambda(),
    Custom: {
      Type: 'Custom::S3AutoDeleteObjects',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] } },
    },
  });
  expect(functions).toEqual([
    {
      name: 'Plain',
      arn: arnOf('lambda', 'function:Plain'),
      assetPath: '/assets/abc',
      assetHash: 'abc',
      handler: 'index.handler',
      timeoutSeconds: 3,
      memoryMib: 128,
      reservedConcurrency: undefined,
      environment: {},
    },
    expect.objectContaining({
      name: 'Large',
      timeoutSeconds: 900,
      memoryMib: 1769,
      reservedConcurrency: 2,
      environment: { QUEUE_URL: 'http://127.0.0.1:4566/000000000000/Q', SIZE: '5' },
    }),
  ]);
  expect(() => wired({ Lost: lambda({ Code: { S3Key: 'none.zip' } }) })).toThrow(/Lost has no asset/);
});

test('types on the list are ignored, and any other is reported', () => {
  const { unknown } = wired({
    Role: { Type: 'AWS::IAM::Role' },
    Alarm: { Type: 'AWS::CloudWatch::Alarm' },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Url: { Type: 'AWS::Lambda::Url' },
  });
  expect(unknown).toEqual([
    { stack: 'Shop', logicalId: 'Table', type: 'AWS::DynamoDB::Table' },
    { stack: 'Shop', logicalId: 'Url', type: 'AWS::Lambda::Url' },
  ]);
});
