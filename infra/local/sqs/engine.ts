import type { Sqlite } from '../sqlite/open-sqlite.ts';
import type { Waiters } from './open-waiters.ts';
import type { QueueTable } from './queue-table.ts';

/** What every action on the queues works with. */
export interface Engine {
  readonly sqlite: Sqlite;
  readonly queues: QueueTable;
  readonly waiters: Waiters;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where queue URLs point to, without a slash at the end. */
  readonly baseUrl: () => string;
}
