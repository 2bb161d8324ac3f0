import type { PoolConnection } from 'mysql2';
import type { AdminCredentials } from '../database/admin-account.ts';
import { DataApiError, fromDriver } from './data-api-error.ts';
import type { Pools } from './pools.ts';

/** Ends what a connection is running, from another one, and waits until that was said. */
export type KillQuery = (connection: PoolConnection) => Promise<void>;

/** `KILL QUERY` as the server's admin. */
export function openKiller(pools: Pools, { user, password }: AdminCredentials): KillQuery {
  return async (connection) => {
    const admin = await pools.forStatement({ user, password, database: '' });
    await new Promise<void>((resolve) => {
      // a thread that has just ended is no failure
      admin.query(`KILL QUERY ${connection.threadId}`, () => resolve());
    });
    admin.release();
  };
}

/** The time that one call has. */
export interface StatementClock {
  /** From now on this connection works for the call, and is interrupted when time is up. */
  watch(connection: PoolConnection): void;
  /** Interrupts the statement now. */
  cancel(): void;
  readonly isOver: boolean;
  /** The connection is done with one statement; resolves when no interruption is under way any more. */
  settle(): Promise<void>;
  /** Whether a statement has opened a transaction of its own. */
  leftOpen: boolean;
}

/**
 * Answers with `work`, or with a timeout once the limit has passed, while `work` goes on to its end.
 * With `continues` the statement is not interrupted.
 */
export function withinTime<T>(
  limitMs: number,
  continues: boolean,
  kill: KillQuery,
  work: (clock: StatementClock) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let watched: PoolConnection | undefined;
    let killing: Promise<void> | undefined;
    let isOver = false;
    const cancel = () => {
      if (watched) killing ??= kill(watched).catch(() => undefined);
    };
    const timer = setTimeout(() => {
      isOver = true;
      if (!continues) cancel();
      const details = watched ? { dbConnectionId: watched.threadId } : {};
      reject(new DataApiError('StatementTimeoutException', 'Request timed out', { details }));
    }, limitMs);
    const clock: StatementClock = {
      watch(connection) {
        watched = connection;
      },
      cancel,
      get isOver() {
        return isOver;
      },
      async settle() {
        watched = undefined;
        await killing;
      },
      leftOpen: false,
    };
    work(clock)
      .then(resolve, (error) => reject(asRefusal(error)))
      .finally(() => clearTimeout(timer));
  });
}

function asRefusal(error: unknown): unknown {
  try {
    return fromDriver(error);
  } catch (bug) {
    return bug;
  }
}
