import { ACCOUNT, REGION } from '../account.ts';
import type { RuleTarget, Schedule } from '../template/wiring.ts';
import type { BusEvent } from './bus-event.ts';
import { targetPayload } from './target-payload.ts';

export interface RunFacts {
  readonly id: string;
  readonly at: Date;
}

/** The text that a target gets when a schedule fires. */
export function scheduledPayload(schedule: Schedule, target: RuleTarget, facts: RunFacts): string {
  const isRule = schedule.kind === 'rule';
  const time = facts.at.toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (!isRule && target.input !== undefined)
    // Scheduler fills its own words in, also inside a fixed input.
    return target.input
      .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', facts.id)
      .replaceAll('<aws.scheduler.attempt-number>', '1');
  const event: BusEvent = {
    version: '0',
    id: facts.id,
    'detail-type': 'Scheduled Event',
    source: isRule ? 'aws.events' : 'aws.scheduler',
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [schedule.arn],
    detail: isRule ? {} : '{}',
  };
  return targetPayload(target, event, schedule);
}
