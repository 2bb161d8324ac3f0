import type { Closable, Functions, Queues } from '../services.ts';
import type { Wiring } from '../template/wiring.ts';
import { deliverTo } from './deliver.ts';
import { type Bus, openBus } from './open-bus.ts';
import { type Deliveries, openDeliveries } from './open-deliveries.ts';
import { openScheduler, type Scheduler } from './open-scheduler.ts';
import { type Pollers, startPollers } from './start-pollers.ts';

export interface EventWiringSettings {
  readonly wiring: Pick<Wiring, 'buses' | 'rules' | 'schedules' | 'eventSourceMappings'>;
  readonly queues: Queues;
  readonly functions: Functions;
  /** Where accepted events are kept until they are delivered. */
  readonly directory: string;
  readonly cores: number;
  readonly log: (line: string) => void;
}

export interface EventWiring extends Closable {
  readonly bus: Bus;
  readonly scheduler: Scheduler;
  readonly deliveries: Deliveries;
  /** Begins to deliver events and to feed functions from their queues: call it when those are defined. */
  start(): void;
}

/** Everything between queues, bus, clock and functions. Close it before the functions and the queues. */
export function openEventWiring(settings: EventWiringSettings): EventWiring {
  const { wiring, queues, functions, log, cores } = settings;
  const deliveries = openDeliveries({
    directory: settings.directory,
    deliver: deliverTo({ queues, functions }),
    bury: (deadLetterArn, payload) => queues.send(deadLetterArn, payload),
    log,
  });
  const bus = openBus({ buses: wiring.buses, rules: wiring.rules, deliveries });
  const scheduler = openScheduler({ schedules: wiring.schedules, deliveries, log });
  let pollers: Pollers | undefined;
  return {
    bus,
    scheduler,
    deliveries,
    start() {
      deliveries.start();
      pollers ??= startPollers({
        mappings: wiring.eventSourceMappings,
        queues,
        functions,
        concurrency: Math.max(1, cores * 2),
        log,
      });
    },
    async close() {
      await scheduler.close();
      await pollers?.stop();
      await deliveries.close();
    },
  };
}
