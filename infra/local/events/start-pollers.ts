import type { Functions, Queues } from '../services.ts';
import type { EventSourceMapping } from '../template/wiring.ts';
import { Poller } from './poller.ts';

export interface PollerSettings {
  readonly mappings: readonly EventSourceMapping[];
  readonly queues: Pick<Queues, 'receive' | 'delete'>;
  readonly functions: Pick<Functions, 'invoke'>;
  /** Upper limit of concurrent invocations of a mapping that sets none itself. */
  readonly concurrency: number;
  readonly log: (line: string) => void;
}

export interface Pollers {
  /** Takes no more messages and waits for running invocations, at most `limitMs`. */
  stop(limitMs?: number): Promise<void>;
}

/** Feeds functions from their queues. */
export function startPollers(settings: PollerSettings): Pollers {
  const pollers = settings.mappings
    .filter(({ isEnabled }) => isEnabled)
    .map((mapping) => new Poller(mapping, settings));
  return {
    async stop(limitMs = 1_000) {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, limitMs);
      await Promise.race([Promise.all(pollers.map((poller) => poller.stop())), late.promise]);
      clearTimeout(timer);
    },
  };
}
