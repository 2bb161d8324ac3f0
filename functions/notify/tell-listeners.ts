import * as z from 'zod';
import type { Push } from '../../shared/aws/push.ts';
import { Envelope, EVENT_CHANNEL } from '../../shared/contracts/events.ts';
import {
  LISTENERS_PER_PAGE,
  readListeners,
  removeConnection,
} from '../../shared/data/messages/stream-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { onceABatch } from '../../shared/runtime/once-a-batch.ts';
import type { Batch, Delivery } from '../../shared/runtime/queue-handler.ts';

/** Pushes under way at once, and pages of listeners of one event. */
const PARALLEL = 20;
const MAX_PAGES = 100;

/** What the bus puts on the queue, as far as we read it. */
export const BusEvent = z.object({ detail: Envelope });
export type BusEvent = z.infer<typeof BusEvent>;

export interface NotifyNeeds {
  readonly database: Database;
  readonly push: Push;
}

type NotifyDelivery = { readonly logger: Pick<Delivery['logger'], 'warn'>; readonly batch: Batch };

/** Who listens to what is read once for all events of a batch. */
const listenersAfter = onceABatch(readListeners);

/**
 * Tells everyone who listens to the event's channel.
 * A listener that is gone is forgotten; one that cannot be reached holds up nobody and fails nothing.
 */
export async function tellListeners(
  { database, push }: NotifyNeeds,
  { detail }: BusEvent,
  { logger, batch }: NotifyDelivery,
): Promise<void> {
  const tell = async (connectionId: string): Promise<void> => {
    try {
      if (!(await push.post(connectionId, detail))) await removeConnection(database, connectionId);
    } catch (error) {
      logger.warn('listener not reached', { connectionId, error: error as Error });
    }
  };
  const channel = EVENT_CHANNEL[detail.event_type];
  let last = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const listeners = await listenersAfter(database, last, batch);
    const wanted = listeners.filter(({ channels }) => channels.includes(channel) || channels.includes('all'));
    for (let i = 0; i < wanted.length; i += PARALLEL) {
      await Promise.all(wanted.slice(i, i + PARALLEL).map(({ connectionId }) => tell(connectionId)));
    }
    if (listeners.length < LISTENERS_PER_PAGE) return;
    last = listeners.at(-1)!.connectionId;
  }
}
