import { join } from 'node:path';
import type { Closable } from '../services.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';
import type { RuleTarget } from '../template/wiring.ts';
import type { Deliver } from './deliver.ts';

export interface DeliverySettings {
  readonly directory: string;
  readonly deliver: Deliver;
  /** Puts what no try delivered into the target's dead-letter queue. */
  readonly bury: (deadLetterArn: string, payload: string) => Promise<void>;
  readonly log: (line: string) => void;
  /** Wait before the second try; each further one doubles it, up to a minute. */
  readonly firstRetryMs?: number;
  readonly concurrency?: number;
}

export interface Delivery {
  readonly target: RuleTarget;
  readonly payload: string;
}

/** Deliveries that are promised: they survive a killed process, and end in the target or its dead-letter queue. */
export interface Deliveries extends Closable {
  /** All or none are in the journal when this returns. */
  accept(deliveries: readonly Delivery[]): void;
  /** Begins to deliver, with what an earlier process left; before it, deliveries are only kept. */
  start(): void;
  /** How many are not delivered yet. */
  pending(): number;
}

interface Row {
  readonly id: number;
  readonly target: string;
  readonly payload: string;
  readonly tries: number;
  readonly due_at: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    payload TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due_at, id);`;
const LONGEST_RETRY_MS = 60_000;
const MOST_TRIES = 186;
const FUNCTION_TRIES = 3;
const STOP_LIMIT_MS = 500;

/** Opens the journal of what is promised. */
export function openDeliveries(settings: DeliverySettings): Deliveries {
  const sqlite = openSqlite(join(settings.directory, 'deliveries.sqlite'), SCHEMA);
  const running = new Map<number, Promise<void>>();
  const concurrency = settings.concurrency ?? 16;
  let timer: NodeJS.Timeout | undefined;
  let isPaused = true;
  let isClosed = false;

  const pump = (): void => {
    clearTimeout(timer);
    if (isPaused) return;
    // Running rows are still in the table, so look that much further.
    const rows = sqlite.all<Row>(
      'SELECT id, target, payload, tries, due_at FROM delivery ORDER BY due_at, id LIMIT ?',
      concurrency * 2,
    );
    for (const row of rows.filter(({ id }) => !running.has(id))) {
      if (running.size >= concurrency) return;
      const waitMs = row.due_at - Date.now();
      if (waitMs > 0) {
        timer = setTimeout(pump, waitMs);
        return;
      }
      running.set(
        row.id,
        attempt(row).finally(() => settled(row.id)),
      );
    }
  };
  const settled = (id: number): void => {
    running.delete(id);
    pump();
  };
  const attempt = async (row: Row): Promise<void> => {
    const target = JSON.parse(row.target) as RuleTarget;
    try {
      await settings.deliver(target, row.payload, String(row.id));
    } catch (error) {
      await retryOrBury(row, target, error);
      return;
    }
    if (!isClosed) sqlite.run('DELETE FROM delivery WHERE id = ?', row.id);
  };
  const retryOrBury = async (row: Row, target: RuleTarget, error: unknown): Promise<void> => {
    if (isClosed) return;
    const tries = row.tries + 1;
    const waitMs = Math.min((settings.firstRetryMs ?? 1000) * 2 ** (tries - 1), LONGEST_RETRY_MS);
    if (tries < triesOf(target)) {
      sqlite.run(
        'UPDATE delivery SET tries = ?, due_at = ? WHERE id = ?',
        tries,
        Date.now() + waitMs,
        row.id,
      );
      return;
    }
    settings.log(`Gave up delivering to ${target.arn} after ${tries} tries: ${String(error)}`);
    try {
      if (target.deadLetterArn) await settings.bury(target.deadLetterArn, row.payload);
      if (!isClosed) sqlite.run('DELETE FROM delivery WHERE id = ?', row.id);
    } catch (buryError) {
      settings.log(`Could not use the dead-letter queue ${target.deadLetterArn}: ${String(buryError)}`);
      if (!isClosed) sqlite.run('UPDATE delivery SET due_at = ? WHERE id = ?', Date.now() + waitMs, row.id);
    }
  };

  return {
    start() {
      isPaused = false;
      pump();
    },
    accept(deliveries) {
      const now = Date.now();
      sqlite.transaction(() => {
        for (const { target, payload } of deliveries)
          sqlite.run(
            'INSERT INTO delivery (target, payload, due_at) VALUES (?, ?, ?)',
            JSON.stringify(target),
            payload,
            now,
          );
      });
      pump();
    },
    pending: () => sqlite.get<{ n: number }>('SELECT COUNT(*) AS n FROM delivery')!.n,
    async close() {
      if (isClosed) return;
      isPaused = true;
      clearTimeout(timer);
      const late = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS).unref());
      const open = Promise.all(running.values());
      // Finished rows may still be struck out; what is late is delivered again after the next start.
      await Promise.race([open, late]);
      isClosed = true;
      sqlite.close();
    },
  };
}

function triesOf(target: RuleTarget): number {
  const allowed = Math.min(1 + (target.maximumRetryAttempts ?? MOST_TRIES), MOST_TRIES);
  // A function that throws is tried three times, as Lambda does with an asynchronous call.
  return target.arn.split(':')[2] === 'lambda' ? Math.min(allowed, FUNCTION_TRIES) : allowed;
}
