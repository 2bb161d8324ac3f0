import type {
  BusRule,
  EventSourceMapping,
  RuleTarget,
  Schedule,
} from '../../../infra/local/template/wiring.ts';

/** A target with nothing set but what is given. */
export function targetOf(arn: string, settings: Partial<RuleTarget> = {}): RuleTarget {
  return {
    id: 'Target0',
    arn,
    input: undefined,
    inputPath: undefined,
    inputTransformer: undefined,
    deadLetterArn: undefined,
    maximumRetryAttempts: undefined,
    messageGroupId: undefined,
    ...settings,
  };
}

/** A rule of the default bus. */
export function ruleNamed(name: string, pattern: object, targets: readonly RuleTarget[]): BusRule {
  return {
    name,
    arn: `arn:aws:events:us-east-1:000000000000:rule/${name}`,
    busName: 'default',
    isEnabled: true,
    description: '',
    pattern,
    targets,
  };
}

/** An enabled schedule in UTC without targets. */
export function scheduleNamed(name: string, expression: string, settings: Partial<Schedule> = {}): Schedule {
  return {
    name,
    arn: `arn:aws:scheduler:us-east-1:000000000000:schedule/default/${name}`,
    groupName: 'default',
    kind: 'schedule',
    description: '',
    expression,
    timeZone: 'UTC',
    isEnabled: true,
    targets: [],
    ...settings,
  };
}

/** A mapping that takes ten messages at once and reports failures one by one. */
export function mappingOf(
  queueArn: string,
  functionArn: string,
  settings: Partial<EventSourceMapping> = {},
): EventSourceMapping {
  return {
    id: 'Mapping',
    queueArn,
    functionArn,
    isEnabled: true,
    batchSize: 10,
    batchingWindowSeconds: 0,
    maximumConcurrency: undefined,
    reportsFailures: true,
    filters: [],
    ...settings,
  };
}
