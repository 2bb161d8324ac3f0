import type { Sqlite } from '../sqlite/open-sqlite.ts';
import type { QueueSettings } from './queue-settings.ts';
import { SqsError } from './sqs-error.ts';

/** One queue as it is known to the process; its messages are in the database. */
export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly settings: QueueSettings;
  readonly tags: Readonly<Record<string, string>>;
}

/** All queues: looked up in memory, kept in the database. */
export interface QueueTable {
  byName(name: string): Queue;
  byArn(arn: string): Queue;
  find(nameOrArn: string): Queue | undefined;
  list(): readonly Queue[];
  put(queue: Queue): void;
  remove(queue: Queue): void;
}

type Row = {
  name: string;
  arn: string;
  created_at: number;
  modified_at: number;
  settings: string;
  tags: string;
};

/** Reads the queues of earlier starts. */
export function openQueueTable(sqlite: Sqlite): QueueTable {
  const queues = new Map<string, Queue>();
  for (const row of sqlite.all<Row>('SELECT * FROM queues')) {
    const { name, arn, created_at: createdAt, modified_at: modifiedAt } = row;
    const [settings, tags] = [JSON.parse(row.settings), JSON.parse(row.tags)];
    queues.set(name, { name, arn, createdAt, modifiedAt, settings, tags });
  }
  // The name is the last part of an ARN, and unique on one machine.
  const find = (nameOrArn: string) => queues.get(nameOrArn.slice(nameOrArn.lastIndexOf(':') + 1));
  const existing = (nameOrArn: string): Queue => {
    const queue = find(nameOrArn);
    if (queue === undefined) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  };
  return {
    byName: existing,
    byArn: existing,
    find,
    list: () => [...queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    put(queue) {
      sqlite.run(
        `INSERT INTO queues (name, arn, created_at, modified_at, settings, tags) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET arn = excluded.arn, modified_at = excluded.modified_at,
                settings = excluded.settings, tags = excluded.tags`,
        queue.name,
        queue.arn,
        queue.createdAt,
        queue.modifiedAt,
        JSON.stringify(queue.settings),
        JSON.stringify(queue.tags),
      );
      queues.set(queue.name, queue);
    },
    remove(queue) {
      sqlite.transaction(() => {
        for (const table of ['messages', 'deduplications']) {
          sqlite.run(`DELETE FROM ${table} WHERE queue = ?`, queue.name);
        }
        sqlite.run('DELETE FROM queues WHERE name = ?', queue.name);
      });
      queues.delete(queue.name);
    },
  };
}
