import { answerJson } from '../http/answer-json.ts';
import type { EdgeService } from '../services.ts';
import type { Schedule } from '../template/wiring.ts';
import type { Scheduler } from './open-scheduler.ts';

/** EventBridge Scheduler's own API, read only: the template is where schedules are made. */
export function schedulerApi(scheduler: Pick<Scheduler, 'list'>): EdgeService {
  return {
    async handle(request, response) {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const [, collection, encodedName] = url.pathname.split('/');
      const schedules = scheduler
        .list()
        .map(({ schedule }) => schedule)
        .filter(({ kind }) => kind === 'schedule');
      if (request.method !== 'GET' || collection !== 'schedules') {
        refuse(
          501,
          'UnknownOperationException',
          'Schedules come from the template; here they can only be read',
        );
        return;
      }
      if (!encodedName) {
        const prefix = url.searchParams.get('NamePrefix') ?? '';
        const group = url.searchParams.get('ScheduleGroup');
        const found = schedules
          .filter(({ name }) => name.startsWith(prefix))
          .filter(({ groupName }) => group === null || groupName === group);
        answerJson(response, 200, { Schedules: found.map(summaryOf) });
        return;
      }
      const name = decodeURIComponent(encodedName);
      const group = url.searchParams.get('groupName') ?? 'default';
      const schedule = schedules.find((item) => item.name === name && item.groupName === group);
      if (!schedule) refuse(404, 'ResourceNotFoundException', `Schedule ${name} does not exist.`);
      else answerJson(response, 200, detailOf(schedule));

      function refuse(status: number, type: string, message: string): void {
        answerJson(response, status, { Message: message }, { 'x-amzn-errortype': type });
      }
    },
  };
}

function summaryOf(schedule: Schedule) {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.groupName,
    State: schedule.isEnabled ? 'ENABLED' : 'DISABLED',
    Target: { Arn: schedule.targets[0]?.arn },
  };
}

function detailOf(schedule: Schedule) {
  return {
    ...summaryOf(schedule),
    Description: schedule.description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: schedule.targets[0]?.arn,
      RoleArn: `arn:aws:iam::${schedule.arn.split(':')[4]}:role/local`,
      Input: schedule.targets[0]?.input,
    },
  };
}
