import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { PlanRequested } from '../../shared/contracts/messages.ts';
import type { StageConfig } from '../config.ts';
import type { Stage } from './stage.ts';

/** Asks for a plan each night, at the hour of the business and not of UTC. */
export function addNightlyPlan(
  scope: Construct,
  { config, plan }: { readonly config: StageConfig; readonly plan: Stage },
): void {
  const { hour, minute, timeZone } = config.nightlyPlan;
  // people fire the schedule by its name, so it has one; the group keeps the stages of an account apart
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
    description: 'Puts the nightly wish for a plan into its queue',
  });
  new scheduler.Schedule(scope, 'NightlyPlan', {
    scheduleName: 'nightly-plan',
    scheduleGroup,
    description: 'Forecasts and order suggestions for the new day',
    schedule: scheduler.ScheduleExpression.cron({
      hour: String(hour),
      minute: String(minute),
      timeZone: TimeZone.of(timeZone),
    }),
    target: new SqsSendMessage(plan.queue, {
      role,
      deadLetterQueue: plan.deadLetters,
      maxEventAge: Duration.hours(6),
      retryAttempts: 10,
      input: scheduler.ScheduleTargetInput.fromObject({
        type: 'PlanRequested',
        cause: 'schedule',
      } satisfies PlanRequested),
    }),
  });
}
