import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAGE_NAMES, stageConfig } from '../../infra/config.ts';
import { type StageTemplates, synthesizeTemplates, target } from './stage-templates.ts';

describe.each(STAGE_NAMES)('what leads where in the templates of %s: they', (stage) => {
  let templates: StageTemplates;
  const config = stageConfig(stage);
  // each stage of the pipeline has a queue with dead letters
  const stages = Object.keys(config.feeds).length;
  beforeAll(() => {
    templates = synthesizeTemplates(stage);
  });
  afterAll(() => templates[Symbol.dispose]());

  const queueById = (id: string | undefined) =>
    templates.ofType('AWS::SQS::Queue').find((queue) => queue.id === id);

  test('give every queue dead letters, or let it be the dead letters of one', () => {
    const queues = templates.ofType('AWS::SQS::Queue');
    expect(queues.length).toBe(2 * stages);
    const deadLetters = queues.flatMap((queue) => {
      const redrive = queue.Properties.RedrivePolicy;
      return redrive ? [target(redrive.deadLetterTargetArn)] : [];
    });
    expect(new Set(deadLetters).size).toBe(stages);
    for (const queue of queues) {
      expect(deadLetters.includes(queue.id)).toBe(queue.Properties.RedrivePolicy === undefined);
      if (deadLetters.includes(queue.id)) expect(queue.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
    }
  });

  test('hide a message for six timeouts of the function that it feeds, and report failures one by one', () => {
    const mappings = templates.ofType('AWS::Lambda::EventSourceMapping');
    expect(mappings.length).toBe(stages);
    for (const { Properties } of mappings) {
      const queue = queueById(target(Properties.EventSourceArn));
      const worker = templates.one('pipeline', target(Properties.FunctionName) ?? '').Properties;
      expect(queue?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * worker.Timeout);
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(Properties.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
      if (worker.ReservedConcurrentExecutions !== undefined) {
        expect(worker.ReservedConcurrentExecutions).toBeGreaterThanOrEqual(
          Properties.ScalingConfig.MaximumConcurrency,
        );
      }
    }
  });

  test('notify the ingest queue of what is dropped, and of nothing else', () => {
    const [notification, ...others] = templates.ofType('Custom::S3BucketNotifications');
    expect(others).toEqual([]);
    expect(notification?.Properties.NotificationConfiguration.QueueConfigurations).toEqual([
      {
        Events: ['s3:ObjectCreated:*'],
        Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'drop/' }] } },
        QueueArn: { 'Fn::GetAtt': [expect.stringMatching(/^IngestQueue/), 'Arn'] },
      },
    ]);
  });

  const scheduleOf = (name: string) =>
    templates.ofType('AWS::Scheduler::Schedule').find(({ Properties }) => Properties.Name === name);

  test('ask for a plan each night in the time zone of the business', () => {
    expect(templates.ofType('AWS::Scheduler::Schedule')).toHaveLength(3);
    const schedule = scheduleOf('nightly-plan');
    expect(schedule?.Properties).toMatchObject({
      Name: 'nightly-plan',
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/London',
      State: 'ENABLED',
    });
    const { Arn, Input, DeadLetterConfig } = schedule?.Properties.Target ?? {};
    expect(target(Arn)).toMatch(/^PlanQueue/);
    expect(target(DeadLetterConfig.Arn)).toMatch(/^PlanDeadLetters/);
    expect(JSON.parse(Input)).toEqual({ type: 'PlanRequested', cause: 'schedule' });
    expect(templates.ofType('AWS::Scheduler::ScheduleGroup')[0]?.Properties.Name).toBe(
      `smart-inventory-${stage}`,
    );
  });

  test('ask for an audit each night, and count the promises that its log says are broken', () => {
    const schedule = scheduleOf('nightly-audit');
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'cron(30 4 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/London',
      State: 'ENABLED',
    });
    const { Arn, Input, DeadLetterConfig } = schedule?.Properties.Target ?? {};
    expect(target(Arn)).toMatch(/^AuditQueue/);
    expect(target(DeadLetterConfig.Arn)).toMatch(/^AuditDeadLetters/);
    expect(JSON.parse(Input)).toEqual({ type: 'AuditRequested', cause: 'schedule' });
    const [filter] = templates.ofType('AWS::Logs::MetricFilter');
    expect(JSON.stringify(filter?.Properties.LogGroupName)).toMatch(/AuditWorkerLog/);
    expect(filter?.Properties).toMatchObject({
      FilterPattern: '{ $.message = "audit done" }',
      MetricTransformations: [{ MetricName: `BrokenPromises-${stage}`, MetricValue: '$.broken' }],
    });
  });

  test('ask for a model each week, an hour and a half before the plan of that night', () => {
    const schedule = scheduleOf('weekly-train');
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'cron(0 1 ? * SUN *)',
      ScheduleExpressionTimezone: 'Europe/London',
      State: 'ENABLED',
    });
    const { Arn, Input, DeadLetterConfig } = schedule?.Properties.Target ?? {};
    expect(target(Arn)).toMatch(/^TrainQueue/);
    expect(target(DeadLetterConfig.Arn)).toMatch(/^TrainDeadLetters/);
    expect(JSON.parse(Input)).toEqual({ type: 'TrainRequested', cause: 'schedule' });
  });

  test('tell the listeners of every event, the plan of imports that change it, the assessment of plans, and the online models of what moves stock or brings demand', () => {
    const rules = templates.ofType('AWS::Events::Rule');
    expect(rules.map(({ Properties }) => Properties.EventPattern)).toEqual([
      { source: ['smart-inventory'] },
      {
        source: ['smart-inventory'],
        'detail-type': ['import.completed'],
        detail: { data: { changesPlan: [true] } },
      },
      { source: ['smart-inventory'], 'detail-type': ['forecast.completed'] },
      {
        source: ['smart-inventory'],
        'detail-type': ['stock.updated', 'import.completed', 'simulation.completed'],
      },
    ]);
    const [everything, imports, plans, demand] = rules.map(({ Properties }) => Properties.Targets[0]);
    expect(target(everything.Arn)).toMatch(/^NotifyQueue/);
    expect(target(rules[0]?.Properties.Targets[1].Arn)).toMatch(/^DeliverQueue/);
    expect(target(imports.Arn)).toMatch(/^PlanQueue/);
    const { InputPathsMap, InputTemplate } = imports.InputTransformer;
    const [[variable, path] = []] = Object.entries(InputPathsMap);
    expect(path).toBe('$.detail.event_id');
    expect(JSON.parse(InputTemplate.replace(`<${variable}>`, '"the-id"'))).toEqual({
      type: 'PlanRequested',
      cause: 'import',
      key: 'the-id',
    });
    expect(target(plans.Arn)).toMatch(/^AssessQueue/);
    expect(target(plans.DeadLetterConfig.Arn)).toMatch(/^AssessDeadLetters/);
    const [[run, runPath] = []] = Object.entries(plans.InputTransformer.InputPathsMap);
    expect(runPath).toBe('$.detail.data.runId');
    expect(JSON.parse(plans.InputTransformer.InputTemplate.replace(`<${run}>`, '"the-run"'))).toEqual({
      type: 'AssessRequested',
      runId: 'the-run',
    });
    expect(target(demand.Arn)).toMatch(/^LearnQueue/);
    expect(target(demand.DeadLetterConfig.Arn)).toMatch(/^LearnDeadLetters/);
    // the whole event, as the bus carries it
    expect(demand.InputTransformer).toBeUndefined();
  });

  test('open a few routes to everyone and ask for a token on all others', () => {
    const http = templates.ofType('AWS::ApiGatewayV2::Route').filter(({ stack }) => stack === 'api');
    const open = http.filter(({ Properties }) => Properties.AuthorizationType !== 'JWT');
    expect(open.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
      'GET /',
      'GET /assets/{proxy+}',
      'GET /docs',
      'GET /docs/{proxy+}',
      'GET /health',
      'GET /health/{proxy+}',
      'GET /openapi.json',
      'GET /openapi.json/{proxy+}',
      'POST /auth/token',
      'POST /auth/token/{proxy+}',
      'POST /webhooks/{connection}',
    ]);
    const closed = http.filter(({ Properties }) => Properties.AuthorizationType === 'JWT');
    expect(closed.map(({ Properties }) => Properties.RouteKey)).toEqual([
      // or the public route with a parameter would take it
      'POST /webhooks/subscriptions',
      '$default',
    ]);
    const [authorizer] = templates.ofType('AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.Properties.AuthorizerType).toBe('JWT');
  });

  test('limit and log the calls of the API', () => {
    const gate = templates.ofType('AWS::ApiGatewayV2::Stage').find(({ stack }) => stack === 'api');
    expect(gate?.Properties.AccessLogSettings.DestinationArn).toBeDefined();
    const settings = gate?.Properties.DefaultRouteSettings;
    expect(settings?.ThrottlingRateLimit).toBe(config.api.throttle?.rate);
    const api = templates.resources.find(
      ({ stack, Type }) => stack === 'api' && Type === 'AWS::Lambda::Function',
    );
    expect(api?.Properties.Environment.Variables.RATE_LIMIT).toBe(stage === 'prod' ? 'on' : 'off');
    expect(api?.Properties.Environment.Variables.HEALTH_ASKS_DATABASE).toBe(String(stage !== 'prod'));
    expect(api?.Properties.Timeout).toBeLessThan(30);
  });

  test('watch each queue, each function, the API and the database, and tell the topic', () => {
    const alarms = templates.ofType('AWS::CloudWatch::Alarm');
    const watched = (metric: string) =>
      alarms.filter(({ Properties }) => Properties.MetricName === metric).length;
    expect(watched('ApproximateNumberOfMessagesVisible')).toBe(stages);
    expect(watched('ApproximateAgeOfOldestMessage')).toBe(stages);
    // the API and the live channel besides
    expect(watched('Errors')).toBe(stages + 2);
    expect(watched('Duration')).toBe(stages + 2);
    expect(watched(`BrokenPromises-${stage}`)).toBe(1);
    expect(watched('5xx')).toBe(1);
    expect(watched('ACUUtilization')).toBe(1);
    const topic = templates.ofType('AWS::SNS::Topic')[0]?.id;
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions.map(target)).toEqual([topic]);
      expect(Properties.TreatMissingData).toBe('notBreaching');
    }
    expect(templates.ofType('AWS::CloudWatch::Dashboard')).toHaveLength(1);
  });
});
