import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { AuditRequested, PlanRequested, TrainRequested } from '../../shared/contracts/messages.ts';
import type { StageConfig } from '../config.ts';
import type { Stage } from './stage.ts';

export interface ClockProps {
  readonly config: StageConfig;
  readonly plan: Stage;
  readonly train: Stage;
  readonly audit: Stage;
}

/** Asks for a plan and an audit each night and for a model each week, at the hour of the business and not of UTC. */
export function addClock(scope: Construct, { config, plan, train, audit }: ClockProps): void {
  // people fire a schedule by its name, so it has one; the group keeps the stages of an account apart
  const scheduleGroup = new scheduler.ScheduleGroup(scope, 'Clock', {
    scheduleGroupName: `smart-inventory-${config.stage}`,
  });
  const role = new iam.Role(scope, 'ClockRole', {
    // only for schedules of this group: the service works for every account
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: {
          'aws:SourceAccount': Stack.of(scope).account,
          'aws:SourceArn': scheduleGroup.scheduleGroupArn,
        },
      },
    }),
    description: 'Puts the wishes of the clock into their queues',
  });
  const ask = (stage: Stage, message: PlanRequested | TrainRequested | AuditRequested) =>
    new SqsSendMessage(stage.queue, {
      role,
      deadLetterQueue: stage.deadLetters,
      maxEventAge: Duration.hours(6),
      retryAttempts: 10,
      input: scheduler.ScheduleTargetInput.fromObject(message),
    });
  const { nightlyPlan, nightlyAudit, weeklyTrain } = config;
  new scheduler.Schedule(scope, 'NightlyPlan', {
    scheduleName: 'nightly-plan',
    scheduleGroup,
    description: 'Forecasts and order suggestions for the new day',
    schedule: scheduler.ScheduleExpression.cron({
      hour: String(nightlyPlan.hour),
      minute: String(nightlyPlan.minute),
      timeZone: TimeZone.of(nightlyPlan.timeZone),
    }),
    target: ask(plan, { type: 'PlanRequested', cause: 'schedule' }),
  });
  new scheduler.Schedule(scope, 'NightlyAudit', {
    scheduleName: 'nightly-audit',
    scheduleGroup,
    description: 'Whether the data keep their promises',
    schedule: scheduler.ScheduleExpression.cron({
      hour: String(nightlyAudit.hour),
      minute: String(nightlyAudit.minute),
      timeZone: TimeZone.of(nightlyAudit.timeZone),
    }),
    target: ask(audit, { type: 'AuditRequested', cause: 'schedule' }),
  });
  new scheduler.Schedule(scope, 'WeeklyTrain', {
    scheduleName: 'weekly-train',
    scheduleGroup,
    description: 'A forecasting model of many series that knows the last week',
    schedule: scheduler.ScheduleExpression.cron({
      weekDay: weeklyTrain.weekDay,
      hour: String(weeklyTrain.hour),
      minute: String(weeklyTrain.minute),
      timeZone: TimeZone.of(weeklyTrain.timeZone),
    }),
    target: ask(train, { type: 'TrainRequested', cause: 'schedule' }),
  });
}
