import {
  itemsOf,
  jsonOf,
  objectOf,
  optionalNumberOf,
  optionalTextOf,
  textMapOf,
  textOf,
} from './property-readers.ts';
import type { Resource } from './scope.ts';
import type { BusRule, EventBus, RuleTarget, Schedule } from './wiring.ts';

/** The template's buses; the account's `default` bus exists besides. */
export function readBuses(resources: readonly Resource[]): EventBus[] {
  return resources
    .filter(({ type }) => type === 'AWS::Events::EventBus')
    .map((resource) => ({ name: resource.ref(), arn: resource.attribute('Arn') }));
}

/** Rules that select events. */
export function readRules(resources: readonly Resource[]): BusRule[] {
  return rulesOf(resources)
    .filter((resource) => resource.property('EventPattern') !== undefined)
    .map((resource) => ({
      name: resource.ref(),
      arn: resource.attribute('Arn'),
      busName: textOf(resource.property('EventBusName'), 'default').split('/').at(-1)!,
      isEnabled: resource.property('State') !== 'DISABLED',
      description: textOf(resource.property('Description')),
      pattern: jsonOf(resource.property('EventPattern')),
      targets: itemsOf(resource.property('Targets')).map(readTarget),
    }));
}

/** Schedules, and rules that go by the clock. */
export function readSchedules(resources: readonly Resource[]): Schedule[] {
  const schedules = resources
    .filter(({ type }) => type === 'AWS::Scheduler::Schedule')
    .map((resource) => ({
      ...timingOf(resource),
      kind: 'schedule' as const,
      groupName: textOf(resource.property('GroupName'), 'default'),
      timeZone: textOf(resource.property('ScheduleExpressionTimezone'), 'UTC'),
      targets: [readTarget(objectOf(resource.property('Target')))],
    }));
  const rules = rulesOf(resources)
    .filter((resource) => resource.property('ScheduleExpression') !== undefined)
    .map((resource) => ({
      ...timingOf(resource),
      kind: 'rule' as const,
      groupName: 'default',
      timeZone: 'UTC',
      targets: itemsOf(resource.property('Targets')).map(readTarget),
    }));
  return [...schedules, ...rules];
}

function rulesOf(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type }) => type === 'AWS::Events::Rule');
}

function timingOf(resource: Resource) {
  return {
    name: resource.ref(),
    arn: resource.attribute('Arn'),
    description: textOf(resource.property('Description')),
    expression: textOf(resource.property('ScheduleExpression')),
    isEnabled: resource.property('State') !== 'DISABLED',
  };
}

function readTarget(target: Readonly<Record<string, unknown>>): RuleTarget {
  const transformer = target.InputTransformer as Record<string, unknown> | undefined;
  return {
    id: textOf(target.Id, 'Target'),
    arn: textOf(target.Arn),
    input: optionalTextOf(target.Input),
    inputPath: optionalTextOf(target.InputPath),
    inputTransformer: transformer && {
      paths: textMapOf(transformer.InputPathsMap),
      template: textOf(transformer.InputTemplate),
    },
    deadLetterArn: optionalTextOf(objectOf(target.DeadLetterConfig).Arn),
    maximumRetryAttempts: optionalNumberOf(objectOf(target.RetryPolicy).MaximumRetryAttempts),
    messageGroupId: optionalTextOf(objectOf(target.SqsParameters).MessageGroupId),
  };
}
