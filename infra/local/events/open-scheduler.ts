import { randomUUID } from 'node:crypto';
import type { Closable, EdgeService } from '../services.ts';
import type { Schedule } from '../template/wiring.ts';
import { type NextRun, nextRunOf } from './next-run.ts';
import type { Deliveries } from './open-deliveries.ts';
import { scheduledPayload } from './scheduled-payload.ts';
import { schedulerApi } from './scheduler-api.ts';

export interface ScheduleStatus {
  readonly schedule: Schedule;
  /** Undefined when it is disabled or over. */
  readonly next: Date | undefined;
}

/** The clock: fires each enabled schedule when it is due. Runs missed while nothing ran here are not made up for. */
export interface Scheduler extends EdgeService, Closable {
  list(): readonly ScheduleStatus[];
  /** Fires a schedule now, enabled or not; answers false when there is none of this name. */
  fire(name: string): boolean;
}

export interface SchedulerSettings {
  readonly schedules: readonly Schedule[];
  readonly deliveries: Pick<Deliveries, 'accept'>;
  readonly log: (line: string) => void;
  readonly now?: () => Date;
}

/** A timer of Node holds 24 days at most, and a laptop may sleep: look at the wall clock every minute. */
const LONGEST_SLEEP_MS = 60_000;
/** Sleeping longer than this past the due time means the machine slept: the run is missed, not late. */
const GRACE_MS = 5 * 60_000;

export function openScheduler(settings: SchedulerSettings): Scheduler {
  const now = settings.now ?? (() => new Date());
  const start = now();
  const plans = settings.schedules.map((schedule) => {
    const nextRun: NextRun = nextRunOf(schedule.expression, schedule.timeZone, start);
    return { schedule, nextRun, next: schedule.isEnabled ? nextRun(start) : undefined };
  });
  let timer: NodeJS.Timeout | undefined;

  const run = (schedule: Schedule, at: Date) => {
    const facts = { at, id: randomUUID() };
    settings.deliveries.accept(
      schedule.targets.map((target) => ({ target, payload: scheduledPayload(schedule, target, facts) })),
    );
    settings.log(`Schedule ${schedule.name} fired`);
  };
  const tick = () => {
    const time = now();
    for (const plan of plans) {
      if (plan.next === undefined || plan.next > time) continue;
      const lateMs = time.getTime() - plan.next.getTime();
      if (lateMs <= GRACE_MS) run(plan.schedule, plan.next);
      plan.next = plan.nextRun(time);
    }
    sleep();
  };
  const sleep = () => {
    const due = plans.flatMap((plan) => plan.next?.getTime() ?? []);
    if (due.length === 0) return;
    const waitMs = Math.min(...due) - now().getTime();
    timer = setTimeout(tick, Math.max(1, Math.min(waitMs, LONGEST_SLEEP_MS)));
  };

  sleep();
  const scheduler: Omit<Scheduler, 'handle'> = {
    list: () => plans.map(({ schedule, next }) => ({ schedule, next })),
    fire(name) {
      const plan = plans.find(({ schedule }) => schedule.name === name);
      if (plan) run(plan.schedule, now());
      return plan !== undefined;
    },
    async close() {
      clearTimeout(timer);
    },
  };
  return { ...scheduler, ...schedulerApi(scheduler) };
}
