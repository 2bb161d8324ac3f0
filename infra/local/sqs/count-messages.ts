import type { QueueCounts } from '../services.ts';
import { dropExpired } from './drop-expired.ts';
import type { Engine } from './engine.ts';
import type { Queue } from './queue-table.ts';

/** How many messages wait, are with a receiver, or are delayed, and the age of the oldest. */
export function countMessages(engine: Engine, queue: Queue): QueueCounts {
  dropExpired(engine, queue);
  const now = engine.now();
  const row = engine.sqlite.get<{ visible: number; in_flight: number; total: number; oldest: number | null }>(
    `SELECT COUNT(*) FILTER (WHERE visible_at <= ?1) AS visible,
            COUNT(*) FILTER (WHERE visible_at > ?1 AND receipt IS NOT NULL) AS in_flight,
            COUNT(*) AS total, MIN(sent_at) AS oldest
       FROM messages WHERE queue = ?2`,
    now,
    queue.name,
  )!;
  return {
    visible: row.visible,
    inFlight: row.in_flight,
    delayed: row.total - row.visible - row.in_flight,
    oldestAgeSeconds: row.oldest === null ? 0 : Math.max(0, Math.floor((now - row.oldest) / 1_000)),
  };
}
