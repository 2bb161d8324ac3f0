import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, onTestFinished, test } from 'vitest';
import type { ServiceName } from '../../../infra/local/edge/service-of.ts';
import { startEdge } from '../../../infra/local/edge.ts';
import { openEventWiring } from '../../../infra/local/events/open-event-wiring.ts';
import { baseEnvironment } from '../../../infra/local/functions/base-environment.ts';
import { openFunctions } from '../../../infra/local/functions/open-functions.ts';
import type { EdgeService } from '../../../infra/local/services.ts';
import { openQueues } from '../../../infra/local/sqs/open-queues.ts';
import { wiringOf } from '../../../infra/local/template/read-wiring.ts';
import { tempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-for.ts';

const RESOURCES = {
  Placed: { Type: 'AWS::SQS::Queue' },
  Done: { Type: 'AWS::SQS::Queue' },
  Worker: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: 'worker.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 30,
      MemorySize: 256,
      Environment: { Variables: { DONE_URL: { Ref: 'Done' } } },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: { 'Fn::GetAtt': ['Placed', 'Arn'] }, FunctionName: { Ref: 'Worker' } },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['shop'] },
      Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Placed', 'Arn'] }, InputPath: '$.detail' }],
    },
  },
  Nightly: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'cron(30 2 * * ? *)',
      Target: { Arn: { 'Fn::GetAtt': ['Placed', 'Arn'] }, Input: '{"from":"clock"}' },
    },
  },
};

/** Takes messages off one queue and puts them on the other with the real SDK, which finds the edge by its variables. */
const WORKER = `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const client = new SQSClient({});
export const handler = async ({ Records }) => {
  for (const { body } of Records)
    await client.send(new SendMessageCommand({ QueueUrl: process.env.DONE_URL, MessageBody: 'done ' + body }));
};`;

async function started() {
  const folder = tempFolder();
  const asset = join(folder, 'worker');
  mkdirSync(asset);
  writeFileSync(join(asset, 'index.mjs'), WORKER);
  symlinkSync(new URL('../../../node_modules', import.meta.url).pathname, join(asset, 'node_modules'));

  const needed: Partial<Record<ServiceName, EdgeService>> = {};
  const edge = await startEdge({ port: 0, services: needed as Record<ServiceName, EdgeService>, local: {} });
  const wiring = wiringOf(
    [{ name: 'Shop', template: { Resources: RESOURCES }, assets: new Map([['worker.zip', asset]]) }],
    { edgeBase: edge.url, httpBase: edge.url, webSocketBase: 'ws://127.0.0.1:1' },
  );
  const queues = openQueues({
    directory: folder,
    baseUrl: () => edge.url,
    accountId: '000000000000',
    region: 'us-east-1',
  });
  const lines: string[] = [];
  const functions = openFunctions({
    environment: baseEnvironment({ edgeBase: edge.url }),
    cores: 1,
    log: ({ line }) => lines.push(line),
  });
  for (const queue of wiring.queues) queues.define(queue);
  for (const definition of wiring.functions) functions.define(definition);
  const events = openEventWiring({
    wiring,
    queues,
    functions,
    directory: folder,
    cores: 1,
    log: (line) => lines.push(line),
  });
  Object.assign(needed, { sqs: queues, events: events.bus, scheduler: events.scheduler });
  events.start();
  onTestFinished(async () => {
    await events.close();
    await functions.close();
    await edge.close();
    await queues.close();
  });
  const doneArn = wiring.queues.find(({ name }) => name === 'Done')!.arn;
  return {
    edge,
    events,
    lines,
    doneBodies: () => queues.peek(doneArn, 10).map(({ body }) => body),
  };
}

test('an event goes over bus, queue and function to the next queue', async () => {
  const { edge, doneBodies, events } = await started();
  const client = new EventBridgeClient({
    endpoint: edge.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const entry = { Source: 'shop', DetailType: 'order.placed', Detail: '{"n":1}' };
  await client.send(new PutEventsCommand({ Entries: [entry, { ...entry, Source: 'bank' }] }));
  await waitUntil(() => doneBodies().length === 1);
  expect(doneBodies()).toEqual(['done {"n":1}']);
  await waitUntil(() => events.deliveries.pending() === 0);
  client.destroy();
});

test('a schedule that is fired by name takes the same way', async () => {
  const { events, doneBodies } = await started();
  expect(events.scheduler.fire('Nightly')).toBe(true);
  await waitUntil(() => doneBodies().length === 1);
  expect(doneBodies()).toEqual(['done {"from":"clock"}']);
});

const run = promisify(execFile);
const hasCli = await run('aws', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasCli)('the AWS CLI puts events and reads rules and schedules', async () => {
  const { edge, doneBodies } = await started();
  const aws = async (...args: string[]) => {
    const { stdout } = await run('aws', ['--endpoint-url', edge.url, '--output', 'json', ...args], {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'b',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    return JSON.parse(stdout);
  };
  const entries = JSON.stringify([{ Source: 'shop', DetailType: 'x', Detail: '{"n":2}' }]);
  expect(await aws('events', 'put-events', '--entries', entries)).toMatchObject({ FailedEntryCount: 0 });
  await waitUntil(() => doneBodies().length === 1);
  expect(doneBodies()).toEqual(['done {"n":2}']);
  expect(await aws('events', 'list-rules')).toMatchObject({ Rules: [{ Name: 'Rule' }] });
  expect(await aws('scheduler', 'get-schedule', '--name', 'Nightly')).toMatchObject({
    ScheduleExpression: 'cron(30 2 * * ? *)',
  });
});
