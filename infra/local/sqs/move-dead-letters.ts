import { randomUUID } from 'node:crypto';
import type { Engine } from './engine.ts';
import type { Queue } from './queue-table.ts';

const ROWS_PER_STEP = 500;

/**
 * Moves the waiting messages of a dead-letter queue to `destination`, or each to the queue it came from; answers how
 * many. A moved message is a new one, with an id, an age and a receive count of its own. Messages that were sent to the
 * dead-letter queue directly have no source and stay unless a destination is named.
 */
export async function moveDeadLetters(
  engine: Engine,
  deadLetters: Queue,
  destination: Queue | undefined,
): Promise<number> {
  const before = engine.now();
  let moved = 0;
  for (let last = 0; !engine.waiters.isClosed; ) {
    const rows = engine.sqlite.all<{ number: number; source_arn: string | null }>(
      'SELECT number, source_arn FROM messages WHERE queue = ? AND number > ? AND visible_at <= ? ORDER BY number LIMIT ?',
      deadLetters.name,
      last,
      before,
      ROWS_PER_STEP,
    );
    if (rows.length === 0) break;
    last = rows.at(-1)!.number;
    const reached = new Set<string>();
    engine.sqlite.transaction(() => {
      for (const row of rows) {
        const target =
          destination ?? (row.source_arn === null ? undefined : engine.queues.find(row.source_arn));
        // A destination may be the queue itself only by mistake; its messages would move for ever.
        if (target === undefined || target.name === deadLetters.name) continue;
        moveAsNew(engine, row.number, target);
        reached.add(target.name);
        moved += 1;
      }
    });
    for (const name of reached) engine.waiters.wake(name);
    // Lets receivers and senders in between the steps of a long move.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return moved;
}

function moveAsNew(engine: Engine, number: number, target: Queue): void {
  const now = engine.now();
  engine.sqlite.run(
    `INSERT INTO messages (queue, message_id, body, attributes, trace_header, group_id, deduplication_id,
                           sent_at, visible_at)
     SELECT ?, ?, body, attributes, trace_header, group_id, deduplication_id, ?, ? FROM messages WHERE number = ?`,
    target.name,
    randomUUID(),
    now,
    now,
    number,
  );
  engine.sqlite.run('DELETE FROM messages WHERE number = ?', number);
}
