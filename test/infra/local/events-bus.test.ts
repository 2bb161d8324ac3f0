import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { expect, onTestFinished, test } from 'vitest';
import { openBus } from '../../../infra/local/events/open-bus.ts';
import { type Delivery, openDeliveries } from '../../../infra/local/events/open-deliveries.ts';
import type { BusRule } from '../../../infra/local/template/wiring.ts';
import { serveEdge } from './serve-edge.ts';
import { tempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-for.ts';
import { ruleNamed, targetOf } from './wiring-samples.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Q';
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:Dead';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:F';
const ENTRY = { Source: 'shop', DetailType: 'order.placed', Detail: '{"sku":"a"}' };

function opened(rules: readonly BusRule[]) {
  const accepted: Delivery[] = [];
  const bus = openBus({
    buses: [{ name: 'own', arn: 'arn:aws:events:us-east-1:000000000000:event-bus/own' }],
    rules,
    deliveries: { accept: (deliveries) => accepted.push(...deliveries) },
  });
  return { bus, accepted };
}

async function clientOf(bus: ReturnType<typeof openBus>): Promise<EventBridgeClient> {
  const client = new EventBridgeClient({
    endpoint: await serveEdge(bus),
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  return client;
}

test('an event reaches every target of every rule that fits, on its own bus only', () => {
  const { bus, accepted } = opened([
    ruleNamed('A', { source: ['shop'] }, [targetOf(QUEUE), targetOf(FUNCTION)]),
    ruleNamed('B', { 'detail-type': [{ prefix: 'order.' }] }, [targetOf(DEAD)]),
    ruleNamed('C', { source: ['bank'] }, [targetOf(QUEUE)]),
    { ...ruleNamed('D', { source: ['shop'] }, [targetOf(QUEUE)]), busName: 'own' },
    { ...ruleNamed('E', { source: ['shop'] }, [targetOf(QUEUE)]), isEnabled: false },
  ]);
  const [result] = bus.put([ENTRY]);
  expect(accepted.map(({ target }) => target.arn)).toEqual([QUEUE, FUNCTION, DEAD]);
  expect(JSON.parse(accepted[0]!.payload)).toMatchObject({
    version: '0',
    id: result!.EventId,
    source: 'shop',
    'detail-type': 'order.placed',
    detail: { sku: 'a' },
    resources: [],
  });
  expect(bus.rules().map(({ rule, matched }) => [rule.name, matched])).toEqual([
    ['A', 1],
    ['B', 1],
    ['C', 0],
    ['D', 0],
    ['E', 0],
  ]);
});

test('the SDK puts events, and each bad entry is refused by itself', async () => {
  const { bus, accepted } = opened([ruleNamed('A', { source: ['shop'] }, [targetOf(QUEUE)])]);
  const client = await clientOf(bus);
  const answer = await client.send(
    new PutEventsCommand({
      Entries: [
        { ...ENTRY, Time: new Date('2026-01-02T03:04:05Z'), Resources: ['r'] },
        { ...ENTRY, Detail: 'no json' },
        { ...ENTRY, Detail: '[1]' },
        { Source: 'shop', DetailType: 'x' },
        { ...ENTRY, Source: 'aws.s3' },
        { ...ENTRY, EventBusName: 'missing' },
      ],
    }),
  );
  expect(answer.FailedEntryCount).toBe(5);
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'MalformedDetail',
    'MalformedDetail',
    'InvalidArgument',
    'NotAuthorizedForSourceException',
    'ResourceNotFoundException',
  ]);
  expect(accepted).toHaveLength(1);
  expect(JSON.parse(accepted[0]!.payload)).toMatchObject({ time: '2026-01-02T03:04:05Z', resources: ['r'] });
});

test('more than ten entries, none, or more than a megabyte are refused as a whole', async () => {
  const { bus, accepted } = opened([ruleNamed('A', { source: ['shop'] }, [targetOf(QUEUE)])]);
  const client = await clientOf(bus);
  const put = (Entries: (typeof ENTRY)[]) => client.send(new PutEventsCommand({ Entries }));
  const large = { ...ENTRY, Detail: JSON.stringify({ text: 'x'.repeat(300_000) }) };
  for (const entries of [Array(11).fill(ENTRY), [], Array(4).fill(large)])
    await expect(put(entries)).rejects.toMatchObject({ name: 'ValidationException' });
  expect(accepted).toEqual([]);
  expect((await put(Array(3).fill(large))).FailedEntryCount).toBe(0);
});

test('buses, rules and targets can be looked at', async () => {
  const { bus } = opened([ruleNamed('A', { source: ['shop'] }, [targetOf(QUEUE, { deadLetterArn: DEAD })])]);
  const client = await clientOf(bus);
  const { EventBuses } = await client.send(new ListEventBusesCommand({}));
  expect(EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'own']);
  const { Rules } = await client.send(new ListRulesCommand({}));
  expect(Rules).toMatchObject([{ Name: 'A', State: 'ENABLED', EventPattern: '{"source":["shop"]}' }]);
  expect(await client.send(new DescribeRuleCommand({ Name: 'A' }))).toMatchObject({ Name: 'A' });
  const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: 'A' }));
  expect(Targets).toMatchObject([{ Arn: QUEUE, DeadLetterConfig: { Arn: DEAD } }]);
  await expect(client.send(new DescribeRuleCommand({ Name: 'Z' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

function journal(directory: string, deliver: (arn: string, payload: string) => void) {
  const buried: [string, string][] = [];
  const deliveries = openDeliveries({
    directory,
    deliver: async (target, payload) => deliver(target.arn, payload),
    bury: async (arn, payload) => {
      buried.push([arn, payload]);
    },
    log: () => {},
    firstRetryMs: 5,
  });
  onTestFinished(() => deliveries.close());
  return { deliveries, buried };
}

test('a target that fails is tried again until it takes the event', async () => {
  let tries = 0;
  const { deliveries } = journal(tempFolder(), () => {
    tries += 1;
    if (tries < 5) throw new Error('not yet');
  });
  deliveries.start();
  deliveries.accept([{ target: targetOf(QUEUE), payload: '1' }]);
  await waitUntil(() => deliveries.pending() === 0);
  expect(tries).toBe(5);
});

test('a failing target does not hold up the others', async () => {
  const taken: string[] = [];
  const { deliveries } = journal(tempFolder(), (arn, payload) => {
    if (arn === QUEUE) throw new Error('broken');
    taken.push(payload);
  });
  deliveries.start();
  for (let n = 0; n < 50; n += 1)
    deliveries.accept([
      { target: targetOf(QUEUE), payload: `${n}` },
      { target: targetOf(DEAD), payload: `${n}` },
    ]);
  await waitUntil(() => taken.length === 50);
});

test('a function is tried three times, then the event goes to the dead-letter queue of the target', async () => {
  let tries = 0;
  const { deliveries, buried } = journal(tempFolder(), () => {
    tries += 1;
    throw new Error('bug');
  });
  deliveries.start();
  deliveries.accept([{ target: targetOf(FUNCTION, { deadLetterArn: DEAD }), payload: '{"n":1}' }]);
  await waitUntil(() => deliveries.pending() === 0);
  expect(tries).toBe(3);
  expect(buried).toEqual([[DEAD, '{"n":1}']]);
});

test('a rule may allow no retry', async () => {
  let tries = 0;
  const { deliveries, buried } = journal(tempFolder(), () => {
    tries += 1;
    throw new Error('gone');
  });
  deliveries.start();
  deliveries.accept([{ target: targetOf(QUEUE, { maximumRetryAttempts: 0 }), payload: '1' }]);
  await waitUntil(() => deliveries.pending() === 0);
  expect([tries, buried]).toEqual([1, []]);
});

test('an accepted event survives kill -9 and is delivered by the next process', async () => {
  const directory = tempFolder();
  const child = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '-e',
      `import { openDeliveries } from ${JSON.stringify(new URL('../../../infra/local/events/open-deliveries.ts', import.meta.url).href)};
       const deliveries = openDeliveries({ directory: ${JSON.stringify(directory)},
         deliver: () => new Promise(() => {}), bury: async () => {}, log: () => {} });
       deliveries.start();
       deliveries.accept([{ target: ${JSON.stringify(targetOf(QUEUE))}, payload: 'kept' }]);
       console.log('accepted'); setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await accepted(child);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const taken: string[] = [];
  const { deliveries } = journal(directory, (_arn, payload) => taken.push(payload));
  expect(deliveries.pending()).toBe(1);
  deliveries.start();
  await waitUntil(() => deliveries.pending() === 0);
  expect(taken).toEqual(['kept']);
});

async function accepted(child: ChildProcess): Promise<void> {
  for await (const chunk of child.stdout!) if (String(chunk).includes('accepted')) return;
  throw new Error('the child ended before it accepted the event');
}
