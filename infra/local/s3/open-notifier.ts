import { setTimeout as sleep } from 'node:timers/promises';
import type { BucketDefinition, DeliverNotification } from '../services.ts';
import type { Sqlite } from '../sqlite/open-sqlite.ts';
import { notificationEvent, type ObjectChange } from './notification-event.ts';

/** Tells queues and functions of changes, at least once each. */
export interface Notifier {
  define(bucket: BucketDefinition): void;
  /** Notes who is to be told, in the transaction of the change itself. */
  record(change: Omit<ObjectChange, 'sequence'>): void;
  /** Starts delivering what has been noted. */
  deliver(): void;
  close(): Promise<void>;
}

const CONCURRENT_DELIVERIES = 8;
const WAITING_DELIVERIES = 1_000;
const ATTEMPTS = 20;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
const CLOSE_WAIT_MS = 2_000;

type Row = { number: number; target_arn: string; event: string };

/** Nothing is delivered before the first bucket is defined, so that targets exist for the leftovers of an earlier start. */
export function openNotifier(
  sqlite: Sqlite,
  deliver: DeliverNotification,
  { region, now }: { region: string; now: () => number },
): Notifier {
  const buckets = new Map<string, BucketDefinition>();
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  let lastStarted = 0;
  let delivering = 0;

  // A target that fails must not hold up the others: a delivery that waits for its next attempt leaves its place.
  async function attemptOne(targetArn: string, event: string): Promise<void> {
    delivering += 1;
    try {
      await deliver(targetArn, JSON.parse(event));
    } finally {
      delivering -= 1;
      startDeliveries();
    }
  }

  async function deliverOne({ number, target_arn: targetArn, event }: Row): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !closing.signal.aborted; attempt += 1) {
      try {
        await attemptOne(targetArn, event);
        if (!closing.signal.aborted) sqlite.run('DELETE FROM notifications WHERE number = ?', number);
        return;
      } catch (error) {
        // What is not delivered here stays recorded, and the next start tries again.
        if (attempt === ATTEMPTS)
          console.error(`S3 notification to ${targetArn} waits for the next start`, error);
        const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
        if (attempt < ATTEMPTS) await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  function startDeliveries(): void {
    if (closing.signal.aborted || buckets.size === 0) return;
    const free = Math.min(CONCURRENT_DELIVERIES - delivering, WAITING_DELIVERIES - running.size);
    if (free <= 0) return;
    const rows = sqlite.all<Row>(
      'SELECT number, target_arn, event FROM notifications WHERE number > ? ORDER BY number LIMIT ?',
      lastStarted,
      free,
    );
    // Before any of them runs, since one that ends at once comes back here.
    lastStarted = rows.at(-1)?.number ?? lastStarted;
    for (const row of rows) {
      const delivery = deliverOne(row).finally(() => {
        running.delete(delivery);
        startDeliveries();
      });
      running.add(delivery);
    }
  }

  return {
    define(bucket) {
      buckets.set(bucket.name, bucket);
      startDeliveries();
    },
    record(change) {
      const bucket = buckets.get(change.bucket);
      if (bucket === undefined || bucket.notifications.length === 0) return;
      const sequence = sqlite.get<{ count: number }>(
        'UPDATE changes SET count = count + 1 RETURNING count',
      )!.count;
      for (const notification of bucket.notifications) {
        const event = notificationEvent(bucket, notification, { ...change, sequence }, { region, at: now() });
        if (event === undefined) continue;
        const sql = 'INSERT INTO notifications (target_arn, event) VALUES (?, ?)';
        sqlite.run(sql, notification.targetArn, JSON.stringify(event));
      }
    },
    deliver: startDeliveries,
    async close() {
      closing.abort();
      const wait = new AbortController();
      const late = sleep(CLOSE_WAIT_MS, undefined, { signal: wait.signal }).catch(() => {});
      await Promise.race([Promise.allSettled([...running]), late]);
      wait.abort();
    },
  };
}
