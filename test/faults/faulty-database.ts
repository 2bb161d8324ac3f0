import { openDataApiDatabase } from '../../shared/data/sql/data-api-client.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { BareDataApi } from './bare-data-api.ts';
import { clientOf, type Operations } from './data-api-commands.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** The database of one process: every call is a step of the schedule. */
export function faultyDatabase(api: Operations, scheduler: Scheduler, process: Process): Database {
  const operations: Operations = {
    begin: () =>
      scheduler.step(process, {
        kind: 'begin',
        label: 'BEGIN',
        perform: async () => {
          const transaction = await api.begin();
          process.transactions.add(transaction);
          return transaction;
        },
      }),
    execute: (statement, transaction) =>
      scheduler.step(process, {
        kind: `${/^[\s(]*SELECT/i.test(statement.sql!) ? 'read' : 'write'}${transaction ? ' in transaction' : ''}`,
        label: labelOf(statement.sql!),
        perform: () => api.execute(statement, transaction),
        ...(transaction && { transaction }),
      }),
    end: (transaction, how) =>
      scheduler.step(process, {
        kind: how === 'COMMIT' ? 'commit' : 'rollback',
        label: how,
        perform: async () => {
          await api.end(transaction, how);
          process.transactions.delete(transaction);
        },
        transaction,
      }),
  };
  return openDataApiDatabase({
    clusterArn: '-',
    secretArn: '-',
    database: '-',
    client: clientOf(operations),
    waiting: {
      now: () => scheduler.now,
      pause: (ms) =>
        scheduler.step(process, {
          kind: 'pause',
          label: `pauses ${ms} ms`,
          perform: async () => {
            scheduler.now += ms;
          },
        }),
    },
  });
}

/** A database without a schedule, for what happens around it. */
export const plainDatabase = (api: BareDataApi): Database =>
  openDataApiDatabase({ clusterArn: '-', secretArn: '-', database: '-', client: clientOf(api) });

/** A statement by its first words and its tables. */
function labelOf(sql: string): string {
  const words = sql.trim().split(/\s+/);
  const tables = [...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]{3,})/g)].map((match) => match[1]);
  const lock = /FOR UPDATE|LOCK IN SHARE MODE|FOR SHARE/.exec(sql)?.[0];
  return [words[0], ...new Set(tables), ...(lock ? [lock] : [])].join(' ');
}
