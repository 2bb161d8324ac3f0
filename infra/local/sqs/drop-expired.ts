import type { Engine } from './engine.ts';
import type { Queue } from './queue-table.ts';

/** Forgets the messages that are older than the queue keeps them. */
export function dropExpired(engine: Engine, queue: Queue): void {
  const oldest = engine.now() - queue.settings.retentionSeconds * 1_000;
  engine.sqlite.run('DELETE FROM messages WHERE queue = ? AND sent_at < ?', queue.name, oldest);
}
