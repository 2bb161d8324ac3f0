import { expect, test } from 'vitest';
import type { BusEvent } from '../../../infra/local/events/bus-event.ts';
import { scheduledPayload } from '../../../infra/local/events/scheduled-payload.ts';
import { atPath, targetPayload } from '../../../infra/local/events/target-payload.ts';
import { scheduleNamed, targetOf } from './wiring-samples.ts';

const EVENT: BusEvent = {
  version: '0',
  id: 'e-1',
  'detail-type': 'order.placed',
  source: 'shop',
  account: '000000000000',
  time: '2026-01-02T03:04:05Z',
  region: 'us-east-1',
  resources: [],
  detail: { sku: 'a "quoted" one', lines: [{ n: 1 }, { n: 2 }], price: 1.5 },
};
const RULE = { name: 'Rule', arn: 'arn:rule' };
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Q';
const payload = (settings: Parameters<typeof targetOf>[1]) =>
  targetPayload(targetOf(QUEUE, settings), EVENT, RULE);

test('without an input the whole event is sent', () => {
  expect(JSON.parse(payload({}))).toEqual(EVENT);
});

test('a fixed input replaces the event', () => {
  expect(payload({ input: '{"fixed":true}' })).toBe('{"fixed":true}');
});

test('an input path picks a part of the event', () => {
  expect(JSON.parse(payload({ inputPath: '$.detail.lines[1]' }))).toEqual({ n: 2 });
  expect(JSON.parse(payload({ inputPath: '$.detail' }))).toEqual(EVENT.detail);
  expect(atPath(EVENT, "$['detail-type']")).toBe('order.placed');
  expect(atPath(EVENT, '$.detail-type')).toBe('order.placed');
  expect(atPath(EVENT, '$.detail.none.deep')).toBeUndefined();
});

test('a template gets values as JSON outside quotes and as text inside them', () => {
  const inputTransformer = {
    paths: { sku: '$.detail.sku', price: '$.detail.price', lines: '$.detail.lines', none: '$.detail.none' },
    template: '{"sku":<sku>,"price":<price>,"lines":<lines>,"none":<none>,"text":"<sku> at <price><none>"}',
  };
  expect(JSON.parse(payload({ inputTransformer }))).toEqual({
    sku: 'a "quoted" one',
    price: 1.5,
    lines: [{ n: 1 }, { n: 2 }],
    none: null,
    text: 'a "quoted" one at 1.5',
  });
});

test('a template knows the rule and the event', () => {
  const inputTransformer = {
    paths: {},
    template:
      '{"rule":"<aws.events.rule-name>","arn":<aws.events.rule-arn>,"event":<aws.events.event.json>,"kept":"<other>"}',
  };
  expect(JSON.parse(payload({ inputTransformer }))).toEqual({
    rule: 'Rule',
    arn: 'arn:rule',
    event: EVENT,
    kept: '<other>',
  });
});

const FACTS = { id: 'run-1', at: new Date('2026-03-04T05:06:07.089Z'), region: 'us-east-1', account: '0' };

test('a schedule fills its own words into its input', () => {
  const target = targetOf(QUEUE, {
    input: '{"at":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>"}',
  });
  const text = scheduledPayload(
    scheduleNamed('nightly', 'rate(1 day)', { targets: [target] }),
    target,
    FACTS,
  );
  expect(JSON.parse(text)).toEqual({ at: '2026-03-04T05:06:07Z', id: 'run-1' });
});

test('a rule that goes by the clock sends a scheduled event', () => {
  const target = targetOf(QUEUE);
  const schedule = scheduleNamed('hourly', 'rate(1 hour)', { kind: 'rule', targets: [target] });
  expect(JSON.parse(scheduledPayload(schedule, target, FACTS))).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    time: '2026-03-04T05:06:07Z',
    resources: [schedule.arn],
    detail: {},
  });
});
