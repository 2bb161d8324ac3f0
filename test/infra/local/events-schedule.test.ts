import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { expect, onTestFinished, test } from 'vitest';
import { nextRunOf } from '../../../infra/local/events/next-run.ts';
import type { Delivery } from '../../../infra/local/events/open-deliveries.ts';
import { openScheduler } from '../../../infra/local/events/open-scheduler.ts';
import type { Schedule } from '../../../infra/local/template/wiring.ts';
import { serveEdge } from './serve-edge.ts';
import { waitUntil } from './wait-for.ts';
import { scheduleNamed, targetOf } from './wiring-samples.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Q';

function runs(expression: string, after: string, { timeZone = 'UTC', count = 1 } = {}): string[] {
  const next = nextRunOf(expression, timeZone, new Date(after));
  const found: string[] = [];
  for (let at = next(new Date(after)); at && found.length < count; at = next(at))
    found.push(at.toISOString());
  return found;
}

test('a rate counts from the start', () => {
  expect(runs('rate(5 minutes)', '2026-01-01T00:02:00Z', { count: 2 })).toEqual([
    '2026-01-01T00:07:00.000Z',
    '2026-01-01T00:12:00.000Z',
  ]);
  expect(runs('rate(1 hour)', '2026-01-01T00:00:00Z')).toEqual(['2026-01-01T01:00:00.000Z']);
  expect(runs('rate(7 days)', '2026-01-01T00:00:00Z')).toEqual(['2026-01-08T00:00:00.000Z']);
});

test.each([
  ['every day at a time', 'cron(30 2 * * ? *)', '2026-01-15T02:30:00.000Z'],
  ['weekdays by name', 'cron(0 18 ? * MON-FRI *)', '2026-01-15T18:00:00.000Z'],
  ['Sunday is 1', 'cron(0 18 ? * 1 *)', '2026-01-18T18:00:00.000Z'],
  ['Saturday is 7', 'cron(0 18 ? * 7 *)', '2026-01-17T18:00:00.000Z'],
  ['every tenth minute from the fifth', 'cron(5/10 * * * ? *)', '2026-01-15T00:05:00.000Z'],
  ['the last day of the month', 'cron(0 0 L * ? *)', '2026-01-31T00:00:00.000Z'],
  ['the weekday nearest to the 17th', 'cron(0 0 17W * ? *)', '2026-01-16T00:00:00.000Z'],
  ['the second Tuesday', 'cron(0 0 ? * 3#2 *)', '2026-02-10T00:00:00.000Z'],
  ['the last Friday by number', 'cron(0 0 ? * 6L *)', '2026-01-30T00:00:00.000Z'],
  ['the last Friday by name', 'cron(0 0 ? * FRIL *)', '2026-01-30T00:00:00.000Z'],
  ['a list of months by name', 'cron(0 0 1 APR,JUN ? *)', '2026-04-01T00:00:00.000Z'],
  ['a year', 'cron(0 0 1 1 ? 2030)', '2030-01-01T00:00:00.000Z'],
])('cron: %s', (_name, expression, expected) => {
  expect(runs(expression, '2026-01-15T00:00:30Z')).toEqual([expected]);
});

test('cron goes by the wall clock of its time zone, in summer and in winter', () => {
  const timeZone = 'Europe/London';
  expect(runs('cron(30 2 * * ? *)', '2026-01-15T00:00:00Z', { timeZone })).toEqual([
    '2026-01-15T02:30:00.000Z',
  ]);
  expect(runs('cron(30 2 * * ? *)', '2026-07-15T00:00:00Z', { timeZone })).toEqual([
    '2026-07-15T01:30:00.000Z',
  ]);
});

test('cron leaves out a time that the clock jumps over, and runs once at one that comes twice', () => {
  const timeZone = 'Europe/London';
  expect(runs('cron(30 1 * * ? *)', '2026-03-28T00:00:00Z', { timeZone, count: 2 })).toEqual([
    '2026-03-28T01:30:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ]);
  expect(runs('cron(30 1 * * ? *)', '2026-10-24T12:00:00Z', { timeZone, count: 2 })).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
  expect(runs('cron(0/30 * * * ? *)', '2026-03-29T00:20:00Z', { timeZone, count: 2 })).toEqual([
    '2026-03-29T00:30:00.000Z',
    '2026-03-29T01:00:00.000Z',
  ]);
});

test('at runs once, in its time zone', () => {
  const at = 'at(2026-03-01T10:00:00)';
  expect(runs(at, '2026-01-01T00:00:00Z', { timeZone: 'America/New_York', count: 3 })).toEqual([
    '2026-03-01T15:00:00.000Z',
  ]);
  expect(runs(at, '2026-04-01T00:00:00Z')).toEqual([]);
});

test.each([
  'rate(0 minutes)',
  'rate(5 weeks)',
  'cron(0 0 * * *)',
  'cron(0 0 * * * *)',
  'cron(0 0 ? * ? *)',
  'daily',
  'cron(99 0 * * ? *)',
])('%s is refused', (expression) => {
  expect(() => nextRunOf(expression, 'UTC', new Date())).toThrow();
});

function opened(schedules: readonly Schedule[], now?: () => Date) {
  const accepted: Delivery[] = [];
  const scheduler = openScheduler({
    schedules,
    deliveries: { accept: (deliveries) => accepted.push(...deliveries) },
    log: () => {},
    ...(now ? { now } : {}),
  });
  onTestFinished(() => scheduler.close());
  return { scheduler, accepted };
}

test('a schedule fires when it is due', async () => {
  const soon = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
  const { scheduler, accepted } = opened([
    scheduleNamed('soon', `at(${soon})`, { targets: [targetOf(QUEUE, { input: '{"go":1}' })] }),
  ]);
  expect(scheduler.list()[0]!.next?.toISOString()).toBe(`${soon}.000Z`);
  await waitUntil(() => accepted.length >= 1);
  expect(accepted).toMatchObject([{ payload: '{"go":1}', target: { arn: QUEUE } }]);
  expect(scheduler.list()[0]!.next).toBeUndefined();
});

test('runs that were missed while the machine slept are not made up for', async () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const due = scheduleNamed('soon', 'at(2026-01-01T00:00:01)', { targets: [targetOf(QUEUE)] });
  const later = scheduleNamed('later', 'at(2026-01-01T06:00:00)', { targets: [targetOf(QUEUE)] });
  const { scheduler, accepted } = opened([due, later], () => now);
  now = new Date('2026-01-01T08:00:00Z');
  await waitUntil(() => scheduler.list().every(({ next }) => next === undefined));
  expect(accepted).toEqual([]);
});

test('a disabled schedule has no next run, but can be fired by name', () => {
  const { scheduler, accepted } = opened([
    scheduleNamed('off', 'rate(1 minute)', { isEnabled: false, targets: [targetOf(QUEUE, { input: '{}' })] }),
  ]);
  expect(scheduler.list()[0]!.next).toBeUndefined();
  expect(scheduler.fire('off')).toBe(true);
  expect(accepted).toHaveLength(1);
  expect(scheduler.fire('none')).toBe(false);
});

test("Scheduler's own API lists and shows schedules", async () => {
  const { scheduler } = opened([
    scheduleNamed('nightly', 'cron(30 2 * * ? *)', {
      groupName: 'shop',
      timeZone: 'Europe/London',
      targets: [targetOf(QUEUE, { input: '{"a":1}' })],
    }),
    scheduleNamed('rule', 'rate(1 hour)', { kind: 'rule' }),
  ]);
  const client = new SchedulerClient({
    endpoint: await serveEdge(scheduler),
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const { Schedules } = await client.send(new ListSchedulesCommand({}));
  expect(Schedules).toMatchObject([
    { Name: 'nightly', GroupName: 'shop', State: 'ENABLED', Target: { Arn: QUEUE } },
  ]);
  expect(await client.send(new GetScheduleCommand({ Name: 'nightly', GroupName: 'shop' }))).toMatchObject({
    ScheduleExpression: 'cron(30 2 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/London',
    State: 'ENABLED',
    Target: { Input: '{"a":1}' },
  });
  await expect(client.send(new GetScheduleCommand({ Name: 'nightly' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  client.destroy();
});
