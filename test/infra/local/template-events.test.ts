import { expect, test } from 'vitest';
import type { TemplateResource } from '../../../infra/local/template/assembly.ts';
import { arnOf, lambda, wired } from './template-fixture.ts';

test('an event source mapping joins a queue and a function', () => {
  const mapping = (properties: Record<string, unknown>) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Q', 'Arn'] },
      FunctionName: { Ref: 'F' },
      ...properties,
    },
  });
  const { eventSourceMappings } = wired({
    Q: { Type: 'AWS::SQS::Queue' },
    F: lambda(),
    Simple: mapping({}),
    Full: mapping({
      FunctionName: { 'Fn::GetAtt': ['F', 'Arn'] },
      BatchSize: 1,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
      Enabled: false,
    }),
  });
  const ends = { queueArn: arnOf('sqs', 'Q'), functionArn: arnOf('lambda', 'function:F') };
  expect(eventSourceMappings).toEqual([
    {
      id: 'Simple',
      ...ends,
      isEnabled: true,
      batchSize: 10,
      batchingWindowSeconds: 0,
      maximumConcurrency: undefined,
      reportsFailures: false,
      filters: [],
    },
    {
      id: 'Full',
      ...ends,
      isEnabled: false,
      batchSize: 1,
      batchingWindowSeconds: 5,
      maximumConcurrency: 4,
      reportsFailures: true,
      filters: [{ body: { a: [1] } }],
    },
  ]);
});

test('rules select events for their bus, and rules with an expression are schedules', () => {
  const { buses, rules, schedules } = wired({
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop-events' } },
    Q: { Type: 'AWS::SQS::Queue' },
    Placed: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['shop'] },
        Targets: [
          {
            Id: 'T',
            Arn: { 'Fn::GetAtt': ['Q', 'Arn'] },
            InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '<a>' },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Q', 'Arn'] } },
            RetryPolicy: { MaximumRetryAttempts: 4 },
          },
        ],
      },
    },
    Tick: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 hour)', State: 'DISABLED', Targets: [] },
    },
    Nightly: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: 'nightly',
        GroupName: 'shop',
        ScheduleExpression: 'cron(30 2 * * ? *)',
        ScheduleExpressionTimezone: 'Europe/London',
        State: 'ENABLED',
        Target: { Arn: { 'Fn::GetAtt': ['Q', 'Arn'] }, Input: '{"a":1}' },
      },
    },
  });
  expect(buses).toEqual([{ name: 'shop-events', arn: arnOf('events', 'event-bus/shop-events') }]);
  expect(rules).toMatchObject([
    {
      name: 'Placed',
      arn: arnOf('events', 'rule/shop-events/Placed'),
      busName: 'shop-events',
      isEnabled: true,
      pattern: { source: ['shop'] },
      targets: [
        {
          arn: arnOf('sqs', 'Q'),
          deadLetterArn: arnOf('sqs', 'Q'),
          maximumRetryAttempts: 4,
          inputTransformer: { paths: { a: '$.detail.a' }, template: '<a>' },
        },
      ],
    },
  ]);
  expect(schedules).toMatchObject([
    {
      name: 'nightly',
      kind: 'schedule',
      groupName: 'shop',
      arn: arnOf('scheduler', 'schedule/shop/nightly'),
      timeZone: 'Europe/London',
      isEnabled: true,
      targets: [{ arn: arnOf('sqs', 'Q'), input: '{"a":1}' }],
    },
    { name: 'Tick', kind: 'rule', expression: 'rate(1 hour)', timeZone: 'UTC', isEnabled: false },
  ]);
});

test('triggers come after what they depend on, and name the function behind its version', () => {
  const trigger = (version: string, DependsOn: string[] = []): TemplateResource => ({
    Type: 'Custom::Trigger',
    Properties: { HandlerArn: { Ref: version }, InvocationType: 'RequestResponse' },
    DependsOn,
  });
  const version = (name: string) => ({
    Type: 'AWS::Lambda::Version',
    Properties: { FunctionName: { Ref: name } },
  });
  const { triggers } = wired({
    Last: trigger('SeedV1', ['Middle']),
    Middle: { Type: 'AWS::IAM::Policy', DependsOn: 'First' },
    First: trigger('MigrateV1'),
    Migrate: lambda(),
    MigrateV1: version('Migrate'),
    Seed: lambda(),
    SeedV1: version('Seed'),
  });
  expect(triggers).toEqual([
    { id: 'First', functionArn: arnOf('lambda', 'function:Migrate') },
    { id: 'Last', functionArn: arnOf('lambda', 'function:Seed') },
  ]);
});
